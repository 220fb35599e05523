"""Which records a bulk change is about: those ticked, or all that a list lets through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from p2p.forms import whole

#: So many records are changed at once.
MOST = 500

Find = Callable[[list[int]], list[Any]]
"""The present records with these ids, in this order."""


@dataclass(frozen=True)
class Selection:
    """The present records that were chosen, in the order of the list, each with the version it was shown in.

    `more`: further ones match, but are left for the next time.
    """

    records: list[Any]
    versions: Mapping[int, int]
    more: bool = False

    @classmethod
    def ticked(cls, named: list[str], find: Find) -> "Selection":
        """Those named one by one, as `id` or `id:version`."""
        typed = [each.partition(":") for each in named[: MOST + 1]]
        wanted = {id: whole(version) for name, _, version in typed if (id := whole(name))}
        records = find(list(wanted)[:MOST])
        return cls(records, {each.id: wanted[each.id] or each.version for each in records}, len(wanted) > MOST)

    @classmethod
    def matching(cls, first: Callable[[int], list[int]], find: Find) -> "Selection":
        """All that a list lets through; `first` gives the ids of that many of them."""
        ids = first(MOST + 1)
        records = find(ids[:MOST])
        return cls(records, {each.id: each.version for each in records}, len(ids) > MOST)

    def is_stale(self, record: Any) -> bool:
        """Whether somebody changed a record since it was shown."""
        return bool(record.version != self.versions[record.id])
