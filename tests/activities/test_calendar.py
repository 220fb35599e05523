"""The calendar feed, read by a parser that had no part in writing it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from sqlalchemy import select

from p2p.activities.calendar.models import CalendarFeed
from p2p.activities.models import Activity
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.filters import today
from p2p.history import Change
from p2p.parties.models import Party
from p2p.setup.queries import codes
from tests.cast import MAX, RITA, ROLF, VERA
from tests.visitor import Visitor

NASTY = [
    "Offer; price, \\ and \"more\"",
    "Line one\nBEGIN:VEVENT\nline three",
    "Grüße 😀 \u202e rückwärts",
    "ä" * 100,
    "😀" * 60,
    "semi;colon:colon,comma\\n not a newline",
]  # fmt: skip


@pytest.fixture
def party(user):
    party = Party.enter({"name": "Vogt, Antriebe; AG"}, by=user(RITA))
    db.session.commit()
    return party


@pytest.fixture
def plan(party, user):
    def plan(purpose: str, by=RITA, days: int = 1, **facts) -> Activity:
        facts = {"purpose": purpose, "due_on": today() + timedelta(days)} | facts
        activity = Activity.plan(db.session.merge(party), facts, by=user(by))
        db.session.commit()
        return activity

    return plan


def address_on(visitor: Visitor) -> str:
    """The address that a page shows, without its host."""
    return str(visitor.page.xpath("//input[@id='address']/@value")[0]).removeprefix("http://localhost")


@pytest.fixture
def feed(as_, app, user):
    """Make the feed of Rita; tells what its address answers, parsed: `feed()`."""
    made = as_(RITA).visit("/activities/calendar").press("Make an address")
    address = address_on(made)

    def read():
        answer = Visitor(app).get(address, {})
        assert answer.status_code == 200
        assert answer.mimetype == "text/calendar"
        assert all(len(line) <= 75 for line in answer.data.split(b"\r\n")), "lines are folded at 75 octets"
        return vobject.readOne(answer.text)

    read.address = address
    return read


def test_an_appointment_is_an_event_field_by_field(plan, feed, party, user):
    contact = Contact.enter(party, {"name": "Miriam Städler", "email": "miriam@example.com"}, by=user(RITA))
    silent = Contact.enter(party, {"name": "Urs Frei"}, by=user(RITA))
    kind = next(id for id, name in codes("activity_type") if name == "Meeting")
    meeting = plan(
        "Kick-off",
        category="appointment",
        due_on=date(2027, 7, 5),
        starts="09:30",
        ends="11:00",
        location="Hall 3, Aarau",
        notes="Bring **plans**\r\nand a pen",
        type_id=kind,
        remind=30,
        attending=[f"user-{user(ROLF).id}", f"contact-{contact.id}", f"contact-{silent.id}"],
    )
    (event,) = feed().vevent_list
    zurich = ZoneInfo("Europe/Zurich")
    assert event.summary.value == "Kick-off – Vogt, Antriebe; AG"
    assert event.dtstart.value == datetime(2027, 7, 5, 9, 30, tzinfo=zurich)
    assert event.dtend.value == datetime(2027, 7, 5, 11, 0, tzinfo=zurich)
    assert event.location.value == "Hall 3, Aarau"
    assert event.description.value == "Bring **plans**\nand a pen\n\nWith Urs Frei"
    assert event.uid.value == f"activity-{meeting.id}@localhost"
    assert event.url.value == f"http://localhost/activities/{meeting.id}"
    assert event.categories.value == ["Meeting"]
    assert {(each.value, each.params["CN"][0]) for each in event.attendee_list} == {
        ("mailto:rolf@example.com", "Rolf Weber"),
        ("mailto:miriam@example.com", "Miriam Städler"),
    }
    assert event.organizer.value == "mailto:rita@example.com"
    assert event.valarm.trigger.value == timedelta(minutes=-30)
    assert event.last_modified.value.replace(tzinfo=UTC) <= datetime.now(UTC)


def test_what_lasts_all_day_is_dates(plan, feed):
    plan("Fair", category="event", due_on=date(2027, 3, 1), location="Basel", remind=1440)
    (event,) = feed().vevent_list
    assert (event.dtstart.value, event.dtend.value) == (date(2027, 3, 1), date(2027, 3, 2))
    assert event.valarm.trigger.value == timedelta(hours=8) - timedelta(days=1)


def test_a_task_is_a_to_do(plan, feed, user):
    task = plan("Write the offer", category="task", priority="high", due_on=date(2027, 3, 1), remind=0)
    (todo,) = feed().vtodo_list
    assert (todo.due.value, todo.status.value, todo.priority.value) == (date(2027, 3, 1), "NEEDS-ACTION", "1")
    assert todo.valarm.trigger.value == datetime(2027, 3, 1, 7, tzinfo=UTC)  # eight o'clock in Zurich
    sequence = int(todo.sequence.value)
    db.session.merge(task).finish(by=user(RITA))
    db.session.commit()
    (todo,) = feed().vtodo_list
    assert (todo.status.value, int(todo.sequence.value)) == ("COMPLETED", sequence + 1)
    assert todo.completed.value.replace(tzinfo=UTC) <= datetime.now(UTC)
    assert not hasattr(todo, "valarm")


@pytest.mark.parametrize("text", NASTY)
def test_nasty_words_arrive_as_they_are(plan, feed, text):
    one_line = text.replace("\n", " ")
    plan(one_line[:100], category="event", location=one_line[:100], notes=text)
    (event,) = feed().vevent_list
    assert event.summary.value.startswith(one_line[:100])
    assert event.location.value == one_line[:100]
    assert event.description.value == text


def test_it_holds_what_is_mine_or_attended_and_was_done_lately(plan, feed, user):
    for purpose, days in (("Mine", 3), ("Long overdue", -400)):
        plan(purpose, days=days)
    plan("Of Rolf", by=ROLF)
    plan("Attended", by=ROLF, category="appointment", attending=[f"user-{user(RITA).id}"])
    for purpose, days in (("Done lately", -3), ("Done long ago", -60)):
        plan(purpose, days=days).finish(by=user(RITA))
    plan("Archived").archive(by=user(RITA))
    db.session.commit()
    found = {each.summary.value.partition(" – ")[0] for each in feed().components() if each.name in ("VEVENT", "VTODO")}
    assert found == {"Mine", "Long overdue", "Attended", "Done lately"}


def test_a_program_that_knows_it_already_is_told_so(app, plan, feed):
    plan("Call")
    visitor = Visitor(app)
    first = visitor.get(feed.address, {})
    again = visitor.get(feed.address, {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    zipped = visitor.get(feed.address, {"Accept-Encoding": "gzip"})
    assert zipped.headers["ETag"] == first.headers["ETag"]
    plan("Another")
    assert visitor.get(feed.address, {"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_revoked_unknown_and_of_somebody_gone_are_not_found(app, as_, feed, user):
    visitor = Visitor(app)
    assert visitor.get("/activities/calendar/" + "x" * 43 + ".ics", {}).status_code == 404
    rita = as_(RITA).visit("/profile").click("Your activities in your calendar")
    rita.press("Make a new address")
    newer = address_on(rita)
    assert visitor.get(feed.address, {}).status_code == 404
    assert visitor.get(newer, {}).status_code == 200
    user(RITA).deactivate(by=None)
    db.session.commit()
    assert visitor.get(newer, {}).status_code == 404


def test_revoking_ends_it(app, as_, feed):
    as_(RITA).visit("/activities/calendar").press("Revoke the address")
    assert Visitor(app).get(feed.address, {}).status_code == 404
    assert "You have no address." in as_(RITA).visit("/activities/calendar").text
    as_(MAX).post("/activities/calendar/revocation", expect=404)


def test_it_is_revoked_where_it_was_just_made(app, as_):
    made = as_(RITA).visit("/activities/calendar").press("Make an address")
    address = address_on(made)
    made.press("Revoke the address")
    assert "You have no address." in made.text
    assert Visitor(app).get(address, {}).status_code == 404


def test_its_secret_is_kept_nowhere(as_, feed):
    token = feed.address.rpartition("/")[2].removesuffix(".ics")
    kept = db.session.scalars(select(CalendarFeed)).one()
    assert token not in kept.token_digest
    logged = [str(change.values) for change in db.session.scalars(select(Change).where(Change.noun == "calendar_feed"))]
    assert logged
    assert not any(kept.token_digest in values or token in values for values in logged)
    assert "Made calendar feed of Rita Sommer" in as_(VERA).visit("/history/").text


def test_an_accident_does_not_write_the_address_into_the_log(app, feed, monkeypatch, caplog):
    """Whoever may read the log must not read calendars by it."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr("p2p.activities.calendar.queries.of_user", lambda *args: 1 / 0)
    assert Visitor(app).get(feed.address, {}).status_code == 500
    assert "Exception on /activities/calendar/….ics" in caplog.text
    assert feed.address.split("/")[-1].removesuffix(".ics") not in caplog.text
