"""What belongs to an opportunity: our team, their contacts, competitors who bid, too, and the leads it came from."""

from typing import Any, ClassVar, Protocol

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.db import TABLE, Base, Money, db, unique_while_present
from p2p.history import Recorded, verb
from p2p.history.recording import Actor
from p2p.identity.models import User
from p2p.leads.models import Lead
from p2p.setup.models import Code

OPPORTUNITY = "opportunity"


class Subject(Protocol):
    """The opportunity these are parts of, known here only by id."""

    @property
    def id(self) -> Any: ...


class Member(Recorded, Base):
    """Somebody on the team of an opportunity."""

    __tablename__ = "opportunity_member"
    __table_args__ = (Index("ix_opportunity_member", "opportunity_id"), TABLE)
    noun: ClassVar[str] = "opportunity_member"
    same_by: ClassVar[tuple[str, ...]] = ("opportunity_id", "user_id")

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    role: Mapped[Code | None] = relationship()

    def __str__(self) -> str:
        return self.user.name

    def about(self) -> tuple[str, int]:
        return OPPORTUNITY, self.opportunity_id

    @classmethod
    @verb("put on the team")
    def add(cls, opportunity: Subject, user: User, role_id: int | None = None, *, by: Actor | None) -> "Member":
        member = cls(opportunity_id=opportunity.id, user_id=user.id, role_id=role_id)
        db.session.add(member)
        db.session.flush()
        db.session.expire(opportunity, ["team"])
        return member

    @verb("taken off the team")
    def remove(self, *, by: Actor | None) -> None:
        self.hidden = True


class Involved(Recorded, Base):
    """A contact who has a part in the decision."""

    __tablename__ = "opportunity_contact"
    __table_args__ = (
        Index("ix_opportunity_contact", "opportunity_id"),
        Index("ix_opportunity_contact_contact", "contact_id"),
        TABLE,
    )
    noun: ClassVar[str] = "opportunity_contact"
    same_by: ClassVar[tuple[str, ...]] = ("opportunity_id", "contact_id")

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))

    contact: Mapped[Contact] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return str(self.contact)

    def about(self) -> tuple[str, int]:
        return OPPORTUNITY, self.opportunity_id

    @classmethod
    @verb("involved")
    def add(cls, opportunity: Subject, contact: Contact, *, by: Actor | None) -> "Involved":
        involved = cls(opportunity_id=opportunity.id, contact_id=contact.id)
        db.session.add(involved)
        db.session.flush()
        db.session.expire(opportunity, ["contacts"])
        return involved

    @verb("no longer involved")
    def remove(self, *, by: Actor | None) -> None:
        self.hidden = True


class Rival(Recorded, Base):
    """A competitor on an opportunity: price, note, threat, and whether it won."""

    __tablename__ = "opportunity_competitor"
    __table_args__ = (
        Index("ix_opportunity_competitor", "opportunity_id"),
        Index("ix_opportunity_competitor_competitor", "competitor_id"),
        TABLE,
    )
    noun: ClassVar[str] = "opportunity_competitor"
    same_by: ClassVar[tuple[str, ...]] = ("opportunity_id", "competitor_id")

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id"))
    competitor_id: Mapped[int] = mapped_column(ForeignKey("competitor.id"))
    price: Mapped[int | None] = mapped_column(Money, info={"kind": "money"})
    threat_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    note: Mapped[str | None] = mapped_column(String(1000))
    winner: Mapped[bool] = mapped_column(default=False)

    competitor: Mapped[Competitor] = relationship(lazy="joined", innerjoin=True)
    threat: Mapped[Code | None] = relationship()

    def __str__(self) -> str:
        return self.competitor.name

    def about(self) -> tuple[str, int]:
        return OPPORTUNITY, self.opportunity_id

    @classmethod
    @verb("added as a competitor")
    def add(cls, opportunity: Subject, competitor: Competitor, facts: dict[str, Any], *, by: Actor | None) -> "Rival":
        line = cls(opportunity_id=opportunity.id, competitor_id=competitor.id, **facts)
        db.session.add(line)
        db.session.flush()
        db.session.expire(opportunity, ["rivals"])
        return line

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        for name, value in facts.items():
            setattr(self, name, value)

    @verb("removed as a competitor")
    def remove(self, *, by: Actor | None) -> None:
        self.hidden = True


class Origin(Recorded, Base):
    """A lead that an opportunity came from; several may have led to the same one."""

    __tablename__ = "opportunity_lead"
    __table_args__ = (
        unique_while_present("opportunity_lead", "lead_id"),
        Index("ix_opportunity_lead", "opportunity_id"),
        TABLE,
    )
    noun: ClassVar[str] = "opportunity_lead"
    same_by: ClassVar[tuple[str, ...]] = ("lead_id",)

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id"))
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), info={"goes_on_in": "opportunity_id"})

    lead: Mapped[Lead] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return str(self.lead)

    def about(self) -> tuple[str, int]:
        return OPPORTUNITY, self.opportunity_id

    @classmethod
    @verb("led to it")
    def add(cls, opportunity: Subject, lead: Lead, *, by: Actor | None) -> "Origin":
        origin = cls(opportunity_id=opportunity.id, lead_id=lead.id)
        db.session.add(origin)
        db.session.flush()
        return origin
