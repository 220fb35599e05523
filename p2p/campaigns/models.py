"""Campaigns: what was done to be asked, when, and at what cost."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from p2p.archiving import Archivable
from p2p.db import TABLE, Base, Money, db
from p2p.filters import the_format
from p2p.history import verb
from p2p.history.recording import Actor
from p2p.identity.models import User
from p2p.parties.models import fold
from p2p.setup.models import Code

#: A campaign's status says how far it is; any may follow any, so this is a list and no machine.
STATUSES = {
    "planning": "Planning",
    "in_process": "In process",
    "response": "Response",
    "follow_up": "Follow-up",
    "closed": "Closed",
    "canceled": "Canceled",
}


class Campaign(Archivable, Base):
    """A marketing action that leads and opportunities come from."""

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint(
            "status in ('planning', 'in_process', 'response', 'follow_up', 'closed', 'canceled')", name="status"
        ),
        CheckConstraint("cost is null or cost >= 0", name="cost"),
        Index("ix_campaign_name", "name_folded", "id"),
        TABLE,
    )
    noun: ClassVar[str] = "campaign"

    name: Mapped[str] = mapped_column(String(100))
    name_folded: Mapped[str] = mapped_column(String(120), info={"derived": ("name",)})
    type_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    status: Mapped[str] = mapped_column(String(20), default="planning")
    starts_on: Mapped[date | None] = mapped_column(info={"label": "from"})
    ends_on: Mapped[date | None] = mapped_column(info={"label": "until"})
    cost: Mapped[int | None] = mapped_column(Money, info={"kind": "money", "company_currency": True})
    currency: Mapped[str] = mapped_column(String(3))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    description: Mapped[str | None] = mapped_column(String(4000))

    type: Mapped[Code | None] = relationship()
    owner: Mapped[User | None] = relationship()

    @validates("name")
    def _fold_name(self, key: str, name: str) -> str:
        self.name_folded = fold(name)
        return name

    def __str__(self) -> str:
        return self.name

    @property
    def status_words(self) -> str:
        return STATUSES[self.status]

    @property
    def dates_words(self) -> str:
        """`12 Mar – 14 Mar`, `from 12 Mar`, `until 14 Mar`; blank for neither."""
        first, last = the_format().day(self.starts_on), the_format().day(self.ends_on)
        if first and last:
            return first if first == last else f"{first} – {last}"
        return f"from {first}" if first else f"until {last}" if last else ""

    def cost_of_one(self, count: int) -> int | None:
        """The cost shared among so many, in minor units; None where there is no cost or nobody to share it."""
        return None if self.cost is None or not count else (self.cost + count // 2) // count

    def belongs_to(self, user_id: int) -> bool:
        return self.owner_id in (None, user_id)

    @classmethod
    @verb("started")
    def start(cls, facts: dict[str, Any], *, by: Actor | None) -> "Campaign":
        """A new campaign; needs a name, whoever starts it owns it. Its cost is in the company currency."""
        own = {"owner_id": by.id if by else None, "currency": the_format().currency}
        campaign = cls(**(own | facts))
        db.session.add(campaign)
        db.session.flush()
        return campaign

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        for name, value in facts.items():
            setattr(self, name, value)
