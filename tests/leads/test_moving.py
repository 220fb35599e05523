"""The status in the row and the doors behind it: what each move asks for, and why one is refused."""

from datetime import timedelta

import pytest

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import the_format, today
from p2p.leads.models import Lead
from p2p.setup.queries import codes, reasons
from tests.cast import MAX, RITA, VERA


@pytest.fixture
def lead(rita):
    captured = Lead.capture({"subject": "Robot cell", "process_id": None}, by=rita)
    db.session.commit()
    return captured


def now_is(lead):
    db.session.expire_all()
    return db.session.get_one(Lead, lead.id)


def in_the_list(visitor, which=None):
    return visitor.visit("/leads/", **({"which": which} if which else {}))


def iso(days):
    return (today() + timedelta(days)).isoformat()


# ── Facts in the row ────────────────────────────────────────────────────────────────────────────────────────────────


def test_owner_rating_and_priority_are_changed_in_the_row(as_, lead, user):
    visitor = in_the_list(as_(RITA))
    row = {"Owner of Robot cell": "Max Keller", "Rating of Robot cell": "Hot", "Priority of Robot cell": "High"}
    visitor.fill(row).submit("Save Robot cell")
    assert visitor.toast.startswith("Robot cell was saved.")
    found = now_is(lead)
    assert (found.owner.name, found.rating.name, found.priority.name) == ("Max Keller", "Hot", "High")


def test_what_was_changed_in_a_row_is_one_operation(as_, lead):
    visitor = in_the_list(as_(RITA))
    visitor.fill({"Owner of Robot cell": "Max Keller", "Rating of Robot cell": "Hot"}).submit("Save Robot cell")
    visitor.press("Undo")
    assert (now_is(lead).owner.name, now_is(lead).rating) == ("Rita Sommer", None)


def test_different_facts_of_two_people_merge_and_the_same_is_refused_with_the_true_row(as_, lead, user):
    visitor = in_the_list(as_(RITA))
    now_is(lead).edit({"rating_id": codes("lead_rating")[0][0]}, by=user(MAX))
    db.session.commit()
    visitor.fill({"Priority of Robot cell": "Low"}).submit("Save Robot cell")
    assert (now_is(lead).rating.name, now_is(lead).priority.name) == ("Cold", "Low")
    now_is(lead).edit({"rating_id": codes("lead_rating")[1][0]}, by=user(MAX))
    db.session.commit()
    visitor.fill({"Rating of Robot cell": "Hot"}).submit("Save Robot cell", expect=409)
    assert "was changed meanwhile" in visitor.text
    assert visitor.value("Rating of Robot cell") == str(codes("lead_rating")[1][0])
    assert now_is(lead).rating.name == "Warm"


def test_somebody_who_only_reads_gets_no_menus(as_, lead):
    visitor = in_the_list(as_(VERA))
    assert not visitor.page.xpath("//tbody//select")
    visitor.post(f"/leads/{lead.id}/row", {"version": 1}, expect=403)


# ── The status in the row ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_lead_is_postponed_from_its_row(as_, lead):
    visitor = in_the_list(as_(RITA))
    visitor.fill({"Status of Robot cell": "Postponed …"}).submit("Save Robot cell")
    assert visitor.heading == "Postpone Robot cell"
    visitor.submit("Postpone", **{"Wake up on": iso(30), "Note": "After the fair"})
    assert visitor.url == "/leads/"
    assert f"Robot cell sleeps until {the_format().date(today() + timedelta(30))}." in visitor.toast
    assert (now_is(lead).status, now_is(lead).outcome_note) == ("postponed", "After the fair")


def test_postponing_takes_one_of_the_near_days_as_it_is(as_, lead):
    visitor = as_(RITA).visit(f"/leads/{lead.id}/postponement")
    visitor.submit("Postpone")
    assert now_is(lead).wake_on == today() + timedelta(7)
    visitor.visit(f"/leads/{lead.id}/postponement")  # asleep already: again, for longer
    fortnight = today() + timedelta(14)
    visitor.submit("Postpone", **{"Sleep for": f"2 weeks · {the_format().day(fortnight)}"})
    assert now_is(lead).wake_on == fortnight


def test_postponing_without_any_day_is_refused(as_, lead):
    visitor = as_(RITA)
    for sent in ({}, {"soon": iso(0)}, {"soon": "later"}):
        visitor.post(f"/leads/{lead.id}/postponement", {"version": lead.version} | sent, expect=422)
        assert "Please choose how long, or give a day after today." in visitor.text
    assert now_is(lead).status == "open"


@pytest.mark.parametrize("day", [iso(0), iso(-3), "soon"])
def test_postponing_wants_a_day_to_come(as_, lead, day):
    visitor = as_(RITA).visit(f"/leads/{lead.id}/postponement")
    visitor.submit("Postpone", **{"Wake up on": day, "Note": "kept"}, expect=422)
    assert "Wake up on optional" in visitor.errors
    assert visitor.value("Note") == "kept"
    assert now_is(lead).status == "open"


