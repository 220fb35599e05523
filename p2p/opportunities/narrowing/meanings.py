"""What filters of opportunities mean, where that takes more than comparing: owners, processes, days, next steps."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import g
from sqlalchemy import ColumnElement, SQLColumnExpression

from p2p.filters import today
from p2p.identity.queries import owners
from p2p.listing import Choice, Meant
from p2p.listing.ranges import within
from p2p.opportunities.estimate import CLOSED
from p2p.opportunities.models import Opportunity
from p2p.opportunities.narrowing import queries
from p2p.opportunities.narrowing.deals import Deal
from p2p.parties.models import fold

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


def people() -> list[tuple[str, str]]:
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


def decided(value: Any) -> ColumnElement[bool]:
    if value == NONE:
        return O.decide_by.is_(None)
    found = queries.decided(*_days(value, today()))
    return found & O.status.not_in(CLOSED) if value == OVERDUE else found


def is_decided(deal: Deal, value: Any) -> bool:
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


def step(state: str) -> SQLColumnExpression[bool]:
    day = today()
    told = {OVERDUE: O.next_on < day, "today": O.next_on == day, "later": O.next_on > day}
    return told.get(state, O.next_on.is_(None))


# ── Words and processes ─────────────────────────────────────────────────────────────────────────────────────────────


def has_words(deal: Deal, text: str) -> bool:
    words = fold(text)
    return words in deal.subject_folded or words in deal.number.lower() or words in deal.party_name_folded


@dataclass(frozen=True)
class Processes(Choice):
    """A sales process, by its stages; the value names those."""

    def read(self, typed: str) -> Meant:
        if not (typed.isascii() and typed.isdecimal() and len(typed) < 12):
            raise ValueError(typed)
        return Meant(typed, queries.stages_of(int(typed)))

    def chip(self, value: Any) -> str:
        return f"{self.label}: {dict(self.choices()).get(int(value.words), value.words)}"
