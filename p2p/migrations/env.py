"""Runs migrations: all pending steps in one transaction, so that a killed upgrade leaves the old schema or the new."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import JSON, text
from sqlalchemy.engine import Connection

from p2p.db import Base, Instant, db
from p2p.triggers import drop_triggers, renew_triggers


class BrokenReferences(RuntimeError):
    """A migration left rows that point nowhere; it was rolled back."""


def render_item(kind: str, item: Any, autogen_context: Any) -> Any:
    """Write our own column types by their names."""
    if kind == "type" and isinstance(item, Instant):
        autogen_context.imports.add("from p2p.db import Instant")
        return "Instant()"
    if kind == "type" and isinstance(item, JSON):
        autogen_context.imports.add("from p2p.db import Json")
        return "Json"
    return False


def run(connection: Connection) -> None:
    """Upgrade or downgrade inside one transaction, then check every reference before it is committed."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        _references(connection, "OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=sqlite,
        transactional_ddl=True,
        compare_type=not sqlite,
        render_item=render_item,
        process_revision_directives=_skip_empty,
    )
    with context.begin_transaction():
        if not sqlite:
            connection.execute(text("select pg_advisory_xact_lock(7070)"))
        drop_triggers(connection)
        context.run_migrations()
        if set(context.get_context().get_current_heads()) == set(context.script.get_heads()):
            renew_triggers(connection)  # they fit the schema of today only
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise BrokenReferences(f"{len(broken)} rows would point nowhere, first in table {broken[0][0]}")
    connection.commit()
    if sqlite:
        _references(connection, "ON")


def _references(connection: Connection, switch: str) -> None:
    """Rebuilding a table with foreign keys on would silently delete the rows that point at it.

    The pragma has no effect inside a transaction, so it goes to the driver before one begins.
    """
    driver = connection.connection.dbapi_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys={switch}")  # type: ignore[attr-defined]


def _skip_empty(migration_context: Any, revision: Any, directives: list[Any]) -> None:
    if getattr(current_app.config.get("cmd_opts"), "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


with db.engine.connect() as opened:
    run(opened)
