"""What happened. The only writer of history.

`recording` remembers what verbs change, `listening` sees that nothing is forgotten, `log` keeps it, `undoing` takes it
back (`following` to whom records became since), `merging` lets two people edit at once, `absorbing` makes records one,
`holding` keeps others from what goes meanwhile, `batches` writes many rows at once, `telling` puts it into words,
`verifying` shows that nobody touched it since.
"""

from p2p.history import listening as listening
from p2p.history.log import Change, Head, Operation
from p2p.history.recording import (
    OpenOperation,
    Recorded,
    UnrecordedChange,
    last_operation_id,
    name_verb,
    nouns,
    operation,
    verb,
    verbs,
)

__all__ = [
    "Change",
    "Head",
    "OpenOperation",
    "Operation",
    "Recorded",
    "UnrecordedChange",
    "last_operation_id",
    "name_verb",
    "nouns",
    "operation",
    "verb",
    "verbs",
]
