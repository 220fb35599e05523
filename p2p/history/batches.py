"""Many rows of one table: on PostgreSQL one statement, so that what triggers count of them is counted once."""

from typing import Any

from sqlalchemy import Connection, Table, bindparam, column, func, insert, literal, text, update

from p2p.db import Json
from p2p.history.values import encode

Rows = list[dict[str, Any]]
"""Rows that all tell of the same columns."""


def insert_all(connection: Connection, table: Table, rows: Rows) -> None:
    """Put down new rows."""
    if connection.dialect.name == "sqlite":
        connection.execute(insert(table), rows)
    else:
        told = _as_table(table, rows)
        connection.execute(insert(table).from_select(list(told.c.keys()), told.select()))


def update_all(connection: Connection, table: Table, rows: Rows) -> None:
    """Set columns of the rows that have these ids, which become a version newer."""
    names = [name for name in rows[0] if name != "id"]
    newer = {"version": table.c.version + 1}
    if connection.dialect.name == "sqlite":
        statement = update(table).where(table.c.id == bindparam("_id"))
        statement = statement.values({name: bindparam(f"_{name}") for name in names} | newer)
        connection.execute(statement, [{f"_{name}": value for name, value in row.items()} for row in rows])
    else:
        told = _as_table(table, rows)
        statement = update(table).where(table.c.id == told.c.id)
        connection.execute(statement.values({name: told.c[name] for name in names} | newer))


def _as_table(table: Table, rows: Rows) -> Any:
    """Rows as something to read from: one parameter, however many they are."""
    shape = text(f'null::"{table.name}"')
    encoded = [{name: encode(value) for name, value in row.items()} for row in rows]
    told = func.jsonb_populate_recordset(shape, literal(encoded, Json))
    return told.table_valued(*(column(name, table.c[name].type) for name in rows[0])).alias("told")
