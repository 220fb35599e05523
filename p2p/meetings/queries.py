"""Questions of meetings: what deserves talk, what was said before, and what happened meanwhile."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from p2p.activities.models import Activity
from p2p.db import chunks, db, now
from p2p.filters import today
from p2p.history import Change, Head, Operation
from p2p.history.queries import CHANGE, OPERATION
from p2p.identity.models import User
from p2p.meetings.agenda import MOST, REASONS, SLIPPED_WITHIN, SOON, Agenda, Item
from p2p.meetings.models import Meeting, Point
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party, fold
from p2p.setup.models import Stage

O = Opportunity  # noqa: E741 (in statements, O reads as the table it is)
#: Later than any operation.
NEVER = 2**31 - 1
CHUNK = 500


def last_operation() -> int:
    """The latest operation there is."""
    return db.session.scalar(select(Head.operation_id)) or 0


# ── The agenda ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Found:
    """An agenda, and how many deals each reason (None: no reason) speaks for in all; more than stand on it perhaps."""

    agenda: Agenda
    counts: dict[str | None, int]


def previous_to(asked: str) -> Meeting | None:
    """The meeting to compare with: the last that ended over this very filter, else the last of all."""
    ended = select(Meeting).where(Meeting.status == "ended", Meeting.hidden.is_(False))
    ended = ended.order_by(Meeting.until_id.desc(), Meeting.id.desc()).limit(1)
    return db.session.scalar(ended.where(Meeting.asked == asked)) or db.session.scalar(ended)


def agenda(conditions: Sequence[SQLColumnExpression[bool]], since: int | None) -> Found:
    """The open deals of a filter, those of the first reason first, each as on the board; one statement for them all."""
    holds = _holding(since)
    rank = case(*((holds[name], place) for place, name in enumerate(REASONS)), else_=len(REASONS))
    # A row alone says whether each reason holds for it; the rank is its first one.
    rows = select(O.id, rank.label("rank"), *(case((holds[name], 1), else_=0).label(name) for name in REASONS))
    rows = rows.where(_open(), *conditions)
    found = rows.add_columns(O.order_day, O.order_weight, O.number).subquery()
    order = (found.c.rank, found.c.order_day, found.c.order_weight, found.c.number)
    counted = select(found.c.rank, func.count()).group_by(found.c.rank)
    by_rank = {int(rank): int(count) for rank, count in db.session.execute(counted)}
    first = select(found).order_by(*order).limit(MOST)
    items = [Item(row.id, tuple(name for name in REASONS if row._mapping[name])) for row in db.session.execute(first)]
    return Found(Agenda(tuple(items)), {name: by_rank.get(place, 0) for place, name in enumerate([*REASONS, None])})


def _open() -> ColumnElement[bool]:
    """Active, or postponed and awake again."""
    awake = and_(O.status == "postponed", O.wake_on <= today(), O.hidden.is_(False), O.archived.is_(False))
    return or_(O.live.is_(True), awake)


def _holding(since: int | None) -> dict[str, ColumnElement[bool]]:
    """Reason → the condition under which it speaks for a deal."""
    day = today()
    return {
        "changed": O.id.in_(_changed(NEVER if since is None else since)),
        "no_step": O.next_on.is_(None),
        "slipping": or_(O.decide_by < day, O.id.in_(_put_off())),
        "soon": O.decide_by.between(day, day + timedelta(days=SOON)),
    }


def _changed(since: int) -> Select[Any]:
    """Ids of the deals that anything happened on behind an operation."""
    return select(Change.about_id).where(Change.operation_id > since, Change.about_noun == O.noun)


def _put_off() -> Select[Any]:
    """Ids of the deals whose decision was lately moved to a later day."""
    before, after = (Change.values[("decide_by", place)].as_string() for place in (0, 1))
    rows = select(Change.record_id).where(Change.noun == O.noun, Change.operation_id > _before(SLIPPED_WITHIN))
    return rows.where(Change.kind == "changed", after > before)


def _before(days: int) -> int:
    """The last operation that is older than so many days."""
    older = select(Operation.id).where(Operation.at < now() - timedelta(days=days))
    return db.session.scalar(older.order_by(Operation.id.desc()).limit(1)) or 0


def walk(meeting: Meeting) -> Agenda:
    """The deals that a meeting walks, in order; those taken away since are passed over."""
    kept, gone = meeting.walk, set[int]()
    for chunk in chunks(kept.ids, CHUNK):
        gone |= set(db.session.scalars(select(O.id).where(O.id.in_(chunk), O.hidden.is_(True))))
    return kept.without(gone)


# ── Deals ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def lines(ids: Iterable[int]) -> dict[int, Any]:
    """Id → what a list of deals shows of each."""
    columns: tuple[Any, ...] = (O.id, O.number, O.subject, Party.name.label("party"), Stage.name.label("stage"))
    columns += (O.probability, O.decide_by, O.revenue_company, O.status, User.name.label("owner"))
    rows = select(*columns).join(Party, Party.id == O.party_id).join(Stage, Stage.id == O.stage_id)
    rows = rows.outerjoin(User, User.id == O.owner_id)
    found: dict[int, Any] = {}
    for chunk in chunks(ids, CHUNK):
        found |= {row.id: row for row in db.session.execute(rows.where(O.id.in_(chunk)))}
    return found


def last_done(deal: Opportunity, limit: int = 3) -> list[Activity]:
    """What was done on a deal last."""
    rows = select(Activity).where(Activity.subject_noun == deal.noun, Activity.subject_id == deal.id)
    rows = rows.where(Activity.status == "done", Activity.hidden.is_(False), Activity.archived.is_(False))
    rows = rows.options(joinedload(Activity.type), joinedload(Activity.responsible))
    return list(db.session.scalars(rows.order_by(Activity.due_on.desc(), Activity.id.desc()).limit(limit)))


# ── What was said ───────────────────────────────────────────────────────────────────────────────────────────────────


def point_on(meeting_id: int, deal_id: int) -> Point | None:
    """What was said of a deal at a meeting."""
    rows = select(Point).where(Point.meeting_id == meeting_id, Point.opportunity_id == deal_id)
    return db.session.scalar(rows.where(Point.hidden.is_(False)))


def last_time(meeting: Meeting, deal_id: int) -> Point | None:
    """What was said of a deal at the latest meeting that began before this one."""
    rows = select(Point).join(Meeting, Meeting.id == Point.meeting_id)
    rows = rows.where(Point.opportunity_id == deal_id, Point.hidden.is_(False), Meeting.hidden.is_(False))
    rows = rows.where(Meeting.after_id < meeting.after_id, Meeting.id != meeting.id)
    rows = rows.options(joinedload(Point.meeting), joinedload(Point.activity))
    return db.session.scalar(rows.order_by(Meeting.after_id.desc()).limit(1))


def points(meeting_id: int) -> list[Point]:
    """All that was said at a meeting, in the order it was said, with the deals and their steps at hand."""
    rows = select(Point).where(Point.meeting_id == meeting_id, Point.hidden.is_(False)).order_by(Point.id)
    deal = joinedload(Point.opportunity)
    ways = (deal.joinedload(O.party), deal.joinedload(O.owner), joinedload(Point.stage))
    step = joinedload(Point.activity).joinedload(Activity.responsible)
    return list(db.session.scalars(rows.options(*ways, step)))


def discussed(meeting_id: int) -> set[int]:
    """Ids of the deals something was said of."""
    rows = select(Point.opportunity_id).where(Point.meeting_id == meeting_id, Point.hidden.is_(False))
    return set(db.session.scalars(rows))


def happened(meeting: Meeting, deal_ids: Iterable[int]) -> tuple[list[Any], list[Any]]:
    """(operations, their changes) that touched these deals while the meeting ran, in order."""
    changes: list[Any] = []
    for chunk in chunks(deal_ids, CHUNK):
        during = CHANGE.where(Change.about_noun == O.noun, Change.about_id.in_(chunk))
        during = during.where(Change.operation_id > meeting.after_id)
        during = during.where(Change.operation_id <= (meeting.until_id or NEVER))
        changes += db.session.execute(during.order_by(Change.id))
    operations: list[Any] = []
    for chunk in chunks(sorted({change.operation_id for change in changes}), CHUNK):
        operations += db.session.execute(OPERATION.where(Operation.id.in_(chunk)).order_by(Operation.id))
    return operations, changes


def corrections(point_ids: Iterable[int], until: int | None) -> dict[int, Any]:
    """Point → (id, at, who) of its last correction, made after the meeting had ended."""
    found: dict[int, Any] = {}
    if until is None:
        return found
    rows = select(Change.record_id, Operation.id, Operation.at, User.name.label("who"))
    rows = rows.join(Operation, Operation.id == Change.operation_id).outerjoin(User, User.id == Operation.by_id)
    rows = rows.where(Change.noun == Point.noun, Change.operation_id > until).order_by(Change.id)
    for chunk in chunks(point_ids, CHUNK):
        found |= {row.record_id: row for row in db.session.execute(rows.where(Change.record_id.in_(chunk)))}
    return found


def running() -> list[Meeting]:
    """The meetings that did not end yet, latest first."""
    rows = select(Meeting).where(Meeting.status == "running", Meeting.hidden.is_(False))
    return list(db.session.scalars(rows.options(joinedload(Meeting.led_by)).order_by(Meeting.id.desc()).limit(20)))


def said_count() -> Any:
    """How many deals something was said of, per meeting."""
    said = select(func.count()).where(Point.meeting_id == Meeting.id, Point.hidden.is_(False))
    return said.correlate(Meeting).scalar_subquery()


def with_words(words: str) -> ColumnElement[bool]:
    """Meetings whose name, people, decisions or notes hold these words, or that were about a deal called so."""
    like = {"autoescape": True}
    said = select(Point.meeting_id).join(O, O.id == Point.opportunity_id).where(Point.hidden.is_(False))
    texts = (func.lower(column).contains(words.lower(), **like) for column in (Point.decision, Point.note, Point.step))
    said = said.where(or_(*texts, O.subject_folded.contains(fold(words), **like)))
    own = (func.lower(column).contains(words.lower(), **like) for column in (Meeting.name, Meeting.attending))
    return or_(*own, Meeting.id.in_(said))


def listed() -> Select[Any]:
    """The meetings there are, with who led them."""
    rows = select(Meeting.id.label("id")).outerjoin(User, User.id == Meeting.led_by_id)
    return rows.where(Meeting.hidden.is_(False))
