"""Who may take an operation back: whoever may do the original action, on every record it touched."""

from collections.abc import Iterable, Mapping
from typing import Any

from p2p.history import queries
from p2p.history.queries import Key
from p2p.history.told import Told
from p2p.identity import policy


def may_undo(asker: policy.Asker, verb: str, touched: Iterable[tuple[Key, Key]], known: Mapping[Key, Any]) -> bool:
    """Whether the right to `verb` holds on each touched record.

    A record of the verb's noun is asked for itself, a part for what it belongs to; what else came along with the
    action (an activity finished by winning, a competitor named while losing) needs the right to edit.
    """
    if policy.right_of(verb) != policy.OWN:
        return policy.may(asker, verb)
    noun = verb.partition(".")[0]
    for keys in touched:
        own = next((key for key in keys if key[0] == noun), None)
        if not (policy.may(asker, verb, known.get(own)) if own else policy.may(asker, policy.EDIT)):
            return False
    return True


def may_undo_told(asker: policy.Asker, told: Told) -> bool:
    """Whether to offer the undo of a told operation; the records it does not show are asked for when it is done."""
    return told.can_go_back and may_undo(asker, told.root_verb, told.about, told.known)


def may_undo_all(asker: policy.Asker, verb: str, operation_id: int) -> bool:
    """The same for every record of the operation, however many."""
    if policy.right_of(verb) != policy.OWN:
        return policy.may(asker, verb)
    touched = queries.touched(operation_id)
    noun = verb.partition(".")[0]
    return may_undo(asker, verb, touched, queries.records(key for keys in touched for key in keys if key[0] == noun))
