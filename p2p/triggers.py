"""Triggers that come with tables: the log that only grows, totals that are never counted."""

from sqlalchemy import DDL, FromClause, MetaData, event
from sqlalchemy.engine import Connection

#: Dialect → what creates its triggers, in order. A rebuild of a table on SQLite drops them, so every migration ends by
#: dropping and creating all of them anew.
_triggers: dict[str, list[str]] = {"sqlite": [], "postgresql": []}


def keep_by_triggers(table: FromClause | MetaData, statements: dict[str, list[str]]) -> None:
    """Have triggers created with a table (with all of them, where they span several), and again after each migration.

    Names begin with the table's.
    """
    for dialect, texts in statements.items():
        _triggers[dialect] += texts
        for told in texts:
            event.listen(table, "after_create", DDL(told.replace("%", "%%")).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]


def drop_triggers(connection: Connection) -> None:
    """Drop every trigger there is: those that span tables would stand in the way of changing one."""
    if connection.dialect.name == "sqlite":
        for (name,) in connection.exec_driver_sql("select name from sqlite_master where type = 'trigger'").all():
            connection.exec_driver_sql(f'drop trigger "{name}"')
    else:
        there = "select tgname, tgrelid::regclass from pg_trigger where not tgisinternal"
        for name, table in connection.exec_driver_sql(there).all():
            connection.exec_driver_sql(f'drop trigger "{name}" on {table}')


def renew_triggers(connection: Connection) -> None:
    """Drop every trigger there is and create those of today."""
    drop_triggers(connection)
    for told in _triggers[connection.dialect.name]:
        connection.exec_driver_sql(told)
