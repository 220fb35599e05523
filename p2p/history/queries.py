"""Questions about what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import exists, func, literal, select, union_all
from sqlalchemy.orm import selectinload

from p2p.db import chunks, db
from p2p.history.log import Change, Operation
from p2p.history.recording import nouns

#: How somebody comes to own a record besides by name, loaded together with the records whose rights are asked.
OWNED_THROUGH = {"opportunity": "team"}
CHUNK = 500

Key = tuple[str, int]
"""A record: noun and id."""

OPERATION = select(Operation.id, Operation.verb, Operation.by_id, Operation.at, Operation.undoes_id)
CHANGE = select(
    Change.id,
    Change.operation_id,
    Change.noun,
    Change.record_id,
    Change.about_noun,
    Change.about_id,
    Change.kind,
    Change.values,
)


@dataclass(frozen=True)
class Asked:
    """What the list of operations is narrowed to; None leaves it open."""

    by_id: int | None = None
    noun: str | None = None
    verbs: tuple[str, ...] | None = None
    day: date | None = None
    zone: tzinfo = UTC


def operations(asked: Asked, *, before: int | None, limit: int) -> list[Any]:
    """(id, verb, by_id, at, undoes_id) of what was done, latest first, before an operation."""
    rows = OPERATION.order_by(Operation.id.desc()).limit(limit)
    if before is not None:
        rows = rows.where(Operation.id < before)
    if asked.by_id is not None:
        rows = rows.where(Operation.by_id == asked.by_id)
    if asked.verbs:
        rows = rows.where(Operation.verb.in_(asked.verbs))
    if asked.noun:
        rows = rows.where(exists().where(Change.operation_id == Operation.id, Change.noun == asked.noun))
    if asked.day:
        start = datetime.combine(asked.day, time(), asked.zone)
        end = datetime.combine(asked.day + timedelta(days=1), time(), asked.zone)
        rows = rows.where(Operation.at >= start, Operation.at < end)
    return list(db.session.execute(rows))


def by_others_after(operation_id: int, by_id: int, limit: int) -> list[Any]:
    """What everybody else did after an operation, latest first, as the list gives it."""
    rows = OPERATION.where(Operation.id > operation_id, Operation.by_id.is_distinct_from(by_id))
    return list(db.session.execute(rows.order_by(Operation.id.desc()).limit(limit)))


def standing_of(by_id: int, since: datetime, limit: int) -> list[Any]:
    """(id, verb) of what somebody did lately and that stands, latest first; undos are none of it."""
    rows = select(Operation.id, Operation.verb).where(Operation.by_id == by_id, Operation.undoes_id.is_(None))
    found = list(db.session.execute(rows.where(Operation.at >= since).order_by(Operation.id.desc()).limit(limit)))
    taken_back = undone([row.id for row in found])
    return [row for row in found if row.id not in taken_back]


def operation_row(id: int) -> Any | None:
    """One operation as the list gives it."""
    return db.session.execute(OPERATION.where(Operation.id == id)).first()


def first_changes(operation_ids: list[int], limit: int) -> list[Any]:
    """The first few changes of each operation, in one question however large they are."""
    if not operation_ids:
        return []
    firsts = [
        select(CHANGE.where(Change.operation_id == id).order_by(Change.id).limit(limit).subquery())
        for id in operation_ids
    ]
    return list(db.session.execute(union_all(*firsts)))


def changes(operation_id: int, *, after: int, limit: int) -> list[Any]:
    """Changes of one operation in order, after a change."""
    rows = CHANGE.where(Change.operation_id == operation_id, Change.id > after).order_by(Change.id).limit(limit)
    return list(db.session.execute(rows))


def counts(operation_ids: list[int]) -> dict[int, dict[tuple[str, str], int]]:
    """Operation → (noun, kind) → how many records it touched."""
    rows = (
        select(Change.operation_id, Change.noun, Change.kind, func.count())
        .where(Change.operation_id.in_(operation_ids))
        .group_by(Change.operation_id, Change.noun, Change.kind)
    )
    found: dict[int, dict[tuple[str, str], int]] = {id: {} for id in operation_ids}
    for operation_id, noun, kind, count in db.session.execute(rows):
        found[operation_id][noun, kind] = count
    return found


def records(wanted: Iterable[Key]) -> dict[Key, Any]:
    """The records themselves, hidden ones too, one question per noun."""
    by_noun: dict[str, set[int]] = {}
    for noun, id in wanted:
        if noun in nouns:
            by_noun.setdefault(noun, set()).add(id)
    found: dict[Key, Any] = {}
    for noun, ids in by_noun.items():
        cls: Any = nouns[noun]
        ways = [selectinload(getattr(cls, OWNED_THROUGH[noun]))] if noun in OWNED_THROUGH else []
        for chunk in chunks(sorted(ids), CHUNK):
            rows = db.session.scalars(select(cls).where(cls.id.in_(chunk)).options(*ways))
            found |= {(noun, record.id): record for record in rows}
    return found


def touched(operation_id: int) -> list[tuple[Key, Key]]:
    """(record, what it is about) of every change of an operation."""
    rows = select(Change.noun, Change.record_id, Change.about_noun, Change.about_id)
    found = db.session.execute(rows.where(Change.operation_id == operation_id))
    return [((noun, id), (about_noun, about_id)) for noun, id, about_noun, about_id in found]


def undone(operation_ids: list[int]) -> set[int]:
    """Which of these stand undone: the latest undo of each, if that was not undone itself."""
    back = select(Operation.undoes_id.label("what"), Operation.id.label("by")).where(
        Operation.undoes_id.in_(operation_ids)
    )
    chain = back.cte("chain", recursive=True)
    again = select(Operation.undoes_id, Operation.id).join(chain, Operation.undoes_id == chain.c.by)
    chain = chain.union(again)
    latest: dict[int, int] = {}
    for what, by in db.session.execute(select(chain.c.what, chain.c.by)):
        latest[what] = max(by, latest.get(what, 0))

    def stands_undone(id: int) -> bool:
        taken_back = False
        while id in latest:
            id, taken_back = latest[id], not taken_back
        return taken_back

    return {id for id in operation_ids if stands_undone(id)}


def roots(operation_ids: list[int]) -> dict[int, tuple[int, str, int]]:
    """Undo → (the operation it is about in the end, that one's verb, how many undos lie between)."""
    start = select(Operation.id.label("undo"), Operation.undoes_id.label("what"), literal(1).label("steps")).where(
        Operation.id.in_(operation_ids), Operation.undoes_id.is_not(None)
    )
    chain = start.cte("back", recursive=True)
    further = (
        select(chain.c.undo, Operation.undoes_id, chain.c.steps + 1)
        .join(chain, Operation.id == chain.c.what)
        .where(Operation.undoes_id.is_not(None))
    )
    chain = chain.union_all(further)
    rows = select(chain.c.undo, Operation.id, Operation.verb, chain.c.steps)
    rows = rows.join(Operation, Operation.id == chain.c.what).where(Operation.undoes_id.is_(None))
    return {undo: (id, verb, steps) for undo, id, verb, steps in db.session.execute(rows)}


def later_changes(keys: Iterable[Key], operation_id: int) -> list[Any]:
    """(noun, record_id, values, by_id, at) of what happened to these records after an operation, in order."""
    found: list[Any] = []
    by_noun: dict[str, set[int]] = {}
    for noun, id in keys:
        by_noun.setdefault(noun, set()).add(id)
    for noun, ids in by_noun.items():
        rows = (
            select(Change.noun, Change.record_id, Change.values, Operation.by_id, Operation.at)
            .join(Operation, Operation.id == Change.operation_id)
            .where(Change.noun == noun, Change.record_id.in_(sorted(ids)), Change.operation_id > operation_id)
            .order_by(Change.id)
        )
        found += db.session.execute(rows)
    return found


def people() -> list[tuple[int, str]]:
    """(id, name) of everybody who may have done something."""
    user: Any = nouns["user"]
    return [(id, name) for id, name in db.session.execute(select(user.id, user.name).order_by(user.name))]
