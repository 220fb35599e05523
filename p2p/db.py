"""How facts are kept: the typed base, the column types, the clock."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Boolean, Date, DateTime, Dialect, Index, MetaData, Result, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import JSON, BigInteger, TypeDecorator

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


def partial(name: str, *columns: str, where: str) -> Index:
    """An index of some rows only; `where` is said with 0 and 1, as SQLite keeps what is true.

    A statement must spell the condition the same way (`x.is_(False)`: `x is 0`), or SQLite does not see that it fits.
    """
    there = text(where.replace(" is 0", " is false").replace(" is 1", " is true"))
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=there)


def unique_while_present(table: str, *columns: str, flagged: str | None = None) -> Index:
    """Only one present record per value: a hidden one (an undone creation) does not stand in the way.

    `flagged` names a column of yes or no: only one of those that say yes.
    """
    here, there = text("hidden = 0"), text("not hidden")
    if flagged:
        here, there = text(f"{flagged} = 1 and hidden = 0"), text(f"{flagged} and not hidden")
    name = "_".join(("uq", table, *columns))
    return Index(name, *columns, unique=True, sqlite_where=here, postgresql_where=there)


def index_where_set(table: str, *columns: str) -> Index:
    """An index of the rows that have a value in the last column: small where most have none."""
    there = text(f"{columns[-1]} is not null")
    return Index("_".join(("ix", table, *columns)), *columns, sqlite_where=there, postgresql_where=there)


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def plain_rows(wanted: Any, values: dict[str, Any] | None = None) -> Result[*tuple[Any, ...]]:
    """The rows of a statement about columns, without all that a session does for records."""
    db.session.flush()
    return db.session.connection().execute(wanted, values)


T = TypeVar("T")


def chunks(rows: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Rows in tuples of at most `size`, so that a statement stays within the parameters a database takes."""
    rest = iter(rows)
    while chunk := tuple(islice(rest, size)):
        yield chunk
