"""Questions about attachments."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from p2p.attachments.models import Attachment
from p2p.db import db


def on(noun: str, record_id: int, *, before: int | None = None, archived: bool = False, limit: int) -> list[Attachment]:
    """The files on a record, latest first, before one; or those that were put away."""
    rows = select(Attachment).options(joinedload(Attachment.added_by))
    rows = rows.where(*_on(noun, record_id), Attachment.archived.is_(archived))
    if before is not None:
        rows = rows.where(Attachment.id < before)
    return list(db.session.scalars(rows.order_by(Attachment.id.desc()).limit(limit)))


def count_archived(noun: str, record_id: int) -> int:
    """How many files on a record were put away."""
    rows = select(func.count()).where(*_on(noun, record_id), Attachment.archived.is_(True))
    return db.session.scalar(rows) or 0


def _on(noun: str, record_id: int) -> tuple[ColumnElement[bool], ...]:
    subject = Attachment.subject_noun == noun, Attachment.subject_id == record_id
    return *subject, Attachment.hidden.is_(False)


def named_among(digests: list[str]) -> set[str]:
    """Which of these contents a row names, hidden ones too: an undo may bring those back."""
    return set(db.session.scalars(select(Attachment.digest).where(Attachment.digest.in_(digests))))
