"""A meeting from its beginning to its minutes, by plain forms; nothing that two people say is lost."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.history import Operation, operation, undoing
from p2p.meetings.models import Meeting, Point
from p2p.opportunities.models import Opportunity
from p2p.setup.queries import reasons
from tests.cast import MAX, RITA, ROLF, VERA
from tests.visitor import Visitor


@pytest.fixture
def rita_at(as_, deals) -> Visitor:
    """Rita begins a meeting over all deals and stands at the first one."""
    visitor = as_(RITA).visit("/board").click("Meeting")
    return visitor.fill({"Name": "Tuesday", "Who attends": "Rita, Max"}).submit("Begin")


def operations() -> int:
    return db.session.scalar(select(func.count()).select_from(Operation)) or 0


def last_operation() -> Operation:
    found = db.session.scalar(select(Operation).order_by(Operation.id.desc()).limit(1))
    assert found is not None
    return found


def test_it_says_what_it_is_about_and_what_it_is_compared_with(as_, deals):
    visitor = as_(RITA).visit("/meetings/new?owner=me&by=stage")
    assert "Owner: Rita Sommer: 7." in visitor.text
    assert "Compared with Monday" in visitor.text
    assert "the last one of any filter, as there was none over this one" in visitor.text
    visitor.submit("Begin")
    meeting = db.session.scalar(select(Meeting).order_by(Meeting.id.desc()))
    assert meeting.asked == f"owner={meeting.led_by_id}"  # mine is Rita's, whoever looks


def test_a_decision_a_next_step_and_an_estimate_are_one_operation_and_one_undo(rita_at, deals, user):
    deal = db.session.get_one(Opportunity, deals["Everything"])
    assert rita_at.heading == "Everything"
    assert "1 of 6" in rita_at.text
    for why in ("Changed since the last meeting", "No next step", "Slipping"):
        assert why in rita_at.text
    assert "probability: 10 % → 35 %" in rita_at.text  # what changed since the last meeting

    before = operations()
    rita_at.fill({"Decision": "Ask **once** more", "Next step": "Call Miriam", "Probability": "60"}).submit()

    assert operations() == before + 1
    assert rita_at.heading == "Changed"
    assert "Everything was discussed." in rita_at.toast
    assert deal.probability == 60
    assert [each.purpose for each in db.session.query(Activity).filter_by(subject_id=deal.id)] == ["Call Miriam"]
    rita_at.press("Undo")
    db.session.expire_all()
    assert (deal.probability, deal.next_on) == (35, None)
    assert db.session.query(Point).filter_by(hidden=False).count() == 0


def test_sending_it_twice_plans_the_step_once(rita_at, deals):
    rita_at.fill({"Decision": "Wait", "Next step": "Call Miriam"})
    form = dict(rita_at._form.data())
    for _ in range(2):
        rita_at.post(f"/meetings/2/deals/{deals['Everything']}/discussion", form)
    assert db.session.query(Activity).filter_by(subject_id=deals["Everything"]).count() == 1


def test_a_step_needs_a_day_and_what_was_typed_stays(rita_at):
    rita_at.fill({"Decision": "Wait", "Next step": "Call Miriam", "On": ""}).submit(expect=422)
    assert rita_at.errors["On"] == "Give the next step a day."
    assert rita_at.value("Decision") == "Wait"
    rita_at.fill({"Next step": "Call Miriam @ next week"}).submit(expect=422)
    rita_at.fill({"Next step": "Call Miriam @ in 3 weeks", "On": ""}).submit()
    assert db.session.query(Activity).filter_by(purpose="Call Miriam").one().due_on == today() + timedelta(21)


def test_it_is_left_and_goes_on_where_it_was(rita_at, as_):
    rita_at.fill({"Decision": "Wait"}).submit()
    again = as_(MAX).visit("/meetings/").click("Tuesday").click("Go on")
    assert again.heading == "Changed"
    assert "2 of 6 1 discussed" in again.text
    assert again.click("Previous").value("Decision") == "Wait"


def test_two_people_never_lose_what_the_other_said(rita_at, as_, deals, user):
    url = f"/meetings/2/deals/{deals['Everything']}"
    max_ = as_(MAX).visit(url).fill({"Decision": "Give up", "Note": "Max’s note"})
    rita_at.fill({"Decision": "Ask again", "Stage": "Develop", "Probability": "60"}).submit()

    max_.submit(expect=409)

    assert "Somebody else changed the same meanwhile" in max_.text
    assert "Ask again by Rita Sommer" in max_.text
    assert "yours is Give up" in max_.text
    # What Max left alone is Rita's, what he typed is his.
    told = [max_.value(label) for label in ("Decision", "Note", "Probability")]
    assert told == ["Give up", "Max’s note", "60"]
    deal = db.session.get_one(Opportunity, deals["Everything"], populate_existing=True)
    max_._form = None
    max_.fill({"Decision": "Ask again, then give up"}).submit()
    db.session.expire_all()
    point = db.session.query(Point).one()
    assert (point.decision, point.note) == ("Ask again, then give up", "Max’s note")
    assert (deal.stage.name, deal.probability) == ("Develop", 60)


def test_the_minutes_tell_what_was_decided_and_what_changed(rita_at, as_, deals, user):
    rita_at.fill({"Decision": "Ask **once** more", "Next step": "Call Miriam", "On": "2030-01-07", "Stage": "Develop"})
    rita_at.submit()
    changed = db.session.get_one(Opportunity, deals["Changed"])
    changed.win(reasons("won")[0], note="Signed at noon", finish_open=True, by=user(RITA))
    db.session.commit()
    rita_at.fill({"Decision": "Won at last", "Note": "Send flowers"}).submit()
    rita_at.visit("/meetings/2").press("End the meeting")

    assert rita_at.heading == "Tuesday"
    for words in (
        "Deals discussed 2 of 6",
        "Who attended: Rita, Max",
        "Qualify · 35 % · decide by",
        "Ask once more",
        "Next step: Call Miriam, 7 Jan 2030, Rita Sommer",
        "Stage: Qualify → Develop",
        "Won: reason Price, outcome note Signed at noon",
        "Send flowers",
        "Not discussed 4",
    ):
        assert words in rita_at.text.replace("07.01.2030", "7 Jan 2030"), words
    answer = as_(VERA).get("/meetings/2/minutes.md", {})
    written = answer.get_data(as_text=True)
    assert answer.mimetype == "text/markdown"
    for line in (
        "# Tuesday, ",
        "- Who attended: Rita, Max",
        "- Deals discussed: 2 of 6",
        "### Everything (Vogt Antriebe)",
    ):
        assert line in written
    for line in ("**Decision:** Ask **once** more", "- Stage: Qualify → Develop", "- **Next step:** Call Miriam, "):
        assert f"\n{line}" in written
    assert "## Not discussed\n\n- Stepless (Vogt Antriebe): no next step" in written


def test_what_was_decided_without_a_word_is_not_kept_from_the_minutes(rita_at, as_, deals, user):
    stepless = db.session.get_one(Opportunity, deals["Stepless"])
    stepless.win(reasons("won")[0], by=user(RITA))
    Activity.log(db.session.get_one(Opportunity, deals["Soon"]), {"purpose": "Call", "due_on": today()}, by=user(RITA))
    db.session.commit()
    rita_at.visit("/meetings/2").press("End the meeting")
    assert "Won: reason Price" in rita_at.text
    written = as_(VERA).get("/meetings/2/minutes.md", {}).get_data(as_text=True)
    assert "- Stepless (Vogt Antriebe): no next step; Won: reason Price" in written
    assert "- Soon (Vogt Antriebe): closing soon\n" in written


def test_what_was_taken_back_leaves_the_minutes(rita_at, deals, user):
    rita_at.fill({"Decision": "Ask", "Stage": "Develop"}).submit()
    undoing.undo(last_operation(), by=user(RITA))
    db.session.commit()
    rita_at.visit("/meetings/2")
    assert "Nothing was said yet" in rita_at.text


def test_the_minutes_are_corrected_and_the_timeline_of_the_deal_tells_it(rita_at, as_, deals):
    rita_at.fill({"Decision": "Ask"}).submit()
    rita_at.visit("/meetings/2").press("End the meeting")
    rita_at.click("Correct the minutes of Everything").fill({"Decision": "Ask Miriam"}).submit("Save")
    assert "Ask Miriam" in rita_at.text
    assert "by Rita Sommer" in rita_at.text
    vera = as_(VERA).visit(f"/history/timeline/opportunity/{deals['Everything']}")
    assert "Discussed Everything Rita Sommer decision: Ask" in vera.text
    assert "Corrected the minutes of Everything Rita Sommer decision: Ask → Ask Miriam" in vera.text


def test_after_its_end_nothing_more_is_decided_until_it_goes_on(rita_at, deals):
    url = f"/meetings/2/deals/{deals['Everything']}"
    form = dict(rita_at.form("What is decided").data())
    rita_at.visit("/meetings/2").press("End the meeting")
    rita_at.post(f"{url}/discussion", form, expect=409)
    assert "Tuesday is ended" in rita_at.text
    rita_at.visit("/meetings/2").press("Reopen")
    rita_at.visit(url).fill({"Decision": "Wait"}).submit()
    assert db.session.query(Point).one().decision == "Wait"


def test_a_deal_taken_away_meanwhile_is_passed_over(rita_at, deals, user):
    with operation("opportunity.open", by=user(RITA)):  # as the undo of an import leaves it
        db.session.get_one(Opportunity, deals["Changed"]).hidden = True
    db.session.commit()
    rita_at.fill({"Decision": "Wait"}).submit()
    assert rita_at.heading == "Stepless"
    assert "2 of 5" in rita_at.text


def test_a_viewer_reads_and_decides_nothing(rita_at, as_, deals):
    rita_at.fill({"Decision": "Wait"}).submit()
    vera = as_(VERA).visit(f"/meetings/2/deals/{deals['Everything']}")
    assert "Wait" in vera.text
    assert not {"Save and go on", "End the meeting"} & set(vera.buttons)
    assert "Begin a meeting" not in [name for name, _ in vera.visit("/meetings/").links]
    vera.post("/meetings/2/end", expect=403)


def test_all_filtered_deals_are_walked_where_that_is_asked_for(rita_at, as_, deals):
    assert "Quiet" not in rita_at.visit("/meetings/2").text
    rita_at.click("Edit").fill({"All filtered deals": True}).submit("Save")
    assert "of 8" in rita_at.visit("/meetings/2").text
    assert "Quiet" in rita_at.text
    nothing = as_(ROLF).visit("/meetings/new?text=Quiet")
    assert nothing.value("All filtered deals")  # nothing speaks for any: all of them then


def test_meetings_are_listed_found_by_what_was_decided_and_exported(rita_at, as_):
    rita_at.fill({"Decision": "Ask the mayor"}).submit()
    vera = as_(VERA).visit("/meetings/?text=MAYOR")
    rows = vera.table("Meetings")
    assert [(row["Meeting"], row["State"], row["Deals discussed"]) for row in rows] == [("Tuesday", "Running", "1")]
    assert "Go on with Tuesday, which runs since" in vera.text
    written = vera.get("/meetings/?format=csv", {}).get_data(as_text=True)
    assert "Tuesday,Running,1,Rita Sommer" in written


def test_a_page_of_a_meeting_asks_the_same_few_questions_however_many_deals(rita_at, as_, counted):
    asked = []
    for _ in range(4):
        rita_at.fill({"Decision": "Wait", "Next step": "Call", "Probability": "55"}).submit()
        following = rita_at.url
        asked.append(counted(lambda: rita_at.visit("/meetings/2")))
        rita_at.visit(following)
    assert asked[-1] <= asked[0]
    before = counted(lambda: rita_at.visit("/meetings/new?text=Soon"))
    assert counted(lambda: rita_at.visit("/meetings/new")) <= before


@pytest.fixture
def counted(app) -> Callable[[Callable[[], object]], int]:
    """`counted(act)`: how many statements that took."""

    @contextmanager
    def listening():
        found: list[str] = []

        def note(connection, cursor, statement, *rest) -> None:
            found.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        yield found
        event.remove(db.engine, "before_cursor_execute", note)

    def count(act: Callable[[], object]) -> int:
        with listening() as found:
            act()
        return len(found)

    return count
