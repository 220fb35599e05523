"""Which leads a bulk change is about: those ticked, or all that a list lets through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from p2p.forms import whole
from p2p.leads.listing import listing
from p2p.leads.models import Lead
from p2p.leads.rows import queries
from p2p.listing import Listed, NoSuchList

#: So many leads are changed at once.
MOST = 500


@dataclass(frozen=True)
class Selection:
    """The present leads that were chosen, in the order of the list, each with the version it was shown in.

    `more`: further ones match, but are left for the next time.
    """

    leads: list[Lead]
    versions: Mapping[int, int]
    more: bool = False

    @classmethod
    def of(cls, asked: Any, *, me: int, held: bool = False) -> "Selection":
        """Read `lead` (id, or id:version) or `all=1` with the filters of a list; `held`: others wait in turn."""
        if asked.get("all") == "1":
            return cls._all(asked, me, held)
        named = [each.partition(":") for each in asked.getlist("lead")[: MOST + 1]]
        wanted = {id: whole(version) for typed, _, version in named if (id := whole(typed))}
        leads = queries.by_id(list(wanted)[:MOST], held=held)
        return cls(leads, {lead.id: wanted[lead.id] or lead.version for lead in leads}, len(wanted) > MOST)

    @classmethod
    def _all(cls, asked: Any, me: int, held: bool) -> "Selection":
        try:
            ids = queries.first_ids(Listed(listing(me), "", asked).ordered(), MOST + 1)
        except NoSuchList:
            ids = []
        leads = queries.by_id(ids[:MOST], held=held)
        return cls(leads, {lead.id: lead.version for lead in leads}, len(ids) > MOST)

    def is_stale(self, lead: Lead) -> bool:
        """Whether somebody changed a lead since it was shown."""
        return lead.version != self.versions[lead.id]
