"""Making what a file names and nobody knows yet: once each, and brought back where an undo hid it."""

from collections.abc import Iterable
from typing import TypeVar

from p2p.exchange import bulk, queries
from p2p.history import OpenOperation
from p2p.history.recording import Recorded
from p2p.setup.entries import folded
from p2p.setup.models import Code

K = TypeVar("K")


def made(opened: OpenOperation, cls: type[Recorded], new: dict[K, bulk.Facts], was: dict[K, int]) -> dict[K, int]:
    """Make records, or bring those back that an undo hid (`was`); gives their ids by key."""
    bulk.bring_back(opened, cls, {id: new[key] for key, id in was.items()})
    fresh = [key for key in new if key not in was]
    return was | dict(zip(fresh, bulk.create(opened, cls, [new[key] for key in fresh]), strict=True))


def new_codes(list_name: str, told: Iterable[str | None]) -> dict[str, str]:
    """Folded name → name of the entries a code list lacks, as first spelled."""
    known = queries.code_ids(list_name)
    names: dict[str, str] = {}
    for name in told:
        if name and folded(name) not in known:
            names.setdefault(folded(name), name)
    return names


def make_codes(opened: OpenOperation, list_name: str, told: Iterable[str | None]) -> tuple[dict[str, int], int]:
    """Ids by folded name, and how many are new: those go to the end of the list."""
    missing = new_codes(list_name, told)
    first = queries.last_position(list_name) + 1
    new = {
        key: {"list_name": list_name, "name": missing[key], "position": position}
        for position, key in enumerate(sorted(missing), first)
    }
    was = {key: id for key, id in queries.hidden_codes(list_name).items() if key in new} if new else {}
    return queries.code_ids(list_name) | made(opened, Code, new, was), len(new)
