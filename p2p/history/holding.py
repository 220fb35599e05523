"""Several people at once: what becomes one is held meanwhile, and nothing comes to point at what went."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Integer, Table, any_, literal, select, union_all
from sqlalchemy.orm.exc import StaleDataError

from p2p.db import db
from p2p.history.values import recorded_columns


class Went(StaleDataError):
    """A record that was chosen was merged or taken away at the same moment; the message says so."""


def hold(*records: Any) -> None:
    """Keep others from changing these records, or hanging anything on them, until this unit ends. Raises Went."""
    db.session.flush()
    for record in sorted(records, key=lambda each: each.id):
        db.session.refresh(record, with_for_update={"of": type(record)})
        if record.hidden:
            raise Went(f"“{record}” was merged or taken away at the same moment. Look again.")


def refuse_what_went(changed: Iterable[tuple[Any, dict[str, list[Any]]]]) -> None:
    """Raise Went where records came to point at one that is gone; `changed` are (noun class, field → before, after).

    On SQLite only one unit writes, and what it chose cannot go meanwhile. On PostgreSQL whoever points at a record that
    another unit holds waits for that one to end, and must look at what it left.
    """
    if db.engine.dialect.name != "postgresql":
        return
    named: dict[Table, set[int]] = {}
    for cls, values in changed:
        for table, id in _named(cls, values):
            named.setdefault(table, set()).add(id)
    gone = [
        select(literal(table.name).label("name"), table.c.id).where(
            table.c.id == any_(literal(sorted(ids), ARRAY(Integer))), table.c.hidden.is_(True)
        )
        for table, ids in named.items()
    ]
    if gone and (first := db.session.execute(union_all(*gone)).first()):
        noun = first.name.replace("_", " ")
        raise Went(f"The {noun} you chose was merged or taken away at the same moment. Look again.")


def _named(cls: Any, values: dict[str, list[Any]]) -> Iterator[tuple[Table, int]]:
    """The records that a change came to point at."""
    for name, (before, after) in values.items():
        table = pointers(cls).get(name)
        if table is not None and after is not None and after != before:
            yield table, after


@cache
def pointers(cls: Any) -> dict[str, Table]:
    """Field → the table of the recorded noun it points at."""
    found = {}
    for name, column in recorded_columns(cls):
        for key in column.foreign_keys:
            if "hidden" in key.column.table.c:
                found[name] = key.column.table
    return found
