"""What a search over the book found, and which pairs people told apart."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.db import TABLE, Base, Instant, Json, db, unique_while_present
from p2p.history import Recorded, verb
from p2p.history.recording import Actor, nouns
from p2p.identity.models import User

#: The nouns of which two records may be one, and what several are called.
KINDS = {"party": "Parties", "contact": "Contacts", "lead": "Leads"}
SEARCHING, DONE, FAILED = "searching", "done", "failed"


class DuplicateSearch(Base):
    """One search over all records of a noun. It only reports, so the history knows nothing of it."""

    __tablename__ = "duplicate_search"
    __table_args__ = (CheckConstraint("status in ('searching', 'done', 'failed')", name="status"), TABLE)

    id: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20), default=SEARCHING)
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    compared: Mapped[int] = mapped_column(default=0)
    found: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None] = mapped_column(String(200))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    by: Mapped[User | None] = relationship()

    @property
    def seconds(self) -> int:
        """How long it took; 0 while it runs."""
        return round((self.finished_at - self.started_at).total_seconds()) if self.finished_at else 0


class DuplicatePair(Base):
    """Two records that the latest search holds for one, the surest first; `left_id` is the older one."""

    __tablename__ = "duplicate_pair"
    __table_args__ = (Index("ix_duplicate_pair_noun", "noun", "id"), TABLE)

    id: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str] = mapped_column(String(40))
    left_id: Mapped[int]
    right_id: Mapped[int]
    score: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(Json)


class Distinction(Recorded, Base):
    """Two records that somebody told apart: they are not asked about again."""

    __tablename__ = "distinction"
    __table_args__ = (unique_while_present("distinction", "subject_noun", "subject_id", "other_id"), TABLE)
    noun: ClassVar[str] = "distinction"
    attached_by: ClassVar[tuple[str, str] | None] = ("subject_noun", "subject_id")
    same_by: ClassVar[tuple[str, ...]] = ("subject_noun", "subject_id", "other_id")

    subject_noun: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    other_id: Mapped[int]

    def __str__(self) -> str:
        pair = (db.session.get(nouns[self.subject_noun], id) for id in (self.subject_id, self.other_id))
        return " and ".join(str(record) for record in pair)

    def about(self) -> tuple[str, int]:
        return self.subject_noun, self.subject_id

    @classmethod
    @verb("told apart")
    def tell_apart(cls, one: Any, other: Any, *, by: Actor | None) -> "Distinction":
        """Two records of one noun are two; saying so again changes nothing."""
        from p2p.duplicates import queries

        first, second = sorted((one.id, other.id))
        if known := queries.distinction(one.noun, first, second):
            return known
        told = cls(subject_noun=one.noun, subject_id=first, other_id=second)
        db.session.add(told)
        db.session.flush()
        return told
