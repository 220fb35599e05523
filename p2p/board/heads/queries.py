"""Count, revenue, weighted and next steps of every column: from running totals where they are kept, else counted."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, case, func, select

from p2p.board.columns import KINDS, fact_of_total, key_of
from p2p.db import plain_rows
from p2p.opportunities.models import Opportunity
from p2p.opportunities.narrowing.filters import Narrowed
from p2p.opportunities.narrowing.meanings import NONE, OVERDUE, step_state
from p2p.opportunities.totals import ColumnTotal

#: So many statements of each kind are kept built: those of everybody's and of each owner's board, mostly.
KEPT = 200

O = Opportunity  # noqa: E741 (in statements, O reads as the table it is)
T = ColumnTotal


@dataclass(frozen=True)
class Total:
    """Count, revenue (minor units) and weighted revenue (hundredths of a minor unit)."""

    count: int = 0
    revenue: int = 0
    weighted: int = 0

    def __add__(self, other: "Total") -> "Total":
        return Total(self.count + other.count, self.revenue + other.revenue, self.weighted + other.weighted)

    def __neg__(self) -> "Total":
        return Total(-self.count, -self.revenue, -self.weighted)


@dataclass
class Head:
    """The total of a column, by the state of the next step (`STEPS`)."""

    by_step: dict[str, Total] = field(default_factory=dict)

    def add(self, state: str, total: Total) -> None:
        self.by_step[state] = self.by_step.get(state, Total()) + total

    def total(self, state: str | None = None) -> Total:
        """Of those in a state, or of all."""
        return self.by_step.get(state, Total()) if state else sum(self.by_step.values(), Total())

    def count(self, state: str) -> int:
        return self.by_step[state].count if state in self.by_step else 0


Heads = dict[str, Head]


def heads(by: str, narrowed: Narrowed, woken: list[Any]) -> Heads:
    """Key of a column → its head, of all that the filters but for the one of the next step let through.

    `woken` are the rows of `board.queries.woken`, which no running total counts.
    """
    found: Heads = defaultdict(Head)
    narrowed = narrowed.without("step")
    for fact, state, count, revenue, weighted in plain_rows(_heads(by, narrowed)):
        fact = fact_of_total(by, fact) if narrowed.plain else fact
        found[key_of(by, fact, narrowed.day)].add(state, Total(int(count), int(revenue), int(weighted)))
    for row in woken:
        fact = getattr(row, KINDS[by].fact.key)
        total = Total(1, row.revenue_company or 0, row.weighted)
        found[key_of(by, fact, narrowed.day)].add(step_state(row.next_on, narrowed.day), total)
    return found


def _state(next_on: Any, nothing: Any, day: date) -> Any:
    """`step_state` of a column."""
    return case((nothing, NONE), (next_on < day, OVERDUE), (next_on == day, "today"), else_="later")


@lru_cache(maxsize=KEPT)
def _heads(by: str, narrowed: Narrowed) -> Select[*tuple[Any, ...]]:
    if not narrowed.plain:
        fact, state = KINDS[by].fact, _state(O.next_on, O.next_on.is_(None), narrowed.day).label("state")
        figures = func.count(), func.coalesce(func.sum(O.revenue_company), 0), func.sum(O.weighted)
        return select(fact, state, *figures).where(O.live.is_(True), *narrowed.conditions()).group_by(fact, "state")
    state = _state(T.next_on, T.next_on == T.NEVER, narrowed.day).label("state")
    rows = select(T.value, state, func.sum(T.count), func.sum(T.revenue), func.sum(T.weighted))
    owner, process = narrowed.owner_id, narrowed.get("process")
    whose = T.EVERYBODY if owner is None or by == "owner" else owner
    rows = rows.where(T.kind == by, T.whose == whose)
    if by == "owner" and owner is not None:
        rows = rows.where(T.value == owner)
    if process is not None:
        rows = rows.where(T.process_id == int(process.words))
    return rows.group_by(T.value, "state")
