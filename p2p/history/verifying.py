"""Showing that nobody touched the log since: every digest is made again, from the first operation to the head."""

from itertools import groupby
from typing import Any

from sqlalchemy import select

from p2p.db import db
from p2p.history.log import Change, Head, Operation, chained, change_digest

BATCH = 1000


def verify(since: int | None = None) -> int | None:
    """The first operation from `since` on that is not as it was sealed, else None; the digests before are trusted.

    A missing operation is named by the first one after it, or, at the end, by the one the head speaks of. Values
    that were erased on request cannot be compared; the digests of their changes still hold the chain.
    """
    start = since or 1
    before = db.session.scalar(select(Operation.digest).where(Operation.id == start - 1)) or ""
    expected = start
    rows = _operations(start)
    for operation in rows:
        if operation.id != expected or _sealed(operation, before) != operation.digest:
            return int(operation.id)
        before, expected = operation.digest, expected + 1
    head = db.session.execute(select(Head.operation_id, Head.digest)).one()
    if (head.operation_id, head.digest) != (expected - 1, before):
        return max(int(head.operation_id), expected - 1)
    return None


class _Read:
    """One operation as it stands, with its changes."""

    def __init__(self, row: Any, changes: list[Any]) -> None:
        self.id, self.verb, self.by_id, self.at, self.undoes_id, self.digest = row
        self.changes = changes


def _operations(start: int) -> Any:
    columns = (Operation.id, Operation.verb, Operation.by_id, Operation.at, Operation.undoes_id, Operation.digest)
    last = start - 1
    while rows := list(
        db.session.execute(select(*columns).where(Operation.id > last).order_by(Operation.id).limit(BATCH))
    ):
        first, last = rows[0].id, rows[-1].id
        changes = {id: list(each) for id, each in groupby(_changes(first, last), key=lambda row: row.operation_id)}
        for row in rows:
            yield _Read(row, changes.get(row.id, []))


def _changes(first: int, last: int) -> list[Any]:
    rows = select(*Change.__table__.c).where(Change.operation_id.between(first, last))
    return list(db.session.execute(rows.order_by(Change.operation_id, Change.id)))


def _sealed(operation: _Read, before: str) -> str | None:
    """The digest this operation should have; None when a change is not what its own digest says."""
    for row in operation.changes:
        about, salt = (row.about_noun, row.about_id), row.salt or ""
        told = row.values is not None
        if told and row.digest != change_digest(
            row.noun, row.record_id, about, row.kind, row.version, row.values, salt
        ):
            return None
    digests = [row.digest for row in operation.changes]
    return chained(before, operation.id, operation.verb, operation.by_id, operation.at, operation.undoes_id, digests)
