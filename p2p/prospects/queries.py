"""Questions about prospects and customers."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from p2p.db import db
from p2p.filters import today
from p2p.identity.models import User
from p2p.identity.queries import owners
from p2p.listing import About, Choice, Column, Listing, Text
from p2p.parties import queries as parties
from p2p.parties.channels import queries as channels
from p2p.parties.models import Party, fold
from p2p.prospects.models import Customer, Prospect
from p2p.setup.models import Code, Sequence
from p2p.setup.queries import codes

Type, Status, Segment = aliased(Code), aliased(Code), aliased(Code)
#: The prospect a customer was: that of its party, of which there is one at most.
Was = aliased(Prospect)
STATES = {"open": "Open", "converted": "Converted"}
CAME = {"prospect": "From a prospect", "directly": "Directly"}


def prospect_of(party_id: int) -> Prospect | None:
    """The prospect role of a party, archived or not."""
    return db.session.scalar(select(Prospect).where(Prospect.party_id == party_id, Prospect.hidden.is_(False)))


def customer_of(party_id: int) -> Customer | None:
    """The customer account of a party, archived or not."""
    return db.session.scalar(select(Customer).where(Customer.party_id == party_id, Customer.hidden.is_(False)))


def with_number(cls: type[Customer] | type[Prospect], number: str) -> Any:
    """Whoever has a number, even a record that was taken away: it keeps it."""
    return db.session.scalar(select(cls).where(cls.number == number))


def usual_type() -> int | None:
    """The type of prospects for which nobody chose one: the first of the list."""
    return next((id for id, _ in codes("prospect_type")), None)


def coming_number(cls: type[Customer] | type[Prospect], kind: str) -> str:
    """The number the next record gets, if nobody is quicker; nothing is taken by asking."""
    year = today().year
    last = db.session.scalar(select(Sequence.last).where(Sequence.kind == kind, Sequence.year == year)) or 0
    while with_number(cls, number := Sequence.spelled(kind, year, last + 1)):
        last += 1
    return number


def converted_from(customer: Customer) -> Prospect | None:
    """The prospect a customer was."""
    return db.session.scalar(select(Prospect).where(Prospect.customer_id == customer.id, Prospect.hidden.is_(False)))


def user_name(id: int | None) -> str | None:
    """The name of a user."""
    return db.session.scalar(select(User.name).where(User.id == id)) if id else None


def _came(way: str) -> ColumnElement[bool]:
    return Was.id.is_not(None) if way == "prospect" else Was.id.is_(None)


def _holds(number: Any, typed: str) -> ColumnElement[bool]:
    named = Party.name_folded.contains(fold(typed), autoescape=True)
    numbered = func.lower(number).contains(typed.lower(), autoescape=True)
    return or_(named, numbered, *channels.reached_by(Party.id, typed))


def _responsible(whose: Any) -> Choice:
    """Filter by who is responsible."""
    chosen = lambda id: whose.responsible_id.is_(None) if id == "nobody" else whose.responsible_id == int(id)  # noqa: E731
    offered = lambda: [("nobody", "nobody"), *((str(id), name) for id, name in owners())]  # noqa: E731
    return Choice("responsible", "Responsible", chosen, choices=offered)


def _listed(key: str, label: str, column: Any, list_name: str) -> Choice:
    """Filter by an entry of a code list."""
    return Choice(key, label, lambda id: column == id, choices=lambda: codes(list_name))


def _market(whose: Any) -> tuple[Choice, ...]:
    """Filters by where in the market a prospect is, or a customer was when it was one."""
    return (
        _listed("segment", "Segment", whose.segment_id, "segment"),
        _listed("line", "Line of business", whose.line_of_business_id, "line_of_business"),
        _listed("district", "Sales district", whose.district_id, "district"),
    )


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
        Column("converted", "Customer since", Prospect.converted_at, kind="instant"),
    ),
    sort="name",
    filters=(
        Text("q", "Text", lambda typed: _holds(Prospect.number, typed), hint="Name, number, e-mail, phone"),
        Choice("state", "State", _converted, choices=lambda: list(STATES.items())),
        _listed("type", "Type", Prospect.type_id, "prospect_type"),
        _listed("status", "Prospect status", Prospect.status_id, "prospect_status"),
        *_market(Prospect),
        _responsible(Prospect),
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
    .outerjoin(Was, and_(Was.party_id == Customer.party_id, ~Was.hidden))
    .outerjoin(Segment, Segment.id == Was.segment_id)
    .outerjoin(User, User.id == Was.responsible_id)
    .where(Customer.hidden.is_(False)),
    id=Customer.id,
    columns=(
        Column("number", "Account number", Customer.number, nullable=False, link=("customers.show", "id")),
        Column("name", "Party", Party.name, sort=Party.name_folded, nullable=False, link=("parties.show", "party_id")),
        Column("city", "City", Party.city),
        Column("phone", "Phone", Party.phone, kind="phone", sortable=False),
        Column("segment", "Segment", Segment.name, wide=True),
        Column("responsible", "Responsible", User.name, "line"),
        Column("since", "Customer since", Customer.since, kind="date", nullable=False),
    ),
    sort="name",
    filters=(
        Text("q", "Text", lambda typed: _holds(Customer.number, typed), hint="Name, number, e-mail, phone"),
        Choice("came", "Came", _came, choices=lambda: list(CAME.items())),
        *_market(Was),
        _responsible(Was),
        About("party", "Party", lambda id: Customer.party_id == id, name=parties.name_of),
    ),
    archived=Customer.archived,
    empty=("No customers yet", "A party becomes a customer when its prospect is converted, or on its own page."),
)
