"""The triage: one lead after the other, newest first, each decided in a step or two."""

from datetime import timedelta

import pytest

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.leads.models import Lead
from p2p.opportunities.qualifying.queries import became
from p2p.setup.queries import reasons
from tests.cast import MAX, RITA, ROLF, VERA


@pytest.fixture
def leads(rita, user):
    """Old, middle and new: Rita's and nobody's; and one that is Rolf's."""
    made = {}
    for days, (name, owner) in enumerate({"Old": rita, "Middle": None, "New": rita, "Rolf’s": user(ROLF)}.items()):
        facts = {"subject": name, "company_name": f"{name} AG", "opened_on": today() - timedelta(9 - days)}
        made[name] = Lead.capture(facts | {"owner_id": owner and owner.id}, by=rita)
    db.session.commit()
    return made


def test_the_newest_comes_first_and_what_is_decided_gives_way_to_the_next(as_, leads):
    visitor = as_(RITA).visit("/leads/triage")
    assert "New" in visitor.text
    assert "3 left, yours and nobody’s" in visitor.text
    visitor.click("Qualify q").submit("Qualify", Contact="No contact")
    assert visitor.url.startswith("/leads/triage")
    assert "Middle AG" in visitor.text
    visitor.click("Disqualify d").submit("Disqualify", Reason="No budget")
    assert "Old AG" in visitor.text
    visitor.click("Postpone p").submit("Postpone", **{"Wake up on": (today() + timedelta(7)).isoformat()})
    assert "Nothing waits to be decided" in visitor.text
    db.session.expire_all()
    assert [leads[name].status for name in leads] == ["postponed", "not_qualified", "qualified", "open"]


def test_with_script_the_next_one_takes_its_place_on_the_page(as_, leads):
    visitor = as_(RITA, htmx=True).visit("/leads/triage")
    visitor.click("Qualify q").submit("Qualify", Contact="No contact")
    assert "New is qualified" in visitor.toast
    assert "Middle AG" in visitor.text
    assert "2 left" in visitor.text


def test_what_is_skipped_is_there_again_at_the_beginning(as_, leads):
    visitor = as_(RITA).visit("/leads/triage").click("Skip s")
    assert "Middle AG" in visitor.text
    visitor.click("Skip s").click("Skip s")
    assert "That was the last one" in visitor.text
    visitor.click("Begin again")
    assert "New AG" in visitor.text


def test_everybodys_leads_are_triaged_on_request(as_, leads):
    visitor = as_(RITA).visit("/leads/triage").click("Everybody’s")
    assert "Rolf’s AG" in visitor.text
    assert "4 left" in visitor.text
    visitor.click("Skip s")
    assert "New AG" in visitor.text


def test_what_woke_up_is_triaged_and_what_sleeps_is_not(as_, leads, rita):
    for name, days in (("New", 0), ("Middle", 3)):
        leads[name].postpone(today() + timedelta(1), by=rita)
        leads[name].edit({"wake_on": today() + timedelta(days)}, by=rita)
    db.session.commit()
    visitor = as_(RITA).visit("/leads/triage")
    assert "New AG" in visitor.text
    assert "woke up" in visitor.text
    visitor.click("Skip s")
    assert "Old AG" in visitor.text


def test_all_that_is_known_is_shown(as_, rita):
    facts = {"subject": "Palletiser", "person_name": "Jana Nowak", "email": "jana@nowak.example", "source_note": "Fair"}
    lead = Lead.capture(facts | {"phone": "044 668 18 00", "description": "Two shifts"}, by=rita)
    twin = Lead.capture({"subject": "Same again", "email": "JANA@nowak.example"}, by=rita)
    twin.disqualify(reasons("disqualified", "leads")[0], by=rita)
    Activity.log(lead, {"purpose": "Called back", "due_on": today(), "notes": "She is on leave"}, by=rita)
    Activity.plan(lead, {"purpose": "Call again", "due_on": today() + timedelta(3)}, by=rita)
    db.session.commit()
    visitor = as_(RITA).visit("/leads/triage")
    wanted = ["Palletiser", "Jana Nowak", "Two shifts", "Fair", "Called back", "She is on leave", "Call again"]
    for words in (*wanted, f"{twin.number} Same again", "same e-mail address", "not qualified"):
        assert words in visitor.text


