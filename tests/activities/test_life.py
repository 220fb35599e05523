"""The life of an activity: what each category keeps, moved, finished, reopened, and what it offers next."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from p2p.activities.attending import Attendee
from p2p.activities.categories import ONLY_OF, fitting, has
from p2p.activities.models import Activity, later
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.filters import today
from p2p.history import Operation
from p2p.history.undoing import undo
from p2p.parties.models import Party
from p2p.setup.queries import codes
from p2p.states import IllegalMove
from tests.cast import MAX, RITA, ROLF, VERA


@pytest.fixture
def party(user):
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    Contact.enter(party, {"name": "Miriam Städler"}, by=user(RITA))
    db.session.commit()
    return party


@pytest.fixture
def plan(party, user):
    """Plan something of Rita's on the party: `plan("Call", days=1)`."""

    def plan(purpose: str, days: int = 0, **facts) -> Activity:
        activity = Activity.plan(
            db.session.merge(party), {"purpose": purpose, "due_on": today() + timedelta(days)} | facts, by=user(RITA)
        )
        db.session.commit()
        return activity

    return plan


def again(activity: Activity) -> Activity:
    db.session.expire_all()
    return db.session.merge(activity)


def undo_last(by) -> None:
    undo(db.session.scalars(select(Operation).order_by(Operation.id.desc()).limit(1)).one(), by=by)
    db.session.commit()


# -- categories -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("category", ["appointment", "task", "action", "event"])
def test_a_category_takes_only_its_own_facts(category):
    everything = dict.fromkeys(ONLY_OF, "x") | {"purpose": "Call", "all_day": False}
    kept = fitting(everything, category, switched=False)
    assert kept.keys() == {"purpose"} | {name for name in ONLY_OF if has(category, name)}


def test_what_lasts_all_day_has_no_times(plan):
    meeting = plan("Fair", category="appointment", all_day=True, starts="10:00", ends="11:00")
    assert (meeting.starts, meeting.ends) == (None, None)


def test_another_category_empties_what_it_does_not_have(plan, user):
    me = user(RITA)
    meeting = plan("Meet", category="appointment", starts="10:00", location="Aarau", attending=["user-1"])
    meeting.edit({"category": "task", "priority": "high"}, by=me)
    db.session.commit()
    task = again(meeting)
    assert (task.starts, task.location, task.attendees, task.priority) == (None, None, [], "high")
    undo_last(me)
    back = again(meeting)
    assert (back.starts, back.location, back.attending, back.priority) == ("10:00", "Aarau", ["user-1"], "normal")


def test_the_form_shows_the_fields_of_a_category_and_says_what_it_leaves_out(as_, plan):
    meeting = plan("Meet", category="appointment", location="Aarau", starts="10:00")
    rita = as_(RITA).visit(f"/activities/{meeting.id}/edit")
    rita.fill({"Category": "Task", "Notes": "typed"}).submit("Show the fields of the category")
    assert "A task keeps none of: from, place." in rita.text
    assert rita.value("Notes") == "typed"
    assert again(meeting).category == "appointment"  # it only showed
    rita.fill({"Category": "Appointment"}).submit("Show the fields of the category")
    assert rita.value("Place") == "Aarau"
    rita.fill({"Category": "Task"}).submit("Save")
    assert (again(meeting).category, again(meeting).location) == ("task", None)


def test_a_form_can_be_asked_for_with_what_it_begins_with(as_, party):
    rita = as_(RITA).visit(f"/activities/on/party/{party.id}", category="task", what="plan", purpose="Send plans")
    rita.fill({"Priority": "High"}).submit("Save")
    (task,) = db.session.scalars(select(Activity))
    assert (task.purpose, task.priority, task.status) == ("Send plans", "high", "open")


# -- who attends ------------------------------------------------------------------------------------------------------


