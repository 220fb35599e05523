"""The log itself: operations, their changes, and the chain that shows nobody touched them since."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.db import TABLE, Base, Instant, Json, instant_text
from p2p.triggers import keep_by_triggers

Values = dict[str, list[Any]]
"""Field → [before, after], each as JSON can hold it."""


class Operation(Base):
    """One thing somebody did: verb, who, when. `digest` chains it to the operation before."""

    __tablename__ = "operation"
    __table_args__ = (
        Index("ix_operation_undoes", "undoes_id"),
        Index("ix_operation_by", "by_id", "id"),
        # Where a day ended is found by it.
        Index("ix_operation_at", "at", "id"),
        TABLE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    verb: Mapped[str] = mapped_column(String(80))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("operation.id"))
    digest: Mapped[str] = mapped_column(String(64))
    changes: Mapped[list["Change"]] = relationship(order_by="Change.id", lazy="select")


class Change(Base):
    """What one operation did to one record. A person's values can be blanked on request; the digest stays."""

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_record", "noun", "record_id", "operation_id"),
        # Timelines read from these alone, backwards; the noun tells activities from changes and files.
        Index("ix_change_about", "about_noun", "about_id", "operation_id", "noun"),
        Index("ix_change_operation", "operation_id"),
        CheckConstraint("kind in ('created', 'changed')", name="kind"),
        TABLE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    noun: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    about_noun: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    values: Mapped[Values | None] = mapped_column(Json)
    salt: Mapped[str | None] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))


class Head(Base):
    """The end of the chain, one row; locked while an operation is sealed, so operations have one order everywhere."""

    __tablename__ = "history_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"), {"sqlite_strict": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    operation_id: Mapped[int]
    digest: Mapped[str] = mapped_column(Text)


# The log is append-only for everybody; the one exception blanks the values of a change and nothing else.
_KEPT = ("id", "operation_id", "noun", "record_id", "about_noun", "about_id", "kind", "version", "digest")
_SAME = " and ".join(f"new.{column} = old.{column}" for column in _KEPT)
_BLANKED = f'new."values" is null and new.salt is null and {_SAME}'
APPEND_ONLY = {
    "sqlite": [
        *(
            f"create trigger {table}_no_{verb} before {verb} on {table} {when} "
            "begin select raise(abort, 'history is append-only'); end"
            for table, verb, when in (
                ("operation", "update", ""),
                ("operation", "delete", ""),
                ("change", "update", f"when not ({_BLANKED})"),
                ("change", "delete", ""),
            )
        )
    ],
    "postgresql": [
        "create or replace function history_is_append_only() returns trigger language plpgsql as "
        "$$ begin raise exception 'history is append-only'; end $$",
        *(
            f"create trigger {table}_no_{verb} before {verb} on {table} for each row {when} "
            "execute function history_is_append_only()"
            for table, verb, when in (
                ("operation", "update", ""),
                ("operation", "delete", ""),
                ("change", "update", f"when (not ({_BLANKED}))"),
                ("change", "delete", ""),
            )
        ),
    ],
}
keep_by_triggers(Change.__table__, APPEND_ONLY)
_BEGINNING = DDL("insert into history_head (id, operation_id, digest) values (1, 0, '')")  # type: ignore[no-untyped-call]
event.listen(Head.__table__, "after_create", _BEGINNING)


def change_digest(
    noun: str, record_id: int, about: tuple[str, int], kind: str, version: int, values: Values, salt: str
) -> str:
    """SHA-256 over a change; salted, so that blanked values cannot be guessed back from it."""
    told = json.dumps([noun, record_id, *about, kind, version, values, salt], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def chained(
    before: str, id: int, verb: str, by_id: int | None, at: datetime, undoes_id: int | None, changes: Iterable[str]
) -> str:
    """SHA-256 over the digest before, the operation and the digests of its changes in order."""
    told = json.dumps([before, id, verb, by_id, instant_text(at), undoes_id, *changes], separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()
