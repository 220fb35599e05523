"""Which leads a bulk change is about."""

from typing import Any

from p2p.bulk.selecting import Selection
from p2p.leads.listing import listing
from p2p.leads.models import Lead
from p2p.leads.rows import queries
from p2p.listing import Listed, NoSuchList


def chosen(asked: Any, *, me: int, held: bool = False) -> Selection:
    """Read `lead` (id, or id:version) or `all=1` with the filters of the list; `held`: others wait in turn."""

    def find(ids: list[int]) -> list[Lead]:
        return queries.by_id(ids, held=held)

    def first(limit: int) -> list[int]:
        try:
            return queries.first_ids(Listed(listing(me), "", asked).ordered(), limit)
        except NoSuchList:
            return []

    if asked.get("all") == "1":
        return Selection.matching(first, find)
    return Selection.ticked(asked.getlist("lead"), find)
