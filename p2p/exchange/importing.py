"""Writing what was checked: all of it or nothing, as one operation that undo takes back."""

from dataclasses import dataclass

from p2p.exchange import queries
from p2p.exchange.checking import CannotImport, Progress, Staged, silently
from p2p.exchange.kind import Kind
from p2p.history import name_verb, operation
from p2p.history.recording import Actor
from p2p.setup import queries as setup

IMPORT = name_verb("exchange.import", "imported")


@dataclass
class Written:
    """What an import did: how many of each, and the operation (None: nothing was new)."""

    counts: dict[str, int]
    operation_id: int | None


def write(kind: Kind, staged: Staged, *, by: Actor | None, progress: Progress = silently) -> Written:
    """Write what was staged. Needs a writing unit; raises CannotImport before anything is written."""
    if staged.problems and not staged.skip_bad:
        raise CannotImport(f"{staged.refused} rows have problems. Correct them, or leave them out expressly.")
    with operation(IMPORT, by=by) as opened:
        queries.wait_for_other_writers()
        setup.take_turns()
        counts = kind.write(opened, staged, progress)
    return Written(counts, opened.id)
