"""Copying a lead: who it is goes along, the rest where it is ticked, and never what closed it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from p2p.activities.models import Activity
from p2p.attachments.models import Attachment
from p2p.attachments.queries import on as files_on
from p2p.campaigns.models import Campaign
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.filters import today
from p2p.history.log import Operation
from p2p.identity.models import User
from p2p.leads.copying.copies import work_of
from p2p.leads.models import Lead
from p2p.parties.models import Party
from p2p.setup.queries import codes, reasons
from tests.cast import MAX, RITA, VERA, Character
from tests.visitor import Visitor

As = Callable[..., Visitor]
Who = Callable[[Character], User]


@pytest.fixture
def lead(user: Who) -> Lead:
    by = user(MAX)
    vogt = Party.enter({"name": "Vogt Antriebe AG"}, by=by)
    eva = Contact.enter(vogt, {"name": "Eva Roth"}, by=by)
    fair = Campaign.start({"name": "Fair"}, by=by)
    facts = {"subject": "Retrofit", "party_id": vogt.id, "person_name": "Eva Roth", "email": "eva@vogt.example.com"}
    facts |= {"source_id": codes("source")[0][0], "campaign_id": fair.id, "source_note": "Hall 2"}
    facts |= {"rating_id": codes("lead_rating")[2][0], "description": "Three lines, *soon*"}
    lead = Lead.capture(facts, contacts=[eva], by=by)
    Activity.plan(lead, {"purpose": "Call Eva", "due_on": today() + timedelta(2)}, by=by)
    Activity.log(lead, {"purpose": "Met at the fair", "due_on": today()}, by=by)
    sheet = {"name": "layout.pdf", "media_type": "application/pdf", "size": 4, "digest": "0" * 64}
    Attachment.attach(lead, [sheet], by=by)
    lead.disqualify(reasons("disqualified", "leads")[0], note="Later perhaps", by=by)
    db.session.commit()
    return lead


def the_copy(lead: Lead) -> Lead:
    return db.session.query(Lead).filter(Lead.id != lead.id).one()


def test_a_copy_has_the_people_and_the_words_but_a_life_of_its_own(as_: As, user: Who, lead: Lead) -> None:
    visitor = as_(RITA).visit(f"/leads/{lead.id}").click("Copy").fill({"Subject": "Retrofit, second try"})
    visitor.submit("Copy it")

    made = the_copy(lead)
    assert visitor.heading == "Retrofit, second try"
    assert (made.party_id, made.person_name, made.email) == (lead.party_id, "Eva Roth", "eva@vogt.example.com")
    assert ([line.contact_id for line in made.contacts], made.rating_id, made.description) == (
        [line.contact_id for line in lead.contacts],
        lead.rating_id,
        lead.description,
    )
    assert (made.owner_id, made.status, made.closed_on, made.reason_id, made.outcome_note) == (
        user(RITA).id,
        "open",
        None,
        None,
        None,
    )
    assert made.number != lead.number
    assert (made.source_id, made.campaign_id, made.source_note) == (None, None, None)
    assert (work_of(made), files_on("lead", made.id, limit=9)) == ([], [])


def test_everything_that_is_ticked_goes_along(as_: As, lead: Lead) -> None:
    visitor = as_(RITA).visit(f"/leads/{lead.id}/copy")
    visitor.fill({"Source and campaign": True, "Open activities": True, "Files": True}).submit("Copy it")

    made = the_copy(lead)
    assert (made.source_id, made.campaign_id, made.source_note) == (lead.source_id, lead.campaign_id, "Hall 2")
    assert [(each.purpose, each.due_on) for each in work_of(made)] == [("Call Eva", today() + timedelta(2))]
    assert [file.name for file in files_on("lead", made.id, limit=9)] == ["layout.pdf"]


def test_nothing_that_is_not_ticked(as_: As, lead: Lead) -> None:
    visitor = as_(RITA).visit(f"/leads/{lead.id}/copy")
    visitor.fill({"Contacts": False, "Description": False, "Type, priority and rating": False}).submit("Copy it")

    made = the_copy(lead)
    assert (made.contacts, made.description, made.rating_id) == ([], None, None)


def test_it_is_one_operation_with_one_undo(as_: As, lead: Lead) -> None:
    visitor = as_(RITA).visit(f"/leads/{lead.id}/copy").fill({"Open activities": True, "Files": True})
    before = db.session.query(Operation).count()
    visitor.submit("Copy it")
    assert db.session.query(Operation).count() == before + 1

    visitor.press("Undo", within="was copied to")
    db.session.expire_all()
    made = the_copy(lead)
    assert made.hidden
    assert work_of(made) == []


def test_only_what_there_is_can_be_ticked(as_: As, user: Who) -> None:
    bare = Lead.capture({"subject": "Bare", "company_name": "Abc"}, by=user(RITA))
    db.session.commit()
    visitor = as_(RITA).visit(f"/leads/{bare.id}/copy")
    for label in ("Type, priority", "Source and campaign", "Open activities", "Description", "to take along"):
        assert label not in visitor.text
    visitor.submit("Copy it")
    assert the_copy(bare).company_name == "Abc"


def test_a_copy_needs_a_subject(as_: As, lead: Lead) -> None:
    visitor = as_(RITA).visit(f"/leads/{lead.id}/copy").fill({"Subject": " "}).submit("Copy it", expect=422)
    assert "Subject" in visitor.errors
    assert db.session.query(Lead).count() == 1


def test_who_may_not_capture_may_not_copy(as_: As, lead: Lead) -> None:
    as_(VERA).visit(f"/leads/{lead.id}/copy", expect=403)
