"""The page of one lead, as people use it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from p2p.campaigns.models import Campaign
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.filters import today
from p2p.identity.models import User
from p2p.leads.models import Lead
from p2p.parties.models import Party
from p2p.setup.queries import reasons
from tests.cast import MAX, RITA, VERA, Character
from tests.visitor import Visitor

As = Callable[..., Visitor]
Who = Callable[[Character], User]


@pytest.fixture
def vogt(user: Who) -> Party:
    return Party.enter({"name": "Vogt Antriebe AG", "city": "Zug"}, by=user(RITA))


@pytest.fixture
def lead(user: Who, vogt: Party) -> Lead:
    facts = {"subject": "Retrofit of line 3", "party_id": vogt.id, "person_name": "Eva Roth", "phone": "044 668 18 00"}
    captured = Lead.capture(facts, by=user(RITA))
    db.session.commit()
    return captured


def at(lead: Lead) -> str:
    return f"/leads/{lead.id}"


def test_the_head_says_who_and_where_it_stands(as_: As, user: Who, lead: Lead) -> None:
    lead.edit({"opened_on": today() - timedelta(12)}, by=user(RITA))
    db.session.commit()
    visitor = as_(VERA).visit(at(lead))

    assert visitor.heading == "Retrofit of line 3"
    for words in ("Vogt Antriebe AG", "Status Open", "Age 12 days", "Rating not rated", "Owner Rita Sommer"):
        assert words in visitor.text


def test_one_fact_is_changed_in_place(as_: As, lead: Lead) -> None:
    as_(RITA).visit(at(lead)).click("Change rating").fill({"Rating": "Hot"}).submit("Save")

    assert lead.rating is not None
    assert lead.rating.name == "Hot"


def test_a_source_says_what_it_refers_to(as_: As, user: Who, lead: Lead) -> None:
    Campaign.start({"name": "Fair in Basel"}, by=user(MAX))
    Party.enter({"name": "Huber Maschinen"}, by=user(MAX))
    db.session.commit()
    visitor = as_(RITA).visit(at(lead)).click("Change source")
    visitor.fill({"Source": "Customer", "Recommended by": "Huber Maschinen", "Brought by": "Max Keller"})
    visitor.fill({"Campaign": "Fair in Basel", "About the source": "Hall 2"}).submit("Save")

    for words in ("Customer", "Recommended by Huber Maschinen", "Brought by Max Keller", "Campaign Fair in Basel"):
        assert words in visitor.text
    assert "Hall 2" in visitor.text


def test_everything_is_changed_on_one_form_but_not_what_somebody_else_changed(as_: As, user: Who, lead: Lead) -> None:
    mine = as_(RITA).visit(at(lead)).click("Edit").fill({"Subject": "Retrofit of lines 3 and 4"})
    lead.edit({"email": "eva@vogt.example"}, by=user(MAX))
    db.session.commit()
    mine.submit("Save")
    db.session.refresh(lead)
    assert (lead.subject, lead.email) == ("Retrofit of lines 3 and 4", "eva@vogt.example")

    mine = as_(RITA).visit(f"{at(lead)}/edit").fill({"Subject": "Mine"})
    lead.edit({"subject": "Theirs"}, by=user(MAX))
    db.session.commit()
    mine.submit("Save", expect=409)
    assert "Theirs" in mine.text
    assert "Mine" in mine.text


def test_the_number_stays(as_: As, lead: Lead) -> None:
    assert "Number" not in as_(RITA).visit(f"{at(lead)}/edit").text


def test_a_contact_of_the_party_is_added_and_removed(as_: As, user: Who, lead: Lead, vogt: Party) -> None:
    Contact.enter(vogt, {"name": "Eva Roth", "job_title": "Head of production"}, by=user(RITA))
    db.session.commit()
    visitor = as_(RITA).visit(at(lead)).click("Add a contact").fill({"Contact": "eva röth"}).submit("Add")
    assert [str(line.contact) for line in lead.contacts] == ["Eva Roth"]

    visitor.click("Add a contact").fill({"Contact": "Eva Roth"}).submit("Add", expect=422)
    assert "contact of this lead already" in visitor.errors["Contact"]

    visitor.visit(at(lead)).press("Remove Eva Roth")
    db.session.expire_all()
    assert lead.contacts == []


def test_namesakes_are_told_apart(as_: As, user: Who, lead: Lead, vogt: Party) -> None:
    other = Party.enter({"name": "Huber AG"}, by=user(RITA))
    first, second = (Contact.enter(party, {"name": "Eva Roth"}, by=user(RITA)) for party in (vogt, other))
    db.session.commit()
    visitor = as_(RITA).visit(f"{at(lead)}/contacts").fill({"Contact": "Eva Roth"}).submit("Add", expect=422)
    assert f"Eva Roth (#{first.id}) of Vogt Antriebe AG" in visitor.errors["Contact"]

    visitor.fill({"Contact": f"Eva Roth (#{second.id})"}).submit("Add")
    assert [line.contact_id for line in lead.contacts] == [second.id]


def test_somebody_new_takes_over_what_the_lead_knows(as_: As, lead: Lead) -> None:
    visitor = as_(RITA).visit(at(lead)).click("New contact")
    assert (visitor.value("Name"), visitor.value("Acts for")) == ("Eva Roth", "Vogt Antriebe AG")
    visitor.fill({"Job title": "Buyer"}).submit("Create")

    (line,) = lead.contacts
    assert (line.contact.name, line.contact.job_title, str(line.contact.party)) == (
        "Eva Roth",
        "Buyer",
        "Vogt Antriebe AG",
    )
    assert db.session.query(Contact).count() == 1


def test_other_leads_of_the_party_are_shown_with_the_reason(as_: As, user: Who, lead: Lead, vogt: Party) -> None:
    earlier = Lead.capture({"subject": "Spare parts", "party_id": vogt.id}, by=user(MAX))
    Lead.capture({"subject": "Of somebody else", "person_name": "Eva Roth"}, by=user(MAX))
    earlier.disqualify(reasons("disqualified", "leads")[0], by=user(MAX))
    db.session.commit()
    visitor = as_(VERA).visit(at(lead))

    assert f"Spare parts {earlier.number}, not qualified: same party" in visitor.text
    assert "Of somebody else" not in visitor.text
    assert "Merge" not in visitor.text
    as_(MAX).visit(at(lead)).click("Merge with Spare parts")


def test_a_closed_lead_says_why(as_: As, user: Who, lead: Lead) -> None:
    no_need = next(r for r in reasons("disqualified", "leads") if r.name == "No need")
    lead.edit({"opened_on": date(2026, 1, 1)}, by=user(RITA))
    lead.disqualify(no_need, note="Bought elsewhere", by=user(RITA))
    db.session.commit()
    visitor = as_(VERA).visit(at(lead))

    assert "Status Not qualified" in visitor.text
    assert ": No need — Bought elsewhere" in visitor.text
