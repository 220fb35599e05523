"""What the board shows: rows, not objects. Columns are the first rows of an index, counts come from running totals."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, bindparam, func, literal, select, union_all

from p2p.activities.models import Activity
from p2p.db import db
from p2p.history import Head
from p2p.identity.models import User
from p2p.opportunities.models import Opportunity
from p2p.opportunities.narrowing.filters import Narrowed
from p2p.opportunities.parts import Member
from p2p.opportunities.totals import ColumnTotal
from p2p.parties.models import Party
from p2p.setup.models import SALES, Process, PrognosisBand, Stage

PAGE = 50
#: So many statements of each kind are kept built: those of everybody's and of each owner's board, mostly.
KEPT = 200

O = Opportunity  # noqa: E741 (in statements, O reads as the table it is)
ORDER = (O.order_day, O.order_weight, O.number)


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


def state() -> int:
    """The last operation: while it stands, no board changed."""
    return db.session.scalar(_STATE) or 0


_STATE = select(Head.operation_id)


# ── Heads ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def stages() -> list[Any]:
    """(id, name) of the stages that new opportunities can be in, in order."""
    return list(db.session.execute(_STAGES))


_STAGES = (
    select(Stage.id, Stage.name)
    .join(Process, Process.id == Stage.process_id)
    .where(Stage.hidden.is_(False), Stage.retired.is_(False), Process.retired.is_(False), Process.kind == SALES)
    .order_by(Process.position, Process.id, Stage.position, Stage.id)
)


def bands() -> list[Any]:
    """(id, name, retired) of the prognosis bands in order of days."""
    return list(db.session.execute(_BANDS))


_BANDS = (
    select(PrognosisBand.id, PrognosisBand.name, PrognosisBand.retired)
    .where(PrognosisBand.hidden.is_(False))
    .order_by(PrognosisBand.from_days, PrognosisBand.id)
)


def totals(narrowed: Narrowed) -> dict[int, Total]:
    """Stage id → total of the live opportunities."""
    found = db.session.execute(_totals(narrowed))
    return {stage_id: Total(int(count), int(revenue), int(weighted)) for stage_id, count, revenue, weighted in found}


@lru_cache(maxsize=KEPT)
def _totals(narrowed: Narrowed) -> Select[*tuple[Any, ...]]:
    if not narrowed.plain:
        figures = func.count(), func.coalesce(func.sum(O.revenue_company), 0), func.sum(O.weighted)
        return select(O.stage_id, *figures).where(O.live.is_(True), *narrowed.conditions()).group_by(O.stage_id)
    T = ColumnTotal
    whose = T.EVERYBODY if narrowed.owner_id is None else narrowed.owner_id
    rows = select(T.value, func.sum(T.count), func.sum(T.revenue), func.sum(T.weighted))
    return rows.where(T.kind == "stage", T.whose == whose).group_by(T.value)


def put_away(narrowed: Narrowed) -> tuple[int, int]:
    """How many are postponed (still asleep) and how many closed, at most 1,000 each: the drawer needs no more."""
    counted = db.session.execute(_put_away(narrowed)).one()
    return counted[0], counted[1]


@lru_cache(maxsize=KEPT)
def _put_away(narrowed: Narrowed) -> Select[*tuple[Any, ...]]:
    present = (O.hidden == literal(False), O.archived == literal(False), *narrowed.conditions())
    asleep = select(O.id).where(O.status == "postponed", O.wake_on > narrowed.day, *present)
    closed = select(O.id).where(O.status.in_(("won", "lost", "canceled")), *present)
    counts = [select(func.count()).select_from(rows.limit(1000).subquery()) for rows in (asleep, closed)]
    return select(*(count.scalar_subquery() for count in counts))


# ── Cards ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_ON_TEAM = (
    select(Member.id)
    .where(Member.opportunity_id == O.id, Member.user_id == bindparam("me"), Member.hidden == literal(False))
    .correlate(O)
)
#: A card, and at its end what it is sorted by.
_CARD = (
    *(O.id, O.version, O.subject, Party.name, O.stage_id, O.prognosis_id, O.probability, O.probability_manual),
    *(O.revenue_company, O.decide_by, Activity.id, Activity.purpose, Activity.due_on, User.name, O.owner_id),
    _ON_TEAM.exists(),
    *ORDER,
)
STAGE = 4
in_order = itemgetter(*range(-len(ORDER), 0))


def _with_words(ids: Any) -> Select[*tuple[Any, ...]]:
    """The cards of some ids. Outer joins fix their order: ids first, whatever the planner thinks of its statistics."""
    return select(*_CARD).select_from(
        ids.outerjoin(O, O.id == ids.c.id)
        .outerjoin(Party, Party.id == O.party_id)
        .outerjoin(User, User.id == O.owner_id)
        .outerjoin(Activity, Activity.id == O.next_id)
    )


@lru_cache(maxsize=KEPT)
def _first(narrowed: Narrowed, stages: int) -> Select[*tuple[Any, ...]]:
    """The first cards of each stage, in board order: each branch reads the first rows of an index and no more."""
    branches = []
    for index in range(stages):
        ids = select(O.id).where(O.live == literal(True), O.stage_id == bindparam(f"stage{index}"))
        ids = ids.where(*narrowed.conditions())
        branches.append(select(ids.order_by(*ORDER).limit(bindparam(f"limit{index}")).subquery()))
    return _with_words(union_all(*branches).subquery())


@lru_cache(maxsize=KEPT)
def _awake(narrowed: Narrowed) -> Select[*tuple[Any, ...]]:
    ids = select(O.id).where(
        O.status == literal("postponed"),
        O.wake_on <= narrowed.day,
        O.hidden == literal(False),
        O.archived == literal(False),
        *narrowed.conditions(),
    )
    return ids.add_columns(O.stage_id, O.revenue_company, O.weighted, *ORDER)


_THESE = _with_words(select(O.id).where(O.id.in_(bindparam("ids", expanding=True))).subquery())


def woken(narrowed: Narrowed) -> list[Any]:
    """Postponed opportunities whose day has come: they count as active until somebody acts."""
    return list(db.session.execute(_awake(narrowed)))


def woken_totals(rows: list[Any]) -> dict[int, Total]:
    """Stage id → total of what woke up."""
    found: dict[int, Total] = defaultdict(Total)
    for row in rows:
        found[row.stage_id] += Total(1, row.revenue_company or 0, row.weighted)
    return found


def columns(limits: dict[int, int], narrowed: Narrowed, awake: list[Any], me: int) -> dict[int, list[Any]]:
    """Stage id → the rows of its first cards (see `_CARD`), at most `limits[stage]`, what woke up among them."""
    values: dict[str, Any] = {"me": me}
    for index, (stage_id, limit) in enumerate(limits.items()):
        values |= {f"stage{index}": stage_id, f"limit{index}": limit}
    found: dict[int, list[Any]] = {stage_id: [] for stage_id in limits}
    for row in db.session.execute(_first(narrowed, len(limits)), values) if limits else ():
        found[row[STAGE]].append(row)
    for row in _waking(awake, found, limits, me):
        found[row[STAGE]].append(row)
    for stage_id, rows in found.items():
        rows.sort(key=in_order)
        del rows[limits[stage_id] :]
    return found


def _waking(awake: list[Any], found: dict[int, list[Any]], limits: dict[int, int], me: int) -> list[Any]:
    """The cards of what woke up, but for those that would not be among the first of their column."""
    ids: list[int] = []
    for stage_id, shown in found.items():
        limit = limits[stage_id]
        last = max(map(in_order, shown)) if shown and len(shown) >= limit else None
        waiting = sorted((row for row in awake if row.stage_id == stage_id), key=in_order)[:limit]
        ids += [row.id for row in waiting if last is None or in_order(row) < last]
    return list(db.session.execute(_THESE, {"ids": ids, "me": me})) if ids else []
