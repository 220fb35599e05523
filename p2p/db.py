"""Where facts are kept: the engine and its units, the column types, the clock."""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Boolean, Date, DateTime, Dialect, Engine, Index, MetaData, String, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import JSON, BigInteger, TypeDecorator

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # no wheel for this platform; the start-up line says what follows from it
    sqlite = sqlite3

BUSY_SECONDS = 15

# ── Tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────

#: Every table: strict types and ids that are never used twice.
TABLE = {"sqlite_strict": True, "sqlite_autoincrement": True}


class Base(DeclarativeBase):
    """The typed base of every table; constraint names are fixed so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


@compiles(String, "sqlite")
@compiles(Date, "sqlite")
@compiles(DateTime, "sqlite")
@compiles(JSON, "sqlite")
def _text(type_: Any, compiler: Any, **kw: Any) -> str:
    """STRICT tables know only SQLite's own type names."""
    return "TEXT"


@compiles(Boolean, "sqlite")
@compiles(BigInteger, "sqlite")
def _integer(type_: Any, compiler: Any, **kw: Any) -> str:
    return "INTEGER"


class Instant(TypeDecorator[datetime]):
    """A moment, always aware and in UTC; SQLite keeps it as sortable ISO text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return instant_text(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


#: JSON facts: text on SQLite, JSONB on PostgreSQL.
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
#: Minor units of a currency (cents); 64 bits on both databases.
Money = BigInteger


def instant_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")


# ── The clock ───────────────────────────────────────────────────────────────────────────────────────────────────────

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """This moment in UTC; the only clock of p2p."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let things happen as of another moment (the demo's history, tests of time)."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)


def day_of(moment: datetime, zone: Any) -> date:
    """The calendar day of a moment in a time zone."""
    return moment.astimezone(zone).date()


# ── Units: what reads, what writes ──────────────────────────────────────────────────────────────────────────────────

_reading: ContextVar[bool] = ContextVar("reading", default=False)
_patience: ContextVar[float] = ContextVar("patience", default=BUSY_SECONDS)


def reading(yes: bool) -> Any:
    """Say whether the units that begin from here on only read; returns the token for `end_unit`."""
    return _reading.set(yes)


def end_unit(token: Any) -> None:
    _reading.reset(token)


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
        event.listen(engine, "checkin", _checkin_sqlite)
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


def _checkin_sqlite(connection: Any, record: Any) -> None:
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
        }
    settings = f"-c lock_timeout={BUSY_SECONDS}s -c idle_in_transaction_session_timeout=10min"
    return {"pool_pre_ping": True, "pool_size": 12, "max_overflow": 8, "connect_args": {"options": settings}}


def unique_while_present(table: str, column: str) -> Index:
    """Only one present record per value: a hidden one (an undone creation) does not stand in the way."""
    here, there = text("hidden = 0"), text("not hidden")
    return Index(f"uq_{table}_{column}", column, unique=True, sqlite_where=here, postgresql_where=there)


T = TypeVar("T")


def chunks(rows: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Rows in tuples of at most `size`, so that a statement stays within the parameters a database takes."""
    rest = iter(rows)
    while chunk := tuple(islice(rest, size)):
        yield chunk
