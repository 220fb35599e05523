"""What the board of a past day asks the database: the log after that day, and what it touched as it stands now."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Text, bindparam, cast, exists, func, literal, select

from p2p.activities.models import Activity
from p2p.board.past.rewinding import DEAL, NOUNS, STEP
from p2p.db import chunks, db, plain_rows
from p2p.history import Change, Head, Operation
from p2p.identity.models import User
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Rival
from p2p.parties.models import Party
from p2p.setup.models import Process, Reason, Stage

CHUNK = 2000
#: Ids, written out: thousands of parameters take longer to name than to find.
_SEVERAL: BindParameter[Any] = bindparam("ids", expanding=True, literal_execute=True)
#: So many changes are read at a time, so that a day long ago does not fill the memory.
PORTION = 20_000
#: Operations that run at the same time may be sealed in another order than they began in; no more of them than these.
SIDE_BY_SIDE = 20

O = Opportunity  # noqa: E741 (in statements, O reads as the table it is)


@dataclass(frozen=True)
class End:
    """The end of the log: its last operation, and the digest of everything up to it."""

    operation_id: int
    digest: str


def end() -> End:
    """Where the log ends now."""
    return End(*db.session.execute(_END).one())


_END = select(Head.operation_id, Head.digest)


def last_before(moment: datetime) -> int | None:
    """The operation with which the log ended at a moment; None where nothing was done since."""
    later = select(Operation.id).where(Operation.at >= moment).order_by(Operation.at, Operation.id).limit(SIDE_BY_SIDE)
    first = db.session.scalar(select(func.min(later.subquery().c.id)))
    return None if first is None else first - 1


def beginning() -> datetime | None:
    """When the first thing was done."""
    return db.session.scalar(select(Operation.at).order_by(Operation.id).limit(1))


def digest_of(operation_id: int) -> str | None:
    """The digest of everything up to an operation."""
    return db.session.scalar(select(Operation.digest).where(Operation.id == operation_id))


# ── The log ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def changes(after: int, upto: int) -> Iterator[Any]:
    """(noun, record, about, its id, kind, values as text) of what was done to deals and steps, in order, in portions.

    Done after an operation, up to another one.
    """
    c = Change.__table__.c
    rows = select(c.noun, c.record_id, c.about_noun, c.about_id, c.kind, cast(c["values"], Text))
    rows = rows.where(c.operation_id > after, c.operation_id <= upto, c.noun.in_(NOUNS))
    rows = rows.where((c.about_noun == DEAL) | (c.noun == STEP)).order_by(c.operation_id, c.id)
    yield from plain_rows(rows.execution_options(yield_per=PORTION)).partitions()


def _touched(after: int, noun: str, id: Any) -> ColumnElement[bool]:
    return exists().where(Change.noun == noun, Change.record_id == id, Change.operation_id > after)


def untouched(after: int, left: Iterable[int]) -> list[ColumnElement[bool]]:
    """That nothing was done to an opportunity, nor to its steps and competitors, after an operation."""
    done = exists().where(
        Change.about_noun == literal(DEAL),
        Change.about_id == O.id,
        Change.operation_id > after,
        Change.noun.in_(NOUNS),
    )
    left = sorted(left)
    return [~done, O.id.not_in(left)] if left else [~done]


# ── What stands now ─────────────────────────────────────────────────────────────────────────────────────────────────

#: The facts that say where a deal stands on a board and what it adds to it: read of all that changed.
NAMES = (
    *("id", "number", "status", "wake_on", "hidden", "archived", "stage_id", "prognosis_id", "owner_id", "decide_by"),
    *("revenue_company", "probability", "next_id", "next_on"),
)
#: The facts that its card shows and filters ask for besides: read of those it is asked of.
MORE_NAMES = (
    *("id", "version", "subject", "subject_folded", "party_id", "stage_entered_at", "probability_manual", "source_id"),
    *("product_id", "campaign_id", "reason_id", "closed_on", "touched_at"),
)
STEP_NAMES = (*("id", "subject_noun", "subject_id", "status", "due_on", "hidden", "archived", "purpose", "done_at"),)


def _by_id(ids: Iterable[int], cls: Any, names: tuple[str, ...]) -> dict[int, dict[str, Any]]:
    table = cls.__table__
    wanted, found = select(*(table.c[name] for name in names)), {}
    wanted = wanted.where(table.c.id.in_(_SEVERAL))
    for chunk in chunks(sorted(ids), CHUNK):
        for row in plain_rows(wanted, {"ids": chunk}).all():
            found[row[0]] = dict(zip(names, row, strict=True))
    return found


def deals(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Opportunity → its facts now (`NAMES`), taken away ones too."""
    return _by_id(ids, O, NAMES)


