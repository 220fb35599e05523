"""The address under which a calendar program reads somebody's activities, until it is revoked."""

import secrets
from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.db import TABLE, Base, Instant, db, now
from p2p.history import Recorded, verb
from p2p.history.recording import Actor
from p2p.identity.models import User, digest


class CalendarFeed(Recorded, Base):
    """Somebody's feed. Its address holds the token, the table only the token's digest; revoked ones are hidden."""

    __tablename__ = "calendar_feed"
    __table_args__ = (Index("ix_calendar_feed_user", "user_id"), TABLE)
    noun: ClassVar[str] = "calendar_feed"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True, info={"secret": True})
    made_at: Mapped[datetime] = mapped_column(Instant, info={"follows": True})

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return f"calendar feed of {self.user.name}"

    @classmethod
    @verb("made", undoable=False)
    def make(cls, user: User, *, by: Actor | None) -> str:
        """A new address for a user; returns its token, and whatever address there was stops working."""
        from p2p.activities.calendar import queries

        if known := queries.feed_of(user.id):
            known.hidden = True
        token = secrets.token_urlsafe(32)
        db.session.add(cls(user=user, token_digest=digest(token), made_at=now()))
        db.session.flush()
        return token

    @verb("revoked", undoable=False)
    def revoke(self, *, by: Actor | None) -> None:
        """Its address leads nowhere from here on."""
        self.hidden = True
