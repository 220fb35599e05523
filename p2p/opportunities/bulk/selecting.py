"""Which opportunities a bulk change is about."""

from typing import Any

from p2p.bulk.selecting import Selection
from p2p.listing import Listed, NoSuchList
from p2p.opportunities.bulk import queries
from p2p.opportunities.listing import listing
from p2p.opportunities.models import Opportunity


def chosen(asked: Any, *, held: bool = False) -> Selection:
    """Read `opportunity` (id, or id:version) or `all=1` with the filters of the list; `held`: others wait in turn."""

    def find(ids: list[int]) -> list[Opportunity]:
        return queries.by_id(ids, held=held)

    def first(limit: int) -> list[int]:
        try:
            return queries.first_ids(Listed(listing(), "", asked).ordered(), limit)
        except NoSuchList:
            return []

    if asked.get("all") == "1":
        return Selection.matching(first, find)
    return Selection.ticked(asked.getlist("opportunity"), find)
