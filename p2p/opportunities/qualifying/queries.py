"""Questions that qualifying asks: whom a lead may mean, what it may join, and what it became."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from p2p.activities.models import Activity
from p2p.contacts import queries as contacts
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.leads.models import Lead
from p2p.leads.queries import Twin, is_open, leads_with
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Involved, Origin
from p2p.opportunities.qualifying.rules import (
    EMAIL,
    LIKE,
    NAME,
    OWN,
    PHONE,
    Candidate,
    Sign,
    names_another,
    order,
    sign_of,
)
from p2p.parties import queries as parties
from p2p.parties.likeness import SAME
from p2p.parties.models import Party

#: So many of each are offered; who means another one types its name.
OFFERED = 8


# ── Parties ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def party_candidates(lead: Lead, also: Party | None = None) -> list[Candidate]:
    """The parties a lead may mean, the likeliest first; `also` is one that somebody named."""
    found: dict[int, Party] = {}
    signs: dict[int, list[Sign]] = {}
    for party, sign in _signs_of_parties(lead):
        found[party.id] = party
        signs.setdefault(party.id, []).append(sign)
    if also is not None:
        found[also.id] = also
    company = None if lead.party_id else lead.company_name
    made = [
        Candidate(id, party.name, party.city, tuple(signs.get(id, ())), names_another(company, party.name))
        for id, party in found.items()
        if not (company and party.kind == "person" and party is not also)
    ]
    return order(made)[:OFFERED]


def _signs_of_parties(lead: Lead) -> Iterable[tuple[Party, Sign]]:
    if lead.party_id and (own := parties.present(lead.party_id)):
        yield own, Sign(OWN, "named on the lead")
    yield from _reached(parties.with_email(lead.email), EMAIL)
    yield from _reached(parties.with_phone(lead.phone), PHONE)
    if lead.company_name:
        for party in _named_like(lead.company_name):
            if party.kind == "organization" and (sign := sign_of(lead.company_name, party.name)):
                yield party, Sign(sign, SAME[sign])
    elif lead.person_name:
        yield from _persons_companies(lead.person_name)


def _reached(owners: list[Party], kind: str) -> Iterable[tuple[Party, Sign]]:
    """Whoever is reached so: an organization, the companies a person acts for, else the person."""
    for owner in owners:
        acts = _acting(owner.id) if owner.kind == "person" else []
        for contact in acts:
            yield contact.party, Sign(kind, f"{SAME[kind]} as {owner} there")
        if not acts:
            yield owner, Sign(kind, SAME[kind])


def _persons_companies(name: str) -> Iterable[tuple[Party, Sign]]:
    """Somebody of this name: a name alone says little about the companies it is found at."""
    for person in contacts.persons_named(name)[:OFFERED]:
        acts = _acting(person.id)
        for contact in acts:
            yield contact.party, Sign(LIKE, f"somebody called {person} acts for it")
        if not acts:
            yield person, Sign(NAME, SAME[NAME])


def _named_like(name: str) -> list[Party]:
    ids = [each.id for each in parties.likely_duplicates(name, OFFERED)]
    wanted = select(Party).where(Party.id.in_(ids)).order_by(Party.id)
    return list({party.id: party for party in (*parties.named(name), *db.session.scalars(wanted))}.values())


# ── People ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def person_candidates(lead: Lead, party_id: int | None) -> list[Candidate]:
    """The people a lead may mean, with whom they act for: at this party, for nobody yet, or elsewhere."""
    found: dict[int, Party] = {}
    signs: dict[int, list[Sign]] = {}
    for person, sign in _signs_of_people(lead, party_id):
        found[person.id] = person
        signs.setdefault(person.id, []).append(sign)
    made = []
    for id, person in found.items():
        acts = _acting(id)
        place = ", ".join(f"acts for {contact.party}" for contact in acts) or None
        elsewhere = bool(acts) and all(contact.party_id != party_id for contact in acts)
        made.append(Candidate(id, person.name, place, tuple(dict.fromkeys(signs[id])), elsewhere))
    return order(made)[:OFFERED]


def _signs_of_people(lead: Lead, party_id: int | None) -> Iterable[tuple[Party, Sign]]:
    for line in lead.contacts:
        yield line.contact.person, Sign(OWN, "behind the lead")
    for person in _persons(parties.with_email(lead.email)):
        yield person, Sign(EMAIL, SAME[EMAIL])
    named = contacts.persons_named(lead.person_name) if lead.person_name else []
    for person in _persons(parties.with_phone(lead.phone)):
        same = person in named
        yield person, Sign(PHONE if same or not lead.person_name else LIKE, SAME[PHONE])
    for person in named[:OFFERED]:
        here = any(contact.party_id == party_id for contact in _acting(person.id))
        yield person, Sign(NAME if here else LIKE, SAME[NAME])


def _persons(found: list[Party]) -> list[Party]:
    return [party for party in found if party.kind == "person"]


def _acting(person_id: int) -> list[Contact]:
    """What a person does for whom, of those that are in use."""
    acts = select(Contact).join(Party, Party.id == Contact.party_id).where(Contact.person_id == person_id)
    acts = acts.where(Contact.hidden.is_(False), Contact.archived.is_(False), *parties.PRESENT)
    return list(db.session.scalars(acts.options(joinedload(Contact.party)).order_by(Contact.id).limit(OFFERED)))


def twins_to_join(lead: Lead) -> list[Twin]:
    """The other open leads of the same mailbox or phone number, which may become the same opportunity."""
    keys = {"email_key": lead.email_key, "phone_key": lead.phone_key}
    return leads_with(keys, Lead.id != lead.id, is_open(), limit=OFFERED)


# ── Opportunities ───────────────────────────────────────────────────────────────────────────────────────────────────


def open_opportunities(party_ids: Iterable[int]) -> list[Opportunity]:
    """What is open for these parties, the latest first."""
    rows = select(Opportunity).where(Opportunity.party_id.in_(list(party_ids)), Opportunity.hidden.is_(False))
    rows = rows.where(Opportunity.archived.is_(False), Opportunity.closed_on.is_(None))
    rows = rows.options(joinedload(Opportunity.party), joinedload(Opportunity.stage))
    return list(db.session.scalars(rows.order_by(Opportunity.id.desc()).limit(OFFERED)))


def involves(opportunity_id: int, contact_id: int) -> bool:
    """Whether a contact has a part in an opportunity already."""
    lines = select(Involved.id).where(Involved.opportunity_id == opportunity_id, Involved.contact_id == contact_id)
    return db.session.scalar(lines.where(Involved.hidden.is_(False)).limit(1)) is not None


def origins(opportunity_id: int) -> list[Lead]:
    """The leads an opportunity came from, in the order they came."""
    rows = select(Lead).join(Origin, Origin.lead_id == Lead.id).where(Origin.opportunity_id == opportunity_id)
    return list(db.session.scalars(rows.where(Origin.hidden.is_(False), Lead.hidden.is_(False)).order_by(Origin.id)))


def became(lead_id: int) -> Opportunity | None:
    """The opportunity a lead led to."""
    rows = select(Opportunity).join(Origin, Origin.opportunity_id == Opportunity.id).where(Origin.lead_id == lead_id)
    return db.session.scalar(rows.where(Origin.hidden.is_(False), Opportunity.hidden.is_(False)))


def last_done(lead: Lead, limit: int = 3) -> list[Activity]:
    """What was done on a lead last."""
    rows = select(Activity).where(Activity.subject_noun == lead.noun, Activity.subject_id == lead.id)
    rows = rows.where(Activity.status == "done", Activity.hidden.is_(False), Activity.archived.is_(False))
    rows = rows.options(joinedload(Activity.type)).order_by(Activity.due_on.desc(), Activity.id.desc())
    return list(db.session.scalars(rows.limit(limit)))
