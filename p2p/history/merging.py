"""Two people, one record: what each changed since the version they saw is kept; the same field is a conflict."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from p2p.db import db
from p2p.history.log import Change, Operation
from p2p.history.recording import Recorded
from p2p.history.values import encode, recorded_columns


@dataclass(frozen=True)
class Clash:
    """One field two people changed: as it was, mine, theirs, and who set theirs when."""

    field: str
    was: Any
    mine: Any
    theirs: Any
    by_id: int | None
    at: datetime


class Conflict(Exception):
    """The record changed in the same fields since it was read; nothing was written.

    `left_alone` are the fields only somebody else changed: whoever decides about the clashes must not undo those.
    """

    def __init__(self, record: Recorded, clashes: list[Clash], left_alone: list[str]) -> None:
        super().__init__(f"{record} was changed meanwhile in {', '.join(c.field for c in clashes)}")
        self.record, self.clashes, self.left_alone = record, clashes, left_alone


@dataclass(frozen=True)
class Meanwhile:
    """What somebody else changed between two versions of a record, by field."""

    was: Any
    by_id: int | None
    at: datetime


def changed_since(record: Recorded, version: int) -> dict[str, Meanwhile]:
    """Fields changed after `version`, each with its value at that version and who changed it last."""
    if version >= record.version:
        return {}
    rows = db.session.execute(
        select(Change.values, Operation.by_id, Operation.at)
        .join(Operation, Operation.id == Change.operation_id)
        .where(Change.noun == record.noun, Change.record_id == record.id, Change.version > version)
        .order_by(Change.id)
    )
    since: dict[str, Meanwhile] = {}
    for values, by_id, at in rows:
        for name, (before, _) in (values or {}).items():
            was = since[name].was if name in since else before
            since[name] = Meanwhile(was, by_id, at)
    return since


def merge(record: Recorded, version: int, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a form made from `version` that are to be set now.

    A field I left alone keeps what somebody else made of it; a field both changed differently raises Conflict.
    """
    since = changed_since(record, version)
    keys = {key for key, _ in recorded_columns(type(record))}
    merged: dict[str, Any] = {}
    clashes, left_alone = [], []
    for name, mine in facts.items():
        theirs = getattr(record, name)
        if mine == theirs:
            continue
        if name not in keys or name not in since:
            merged[name] = mine
        elif encode(mine) != since[name].was:
            clashes.append(Clash(name, since[name].was, mine, theirs, since[name].by_id, since[name].at))
        else:
            left_alone.append(name)
    if clashes:
        raise Conflict(record, clashes, left_alone)
    return merged
