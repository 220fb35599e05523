"""What of each stage is stale: counted from the first rows of an index that knows all it takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, and_, bindparam, case, func, literal, or_, select, union_all

from p2p.board.heads.queries import KEPT
from p2p.db import Instant, plain_rows
from p2p.opportunities.advising.silence import AMBER, RED, Watch
from p2p.opportunities.models import Opportunity
from p2p.opportunities.narrowing.filters import Narrowed
from p2p.opportunities.narrowing.meanings import step_state

#: So many of a column are counted at most: whoever sees that many needs no more.
MOST = 100

O = Opportunity  # noqa: E741 (in statements, O reads as the table it is)


@dataclass(frozen=True)
class Quiet:
    """How many of a column are stale, and how many of those for long; at most `MOST` are counted."""

    stale: int = 0
    long: int = 0

    def with_one(self, state: str) -> "Quiet":
        return Quiet(self.stale + 1, self.long + (state == RED))


def quiet(stage_ids: Iterable[int], watch: Watch, narrowed: Narrowed, woken: list[Any]) -> dict[int, Quiet]:
    """Stage → what of it is stale. `woken` are the rows of `board.queries.woken`, which no index of live ones holds."""
    watched = [id for id in stage_ids if watch.watches(id)]
    values: dict[str, Any] = {"today": watch.today}
    for place, id in enumerate(watched):
        values |= {f"stage{place}": id, f"amber{place}": watch.since(id, AMBER), f"red{place}": watch.since(id, RED)}
    rows = plain_rows(_counted(narrowed, len(watched)), values) if watched else ()
    found = {watched[place]: Quiet(count, long) for place, count, long in rows}
    step = narrowed.get("step")
    for row in woken:
        if step not in (None, step_state(row.next_on, watch.today)):
            continue
        if told := watch.told(row.stage_id, row.since, row.wake_on, row.next_on):
            found[row.stage_id] = found.get(row.stage_id, Quiet()).with_one(told[0])
    return found


@lru_cache(maxsize=KEPT)
def _counted(narrowed: Narrowed, stages: int) -> CompoundSelect[*tuple[Any, ...]]:
    counts = []
    for place in range(stages):
        amber, red = (bindparam(f"{state}{place}", type_=Instant) for state in (AMBER, RED))
        of_stage = (O.live == literal(True), O.stage_id == bindparam(f"stage{place}"), _silent_since(amber))
        unplanned = or_(O.next_on.is_(None), O.next_on < bindparam("today"))
        rows = select(case((_silent_since(red), 1), else_=0).label("long")).where(*of_stage, unplanned)
        first = rows.where(*narrowed.conditions()).limit(MOST).subquery()
        counts.append(select(literal(place), func.count(), func.coalesce(func.sum(first.c.long), 0)))
    return union_all(*counts)


def _silent_since(instant: Any) -> Any:
    return and_(O.stage_entered_at < instant, or_(O.touched_at.is_(None), O.touched_at < instant))
