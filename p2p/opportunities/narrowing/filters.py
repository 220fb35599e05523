"""The filters themselves: their keys and words, and what they mean, in SQL and for the facts of one deal.

`where` and `fits` of a filter say the same thing; a test asks both of the same deals.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

from sqlalchemy import SQLColumnExpression

from p2p.campaigns.queries import choices as campaign_choices
from p2p.competitors.queries import name_of as competitor_name
from p2p.filters import today
from p2p.listing import Amounts, Choice, Days, Filter, Named, Percents, Text
from p2p.listing.ranges import between, within
from p2p.opportunities.models import Opportunity
from p2p.opportunities.narrowing import queries
from p2p.opportunities.narrowing.deals import Deal
from p2p.opportunities.narrowing.meanings import (
    CALLED,
    NOBODY,
    NONE,
    STEPS,
    Owners,
    Processes,
    decided,
    has_words,
    is_decided,
    people,
    step,
    step_state,
)
from p2p.opportunities.narrowing.silent import STALE
from p2p.parties.queries import name_of as party_name
from p2p.setup.models import SALES
from p2p.setup.queries import band_choices, codes, processes, stage_choices

O = Opportunity  # noqa: E741 (in statements, O reads as the table it is)

FILTERS: tuple[Filter, ...] = (
    Text("text", "Text", queries.with_words, fits=has_words, hint="Subject, party, number"),
    Processes(
        "process",
        "Process",
        lambda meant: O.stage_id.in_(meant.ids),
        fits=lambda deal, meant: deal.stage_id in meant.ids,
        choices=lambda: [(process.id, process.name) for process in processes(SALES)],
        shown=False,
    ),
    Owners(
        "owner",
        "Owner",
        lambda id: O.owner_id.is_(None) if id == NOBODY else O.owner_id == id,
        fits=lambda deal, id: (deal.owner_id or NOBODY) == id,
        choices=people,
    ),
    Named(
        "party",
        "Party",
        lambda meant: O.party_id.in_(meant.ids),
        fits=lambda deal, meant: deal.party_id in meant.ids,
        name=party_name,
        find=queries.parties_like,
        suggested_at="parties.names",
    ),
    Choice(
        "stage",
        "Stage",
        lambda id: O.stage_id == id,
        fits=lambda deal, id: deal.stage_id == id,
        choices=stage_choices,
    ),
    Choice(
        "prognosis",
        "Prognosis",
        lambda id: O.prognosis_id.is_(None) if id == NONE else O.prognosis_id == id,
        fits=lambda deal, id: deal.prognosis_id == (None if id == NONE else id),
        choices=lambda: [*band_choices(), (NONE, "no prognosis")],
    ),
    Days(
        "decide_by",
        "Decide by",
        decided,
        fits=is_decided,
        called=lambda: CALLED.items(),
        rare=True,
    ),
    Choice(
        "step",
        "Next step",
        step,
        fits=lambda deal, state: step_state(deal.next_on, deal.day) == state,
        choices=lambda: STEPS.items(),
    ),
    STALE,
    Percents(
        "probability",
        "Probability",
        lambda ends: between(O.probability, ends),
        fits=lambda deal, ends: within(deal.probability, ends),
        rare=True,
    ),
    Amounts(
        "amount",
        "Amount",
        lambda ends: between(O.revenue_company, ends),
        fits=lambda deal, ends: within(deal.revenue_company, ends),
        rare=True,
    ),
    Choice(
        "source",
        "Source",
        lambda id: O.source_id == id,
        fits=lambda deal, id: deal.source_id == id,
        choices=lambda: codes("source"),
        rare=True,
    ),
    Choice(
        "campaign",
        "Campaign",
        lambda id: O.campaign_id == id,
        fits=lambda deal, id: deal.campaign_id == id,
        choices=lambda: campaign_choices(archived=True),
        rare=True,
    ),
    Named(
        "competitor",
        "Competitor",
        lambda meant: queries.bid_on_by(meant.ids),
        fits=lambda deal, meant: not deal.competitor_ids.isdisjoint(meant.ids),
        name=competitor_name,
        find=queries.competitors_like,
        rare=True,
    ),
)
#: The filters that running totals are kept for.
COUNTED = ("owner", "process", "step")
BY_KEY = {each.key: each for each in FILTERS}


@dataclass(frozen=True)
class Narrowed:
    """What opportunities are narrowed to: (key of a filter, what it read) for each that is in force.

    Equal ones make equal statements, so a statement can be kept by it; `day` is the day it was asked on.
    """

    values: tuple[tuple[str, Any], ...] = ()
    day: date = field(default_factory=today)

    @property
    def owner_id(self) -> int | None:
        """The owner (0: nobody), where narrowed to one."""
        owner: int | None = self.get("owner")
        return owner

    @property
    def plain(self) -> bool:
        """Whether the running totals answer for it: everybody's or one owner's, in a process, with such a next step."""
        return all(key in COUNTED for key, _ in self.values)

    def get(self, key: str) -> Any:
        """What a filter read; None where it is not in force."""
        return dict(self.values).get(key)

    def without(self, *keys: str) -> Self:
        return replace(self, values=tuple(each for each in self.values if each[0] not in keys))

    def conditions(self) -> list[SQLColumnExpression[bool]]:
        """What narrows a statement about opportunities to it."""
        return [BY_KEY[key].where(value) for key, value in self.values]

    def fits(self, deal: Deal) -> bool:
        """Whether a deal is let through."""
        return all(
            fits(deal, value) for fits, value in ((BY_KEY[key].fits, value) for key, value in self.values) if fits
        )
