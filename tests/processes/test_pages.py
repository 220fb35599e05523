"""The checklist as people meet it, on the page of a lead and of an opportunity, with and without script."""

import pytest

from p2p.db import db
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup import queries
from p2p.setup.models import Step
from tests.cast import MAX, RITA, VERA
from tests.processes import activities_on

PLAIN_AND_HTMX = pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])


@pytest.fixture
def lead(app, user):
    made = Lead.capture({"subject": "Robot cell"}, by=user(RITA))
    db.session.commit()
    return made


@pytest.fixture
def deal(app, user):
    """An opportunity in the first stage of an enforced process that asks for a site visit there."""
    first = queries.stages()[0]
    Step.add({"stage_id": first.id, "name": "Visit the site", "required": True}, by=user(MAX))
    first.process.edit({"enforced": True}, by=user(MAX))
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    made = Opportunity.open({"subject": "Palletiser", "party_id": party.id, "stage_id": first.id}, by=user(RITA))
    db.session.commit()
    return made


@PLAIN_AND_HTMX
def test_a_lead_is_taken_through_its_process_on_its_page(as_, lead, htmx):
    page = as_(RITA, htmx=htmx).visit(f"/leads/{lead.id}")
    assert "0 of 4 steps done" in page.text
    assert "not done yet: Call to introduce ourselves" in page.text
    page.press("Done Call to introduce ourselves")
    assert "“Call to introduce ourselves” is done." in page.toast
    page.visit(f"/leads/{lead.id}")
    assert "1 of 4 steps done" in page.text
    page.press("On to Need")
    assert "Robot cell is in Need now." in page.toast
    page.visit(f"/leads/{lead.id}")
    assert [each.purpose for each in activities_on(lead) if each.status == "open"] == [
        "Understand need and budget",
        "Find out who decides",
    ]
    page.press("Reopen Call to introduce ourselves")
    assert "is open again" in page.toast
    assert "Undo" in page.toast


@PLAIN_AND_HTMX
def test_going_on_in_spite_of_advice_is_said(as_, lead, htmx):
    page = as_(RITA, htmx=htmx).visit(f"/leads/{lead.id}").press("On to Need")
    assert "Robot cell is in Need now. Not done yet: Call to introduce ourselves." in page.toast
    page.press("Undo")
    db.session.refresh(lead)
    assert lead.stage.name == "First contact"
    assert [activity.purpose for activity in activities_on(lead)] == ["Call to introduce ourselves"]


def test_what_is_not_planned_is_planned_with_one_button(as_, lead, user):
    activities_on(lead)[0].archive(by=user(RITA))
    db.session.commit()
    page = as_(RITA).visit(f"/processes/lead/{lead.id}")
    assert "not planned" in page.text
    page.press("Plan 1 step")
    assert "“Call to introduce ourselves” was planned." in page.toast


def test_viewers_see_it_and_change_nothing(as_, lead):
    page = as_(VERA).visit(f"/leads/{lead.id}")
    assert "Call to introduce ourselves" in page.text
    assert not [words for words in page.buttons if words.startswith(("Done", "On to", "Plan", "Reopen"))]


def test_a_lead_without_a_process_shows_no_checklist(as_, user, app):
    lead = Lead.capture({"subject": "Robot cell", "process_id": None}, by=user(RITA))
    db.session.commit()
    assert "steps done" not in as_(RITA).visit(f"/leads/{lead.id}").text
    as_(RITA).visit(f"/processes/lead/{lead.id}", expect=404)
    as_(RITA).visit("/processes/party/1", expect=404)
    as_(RITA).visit("/processes/step/1", expect=404)


@PLAIN_AND_HTMX
def test_a_lead_changes_its_process(as_, lead, user, htmx):
    queries.qualification().copy("Fairs", by=user(MAX)).bring_back(by=user(MAX))
    db.session.commit()
    page = as_(RITA, htmx=htmx).visit(f"/leads/{lead.id}")
    page.click("Another process").submit("Follow it", Process="no process")
    assert "Robot cell follows no process any more." in page.toast
    page.visit(f"/leads/{lead.id}").click("Choose a qualification process").submit("Follow it", Process="Fairs")
    assert "Robot cell follows Fairs now." in page.toast
    db.session.refresh(lead)
    assert (lead.process.name, lead.stage.name) == ("Fairs", "First contact")


def test_an_opportunity_shows_the_steps_of_its_stages_if_there_are_any(as_, deal):
    page = as_(RITA).visit(f"/opportunities/{deal.id}")
    assert "Visit the site" in page.text
    page.press("Done Visit the site")
    page.visit(f"/opportunities/{deal.id}").press("On to Develop")
    assert "Palletiser is in Develop now." in page.toast


@PLAIN_AND_HTMX
def test_every_way_on_asks_for_what_is_required(as_, deal, htmx):
    """P12: where required steps are enforced, a stage that cannot be reached yet is refused, and the words say why."""
    page, second, why = as_(RITA, htmx=htmx), queries.stages()[1].id, "Visit the site"
    facts = {"version": deal.version, "stage_id": second}
    page.visit(f"/opportunities/{deal.id}")
    for door in (f"/opportunities/{deal.id}/stage", f"/processes/opportunity/{deal.id}/stage"):
        page.post(door, facts, expect=409)
        assert why in (page.toast or page.text)
    card = {"stage": second, "probability": 10, "prognosis": "", "version": deal.version}
    page.visit("/board").post(f"/board/cards/{deal.id}", card, expect=409)
    assert why in page.text
    page.visit(f"/opportunities/{deal.id}").visit(f"/opportunities/{deal.id}/edit")
    page.submit("Save", expect=422, Stage="Develop", Subject="Palletiser two")
    assert why in page.text
    assert htmx or page.value("Subject") == "Palletiser two"  # in a dialog above the page it is kept likewise
    db.session.refresh(deal)
    assert (deal.stage.name, deal.subject) == ("Qualify", "Palletiser")


def test_a_stage_that_somebody_else_changed_meanwhile_is_not_overrun(as_, lead, user):
    _, second, third = lead.process.stages()
    version = lead.version
    lead.move(second, by=user(MAX))
    db.session.commit()
    page = as_(RITA).visit(f"/leads/{lead.id}")
    page.post(f"/processes/lead/{lead.id}/stage", {"version": version, "stage_id": third.id}, expect=409)
    page.visit(f"/leads/{lead.id}").post(
        f"/processes/lead/{lead.id}/stage", {"version": lead.version, "stage_id": queries.stages()[0].id}, expect=422
    )
    db.session.refresh(lead)
    assert lead.stage is second
