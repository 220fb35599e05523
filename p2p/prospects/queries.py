"""Questions about prospects and customers."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from p2p.db import db
from p2p.identity.models import User
from p2p.identity.queries import owners
from p2p.listing import About, Choice, Column, Listing, Text
from p2p.parties import queries as parties
from p2p.parties.models import Party, fold
from p2p.prospects.models import Customer, Prospect
from p2p.setup.models import Code
from p2p.setup.queries import codes

Type, Status, Segment = aliased(Code), aliased(Code), aliased(Code)
STATES = {"open": "Open", "converted": "Converted"}


def prospect_of(party_id: int) -> Prospect | None:
    """The prospect role of a party, archived or not."""
    return db.session.scalar(select(Prospect).where(Prospect.party_id == party_id, Prospect.hidden.is_(False)))


def customer_of(party_id: int) -> Customer | None:
    """The customer account of a party, archived or not."""
    return db.session.scalar(select(Customer).where(Customer.party_id == party_id, Customer.hidden.is_(False)))


def with_number(cls: type[Customer] | type[Prospect], number: str) -> Any:
    """Whoever has a number, even a record that was taken away: it keeps it."""
    return db.session.scalar(select(cls).where(cls.number == number))


def converted_from(customer: Customer) -> Prospect | None:
    """The prospect a customer was."""
    return db.session.scalar(select(Prospect).where(Prospect.customer_id == customer.id, Prospect.hidden.is_(False)))


def user_name(id: int | None) -> str | None:
    """The name of a user."""
    return db.session.scalar(select(User.name).where(User.id == id)) if id else None


def _holds(number: Any, typed: str) -> ColumnElement[bool]:
    named = Party.name_folded.contains(fold(typed), autoescape=True)
    return or_(named, func.lower(number).contains(typed.lower(), autoescape=True))


def _responsible(chosen: str) -> ColumnElement[bool]:
    return Prospect.responsible_id.is_(None) if chosen == "nobody" else Prospect.responsible_id == int(chosen)


def _converted(state: str) -> ColumnElement[bool]:
    return Prospect.customer_id.is_not(None) if state == "converted" else Prospect.customer_id.is_(None)


PROSPECTS = Listing(
    name="prospects",
    caption="Prospects",
    base=select(Prospect.id, Prospect.party_id)
    .join(Party, Party.id == Prospect.party_id)
    .join(Type, Type.id == Prospect.type_id)
    .outerjoin(Status, Status.id == Prospect.status_id)
    .outerjoin(Segment, Segment.id == Prospect.segment_id)
    .outerjoin(User, User.id == Prospect.responsible_id)
    .where(Prospect.hidden.is_(False)),
    id=Prospect.id,
    columns=(
        Column("number", "Number", Prospect.number, nullable=False, link=("prospects.show", "id")),
        Column("name", "Party", Party.name, sort=Party.name_folded, nullable=False, link=("parties.show", "party_id")),
        Column("type", "Type", Type.name, nullable=False, wide=True),
        Column("status", "Prospect status", Status.name),
        Column("segment", "Segment", Segment.name, wide=True),
        Column("responsible", "Responsible", User.name, "line"),
        Column("currency", "Currency", Prospect.currency, nullable=False, wide=True),
        Column("converted", "Converted on", Prospect.converted_at, kind="instant"),
    ),
    sort="name",
    filters=(
        Text("q", "Text", lambda typed: _holds(Prospect.number, typed), hint="Name, number"),
        Choice("state", "State", _converted, choices=lambda: list(STATES.items())),
        Choice(
            "status", "Prospect status", lambda id: Prospect.status_id == id, choices=lambda: codes("prospect_status")
        ),
        Choice(
            "responsible",
            "Responsible",
            _responsible,
            choices=lambda: [("nobody", "nobody"), *((str(id), name) for id, name in owners())],
        ),
        About("party", "Party", lambda id: Prospect.party_id == id, name=parties.name_of),
    ),
    archived=Prospect.archived,
    empty=("No prospects yet", "A prospect is a party you may do business with. Make one on the page of a party."),
)

CUSTOMERS = Listing(
    name="customers",
    caption="Customers",
    base=select(Customer.id, Customer.party_id)
    .join(Party, Party.id == Customer.party_id)
    .where(Customer.hidden.is_(False)),
    id=Customer.id,
    columns=(
        Column("number", "Account number", Customer.number, nullable=False, link=("customers.show", "id")),
        Column("name", "Party", Party.name, sort=Party.name_folded, nullable=False, link=("parties.show", "party_id")),
        Column("city", "City", Party.city),
        Column("phone", "Phone", Party.phone, kind="phone", sortable=False),
        Column("since", "Customer since", Customer.since, kind="date", nullable=False),
    ),
    sort="name",
    filters=(
        Text("q", "Text", lambda typed: _holds(Customer.number, typed), hint="Name, account number"),
        About("party", "Party", lambda id: Customer.party_id == id, name=parties.name_of),
    ),
    archived=Customer.archived,
    empty=("No customers yet", "A party becomes a customer when its prospect is converted, or on its own page."),
)
