"""What the columns of a board stand for: stages, prognosis bands, months of the decision, or owners."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, func, literal

from p2p.db import Instant
from p2p.filters import MONTHS
from p2p.opportunities.models import Opportunity
from p2p.opportunities.narrowing.meanings import NONE, month_after

EARLIER, LATER = "earlier", "later"
#: This month and so many after it have a column each.
AHEAD = 11
NEVER = date(9999, 12, 31)

O = Opportunity  # noqa: E741 (in statements, O reads as the table it is)


@dataclass(frozen=True)
class Kind:
    """One way to lay out the board: `field` is what a card's form calls the fact, `fact` its column, which filtered
    totals are grouped by.
    """

    label: str
    field: str
    fact: Any


KINDS = {
    "stage": Kind("Stage", "stage", O.stage_id),
    "prognosis": Kind("Prognosis", "prognosis", O.prognosis_id),
    "month": Kind("Month", "decide_by", O.decide_by),
    "owner": Kind("Owner", "owner", O.owner_id),
}


@dataclass(frozen=True)
class Column:
    """`key` names it in addresses and on the page; `value` is what the field of a card's form says to stand here,
    None where no card can be put.
    """

    key: str
    name: str
    value: str | None


def key_of(by: str, fact: Any, day: date) -> str:
    """The column a fact puts a card into, on a day: an id, a month like `202612`, or a word."""
    if fact is None:
        return NONE
    if by != "month":
        return str(fact)
    first = month_after(day, 0)
    if fact < first:
        return EARLIER
    return f"{fact:%Y%m}" if fact < month_after(day, AHEAD + 1) else LATER


def fact_of_total(by: str, value: int) -> Any:
    """The fact that running totals keep as a number: an id, a month as its first day, None for 0."""
    if not value:
        return None
    return date(value // 100, value % 100, 1) if by == "month" else value


def standing(by: str, key: str, day: date) -> ColumnElement[bool]:
    """Whether an opportunity stands in a column; asked of what the index of such boards begins with."""
    if by != "month":
        fact = KINDS[by].fact
        return fact.is_(None) if key == NONE else fact == int(key)  # type: ignore[no-any-return]
    first, beyond = month_after(day, 0), month_after(day, AHEAD + 1)
    if key == EARLIER:
        return O.order_day < first
    if key == LATER:
        return (O.order_day >= beyond) & (O.order_day < NEVER)
    if key == NONE:
        return O.order_day >= NEVER  # a range, which no planner takes for a reason to leave the index that is in order
    month = date(int(key[:4]), int(key[4:]), 1)
    return O.order_day.between(month, month_after(month) - timedelta(days=1))


# ── Which there are ─────────────────────────────────────────────────────────────────────────────────────────────────


def of_stages(stages: Iterable[tuple[int, str]]) -> list[Column]:
    return [Column(str(id), name, str(id)) for id, name in stages]


def of_bands(bands: Iterable[tuple[int, str, bool]], filled: Callable[[str], bool]) -> list[Column]:
    """The bands in order, retired ones while they hold something; last what has no prognosis."""
    shown = [(str(id), name) for id, name, retired in bands if not retired or filled(str(id))]
    return [Column(key, name, key) for key, name in shown] + [Column(NONE, "no prognosis", "")]


def of_months(day: date, filled: Callable[[str], bool]) -> list[Column]:
    """This month and the next; before them what should have been decided earlier, behind them what comes later.

    A card that is put into a month is to be decided on its last day; none is put where the day has passed.
    """
    months = [month_after(day, ahead) for ahead in range(AHEAD + 2)]
    columns = [Column(f"{month:%Y%m}", f"{MONTHS[month.month - 1]} {month.year}", last_of(month)) for month in months]
    earlier = [Column(EARLIER, "Earlier", None)] if filled(EARLIER) else []
    return [*earlier, *columns[:-1], Column(LATER, "Later", columns[-1].value), Column(NONE, "No date", "")]


def of_owners(names: dict[int, str], filled: Iterable[str]) -> list[Column]:
    """The people who own something here, by name; last what is nobody's."""
    people = sorted(((names.get(int(key)) or key, key) for key in filled if key != NONE), key=_by_name)
    return [Column(key, name, key) for name, key in people] + [Column(NONE, "nobody", "")]


def _by_name(person: tuple[str, str]) -> str:
    return person[0].casefold()


def last_of(month: date) -> str:
    return (month_after(month) - timedelta(days=1)).isoformat()


# ── In which order cards stand ──────────────────────────────────────────────────────────────────────────────────────

#: The order of the board: soonest decision, then what weighs more. It is the end of every other order, too.
ORDER = (O.order_day, O.order_weight, O.number)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Others to choose: words, and what they sort by before that. None of it is ever null, so rows compare in Python, too.
ORDERS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "": ("Decision, soonest first", ()),
    "step": ("Next step, most urgent first", (func.coalesce(O.next_on, literal(NEVER, Date)),)),
    "amount": ("Amount, largest first", (func.coalesce(-O.revenue_company, 1),)),
    "age": ("Age, oldest first", (O.opened_on,)),
    "touched": ("Silence, longest first", (func.coalesce(O.touched_at, literal(EPOCH, Instant)),)),
}


@dataclass(frozen=True)
class Layout:
    """How a board is laid out: what its columns are, how cards are sorted, and whether they show further facts."""

    by: str = "stage"
    order: str = ""
    further: bool = False

    @property
    def sorted_by(self) -> tuple[Any, ...]:
        """What cards are sorted by."""
        return (*ORDERS[self.order][1], *ORDER)
