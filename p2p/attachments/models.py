"""Attachments: files on any noun. The row says what a file is; its bytes are in `files`, by content."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.archiving import Archivable
from p2p.db import TABLE, Base, Instant, db, now
from p2p.history import nouns, verb
from p2p.history.recording import Actor
from p2p.identity.models import User


class Attachment(Archivable, Base):
    """One file on a record."""

    __tablename__ = "attachment"
    __table_args__ = (
        Index("ix_attachment_subject", "subject_noun", "subject_id", "id"),
        Index("ix_attachment_digest", "digest"),
        TABLE,
    )
    noun: ClassVar[str] = "attachment"
    attached_by: ClassVar[tuple[str, str] | None] = ("subject_noun", "subject_id")

    subject_noun: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(150), info={"label": "file name"})
    media_type: Mapped[str] = mapped_column(String(100), info={"follows": True})
    size: Mapped[int] = mapped_column(BigInteger, info={"kind": "size"})
    digest: Mapped[str] = mapped_column(String(64), info={"follows": True, "label": "SHA-256"})
    note: Mapped[str | None] = mapped_column(String(1000))
    added_at: Mapped[datetime] = mapped_column(Instant, info={"follows": True})
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info={"follows": True})

    added_by: Mapped[User | None] = relationship()

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> Any:
        """The record this hangs on."""
        return db.session.get(nouns[self.subject_noun], self.subject_id)

    def about(self) -> tuple[str, int]:
        """Its record; what hangs on something else itself (an activity) is told of there."""
        subject = self.subject if nouns[self.subject_noun].attached_by else None
        return subject.about() if subject is not None else (self.subject_noun, self.subject_id)

    @classmethod
    @verb("attached")
    def attach(cls, subject: Any, files: Iterable[dict[str, Any]], *, by: Actor | None) -> list["Attachment"]:
        """Files on a record, each as name, media_type, size, digest; their bytes must be kept already."""
        own = {"subject_noun": subject.noun, "subject_id": subject.id}
        own |= {"added_at": now(), "added_by_id": by.id if by else None}
        attached = [cls(**own, **facts) for facts in files]
        db.session.add_all(attached)
        db.session.flush()
        return attached

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        for name, value in facts.items():
            setattr(self, name, value)
