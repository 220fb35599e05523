"""What the board shows: rows, not objects. Columns are the first rows of an index."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, bindparam, case, func, literal, select, union_all

from p2p.activities.models import Activity
from p2p.board.columns import KINDS, Layout, key_of, standing
from p2p.board.heads.queries import KEPT
from p2p.board.heads.queries import heads as heads  # all questions of the board stand here together
from p2p.db import plain_rows
from p2p.history import Head
from p2p.identity.models import User
from p2p.opportunities.advising import queries as advising
from p2p.opportunities.models import Opportunity
from p2p.opportunities.narrowing.filters import Narrowed
from p2p.opportunities.narrowing.meanings import step_state
from p2p.opportunities.parts import Member
from p2p.parties.models import Party
from p2p.setup.models import SALES, Process, PrognosisBand, Stage
from p2p.setup.pacing import Limit

#: So many cards of a column are shown at first and with each *more*; fewer at first where there are many columns.
PAGE, FEWEST = 50, 10
ALL_TOGETHER = 300

O = Opportunity  # noqa: E741 (in statements, O reads as the table it is)


def state() -> int:
    """The last operation: while it stands, no board changed."""
    return plain_rows(_STATE).scalar() or 0


_STATE = select(Head.operation_id)


def stages() -> list[Any]:
    """(id, name, process_id, process) of the stages that new opportunities can be in, in order."""
    return list(plain_rows(_STAGES).all())


_STAGES = (
    select(Stage.id, Stage.name, Process.id.label("process_id"), Process.name.label("process"))
    .join(Process, Process.id == Stage.process_id)
    .where(Stage.hidden.is_(False), Stage.retired.is_(False), Process.retired.is_(False), Process.kind == SALES)
    .order_by(Process.position, Process.id, Stage.position, Stage.id)
)


def limits() -> dict[int, Limit]:
    """Stage → after how many days of silence a card there is stale."""
    return advising.limits()


def bands() -> list[Any]:
    """(id, name, retired) of the prognosis bands in order of days."""
    return list(plain_rows(_BANDS).all())


_BANDS = (
    select(PrognosisBand.id, PrognosisBand.name, PrognosisBand.retired)
    .where(PrognosisBand.hidden.is_(False))
    .order_by(PrognosisBand.from_days, PrognosisBand.id)
)


def people() -> dict[int, str]:
    """Id → name of everybody who can own an opportunity, those who left, too, by name."""
    return {row.id: row.name for row in plain_rows(_PEOPLE)}


_PEOPLE = select(User.id, User.name).where(User.hidden.is_(False)).order_by(User.name, User.id)


def at_first(columns: int) -> int:
    """How many cards of each of so many columns are shown before more are asked for."""
    return max(FEWEST, min(PAGE, ALL_TOGETHER // max(columns, 1)))


def put_away(narrowed: Narrowed) -> tuple[int, int]:
    """How many are postponed (still asleep) and how many closed, at most 1,000 each: the drawer needs no more."""
    counted = plain_rows(_put_away(narrowed)).one()
    return counted[0], counted[1]


@lru_cache(maxsize=KEPT)
def _put_away(narrowed: Narrowed) -> Select[*tuple[Any, ...]]:
    present = (O.hidden == literal(False), O.archived == literal(False), *narrowed.without("step").conditions())
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
#: Since when nothing happened: it came into its stage, or something was done later.
SINCE = case((O.touched_at > O.stage_entered_at, O.touched_at), else_=O.stage_entered_at).label("since")
#: A card; behind it come `FURTHER` where they are shown, and at its end what it is sorted by.
_CARD = (
    *(O.id, O.version, O.subject, Party.name, O.stage_id, O.prognosis_id, O.probability),
    *(O.revenue_company, O.decide_by, Activity.id, Activity.purpose, Activity.due_on, User.name, O.owner_id),
    _ON_TEAM.exists(),
    *(SINCE, O.wake_on),
)
#: What only some boards show on a card.
FURTHER = (O.number, O.opened_on, O.touched_at, O.source_id, O.weighted)
#: Where in a card the fact stands that says its column.
FACT = {"stage": 4, "prognosis": 5, "month": 8, "owner": 13}


def _with_words(ids: Any, layout: Layout) -> Select[*tuple[Any, ...]]:
    """The cards of some ids. Outer joins fix their order: ids first, whatever the planner thinks of its statistics."""
    return select(*_CARD, *(FURTHER if layout.further else ()), *layout.sorted_by).select_from(
        ids.outerjoin(O, O.id == ids.c.id)
        .outerjoin(Party, Party.id == O.party_id)
        .outerjoin(User, User.id == O.owner_id)
        .outerjoin(Activity, Activity.id == O.next_id)
    )


def _standing(layout: Layout, key: str, narrowed: Narrowed, limit: str, *more: Any) -> Select[*tuple[Any, ...]]:
    """The first ids of a column, in order: the first rows of an index and no more."""
    if layout.by == "stage":  # the stages are those of the process asked for
        narrowed = narrowed.without("process")
    here = standing(layout.by, key, narrowed.day)
    ids = select(O.id, *more).where(O.live == literal(True), here, *narrowed.conditions())
    return ids.order_by(*layout.sorted_by).limit(bindparam(limit))


@lru_cache(maxsize=KEPT)
def _first(layout: Layout, keys: tuple[str, ...], narrowed: Narrowed) -> Select[*tuple[Any, ...]]:
    """The first cards of each column."""
    branches = [select(_standing(layout, key, narrowed, f"limit{index}").subquery()) for index, key in enumerate(keys)]
    return _with_words(union_all(*branches).subquery(), layout)


@lru_cache(maxsize=KEPT)
def _places(layout: Layout, key: str, narrowed: Narrowed) -> Select[*tuple[Any, ...]]:
    return _standing(layout, key, narrowed, "limit", *layout.sorted_by)


@lru_cache(maxsize=KEPT)
def _awake(layout: Layout, narrowed: Narrowed) -> Select[*tuple[Any, ...]]:
    facts = (O.stage_id, O.prognosis_id, O.decide_by, O.owner_id, O.revenue_company, O.weighted, O.next_on)
    return select(O.id, *facts, SINCE, O.wake_on, *layout.sorted_by).where(
        O.status == literal("postponed"),
        O.wake_on <= narrowed.day,
        O.hidden == literal(False),
        O.archived == literal(False),
        *narrowed.without("step").conditions(),
    )


@lru_cache(maxsize=KEPT)
def _these(layout: Layout) -> Select[*tuple[Any, ...]]:
    return _with_words(select(O.id).where(O.id.in_(bindparam("ids", expanding=True))).subquery(), layout)


def woken(layout: Layout, narrowed: Narrowed) -> list[Any]:
    """Postponed opportunities whose day has come: they count as active until somebody acts. Whatever is planned."""
    return list(plain_rows(_awake(layout, narrowed)).all())


def columns(
    layout: Layout, limits: dict[str, int], narrowed: Narrowed, awake: list[Any], me: int
) -> dict[str, list[Any]]:
    """Key of a column → the rows of its first cards (see `_CARD`), so many at most, what woke up among them."""
    read = {key: limit for key, limit in limits.items() if limit}
    values = {"me": me} | {f"limit{index}": limit for index, limit in enumerate(read.values())}
    rows = plain_rows(_first(layout, tuple(read), narrowed), values).all() if read else ()
    found: dict[str, list[Any]] = {key: [] for key in limits}
    _deal_out(layout, rows, narrowed, found)
    waiting = _waiting(layout, _dealt(layout, awake, narrowed), found, read)
    if waiting:
        _deal_out(layout, plain_rows(_these(layout), {"ids": waiting, "me": me}), narrowed, found)
    last_facts = in_order(layout)
    for key, shown in found.items():
        shown.sort(key=last_facts)
        del shown[limits[key] :]
    return found


def placed(
    id: int, layout: Layout, key: str, limit: int, narrowed: Narrowed, awake: list[Any], me: int
) -> tuple[list[Any], int | None]:
    """The row of a card, or none where it is not among the first of its column, and the id of the card behind it."""
    rows = plain_rows(_places(layout, key, narrowed), {"limit": limit}).all() if limit else []
    rows = sorted([*rows, *_dealt(layout, awake, narrowed)[key]], key=in_order(layout))[:limit]
    ids = [row.id for row in rows]
    if id not in ids:
        return [], None
    behind = ids[ids.index(id) + 1 :]
    return list(plain_rows(_these(layout), {"ids": [id], "me": me})), behind[0] if behind else None


def in_order(layout: Layout) -> Any:
    """What a row is sorted by: its last facts."""
    return itemgetter(*range(-len(layout.sorted_by), 0))


def _deal_out(layout: Layout, rows: Iterable[Any], narrowed: Narrowed, found: dict[str, list[Any]]) -> None:
    by, fact, day = layout.by, FACT[layout.by], narrowed.day
    for row in rows:
        found[key_of(by, row[fact], day)].append(row)


def _dealt(layout: Layout, awake: list[Any], narrowed: Narrowed) -> dict[str, list[Any]]:
    """Key of a column → the rows of what woke up there, in order."""
    name, step = KINDS[layout.by].fact.key, narrowed.get("step")
    waiting: dict[str, list[Any]] = defaultdict(list)
    for row in sorted(awake, key=in_order(layout)):
        if step in (None, step_state(row.next_on, narrowed.day)):
            waiting[key_of(layout.by, getattr(row, name), narrowed.day)].append(row)
    return waiting


def _waiting(
    layout: Layout, waiting: dict[str, list[Any]], found: dict[str, list[Any]], limits: dict[str, int]
) -> list[int]:
    """The ids of what woke up, but for those that would not be among the first of their column."""
    last_facts, ids = in_order(layout), []
    for key, limit in limits.items():
        last = last_facts(max(found[key], key=last_facts)) if len(found[key]) >= limit else None
        ids += [row.id for row in waiting[key][:limit] if last is None or last_facts(row) < last]
    return ids
