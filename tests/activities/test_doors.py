"""Activities as visitors meet them: logging, planning, finishing, changing, and the list of what is to be done."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.history import Operation
from p2p.history.undoing import undo
from tests.cast import MAX, RITA, ROLF, VERA


@pytest.fixture
def append(party) -> str:
    """The address that logs and plans on the party."""
    return f"/activities/on/party/{party.id}"


@pytest.fixture
def planned(party, user):
    """Plan something on the party: `planned("Call", days=1)` gives its address."""

    def plan(purpose: str, days: int = 0, by=RITA, **facts) -> str:
        facts = {"purpose": purpose, "due_on": today() + timedelta(days)} | facts
        activity = Activity.plan(db.session.merge(party), facts, by=user(by))
        db.session.commit()
        return f"/activities/{activity.id}"

    return plan


def activities() -> list[Activity]:
    db.session.expire_all()
    return list(db.session.scalars(select(Activity).order_by(Activity.id)))


def test_logging_on_a_record(as_, append, user):
    me = user(RITA).id
    rita = as_(RITA).visit(append)
    rita.fill({"What": "Called about the belt", "Notes": "Wants a price", "Type": "Call"}).submit("Save")
    (logged,) = activities()
    assert (logged.status, logged.due_on, logged.responsible_id, logged.done_by_id) == ("done", today(), me, me)
    assert (logged.type.name, logged.notes, logged.subject_noun) == ("Call", "Wants a price", "party")
    assert "“Called about the belt” was logged." in rita.toast


@pytest.mark.parametrize("inline", [False, True])
def test_planning_on_a_record(as_, append, inline):
    rita = as_(RITA).visit(append, **({"inline": 1} if inline else {}))
    tomorrow = today() + timedelta(1)
    rita.fill({"What": "Site visit", "Done or to do?": "Plan what comes next", "Date": tomorrow, "From": "14:30"})
    rita.fill({"Responsible": "Rolf Weber", "Category": "Appointment"}).submit("Show the fields of the category")
    rita.fill({"Place": "Aarau"}).submit("Save")
    (plan,) = activities()
    assert (plan.status, plan.due_on, plan.starts, plan.location) == ("open", tomorrow, "14:30", "Aarau")
    assert plan.responsible.name == "Rolf Weber"


@pytest.mark.parametrize("inline", [False, True])
def test_a_text_that_ends_in_a_day_plans_for_it_and_the_answer_says_which(as_, append, inline):
    rita = as_(RITA).visit(append, **({"inline": 1} if inline else {}))
    rita.fill({"What": "Lunch @ Vogt @ in 2 weeks"}).submit("Save")
    (plan,) = activities()
    assert (plan.status, plan.purpose, plan.due_on) == ("open", "Lunch @ Vogt", today() + timedelta(14))
    assert f"“Lunch @ Vogt” was planned for {plan.due_on:%a} " in rita.toast


def test_a_day_that_is_none_is_said_and_what_was_typed_stays(as_, append):
    rita = as_(RITA).visit(append)
    rita.fill({"What": "Send references @ 31.2."}).submit("Save", expect=422)
    assert "There is no day “31.2”." in rita.text
    assert activities() == []
    rita.fill({"What": "Lunch @ Vogt"}).submit("Save")
    (logged,) = activities()
    assert (logged.status, logged.purpose, logged.due_on) == ("done", "Lunch @ Vogt", today())


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        ({"What": "   "}, "What"),
        ({"What": "Call", "Notes": " \n "}, "Notes"),
        ({"What": "Call", "Date": today() + timedelta(2)}, "Date"),
        ({"What": "Call", "From": "25:99"}, "From"),
        ({"What": "Call", "From": "15:00", "Until": "14:00"}, "Until"),
        ({"What": "Call", "Until": "14:00"}, "Until"),
        ({"What": "x" * 101}, "What"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_the_field(as_, append, entries, field):
    rita = as_(RITA).visit(append)
    rita.fill(entries).submit("Save", expect=422)
    assert any(field in label for label in rita.errors), rita.errors
    assert activities() == []


def test_sending_a_form_twice_logs_once(as_, append):
    rita = as_(RITA).visit(append)
    sent = dict(rita.fill(What="Called").form(has=("What",)).data()) | {"purpose": "Called"}
    rita.post(append, sent).post(append, sent)
    assert len(activities()) == 1


def test_only_records_that_carry_activities_and_are_there_can_be_appended_to(as_, append, user):
    rita = as_(RITA)
    for nothing in ("/activities/on/user/1", "/activities/on/unicorn/1", "/activities/on/party/4711"):
        rita.visit(nothing, expect=404)
    as_(VERA).visit(append, expect=403)


def test_an_activity_is_finished_with_a_note_once(as_, planned):
    address = planned("Call Ms Vogt", notes="Ask for the date")
    rita = as_(RITA).visit(address)
    rita.click("Done, with a note").fill({"What came of it": "She decides in May"}).submit("Done")
    (done,) = activities()
    assert (done.status, done.notes) == ("done", "Ask for the date\nShe decides in May")
    rita.visit(address)
    assert "Done “Call Ms Vogt”" not in rita.buttons
    rita.post(f"{address}/done", expect=409)
    as_(VERA).visit(address).post(f"{address}/done", expect=403)


def test_two_visitors_change_different_fields_and_both_stand(as_, planned):
    address = planned("Call Ms Vogt")
    rita, rolf = (as_(person).visit(f"{address}/edit") for person in (RITA, ROLF))
    rolf.fill(Until="15:00", From="14:30").submit("Save")
    rita.fill(Notes="Ask for the date").submit("Save")
    (activity,) = activities()
    assert (activity.starts, activity.notes) == ("14:30", "Ask for the date")


@pytest.mark.parametrize("keep", [False, True])
def test_two_visitors_change_the_same_field_and_one_chooses(as_, planned, keep):
    address = planned("Call Ms Vogt")
    rita, rolf = (as_(person).visit(f"{address}/edit") for person in (RITA, ROLF))
    rolf.fill({"What": "Write to Ms Vogt", "Responsible": "Rolf Weber"}).submit("Save")
    rita.fill({"What": "Visit Ms Vogt", "Notes": "Line one\nLine two"}).submit("Save", expect=409)
    assert "It was Call Ms Vogt Theirs Write to Ms Vogt Rolf Weber," in rita.text
    assert "Yours Visit Ms Vogt" in rita.text
    assert activities()[0].notes is None
    if keep:
        rita.fill({"Keep theirs": True})
    rita.submit("Save") if keep else rita.press("Save")
    (activity,) = activities()
    assert activity.purpose == ("Write to Ms Vogt" if keep else "Visit Ms Vogt")
    assert activity.notes.replace("\r", "") == "Line one\nLine two"
    assert activity.responsible.name == "Rolf Weber"


def test_a_conflict_that_met_another_change_asks_again(as_, planned):
    address = planned("Call Ms Vogt")
    rita, rolf = (as_(person).visit(f"{address}/edit") for person in (RITA, ROLF))
    rolf.fill(What="Write to Ms Vogt").submit("Save")
    rita.fill(What="Visit Ms Vogt").submit("Save", expect=409)
    as_(MAX).visit(f"{address}/edit").fill(What="Forget Ms Vogt").submit("Save")
    rita.press("Save", expect=409)
    assert "Theirs Forget Ms Vogt Max Keller" in rita.text
    rita.press("Save")
    assert activities()[0].purpose == "Visit Ms Vogt"


def test_what_somebody_else_moved_meanwhile_stays_where_it_was_moved_to(as_, planned):
    address = planned("Call Ms Vogt")
    form, row = as_(RITA).visit(f"{address}/move"), as_(RITA).visit(address)
    day = today() + timedelta(days=20)
    as_(ROLF).visit(f"{address}/move").fill({"Date": day.isoformat()}).submit("Move")
    form.fill({"Date": (today() + timedelta(days=9)).isoformat()}).submit("Move", expect=409)
    assert "moved by somebody else meanwhile" in form.text
    row.press("Tomorrow “Call Ms Vogt”", expect=409)
    assert activities()[0].due_on == day
    as_(RITA).visit(address).press("+1 day “Call Ms Vogt”")
    assert activities()[0].due_on == day + timedelta(days=1)


def test_archiving_is_for_whoever_is_responsible(as_, planned):
    address = planned("Call Ms Vogt")
    as_(ROLF).visit(address).post(f"{address}/archive", expect=403)
    rita = as_(RITA).visit(address)
    rita.press("Archive")
    assert "Nothing to do" in rita.visit("/activities/").text
    rita.visit(address).press("Restore")
    assert "Call Ms Vogt" in rita.visit("/activities/").text


def test_what_hangs_on_something_taken_away_never_shows(as_, planned, party, user):
    from p2p.history.recording import operation

    address, timeline = planned("Call Ms Vogt"), f"/history/timeline/party/{party.id}"
    with operation("party.edit", by=user(MAX)):
        db.session.merge(party).hidden = True
    db.session.commit()
    rita = as_(RITA)
    assert "Nothing to do" in rita.visit("/activities/").text
    for nothing in (address, f"{address}/edit", f"{address}/done", timeline):
        rita.visit(nothing, expect=404)


def test_undoing_a_plan_takes_it_off_the_list(as_, planned, user):
    address = planned("Call Ms Vogt")
    undo(db.session.scalars(select(Operation).where(Operation.verb == "activity.plan")).one(), by=user(RITA))
    db.session.commit()
    rita = as_(RITA)
    assert "Nothing to do" in rita.visit("/activities/").text
    rita.visit(address, expect=404)


def test_living_parts_equal_the_same_parts_in_their_pages(as_, planned):
    address = planned("Call Ms Vogt", days=1)
    rita = as_(RITA)
    for url, root in (("/activities/", "to-do"), (address, "activity"), ("/history/", "history")):
        whole = rita.visit(url).page.xpath(f"//*[@id='{root}']")[0].text_content().split()
        assert rita.part_of(url).xpath(f".//*[@id='{root}']")[0].text_content().split() == whole


def test_all_activities_are_listed_filtered_and_exported(as_, planned, party, user):
    planned("Call Ms Vogt", days=1, notes="=1+1")
    planned("Site visit", by=ROLF)
    Activity.log(db.session.merge(party), {"purpose": "Letter", "due_on": today()}, by=user(RITA))
    db.session.commit()
    vera = as_(VERA).visit("/activities/").click("All, as a table")
    assert [row["What"] for row in vera.table()] == ["Call Ms Vogt", "Letter", "Site visit"]
    assert vera.table()[0]["On"] == "Vogt Antriebe"
    assert [row["What"] for row in vera.visit("/activities/all", status="done").table()] == ["Letter"]
    assert [row["What"] for row in vera.visit("/activities/all", q="VISIT").table()] == ["Site visit"]
    assert [row["What"] for row in vera.visit("/activities/all", who=user(ROLF).id).table()] == ["Site visit"]
    rita = as_(RITA)
    assert [row["What"] for row in rita.visit("/activities/all", who="me", status="open").table()] == ["Call Ms Vogt"]
    assert [row["What"] for row in rita.visit("/activities/all", due="today").table()] == ["Site visit"]
    assert rita.visit("/activities/all", category="task", sort="due_on").text.count("Nothing matches") == 1
    rita.visit("/activities/all", sort="purpose", expect=400)
    vera.visit("/activities/all", format="csv")
    assert "Call Ms Vogt,Vogt Antriebe,,Rita Sommer,Open,'=1+1" in vera.body.decode()