def test_a_lead_that_is_known_already_is_merged_into_its_twin(as_, rita):
    twin = Lead.capture({"subject": "First", "email": "jana@nowak.example"}, by=rita)
    lead = Lead.capture({"subject": "Again", "email": "jana@nowak.example", "company_name": "Nowak AG"}, by=rita)
    call = Activity.plan(lead, {"purpose": "Call", "due_on": today()}, by=rita)
    db.session.commit()
    visitor = as_(RITA).visit("/leads/triage")
    visitor.click("Merge into m").submit("Merge")
    assert "First" in visitor.text
    db.session.expire_all()
    assert (lead.hidden, twin.company_name, call.about()) == (True, "Nowak AG", ("lead", twin.id))
    visitor.press("Undo")
    db.session.expire_all()
    assert (lead.hidden, twin.company_name, call.about()) == (False, None, ("lead", lead.id))


def test_a_lead_is_merged_into_another_one_by_its_number_but_not_into_a_colleagues(as_, leads, user):
    visitor = as_(RITA).visit("/leads/triage").click("Merge into m")
    assert "No likely twins." in visitor.text
    assert "The one that stays" not in visitor.text
    visitor.submit("Merge", expect=422)
    assert "Please choose the one that stays" in visitor.text
    visitor.submit("Merge", expect=422, **{"Another lead": leads["Rolf’s"].number})
    assert "is Rolf Weber’s" in visitor.text
    visitor.submit("Merge", expect=422, **{"Another lead": "L-1"})
    assert "No lead has “L-1”" in visitor.text
    visitor.submit("Merge", expect=422, **{"Another lead": leads["New"].number})
    assert "this very lead" in visitor.text
    visitor.submit("Merge", **{"Another lead": leads["Old"].number.lower()})
    db.session.expire_all()
    assert leads["New"].hidden


@pytest.mark.parametrize("htmx", [False, True])
def test_words_show_the_leads_that_hold_them_and_merge_none_by_themselves(as_, leads, rita, htmx):
    for subject in ("Robot cell", "Robot arm"):
        Lead.capture({"subject": subject, "company_name": "Vogt", "opened_on": today() - timedelta(30)}, by=rita)
    db.session.commit()
    visitor = as_(RITA, htmx=htmx).visit("/leads/triage").click("Merge into m")
    visitor.submit("Merge", expect=422, **{"Another lead": "robot"})
    assert "“robot” fits these leads." in visitor.text
    visitor.submit("Merge", expect=422)
    assert "Please choose the one that stays." in visitor.text
    visitor.submit("Merge", expect=422, **{"Another lead": "ARM"})
    assert "“ARM” fits this lead." in visitor.text
    assert not leads["New"].hidden
    visitor.submit("Merge", expect=422, **{"Another lead": "rolf"})
    visitor.submit("Merge", expect=422)
    assert "Rolf’s · Rolf’s AG · open" in visitor.text  # still in sight where it is said why not
    visitor.submit("Merge", expect=422, **{"Another lead": "ARM"})
    visitor.submit("Merge")
    db.session.expire_all()
    assert leads["New"].hidden
    assert "New was merged into" in visitor.toast


def test_two_who_triage_at_once_do_not_decide_twice(as_, leads):
    first, second = as_(RITA), as_(MAX)
    for visitor in (first, second):
        visitor.visit("/leads/triage", who="all").click("Skip s").click("Qualify q")
    first.submit("Qualify", Contact="No contact")
    second.submit("Qualify", expect=409, Contact="No contact")
    assert "New is qualified already" in second.text
    second.visit("/leads/triage", who="all").click("Skip s")
    assert "Middle AG" in second.text
    assert became(leads["New"].id)


def test_a_viewer_looks_but_decides_nothing(as_, leads):
    visitor = as_(VERA).visit("/leads/triage", who="all")
    assert "Rolf’s AG" in visitor.text
    assert not {"Qualify q", "Merge into m", "Disqualify d", "Postpone p"} & set(dict(visitor.links))
    assert "Skip s" in dict(visitor.links)


@pytest.mark.parametrize("after", ["x", "2026-13-01.1", "2026-11-25.-1", "2026-11-25", ".", f"2026-11-25.{10**16}"])
def test_an_address_that_makes_no_sense_begins_at_the_beginning(as_, leads, after):
    assert "New AG" in as_(RITA).visit("/leads/triage", after=after).text
