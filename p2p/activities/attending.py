"""Who attends an appointment: people of ours, and contacts."""

from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.db import TABLE, Base
from p2p.history import Recorded
from p2p.identity.models import User

if TYPE_CHECKING:
    from p2p.activities.models import Activity


class Attendee(Recorded, Base):
    """Somebody at an appointment: a user or a contact. Contacts live in a room above, so they are known by table."""

    __tablename__ = "activity_attendee"
    __table_args__ = (
        CheckConstraint("(user_id is null) <> (contact_id is null)", name="who"),
        Index("ix_activity_attendee_activity", "activity_id"),
        Index("ix_activity_attendee_user", "user_id"),
        Index("ix_activity_attendee_contact", "contact_id"),
        TABLE,
    )
    noun: ClassVar[str] = "activity_attendee"
    same_by: ClassVar[tuple[str, ...]] = ("activity_id", "contact_id")

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))

    activity: Mapped["Activity"] = relationship()
    user: Mapped[User | None] = relationship(lazy="joined")
    contact: Mapped[Any] = relationship("Contact", lazy="joined")

    def __str__(self) -> str:
        return str(self.user or self.contact)

    def about(self) -> tuple[str, int]:
        return self.activity.about()

    @property
    def key(self) -> str:
        """Who it is, as forms name them: `user-3`, `contact-9`."""
        return f"contact-{self.contact_id}" if self.user_id is None else f"user-{self.user_id}"

    @classmethod
    def called(cls, key: str) -> "Attendee":
        """Whoever a key names."""
        noun, _, id = key.partition("-")
        return cls(**{f"{noun}_id": int(id)})
