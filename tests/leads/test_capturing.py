"""Capturing a lead: a subject and a name, and whom that may be in the address book."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from p2p.campaigns.models import Campaign
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.identity.models import User
from p2p.leads.models import Lead
from p2p.parties.models import Party
from p2p.prospects.models import Prospect
from p2p.setup.queries import codes
from tests.cast import MAX, RITA, Character
from tests.visitor import Visitor

As = Callable[..., Visitor]
Who = Callable[[Character], User]


@pytest.fixture
def vogt(user: Who) -> Party:
    facts = {"name": "Vogt Antriebe AG", "city": "Zug", "email": "info@vogt.example.com"}
    party = Party.enter(facts, by=user(RITA))
    db.session.commit()
    return party


@pytest.fixture
def eva(user: Who, vogt: Party) -> Contact:
    facts = {"name": "Eva Roth", "job_title": "Buyer", "email": "eva@vogt.example.com", "phone": "044 668 18 00"}
    contact = Contact.enter(vogt, facts, by=user(RITA))
    db.session.commit()
    return contact


def leads() -> list[Lead]:
    return db.session.query(Lead).order_by(Lead.id).all()


def suggested(visitor: Visitor, **typed: str | int) -> str:
    query = "&".join(f"{name}={value}" for name, value in typed.items())
    part = visitor.visit("/profile").part_of(f"/leads/likely?{query}")
    return " ".join(part.text_content().split())


def test_a_subject_and_a_name_are_enough(as_: As, user: Who) -> None:
    visitor = as_(RITA).visit("/leads/new").fill({"Subject": "Palletiser", "Company": "Neu AG"}).submit("Capture")

    assert visitor.heading == "Palletiser"
    (lead,) = leads()
    assert (lead.who, lead.owner_id, lead.party_id, lead.status) == ("Neu AG", user(RITA).id, None, "open")


@pytest.mark.parametrize(("typed", "field"), [({"Subject": "Palletiser"}, "Company"), ({"Person": "Eva"}, "Subject")])
def test_what_is_missing_is_named_and_nothing_is_lost(as_: As, typed: dict[str, str], field: str) -> None:
    visitor = as_(RITA).visit("/leads/new").fill(typed).submit("Capture", expect=422)

    assert field in visitor.errors
    assert all(visitor.value(label) == value for label, value in typed.items())
    assert leads() == []


@pytest.mark.parametrize("email", ["eva@vogt.example.com", "EVA@VOGT.example.com", " Eva@vogt.example.com "])
def test_somebody_with_the_same_e_mail_is_shown_while_typing(as_: As, eva: Contact, email: str) -> None:
    assert "Eva Roth, Buyer, Vogt Antriebe AG same e-mail address" in suggested(as_(RITA), email=email)


@pytest.mark.parametrize("phone", ["0446681800", "%2B41 44 668 18 00", "044 / 668-18-00"])
def test_and_with_the_same_phone_number(as_: As, eva: Contact, phone: str) -> None:
    assert "Eva Roth, Buyer, Vogt Antriebe AG same phone number" in suggested(as_(RITA), phone=phone)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("vogt antriebe ag", "same name"),
        ("Vogt Antriebe GmbH", "same name but for the legal form"),
        ("Vogt Antrieb AG", "nearly the same name"),
    ],
)
def test_and_a_party_of_nearly_the_same_name(as_: As, vogt: Party, name: str, why: str) -> None:
    assert f"Vogt Antriebe AG, Zug {why}" in suggested(as_(RITA), company_name=name)


def test_a_company_domain_suggests_the_party_and_a_public_one_nobody(
    as_: As, user: Who, vogt: Party, eva: Contact
) -> None:
    Party.enter({"name": "Kranbau", "email": "kranbau@gmx.ch", "website": "kranbau.example"}, by=user(RITA))
    db.session.commit()
    visitor = as_(RITA)
    assert "Vogt Antriebe AG, Zug same e-mail domain" in suggested(visitor, email="jo@vogt.example.com")
    assert "Kranbau same e-mail domain" in suggested(visitor, email="jo@kranbau.example")
    assert suggested(visitor, email="jo@gmx.ch") == ""
    assert suggested(visitor, email="jo@notvogt.example.com") == ""


def test_a_domain_known_by_a_contact_alone_suggests_whom_they_act_for(as_: As, user: Who) -> None:
    huber = Party.enter({"name": "Huber AG"}, by=user(RITA))
    Contact.enter(huber, {"name": "Ivo Huber", "email": "ivo@huber.example"}, by=user(RITA))
    db.session.commit()
    assert "Huber AG same e-mail domain as Ivo Huber" in suggested(as_(RITA), email="jo@huber.example")


def test_blanks_and_strangers_match_nobody(as_: As, eva: Contact) -> None:
    visitor = as_(RITA)
    assert suggested(visitor, company_name="", person_name="", email="", phone="") == ""
    assert suggested(visitor, company_name="Kranbau", person_name="Jo Hug", email="jo@example.org", phone="1") == ""


def test_the_contacts_of_a_chosen_party_are_offered(as_: As, vogt: Party, eva: Contact) -> None:
    assert "Eva Roth, Buyer, Vogt Antriebe AG acts for Vogt Antriebe AG" in suggested(as_(RITA), party_id=vogt.id)


def test_without_script_who_may_be_meant_is_asked_once(as_: As, eva: Contact) -> None:
    visitor = as_(RITA).visit("/leads/new")
    visitor.fill({"Subject": "Retrofit", "Person": "E. Roth", "E-mail": "eva@vogt.example.com"})
    visitor.submit("Capture", expect=422)
    assert "Is it somebody you know?" in visitor.text
    assert leads() == []

    visitor.press("Create anyway")
    (lead,) = leads()
    assert (lead.party_id, lead.contacts, lead.person_name) == (None, [], "E. Roth")


def test_who_was_seen_while_typing_is_not_asked_about(as_: As, eva: Contact) -> None:
    visitor = as_(RITA).visit("/leads/new").fill({"Subject": "Retrofit", "E-mail": "eva@vogt.example.com"})
    visitor.fill({"Person": "E. Roth"}).submit("Capture", expect=422).submit("Capture")

    assert leads()[0].contacts == []


def test_a_party_that_is_picked_is_used_and_somebody_else_is_nobody(as_: As, vogt: Party) -> None:
    visitor = as_(RITA).visit("/leads/new").fill({"Subject": "Retrofit", "Company": "Vogt Antriebe"})
    visitor.submit("Capture", expect=422).fill({"Vogt Antriebe AG, Zug same name but for the legal form": True})
    visitor.submit("Capture")
    assert leads()[0].party_id == vogt.id

    visitor.visit("/leads/new").fill({"Subject": "Other", "Company": "Vogt Antriebe"}).submit("Capture", expect=422)
    visitor.fill({"Somebody else": True}).submit("Capture")
    assert leads()[1].party_id is None


def test_one_tick_uses_the_contact_and_the_party(as_: As, eva: Contact, vogt: Party) -> None:
    visitor = as_(RITA).visit("/leads/new").fill({"Subject": "Retrofit", "E-mail": "eva@vogt.example.com"})
    visitor.fill({"Person": "E. Roth"}).submit("Capture", expect=422)
    label = "Eva Roth, Buyer, Vogt Antriebe AG same e-mail address"
    visitor.fill({label: True}).submit("Capture")

    (lead,) = leads()
    assert (lead.party_id, [line.contact_id for line in lead.contacts]) == (vogt.id, [eva.id])
    assert "Eva Roth contact on a lead" in visitor.visit(f"/history/timeline/lead/{lead.id}").text


def test_a_lead_that_is_there_already_is_shown(as_: As, user: Who) -> None:
    first = Lead.capture({"subject": "Retrofit", "person_name": "Jo", "email": "Jo@Example.org"}, by=user(MAX))
    db.session.commit()
    shown = suggested(as_(RITA), email="jo@example.org")
    assert f"There is already a lead: Retrofit {first.number}, Jo, Max Keller: same e-mail address" in shown


@pytest.mark.parametrize("noun", ["party", "contact", "prospect"])
def test_from_the_page_of_a_record_in_one_step(as_: As, user: Who, vogt: Party, eva: Contact, noun: str) -> None:
    kind = {"type_id": codes("prospect_type")[0][0], "currency": "CHF"}
    prospect = Prospect.make(vogt, kind, by=user(RITA))
    db.session.commit()
    page = {"party": f"/parties/{vogt.id}", "contact": f"/contacts/{eva.id}", "prospect": f"/prospects/{prospect.id}"}
    as_(RITA).visit(page[noun]).click("New lead").fill({"Subject": "Spare parts"}).submit("Capture")

    (lead,) = leads()
    assert lead.party_id == vogt.id
    assert "Spare parts" in as_(RITA).visit(f"/leads/?{noun}={eva.id if noun == 'contact' else vogt.id}").text
    assert [line.contact_id for line in lead.contacts] == ([eva.id] if noun == "contact" else [])


def test_capturing_several_in_a_row_keeps_the_source(as_: As, user: Who) -> None:
    fair = Campaign.start({"name": "Fair in Basel"}, by=user(MAX))
    db.session.commit()
    visitor = as_(RITA).visit("/leads/new")
    visitor.fill({"Subject": "First", "Company": "Abc AG", "Source": "Event", "Campaign": "Fair in Basel"})
    visitor.fill({"Owner": "Max Keller"}).submit("Save and next")
    assert (visitor.value("Source"), visitor.value("Subject")) == (str(leads()[0].source_id), "")
    visitor.fill({"Subject": "Second", "Company": "Xyz AG"}).submit("Capture")

    assert [(lead.source.name, lead.campaign_id, lead.owner_id) for lead in leads() if lead.source] == [
        ("Event", fair.id, user(MAX).id)
    ] * 2


def test_a_number_is_given_once(as_: As) -> None:
    visitor = as_(RITA).visit("/leads/new")
    visitor.fill({"Subject": "First", "Company": "Abc AG", "Number": "L-7"}).submit("Capture")
    visitor.visit("/leads/new").fill({"Subject": "Second", "Company": "Xyz AG", "Number": "L-7"})
    visitor.submit("Capture", expect=422)

    assert "already belongs to “First”" in visitor.errors["Number optional"]
    assert len(leads()) == 1
