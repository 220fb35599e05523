"""Prospects, and the customers they become."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.archiving import Archivable
from p2p.db import TABLE, Base, Instant, db, now, unique_while_present
from p2p.filters import the_format, today
from p2p.history import verb
from p2p.history.recording import Actor
from p2p.identity.models import User
from p2p.parties.models import Party
from p2p.setup.models import Code, Sequence
from p2p.states import IllegalMove


class Taken(Exception):
    """A number somebody else has, or a role the party holds already; the message says whose and which."""


class Customer(Archivable, Base):
    """The role of a party we do business with; its account number is needed before a quotation is confirmed."""

    __tablename__ = "customer"
    __table_args__ = (unique_while_present("customer", "party_id"), Index("ix_customer_party", "party_id"), TABLE)
    noun: ClassVar[str] = "customer"
    same_by: ClassVar[tuple[str, ...]] = ("party_id",)

    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    number: Mapped[str] = mapped_column(String(20), unique=True, info={"label": "account number"})
    since: Mapped[date]

    party: Mapped[Party] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return f"{self.number} {self.party.name}"

    def about(self) -> tuple[str, int]:
        return Party.noun, self.party_id

    def belongs_to(self, user_id: int) -> bool:
        return True

    @classmethod
    @verb("opened the account of")
    def open(cls, party: Party, *, number: str | None = None, by: Actor | None) -> "Customer":
        """Make a party a customer, and its prospect a converted one; the account number is the next unless given."""
        from p2p.prospects import queries

        if account := queries.customer_of(party.id):
            raise Taken(f"{party} already has the account {account.number}{', archived' if account.archived else ''}.")
        customer = cls(party_id=party.id, number=_number(cls, "customer", number), since=today())
        db.session.add(customer)
        db.session.flush()
        if prospect := queries.prospect_of(party.id):
            prospect.became(customer, by=by)
        return customer


class Prospect(Archivable, Base):
    """The role of a party we may do business with."""

    __tablename__ = "prospect"
    __table_args__ = (unique_while_present("prospect", "party_id"), Index("ix_prospect_party", "party_id"), TABLE)
    noun: ClassVar[str] = "prospect"
    same_by: ClassVar[tuple[str, ...]] = ("party_id",)

    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    number: Mapped[str] = mapped_column(String(20), unique=True)
    type_id: Mapped[int] = mapped_column(ForeignKey("code.id"))
    currency: Mapped[str] = mapped_column(String(3))
    status_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    line_of_business_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    converted_at: Mapped[datetime | None] = mapped_column(Instant, info={"follows": True})
    converted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info={"follows": True})
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))

    party: Mapped[Party] = relationship(lazy="joined", innerjoin=True)
    customer: Mapped[Customer | None] = relationship()
    type: Mapped[Code] = relationship(foreign_keys=[type_id])
    status: Mapped[Code | None] = relationship(foreign_keys=[status_id])
    segment: Mapped[Code | None] = relationship(foreign_keys=[segment_id])
    line_of_business: Mapped[Code | None] = relationship(foreign_keys=[line_of_business_id])
    district: Mapped[Code | None] = relationship(foreign_keys=[district_id])
    responsible: Mapped[User | None] = relationship(foreign_keys=[responsible_id])

    def __str__(self) -> str:
        return f"{self.number} {self.party.name}"

    def about(self) -> tuple[str, int]:
        return Party.noun, self.party_id

    def belongs_to(self, user_id: int) -> bool:
        return self.responsible_id in (None, user_id)

    @classmethod
    @verb("made a prospect of")
    def make(cls, party: Party, facts: dict[str, Any], *, by: Actor | None) -> "Prospect":
        """Give a party the prospect role.

        Unless `facts` say otherwise it is of the first type, in the company currency, and whoever acts is responsible.
        Raises Taken for a party that has the role, and for a number somebody else has.
        """
        from p2p.prospects import queries

        if known := queries.prospect_of(party.id):
            raise Taken(f"{party} already is the prospect {known.number}{', archived' if known.archived else ''}.")
        number = _number(cls, "prospect", facts.get("number"))
        usual = {"type_id": queries.usual_type(), "currency": the_format().currency}
        usual |= {"responsible_id": by.id if by else None}
        prospect = cls(**(usual | facts | {"party_id": party.id, "number": number}))
        db.session.add(prospect)
        db.session.flush()
        return prospect

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        for name, value in facts.items():
            setattr(self, name, value)

    @verb("converted to a customer")
    def convert(self, *, number: str | None = None, by: Actor | None) -> Customer:
        """Make the party a customer and keep when, by whom and from which prospect; an account it has is taken."""
        from p2p.prospects import queries

        if self.customer_id is not None:
            raise IllegalMove(self, "converted", "convert", [])
        if account := queries.customer_of(self.party_id):
            self.became(account, by=by)
            return account
        return Customer.open(self.party, number=number, by=by)

    @verb("converted to a customer")
    def became(self, customer: Customer, *, by: Actor | None) -> None:
        """Note the account the party got, unless one was noted before."""
        if self.customer_id is None:
            self.customer_id, self.converted_at, self.converted_by_id = customer.id, now(), by.id if by else None


def _number(cls: type[Customer] | type[Prospect], kind: str, wanted: str | None) -> str:
    """The number wanted if nobody has it, else the next that is free; those of undone records stay theirs."""
    from p2p.prospects import queries

    if wanted:
        if owner := queries.with_number(cls, wanted):
            whose = "a record that was taken away" if owner.hidden else str(owner.party)
            raise Taken(f"The number {wanted} already belongs to {whose}.")
        return wanted
    while queries.with_number(cls, number := Sequence.next(kind, today().year)):
        pass
    return number