def test_a_sleeping_lead_is_open_again_at_once(as_, lead, rita):
    lead.postpone(today() + timedelta(9), by=rita)
    db.session.commit()
    visitor = in_the_list(as_(RITA), "postponed")
    visitor.fill({"Status of Robot cell": "Open"}).submit("Save Robot cell")
    assert visitor.toast.startswith("Robot cell is open.")
    assert (now_is(lead).status, now_is(lead).wake_on) == ("open", None)


def test_a_lead_is_disqualified_from_its_row_and_stays_searchable(as_, lead):
    visitor = in_the_list(as_(RITA))
    visitor.fill({"Status of Robot cell": "Not qualified …"}).submit("Save Robot cell")
    visitor.submit("Disqualify", Reason="No budget")
    assert visitor.toast.startswith("Robot cell is not qualified.")
    assert now_is(lead).status == "not_qualified"
    assert "Robot cell" not in in_the_list(as_(RITA)).page.xpath("string(//main)")
    assert "No budget" in in_the_list(visitor, "not_qualified").text


def test_disqualifying_wants_a_reason_and_other_a_note(as_, lead):
    visitor = as_(RITA).visit(f"/leads/{lead.id}/disqualification")
    visitor.submit("Disqualify", expect=422)
    assert "Please choose a reason." in visitor.errors["Reason"]
    visitor.submit("Disqualify", Reason="Other", expect=422)
    assert "needs a note" in visitor.errors["Note optional"]
    assert now_is(lead).status == "open"


def test_disqualifying_offers_to_finish_what_is_planned(as_, lead, rita):
    call = Activity.plan(lead, {"purpose": "Call Jana", "due_on": today()}, by=rita)
    db.session.commit()
    visitor = as_(RITA).visit(f"/leads/{lead.id}/disqualification")
    assert "Call Jana" in visitor.text
    visitor.submit("Disqualify", Reason="No budget")
    db.session.expire_all()
    assert db.session.get_one(Activity, call.id).status == "done"


def test_a_disqualified_lead_is_reopened_and_its_outcome_cleared(as_, lead, rita):
    lead.disqualify(reasons("disqualified", "leads")[0], by=rita)
    db.session.commit()
    visitor = in_the_list(as_(RITA), "not_qualified")
    visitor.fill({"Status of Robot cell": "Open"}).submit("Save Robot cell")
    found = now_is(lead)
    assert (found.status, found.reason_id, found.closed_on) == ("open", None, None)


# ── Refusals ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_converted_lead_is_not_reopened_but_its_subject_is_corrected(as_, lead, rita):
    lead.qualify(converted=True, by=rita)
    db.session.commit()
    visitor = in_the_list(as_(RITA), "qualified")
    visitor.post(f"/leads/{lead.id}/row", {"version": now_is(lead).version, "move": "reactivate"}, expect=409)
    assert "Robot cell is converted, so it cannot be reactivated." in visitor.text
    visitor.visit("/leads/?which=qualified").post(f"/leads/{lead.id}/reactivation", expect=409)
    assert "it cannot be reactivated" in visitor.text
    assert now_is(lead).status == "qualified"


def test_a_row_whose_lead_was_moved_meanwhile_is_refused_with_the_true_row(as_, lead, user):
    visitor = in_the_list(as_(RITA), "all")
    now_is(lead).postpone(today() + timedelta(9), by=user(MAX))
    db.session.commit()
    visitor.fill({"Status of Robot cell": "Not qualified …"}).submit("Save Robot cell", expect=409)
    assert "was moved by somebody else meanwhile: it is postponed now." in visitor.text
    assert visitor.page.xpath("string(//select[@name='move']/option[1])").startswith("Until")


def test_a_dialog_opened_before_somebody_moved_the_lead_is_refused(as_, lead, user):
    visitor = as_(RITA).visit(f"/leads/{lead.id}/postponement")
    now_is(lead).disqualify(reasons("disqualified", "leads")[0], by=user(MAX))
    db.session.commit()
    visitor.submit("Postpone", **{"Wake up on": iso(30)}, expect=409)
    assert "it is not qualified now." in visitor.text
    assert now_is(lead).status == "not_qualified"


def test_in_the_background_a_refusal_says_why_and_has_the_rows_fetched(as_, lead, user):
    visitor = as_(RITA, htmx=True).visit("/leads/")
    now_is(lead).disqualify(reasons("disqualified", "leads")[0], by=user(MAX))
    db.session.commit()
    visitor.fill({"Status of Robot cell": "Postponed …"}).submit("Save Robot cell", expect=409)
    assert "was moved by somebody else meanwhile" in visitor.toast
    assert "changed" in visitor.triggered


def test_an_impossible_choice_in_a_row_changes_nothing(as_, lead):
    visitor = in_the_list(as_(RITA))
    visitor.post(f"/leads/{lead.id}/row", {"version": 1, "rating_id": "99999"}, expect=422)
    assert "Please choose one of the list." in visitor.text
    visitor.visit("/leads/").post(f"/leads/{lead.id}/row", {"version": 1, "move": "win"}, expect=422)
