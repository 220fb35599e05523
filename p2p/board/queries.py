"""What the board shows: rows, not objects. Each column is the first rows of an index, counts come from running totals."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.history import Head
from p2p.identity.models import User
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Member
from p2p.opportunities.totals import StageTotal
from p2p.parties.models import Party, fold

PAGE = 50
NOBODY = 0

O = Opportunity  # noqa: E741 (in statements, O reads as the table it is)
ORDER = (O.order_day, O.order_weight, O.number)


@dataclass(frozen=True)
class Narrowed:
    """What the board is narrowed to: an owner (0: nobody), parties, words."""

    owner_id: int | None = None
    party_ids: tuple[int, ...] | None = None
    text: str | None = None

    @property
    def plain(self) -> bool:
        """Whether the running totals answer for it."""
        return self.party_ids is None and self.text is None

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.owner_id is not None:
            found.append(O.owner_id == self.owner_id if self.owner_id != NOBODY else O.owner_id.is_(None))
        if self.party_ids is not None:
            found.append(O.party_id.in_(self.party_ids))
        if self.text:
            like = f"%{_escaped(fold(self.text))}%"
            parties = select(Party.id).where(Party.name_folded.like(like, escape="\\"))
            words = O.subject_folded.like(like, escape="\\")
            found.append(or_(words, func.lower(O.number).like(like, escape="\\"), O.party_id.in_(parties)))
        return found


@dataclass(frozen=True)
class Total:
    """Count, revenue (minor units) and weighted revenue (hundredths of a minor unit)."""

    count: int = 0
    revenue: int = 0
    weighted: int = 0

    def __add__(self, other: "Total") -> "Total":
        return Total(self.count + other.count, self.revenue + other.revenue, self.weighted + other.weighted)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def state() -> int:
    """The last operation: while it stands, no board changed."""
    return db.session.scalar(_STATE) or 0


_STATE = select(Head.operation_id)


def parties_like(text: str) -> tuple[int, ...]:
    """Ids of the parties a typed name means: the one of that very name, else all that contain it (at most 200)."""
    folded = fold(text)
    exact = tuple(db.session.scalars(select(Party.id).where(Party.name_folded == folded, Party.hidden.is_(False))))
    if exact:
        return exact
    like = Party.name_folded.like(f"%{_escaped(folded)}%", escape="\\")
    return tuple(db.session.scalars(select(Party.id).where(like, Party.hidden.is_(False)).limit(200)))


def totals(narrowed: Narrowed) -> dict[int, Total]:
    """Stage id → total of the live opportunities."""
    if narrowed.plain:
        rows = select(
            StageTotal.stage_id, func.sum(StageTotal.count), func.sum(StageTotal.revenue), func.sum(StageTotal.weighted)
        )
        if narrowed.owner_id is not None:
            rows = rows.where(StageTotal.owner_id == narrowed.owner_id)
        found = db.session.execute(rows.group_by(StageTotal.stage_id))
    else:
        found = db.session.execute(
            select(O.stage_id, func.count(), func.coalesce(func.sum(O.revenue_company), 0), func.sum(O.weighted))
            .where(O.live.is_(True), *narrowed.conditions())
            .group_by(O.stage_id)
        )
    return {stage_id: Total(int(count), int(revenue), int(weighted)) for stage_id, count, revenue, weighted in found}


@cache
def _first_ids(stages: int, owned: bool) -> Select[Any]:
    """The first ids of each stage, in board order; built once per shape, so a request only binds values."""
    branches = []
    for index in range(stages):
        branch = select(O.id, O.stage_id, *ORDER).where(
            O.live == literal(True), O.stage_id == bindparam(f"stage{index}")
        )
        if owned:
            branch = branch.where(O.owner_id == bindparam("owner"))
        branches.append(select(branch.order_by(*ORDER).limit(bindparam(f"limit{index}")).subquery()))
    return select(union_all(*branches).subquery())


def first_ids(
    stage_ids: list[int], limits: dict[int, int], narrowed: Narrowed, awake: list[Any]
) -> dict[int, list[Any]]:
    """Stage id → its first rows (id, stage_id, order…), at most `limits[stage]`, with what woke up merged in."""
    columns: dict[int, list[Any]] = {stage_id: [] for stage_id in stage_ids}
    for row in _live_rows(stage_ids, limits, narrowed):
        columns[row.stage_id].append(row)
    for row in awake:
        if row.stage_id in columns:
            columns[row.stage_id].append(row)
    for stage_id, rows in columns.items():
        rows.sort(key=lambda row: (row.order_day, row.order_weight, row.number))
        del rows[limits[stage_id] :]
    return columns


def _live_rows(stage_ids: list[int], limits: dict[int, int], narrowed: Narrowed) -> list[Any]:
    if narrowed.plain and narrowed.owner_id != NOBODY:
        values: dict[str, Any] = {f"stage{index}": stage_id for index, stage_id in enumerate(stage_ids)}
        values |= {f"limit{index}": limits[stage_id] for index, stage_id in enumerate(stage_ids)}
        owned = narrowed.owner_id is not None
        statement = _first_ids(len(stage_ids), owned)
        return list(db.session.execute(statement, values | ({"owner": narrowed.owner_id} if owned else {})))
    rows: list[Any] = []
    for stage_id in stage_ids:
        branch = select(O.id, O.stage_id, *ORDER).where(
            O.live.is_(True), O.stage_id == stage_id, *narrowed.conditions()
        )
        rows += db.session.execute(branch.order_by(*ORDER).limit(limits[stage_id]))
    return rows


def woken(narrowed: Narrowed) -> list[Any]:
    """Postponed opportunities whose day has come: they count as active until somebody acts."""
    rows = select(O.id, O.stage_id, *ORDER, O.revenue_company, O.weighted).where(
        O.status == "postponed",
        O.wake_on <= today(),
        O.hidden.is_(False),
        O.archived.is_(False),
        *narrowed.conditions(),
    )
    return list(db.session.execute(rows))


def woken_totals(rows: list[Any]) -> dict[int, Total]:
    """Stage id → total of what woke up."""
    found: dict[int, Total] = defaultdict(Total)
    for row in rows:
        found[row.stage_id] += Total(1, row.revenue_company or 0, row.weighted)
    return found


_next = aliased(Activity)
_NEXT_STEP = (
    select(_next.id)
    .where(
        _next.subject_noun == literal("opportunity"),
        _next.subject_id == O.id,
        _next.status == literal("open"),
        _next.hidden == literal(False),
        _next.archived == literal(False),
    )
    .order_by(_next.due_on, _next.id)
    .limit(1)
    .correlate(O)
    .scalar_subquery()
)
_CARDS = (
    select(
        O.id,
        O.version,
        O.subject,
        Party.name,
        O.stage_id,
        O.prognosis_id,
        O.probability,
        O.probability_manual,
        O.revenue_company,
        O.decide_by,
        Activity.id,
        Activity.purpose,
        Activity.due_on,
        User.name,
        O.owner_id,
    )
    .outerjoin(Party, Party.id == O.party_id)
    .outerjoin(User, User.id == O.owner_id)
    .outerjoin(Activity, Activity.id == _NEXT_STEP)
    .where(O.id.in_(bindparam("ids", expanding=True)))
)


def cards(ids: list[int]) -> dict[int, Any]:
    """Opportunity id → the row of its card (see `_CARDS`)."""
    return {row[0]: row for row in db.session.execute(_CARDS, {"ids": ids})} if ids else {}


def on_team(user_id: int, ids: list[int]) -> set[int]:
    """Those of the opportunities on whose team somebody is."""
    rows = select(Member.opportunity_id).where(Member.user_id == user_id, Member.hidden.is_(False))
    return set(db.session.scalars(rows.where(Member.opportunity_id.in_(ids))))


def put_away(narrowed: Narrowed) -> tuple[int, int]:
    """How many are postponed (still asleep) and how many closed, at most 1,000 each: the drawer needs no more."""
    asleep = select(O.id).where(O.status == "postponed", O.wake_on > today())
    closed = select(O.id).where(O.status.in_(("won", "lost", "canceled")))
    present = (O.hidden.is_(False), O.archived.is_(False), *narrowed.conditions())
    counts = [
        db.session.scalar(select(func.count()).select_from(rows.where(*present).limit(1000).subquery()))
        for rows in (asleep, closed)
    ]
    return counts[0] or 0, counts[1] or 0