def test_users_and_contacts_of_the_party_attend_an_appointment(as_, plan, user):
    meeting = plan("Meet", category="appointment")
    rita = as_(RITA).visit(f"/activities/{meeting.id}/edit")
    rita.fill({"Rolf Weber": True, "Miriam Städler": True}).submit("Save")
    assert {str(attendee) for attendee in again(meeting).attendees} == {"Rolf Weber", "Miriam Städler"}
    undo_last(user(RITA))
    assert again(meeting).attendees == []


def test_two_visitors_invite_and_both_stand(as_, plan, user):
    meeting = plan("Meet", category="appointment", attending=[f"user-{user(ROLF).id}"])
    rita, max_ = as_(RITA).visit(f"/activities/{meeting.id}/edit"), as_(MAX).visit(f"/activities/{meeting.id}/edit")
    rita.fill({"Miriam Städler": True}).submit("Save")
    max_.fill({"Max Keller": True, "Rolf Weber": False}).submit("Save")
    assert {str(attendee) for attendee in again(meeting).attendees} == {"Max Keller", "Miriam Städler"}


def test_only_the_organizer_says_who_attends(as_, plan, user):
    meeting = plan("Meet", category="appointment", attending=[f"user-{user(ROLF).id}"])
    rolf = as_(ROLF).visit(f"/activities/{meeting.id}/edit")
    assert "Who attends" not in rolf.text
    rolf.fill({"Place": "Aarau"}).submit("Save")
    assert again(meeting).attending == [f"user-{user(ROLF).id}"]


def test_undoing_a_plan_takes_its_attendees_along(plan, user):
    plan("Meet", category="appointment", attending=[f"user-{user(ROLF).id}"])
    undo_last(user(RITA))
    assert [attendee.hidden for attendee in db.session.scalars(select(Attendee))] == [True]


def test_when_contacts_are_merged_the_survivor_attends_once(plan, user, party):
    me = user(RITA)
    one, other = (Contact.enter(db.session.merge(party), {"name": name}, by=me) for name in ("M. Städler", "Miriam S."))
    both = plan("Both", category="appointment", attending=[f"contact-{one.id}", f"contact-{other.id}"])
    lone = plan("Lone", category="appointment", attending=[f"contact-{other.id}"])
    db.session.merge(one).absorb([db.session.merge(other)], {}, by=me)
    db.session.commit()
    assert again(both).attending == again(lone).attending == [f"contact-{one.id}"]
    undo_last(me)
    assert len(again(both).attending) == 2


# -- moving, finishing, reopening -------------------------------------------------------------------------------------


def test_one_click_moves_to_tomorrow_or_next_week(as_, plan, party):
    call = plan("Call", days=-3)
    rita = as_(RITA, htmx=True).visit(f"/history/timeline/party/{party.id}")
    rita.press("Tomorrow “Call”")
    assert again(call).due_on == today() + timedelta(1)
    rita.press("+1 week “Call”")
    assert again(call).due_on == today() + timedelta(8)
    rita.press("Undo", within="is planned for")
    assert again(call).due_on == today() + timedelta(1)


def test_a_date_and_a_time_can_be_given_and_it_lasts_as_long(as_, plan):
    meeting = plan("Meet", category="appointment", starts="10:00", ends="11:30")
    rita = as_(RITA).visit(f"/activities/{meeting.id}/move")
    rita.fill({"Date": today() + timedelta(4), "From": "14:00"}).submit("Move")
    moved = again(meeting)
    assert (moved.due_on, moved.starts, moved.ends) == (today() + timedelta(4), "14:00", "15:30")
    rita.visit(f"/activities/{meeting.id}/move").fill({"Date": "tomorrow"}).submit("Move", expect=422)
    as_(VERA).visit(f"/activities/{meeting.id}/move", expect=403)


def test_an_end_that_would_be_tomorrow_is_left_open():
    assert [later("23:00", by=90), later(None, by=5), later("09:05", by=55)] == [None, None, "10:00"]


