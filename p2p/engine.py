"""The engine and its units: which read and which write, how durable a commit is, how long anybody waits."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from p2p.db import db

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # no wheel for this platform; the start-up line says what follows from it
    sqlite = sqlite3

BUSY_SECONDS = 15

_reading: ContextVar[bool] = ContextVar("reading", default=False)
_patience: ContextVar[float] = ContextVar("patience", default=BUSY_SECONDS)


def reading(yes: bool) -> Any:
    """Say whether the units that begin from here on only read; returns the token for `end_unit`."""
    return _reading.set(yes)


def end_unit(token: Any) -> None:
    _reading.reset(token)


@contextmanager
def only_reading() -> Iterator[None]:
    """Units that begin in here only read."""
    token = reading(True)
    try:
        yield
    finally:
        end_unit(token)


@contextmanager
def reading_session() -> Iterator[None]:
    """A session of its own that only reads: one that is open ends before, and this one ends with it."""
    db.session.remove()
    with only_reading():
        try:
            yield
        finally:
            db.session.remove()


@contextmanager
def writing(*, patience: float = BUSY_SECONDS) -> Iterator[Connection]:
    """A small writing unit of its own, beside a reading request (*last seen*, throttling).

    On SQLite it gives up after `patience` seconds of others' writing.
    """
    token, waits = _reading.set(False), _patience.set(patience)
    try:
        with db.engine.begin() as connection:
            yield connection
    finally:
        _patience.reset(waits)
        _reading.reset(token)


class Busy(Exception):
    """Somebody else was writing for longer than anyone should wait."""


# SQLite lets one writer in at a time and its busy handler is no queue: threads of this process wait here instead,
# in turn, which keeps the longest wait short.
_writer = threading.Lock()


def prepare(engine: Engine) -> None:
    """Give an engine its settings: pragmas on connect, the right BEGIN, one writer of this process at a time."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _connect_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        for end in ("checkin", "invalidate"):
            event.listen(engine, end, _let_the_next_one_write)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite keeps every write in WAL mode: the *WAL-reset* fault is mended in 3.51.3."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def durability() -> str:
    """The journal in use, in words, for the line printed at start."""
    version = sqlite.sqlite_version
    if wal_is_safe(sqlite.sqlite_version_info):
        return f"SQLite {version}, write-ahead log, every commit flushed"
    return (
        f"SQLite {version} can lose writes in WAL mode, so a rollback journal is used (slower); "
        "install pysqlite3 or SQLite 3.51.3 or newer for the faster journal"
    )


def _connect_sqlite(connection: Any, record: Any) -> None:
    safe = wal_is_safe(sqlite.sqlite_version_info)
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "foreign_keys=ON",
        "journal_mode=WAL" if safe else "journal_mode=DELETE",
        "synchronous=FULL" if safe else "synchronous=EXTRA",
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "cache_size=-32000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads = _reading.get()
    if connection.info.get("query_only", False) != reads:
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
        connection.info["query_only"] = reads
    if reads:
        connection.exec_driver_sql("BEGIN")
        return
    until = time.monotonic() + _patience.get()
    if not connection.info.get("writer"):
        if not _writer.acquire(timeout=_patience.get()):
            raise Busy
        connection.info["writer"] = True
    _begin_immediate(connection, until - time.monotonic())


def _begin_immediate(connection: Connection, seconds: float) -> None:
    """Wait for other processes only as long as is left after waiting for this one's threads."""
    if seconds > BUSY_SECONDS - 0.1:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={max(int(seconds * 1000), 0)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def _let_the_next_one_write(connection: Any, record: Any, *why: Any) -> None:
    if record.info.pop("writer", False):
        _writer.release()


def _begin_postgresql(connection: Connection) -> None:
    # psycopg sends BEGIN with the first statement, so this costs no round trip of its own.
    driver = connection.connection.dbapi_connection
    if driver is not None:
        driver.read_only = _reading.get()


def engine_options(url: str) -> dict[str, Any]:
    """Options for `create_engine`, by database."""
    if url.startswith("sqlite"):
        return {
            "module": sqlite,
            "connect_args": {"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
            "pool_size": 12,
            "max_overflow": 8,
            "hide_parameters": True,  # what people write is for the database, not for the log
        }
    settings = f"-c lock_timeout={BUSY_SECONDS}s -c idle_in_transaction_session_timeout=10min"
    pool = {"pool_pre_ping": True, "pool_size": 12, "max_overflow": 8}
    return pool | {"hide_parameters": True, "connect_args": {"options": settings}}
