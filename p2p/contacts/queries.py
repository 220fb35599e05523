"""Questions about contacts."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased

from p2p.contacts.models import CONSENT, Contact
from p2p.db import db
from p2p.history import nouns
from p2p.history.undoing import pointing_at
from p2p.history.wording import noun_words
from p2p.listing import About, Choice, Column, Flag, Listing, Text
from p2p.parties import queries as parties
from p2p.parties.channels import queries as channels
from p2p.parties.likeness import SAME
from p2p.parties.models import Party, fold
from p2p.setup.models import Code
from p2p.setup.queries import codes

#: What holds a contact while it is open, and how many of its places are looked at, the newest first.
NEEDING, PARTS_LOOKED_AT = ("lead", "opportunity", "quotation"), 200
#: Contacts that menus offer.
OFFERED = (Contact.inactive.is_(False),)

Person, For, Function, Role = aliased(Party), aliased(Party), aliased(Code), aliased(Code)


def persons_named(name: str) -> list[Party]:
    """Persons of the address book with this name, in any spelling."""
    return [party for party in parties.named(name) if party.kind == "person"]


def persons_like(name: str, email: str | None, phone: str | None) -> list[tuple[Party, str]]:
    """Persons with this e-mail address, phone number or name, each once, with the first reason in words."""
    found = [(party, SAME["email"]) for party in parties.with_email(email)]
    found += [(party, SAME["phone"]) for party in parties.with_phone(phone)]
    found += [(party, SAME["name"]) for party in persons_named(name)]
    reasons = {party.id: (party, why) for party, why in reversed(found) if party.kind == "person"}
    return list(reasons.values())[::-1]


def acting(person_id: int, party_id: int) -> Contact | None:
    """The contact that this person already is for a party, archived or not."""
    known = select(Contact).where(Contact.person_id == person_id, Contact.party_id == party_id)
    return db.session.scalar(known.where(Contact.hidden.is_(False)).limit(1))


@dataclass(frozen=True)
class Name:
    """A contact as a menu offers it; `spelled` tells it from others of its name."""

    id: int
    name: str
    party: str
    party_id: int
    job_title: str | None
    spelled: str


def _names(*conditions: Any, order: Any = (), limit: int) -> list[Name]:
    columns = (Contact.id, Person.name, Person.name_folded, For.name.label("party"), Contact.party_id)
    rows = (
        select(*columns, Contact.job_title)
        .join(Person, Person.id == Contact.person_id)
        .join(For, For.id == Contact.party_id)
    )
    rows = rows.where(Contact.hidden.is_(False), Contact.archived.is_(False), *conditions)
    found = list(db.session.execute(rows.order_by(*order, Person.name_folded, Contact.id).limit(limit)))
    folded = [row.name_folded for row in found]
    return [
        Name(r.id, r.name, r.party, r.party_id, r.job_title, spelled(r, twice=folded.count(r.name_folded) > 1))
        for r in found
    ]


def spelled(named: Any, *, twice: bool = True) -> str:
    """A contact's name, in the way that leads to this contact alone if others are called the same."""
    return f"{named.name} (#{named.id})" if twice else str(named.name)


def names_like(text: str, limit: int = 12) -> list[Name]:
    """Contacts whose name holds the text, those that begin with it first."""
    words = fold(text)
    if not words:
        return []
    begins = case((Person.name_folded.startswith(words, autoescape=True), 0), else_=1)
    return _names(*OFFERED, Person.name_folded.contains(words, autoescape=True), order=(begins,), limit=limit)


def named(text: str) -> list[Name]:
    """The contacts of exactly this name, whatever the case and the accents."""
    return _names(Person.name_folded == fold(text), limit=20)


def acting_for(party_id: int, limit: int = 30) -> list[Name]:
    """The contacts of a party, by name."""
    return _names(*OFFERED, Contact.party_id == party_id, limit=limit)


def acting_as(person_id: int, limit: int = 5) -> list[Name]:
    """The contacts that a person is, one for each party."""
    return _names(Contact.person_id == person_id, limit=limit)


def name_of(id: int) -> str | None:
    """The name of a present contact, archived or not."""
    rows = select(Person.name).join(Contact, Contact.person_id == Person.id)
    return db.session.scalar(rows.where(Contact.id == id, Contact.hidden.is_(False)))


def with_id(id: int) -> Name | None:
    """The contact with this id as a menu offers it, unless it was taken away or archived."""
    return next(iter(_names(Contact.id == id, limit=1)), None)


def called(id: int) -> Name | None:
    """The contact with this id, archived or not."""
    columns = (Contact.id, Person.name, For.name.label("party"), Contact.party_id, Contact.job_title)
    rows = select(*columns).join(Person, Person.id == Contact.person_id).join(For, For.id == Contact.party_id)
    row = db.session.execute(rows.where(Contact.id == id, Contact.hidden.is_(False))).one_or_none()
    return Name(row.id, row.name, row.party, row.party_id, row.job_title, spelled(row)) if row else None