def more(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Opportunity → its other facts now (`MORE_NAMES`)."""
    return _by_id(ids, O, MORE_NAMES)


def steps(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Activity → its facts now, taken away ones too."""
    return _by_id(ids, Activity, STEP_NAMES)


def purposes(ids: Iterable[int]) -> dict[int, str]:
    """Activity → what it is called now."""
    return {id: step["purpose"] for id, step in _by_id(ids, Activity, ("id", "purpose")).items()}


def done_at(ids: Iterable[int]) -> dict[int, datetime | None]:
    """Activity → when it was done, as it stands now."""
    return {id: step["done_at"] for id, step in _by_id(ids, Activity, ("id", "done_at")).items()}


def first_steps(deal_ids: Iterable[int], but: Container[int]) -> dict[int, tuple[date, int]]:
    """Opportunity → (day, id) of the first of its open activities, but for some."""
    c, found = Activity.__table__.c, dict[int, tuple[date, int]]()
    rows = select(c.subject_id, c.due_on, c.id).where(c.subject_noun == DEAL, c.status == "open")
    rows = rows.where(c.hidden.is_(False), c.archived.is_(False), c.subject_id.in_(_SEVERAL))
    for chunk in chunks(sorted(deal_ids), CHUNK):
        for deal_id, day, id in plain_rows(rows, {"ids": chunk}).all():
            if id not in but:
                found[deal_id] = min(found.get(deal_id, (day, id)), (day, id))
    return found


def last_done(deal_ids: Iterable[int], after: int) -> dict[int, datetime]:
    """Opportunity → when the last of its activities was done, of those that nobody touched after an operation."""
    A, found = Activity, dict[int, datetime]()
    rows = select(A.subject_id, func.max(A.done_at)).where(A.subject_noun == DEAL, A.status == "done")
    rows = rows.where(A.hidden.is_(False), ~_touched(after, STEP, A.id)).group_by(A.subject_id)
    for chunk in chunks(sorted(deal_ids), CHUNK):
        found |= {id: at for id, at in db.session.execute(rows.where(A.subject_id.in_(chunk))) if at}
    return found


def lines(deal_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Competitor line → (opportunity, competitor, whether it was taken away), of these opportunities."""
    found = {}
    for chunk in chunks(sorted(deal_ids), CHUNK):
        rows = select(Rival.id, Rival.opportunity_id, Rival.competitor_id, Rival.hidden)
        for row in db.session.execute(rows.where(Rival.opportunity_id.in_(chunk))):
            found[row.id] = dict(row._mapping)
    return found


def apart(one: list[Any], other: list[Any]) -> set[int]:
    """The active opportunities that only one of two filters lets through."""
    these, those = (select(O.id).where(O.live.is_(True), *wanted) for wanted in (one, other))
    return {id for rows in (these.except_(those), those.except_(these)) for (id,) in db.session.execute(rows)}


def rivals(deal_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Opportunity → the competitors who bid on it, too, now."""
    found: dict[int, set[int]] = {}
    for line in lines(deal_ids).values():
        if not line["hidden"]:
            found.setdefault(line["opportunity_id"], set()).add(line["competitor_id"])
    return {id: frozenset(competitors) for id, competitors in found.items()}


def names(cls: type[Party] | type[User], ids: Iterable[Any]) -> dict[int, str]:
    """Id → name of parties or people, as they are called now."""
    wanted = sorted({id for id in ids if id is not None})
    rows: dict[int, str] = {}
    for chunk in chunks(wanted, CHUNK):
        rows |= _pairs(select(cls.id, cls.name).where(cls.id.in_(chunk)))
    return rows


def stages(ids: Iterable[int]) -> list[Any]:
    """(id, name, process_id, process) of these stages, also of those no menu offers any more, in order."""
    told = (Stage.id, Stage.name, Process.id.label("process_id"), Process.name.label("process"))
    rows = select(*told).join(Process, Process.id == Stage.process_id).where(Stage.id.in_(sorted(ids)))
    return list(db.session.execute(rows.order_by(Process.position, Process.id, Stage.position, Stage.id)))


def reasons(ids: Iterable[Any]) -> dict[int, str]:
    """Reason → its name."""
    wanted = {id for id in ids if id is not None}
    return _pairs(select(Reason.id, Reason.name).where(Reason.id.in_(sorted(wanted)))) if wanted else {}


def folded_names(party_ids: Iterable[Any]) -> dict[int, str]:
    """Party → its name as it is searched."""
    found: dict[int, str] = {}
    for chunk in chunks(sorted(set(party_ids)), CHUNK):
        found |= _pairs(select(Party.id, Party.name_folded).where(Party.id.in_(chunk)))
    return found


def _pairs(rows: Any) -> dict[int, str]:
    return {row[0]: row[1] for row in db.session.execute(rows)}
