"""Many records at once: written with as few statements as possible, recorded as if each were saved by itself."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Table

from p2p.db import chunks, db
from p2p.exchange import queries
from p2p.history.batches import insert_all, update_all
from p2p.history.recording import OpenOperation, Recorded
from p2p.history.values import encode, recorded_columns

CHUNK = 500
Facts = dict[str, Any]
About = Callable[[Facts], tuple[str, int]]
Step = Callable[[int], None]
"""Takes how many records were written since the last step."""


def blank(cls: type[Recorded]) -> Facts:
    """Every recorded column with its default, None where it has none."""
    columns = recorded_columns(cls)
    return {key: column.default.arg if column.default is not None else None for key, column in columns}


def create(
    opened: OpenOperation,
    cls: type[Recorded],
    rows: list[Facts],
    *,
    about: About | None = None,
    step: Step | None = None,
) -> list[int]:
    """Insert records of one noun; gives their ids, in order."""
    table: Table = cls.__table__  # type: ignore[attr-defined]
    empty = blank(cls)
    ids = list(queries.new_ids(table, len(rows)))
    for chunk in chunks(zip(ids, rows, strict=True), CHUNK):
        full = [empty | row | {"id": id, "version": 1} for id, row in chunk]
        insert_all(db.session.connection(), table, full)
        for row in full:
            values = {key: [None, encode(row[key])] for key in empty if key != "hidden" and row[key] is not None}
            opened.record(cls.noun, row["id"], "created", 1, about(row) if about else (cls.noun, row["id"]), values)
        if step:
            step(len(chunk))
    return ids


def change(
    opened: OpenOperation,
    cls: type[Recorded],
    records: Mapping[int, Facts],
    *,
    about: About | None = None,
    step: Step | None = None,
) -> None:
    """Set facts of records by id; all of them must tell of the same columns."""
    table: Table = cls.__table__  # type: ignore[attr-defined]
    for chunk in chunks(records.items(), CHUNK):
        before = queries.rows_by_id(table, (id for id, _ in chunk))
        names = list(chunk[0][1])
        update_all(db.session.connection(), table, [{"id": id} | facts for id, facts in chunk])
        for id, facts in chunk:
            was = before[id]
            values = {name: [encode(was[name]), encode(facts[name])] for name in names if was[name] != facts[name]}
            told = about(dict(was) | facts) if about else (cls.noun, id)
            opened.record(cls.noun, id, "changed", was["version"] + 1, told, values)
        if step:
            step(len(chunk))


def bring_back(
    opened: OpenOperation, cls: type[Recorded], records: Mapping[int, Facts], *, step: Step | None = None
) -> None:
    """Let hidden records be there again, with nothing but these facts."""
    empty = blank(cls)
    change(opened, cls, {id: empty | facts | {"hidden": False} for id, facts in records.items()}, step=step)