def above(id: int) -> list[int]:
    """This contact, whom it reports to, whom that one reports to, and so on."""
    line: list[int] = []
    while id not in line:
        line.append(id)
        boss = db.session.scalar(select(Contact.reports_to_id).where(Contact.id == id))
        if boss is None:
            break
        id = boss
    return line


def reporting_to(id: int, limit: int = 20) -> list[Name]:
    """The contacts that report to this one, by name."""
    return _names(Contact.reports_to_id == id, limit=limit)


def needed_by(id: int, limit: int = 3) -> list[str]:
    """The open leads, opportunities and quotations a contact is on: those that point at it, or a part of which does."""
    found: dict[str, None] = {}
    for cls, column, narrowed in pointing_at(Contact.noun):
        table: Any = column.table
        rows = select(table.c.id).where(column == id, narrowed, table.c.hidden.is_(False))
        for part_id in db.session.scalars(rows.order_by(table.c.id.desc()).limit(PARTS_LOOKED_AT)):
            part: Any = db.session.get(cls, part_id)
            noun, whole_id = part.about()
            own = noun in NEEDING and (cls.noun == noun or cls.noun.startswith(f"{noun}_"))
            whole: Any = db.session.get(nouns[noun], whole_id) if own else None
            if whole is not None and whole.is_open and not whole.hidden and not getattr(whole, "archived", False):
                found[f"the {noun_words(noun)} “{whole}”"] = None
    return list(found)[:limit]


def acts_also_for(contact: Contact) -> list[Contact]:
    """The other parties the same person acts for."""
    others = select(Contact).where(Contact.person_id == contact.person_id, Contact.id != contact.id)
    return list(db.session.scalars(others.where(Contact.hidden.is_(False), Contact.archived.is_(False))))


def with_email(text: str | None) -> list[Contact]:
    """The present contacts whose person has this mailbox, in any way of writing it."""
    return _of_persons(parties.with_email(text))


def with_phone(text: str | None) -> list[Contact]:
    """The present contacts whose person has this phone number, in any formatting."""
    return _of_persons(parties.with_phone(text))


def _of_persons(persons: list[Party]) -> list[Contact]:
    wanted = select(Contact).where(Contact.person_id.in_([person.id for person in persons]))
    wanted = wanted.where(Contact.hidden.is_(False), Contact.archived.is_(False)).order_by(Contact.id)
    return list(db.session.scalars(wanted)) if persons else []


def _with_words(typed: str) -> ColumnElement[bool]:
    folded = [column.contains(fold(typed), autoescape=True) for column in (Person.name_folded, For.name_folded)]
    job = func.lower(Contact.job_title).contains(typed.lower(), autoescape=True)
    return or_(*folded, job, *channels.reached_by(Contact.person_id, typed))


#: VIP and inactive as one number, and its words.
MARKS: Any = case((Contact.vip, 1), else_=0) + case((Contact.inactive, 2), else_=0)
MARK_WORDS = {0: "", 1: "VIP", 2: "inactive", 3: "VIP, inactive"}

LISTING = Listing(
    name="contacts",
    caption="Contacts",
    base=select(Contact.id, Contact.party_id)
    .join(Person, Person.id == Contact.person_id)
    .join(For, For.id == Contact.party_id)
    .outerjoin(Function, Function.id == Contact.function_id)
    .outerjoin(Role, Role.id == Contact.decision_role_id)
    .where(Contact.hidden.is_(False), Person.hidden.is_(False), For.hidden.is_(False)),
    id=Contact.id,
    columns=(
        Column("name", "Name", Person.name, sort=Person.name_folded, nullable=False, link=("contacts.show", "id")),
        Column("party", "Acts for", For.name, sort=For.name_folded, nullable=False, link=("parties.show", "party_id")),
        Column("job_title", "Job title", Contact.job_title),
        Column("function", "Function", Function.name, wide=True),
        Column("decision_role", "Decision role", Role.name, alone=True),
        Column("marks", "Marks", MARKS, words=MARK_WORDS, sortable=False, wide=True),
        Column("phone", "Phone", Person.phone, kind="phone", sortable=False),
        Column("email", "E-mail", Person.email, kind="email", alone=True),
    ),
    sort="name",
    filters=(
        Text("q", "Text", _with_words, hint="Name, party, e-mail, phone"),
        Choice("function", "Function", lambda id: Contact.function_id == id, choices=lambda: codes("function")),
        Choice(
            "role", "Decision role", lambda id: Contact.decision_role_id == id, choices=lambda: codes("decision_role")
        ),
        Choice("consent", "Consent", lambda given: Contact.consent == given, choices=lambda: list(CONSENT.items())),
        Flag("vip", "VIP", lambda _: Contact.vip.is_(True)),
        Flag("inactive", "Inactive", lambda _: Contact.inactive.is_(True)),
        About("party", "Acts for", lambda id: Contact.party_id == id, name=parties.name_of),
    ),
    archived=Contact.archived,
    files=(("vcards.index", "vCard", {}), ("vcards.index", "vCard 3.0 for older programs", {"version": "3.0"})),
    empty=("No contacts yet", "A contact is a person who acts for a party: who decides, who recommends, whom to call."),
)