def test_what_is_done_is_neither_moved_nor_finished_again(plan, user):
    call, me = plan("Call"), user(RITA)
    call.finish(by=me)
    for act in (lambda: call.move(today(), by=me), lambda: call.finish(by=me)):
        with pytest.raises(IllegalMove) as refused:
            act()
        assert "It can only be reopened." in str(refused.value)
    call.reopen(by=me)
    assert (call.status, call.done_at, call.done_by_id) == ("open", None, None)
    with pytest.raises(IllegalMove, match="open already"):
        call.reopen(by=me)


def test_an_action_is_finished_with_its_outcome(as_, plan):
    call, task = plan("Call"), plan("Write", category="task")
    as_(RITA).visit(f"/activities/{call.id}/done").fill({"Outcome": "Left a message"}).submit("Done")
    assert again(call).outcome.name == "Left a message"
    assert "Outcome" not in as_(RITA).visit(f"/activities/{task.id}/done").text


def test_finishing_offers_to_plan_the_next_one_in_the_dialog(as_, plan, party):
    call = plan("Call", type_id=codes("activity_type")[0][0])
    rita = as_(RITA, htmx=True).visit(f"/activities/{call.id}").click("Done, with a note")
    rita.fill({"What came of it": "Reached"}).submit("Done")
    assert "“Call” is done." in rita.toast
    assert "changed" in rita.triggered
    assert rita.triggered["changed"]["stay"]
    assert rita.value("Type") == str(call.type_id)
    rita.fill({"What": "Send the offer"}).submit("Plan it")
    planned = db.session.scalars(select(Activity).where(Activity.status == "open")).one()
    assert (planned.purpose, planned.due_on, planned.responsible.name) == (
        "Send the offer", today() + timedelta(7), "Rita Sommer",
    )  # fmt: skip


def test_finishing_offers_to_plan_the_next_one_without_script(as_, plan):
    call = plan("Call")
    rita = as_(RITA).visit(f"/activities/{call.id}/done").fill({"What came of it": "Reached"})
    rita.submit("Done").fill({"What": "Send the offer"}).submit("Save")
    assert [a.status for a in db.session.scalars(select(Activity).order_by(Activity.id))] == ["done", "open"]


def test_one_click_offers_a_link_and_nothing_where_something_is_planned(as_, plan, party):
    plan("Call")
    plan("Write", days=1)
    rita = as_(RITA, htmx=True).visit(f"/history/timeline/party/{party.id}")
    rita.press("Done “Call”")
    assert "Plan the next step" not in rita.toast
    rita.press("Done “Write”")
    rita.click("Plan the next step").fill({"What": "Visit"}).submit("Save")
    assert db.session.scalars(select(Activity).where(Activity.status == "open")).one().purpose == "Visit"


def test_its_state_changes_in_the_timeline_without_leaving_it(as_, plan, party):
    plan("Call")
    rita = as_(RITA, htmx=True).visit(f"/history/timeline/party/{party.id}")
    rita.press("Done “Call”")
    assert "Planned" not in rita.heading
    assert "Done “Call”" not in rita.buttons
    rita.press("Reopen “Call”")
    assert "Done “Call”" in rita.buttons
    assert rita.url.startswith("/history/timeline/")


def test_it_is_finished_moved_and_reopened_in_the_table_too(as_, plan):
    call = plan("Call")
    rita = as_(RITA, htmx=True).visit("/activities/all")
    rita.click("Move “Call”").fill({"Date": today() + timedelta(3)}).submit("Move")
    assert again(call).due_on == today() + timedelta(3)
    rita.click("Done with “Call”").submit("Done")
    assert again(call).status == "done"
    rita.press("Reopen “Call”")
    assert again(call).status == "open"


@pytest.mark.parametrize("blank", [" ", "\n \t", "\u00a0"])
def test_a_note_of_blanks_only_is_rejected(as_, plan, party, blank):
    call = plan("Call")
    rita = as_(RITA).visit(f"/activities/{call.id}/done")
    rita.fill({"What came of it": blank}).submit("Done", expect=422)
    assert again(call).status == "open"
