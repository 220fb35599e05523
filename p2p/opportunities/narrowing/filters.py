"""The filters themselves: their keys and words, and what they mean, in SQL and for the facts of one deal.

`where` and `fits` of a filter say the same thing; a test asks both of the same deals.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import g
from sqlalchemy import ColumnElement, SQLColumnExpression

from p2p.campaigns.queries import choices as campaign_choices
from p2p.competitors.queries import name_of as competitor_name
from p2p.filters import today
from p2p.identity.queries import owners
from p2p.listing import Amounts, Choice, Days, Filter, Named, Percents, Text
from p2p.listing.ranges import between, within
from p2p.opportunities.estimate import CLOSED
from p2p.opportunities.models import Opportunity
from p2p.opportunities.narrowing import queries
from p2p.opportunities.narrowing.deals import Deal
from p2p.opportunities.narrowing.silent import STALE
from p2p.parties.models import fold
from p2p.parties.queries import name_of as party_name
from p2p.setup.queries import band_choices, codes, stage_choices

O = Opportunity  # noqa: E741 (in statements, O reads as the table it is)

NOBODY = 0
NONE, OVERDUE = "none", "overdue"


# ── Whose it is ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _me() -> int | None:
    """Who is asking; nobody is where a command is."""
    user = g.get("user")
    return user.id if user else None


@dataclass(frozen=True)
class Owners(Choice):
    """Mine, nobody's, or somebody's; the value is the id of a user, 0 for nobody."""

    def read(self, typed: str) -> int:
        if typed == "me" and (me := _me()) is not None:
            return me
        if typed == "nobody":
            return NOBODY
        if not (typed.isascii() and typed.isdecimal() and len(typed) < 12):
            raise ValueError(typed)
        return int(typed)

    def chip(self, value: Any) -> str:
        if value == NOBODY or value == _me():
            return f"{self.label}: {'nobody' if value == NOBODY else 'me'}"
        return f"{self.label}: {dict(owners(kept=value)).get(value, value)}"


def _people() -> list[tuple[str, str]]:
    return [("me", "me"), ("nobody", "nobody"), *((str(id), name) for id, name in owners())]


# ── When it is decided ──────────────────────────────────────────────────────────────────────────────────────────────

#: What a decision date can be called, with the words of the chip.
CALLED = {
    OVERDUE: "Overdue for decision",
    "this-month": "Decided this month",
    "next-month": "Decided next month",
    "this-quarter": "Decided this quarter",
    NONE: "No decision date",
}


def month_after(day: date, months: int = 1) -> date:
    """The first of the month so many months after that of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _days(value: Any, day: date) -> tuple[date | None, date | None]:
    """First and last day of what a range or a word means on a day."""
    if not isinstance(value, str):
        return value[0], value[1]
    if value == OVERDUE:
        return None, day - timedelta(days=1)
    first, months = month_after(day, 0), 1
    if value == "next-month":
        first = month_after(day)
    elif value == "this-quarter":
        first, months = month_after(day, -((day.month - 1) % 3)), 3
    return first, month_after(first, months) - timedelta(days=1)


def _decided(value: Any) -> ColumnElement[bool]:
    if value == NONE:
        return O.decide_by.is_(None)
    found = queries.decided(*_days(value, today()))
    return found & O.status.not_in(CLOSED) if value == OVERDUE else found


def _is_decided(deal: Deal, value: Any) -> bool:
    if value == NONE:
        return deal.decide_by is None
    return within(deal.decide_by, _days(value, deal.day)) and not (value == OVERDUE and deal.status in CLOSED)


# ── What comes next ─────────────────────────────────────────────────────────────────────────────────────────────────

#: The states of a next step, as cards and column heads name them.
STEPS = {"overdue": "Overdue", "today": "Today", "later": "Later", "none": "Nothing planned"}


def step_state(next_on: date | None, day: date) -> str:
    """The state of a next step that is due on a day (None: nothing is planned), looked at on another."""
    if next_on is None:
        return NONE
    return OVERDUE if next_on < day else "today" if next_on == day else "later"


def _step(state: str) -> SQLColumnExpression[bool]:
    day = today()
    told = {OVERDUE: O.next_on < day, "today": O.next_on == day, "later": O.next_on > day}
    return told.get(state, O.next_on.is_(None))


# ── All of them ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _has_words(deal: Deal, text: str) -> bool:
    words = fold(text)
    return words in deal.subject_folded or words in deal.number.lower() or words in deal.party_name_folded


FILTERS: tuple[Filter, ...] = (
    Text("text", "Text", queries.with_words, fits=_has_words, hint="Subject, party, number"),
    Owners(
        "owner",
        "Owner",
        lambda id: O.owner_id.is_(None) if id == NOBODY else O.owner_id == id,
        fits=lambda deal, id: (deal.owner_id or NOBODY) == id,
        choices=_people,
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
        _decided,
        fits=_is_decided,
        called=lambda: CALLED.items(),
        rare=True,
    ),
    Choice(
        "step",
        "Next step",
        _step,
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
        return dict(self.values).get("owner")

    @property
    def plain(self) -> bool:
        """Whether the running totals answer for it: everybody's, or one owner's."""
        return all(key == "owner" for key, _ in self.values)

    def conditions(self) -> list[SQLColumnExpression[bool]]:
        """What narrows a statement about opportunities to it."""
        return [BY_KEY[key].where(value) for key, value in self.values]

    def fits(self, deal: Deal) -> bool:
        """Whether a deal is let through."""
        return all(
            fits(deal, value) for fits, value in ((BY_KEY[key].fits, value) for key, value in self.values) if fits
        )
