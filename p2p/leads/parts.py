"""The people of a lead who are in the address book."""

from typing import Any, ClassVar, Protocol

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.contacts.models import Contact
from p2p.db import TABLE, Base, db, unique_while_present
from p2p.history import Recorded, verb
from p2p.history.recording import Actor

LEAD = "lead"


class Subject(Protocol):
    """The lead these are parts of, known here only by id."""

    @property
    def id(self) -> Any: ...


class LeadContact(Recorded, Base):
    """A contact who is behind a lead."""

    __tablename__ = "lead_contact"
    __table_args__ = (
        unique_while_present("lead_contact", "lead_id", "contact_id"),
        Index("ix_lead_contact_contact", "contact_id"),
        TABLE,
    )
    noun: ClassVar[str] = "lead_contact"
    same_by: ClassVar[tuple[str, ...]] = ("lead_id", "contact_id")

    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))

    contact: Mapped[Contact] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return str(self.contact)

    def about(self) -> tuple[str, int]:
        return LEAD, self.lead_id

    @classmethod
    @verb("added")
    def add(cls, lead: Subject, contact: Contact, *, by: Actor | None) -> "LeadContact":
        """A contact of a lead, once; asking again changes nothing."""
        from p2p.leads import queries

        if known := queries.contact_line(lead.id, contact.id):
            return known
        line = cls(lead_id=lead.id, contact_id=contact.id)
        db.session.add(line)
        db.session.flush()
        db.session.expire(lead, ["contacts"])
        return line

    @verb("removed")
    def remove(self, *, by: Actor | None) -> None:
        self.hidden = True
