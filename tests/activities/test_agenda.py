"""The agenda: what is to be done as a list, of a day and of a week; mine, a colleague's, everybody's; reminders."""

from datetime import UTC, date, datetime, timedelta

import pytest

from p2p.activities.agenda.asked import Asked
from p2p.activities.models import Activity
from p2p.db import at, db
from p2p.filters import today, use_format, week_of
from p2p.opportunities.models import Opportunity
from p2p.setup.queries import stages
from tests.cast import MAX, RITA, ROLF, VERA

#: A Wednesday, at noon in Zurich.
WEDNESDAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _on_wednesday():
    with at(datetime(2026, 11, 25, 11, tzinfo=UTC)):
        yield


@pytest.fixture
def plan(party, user):
    """Plan something: `plan("Call", days=1, by=ROLF, on=deal)`."""

    def plan(purpose: str, days: int = 0, by=RITA, on=None, **facts) -> Activity:
        facts = {"purpose": purpose, "due_on": today() + timedelta(days)} | facts
        activity = Activity.plan(db.session.merge(on or party), facts, by=user(by))
        db.session.commit()
        return activity

    return plan


@pytest.fixture
def deal(party, user):
    def open_deal(subject: str, by=RITA) -> Opportunity:
        facts = {"subject": subject, "party_id": db.session.merge(party).id, "stage_id": stages()[0].id}
        deal = Opportunity.open(facts, by=user(by))
        db.session.commit()
        return deal

    return open_deal


def in_order(text: str, *words: str) -> bool:
    places = [text.find(each) for each in words]
    return -1 not in places and places == sorted(places)


# -- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_is_overdue_today_this_week_next_week_and_later(as_, plan):
    for purpose, days in (("Sunday", 4), ("Yesterday", -1), ("Much later", 60), ("Now", 0), ("Monday", 5)):
        plan(purpose, days)
    plan("Of Rolf", by=ROLF)
    rita = as_(RITA, htmx=True).visit("/activities/")
    assert in_order(
        rita.text, "Overdue 1", "Yesterday", "Today 1", "Now", "Due this week 1", "Sunday", "Next week 1", "Monday",
        "Later 1", "Much later",
    )  # fmt: skip
    assert "Of Rolf" not in rita.text
    rita.press("Done “Yesterday”")
    assert "Overdue" not in rita.text
    assert "Of Rolf" in rita.click("Everybody’s").text
    assert "Nothing to do" in as_(VERA).visit("/activities/").text


def test_deals_stand_in_the_order_of_their_next_steps_and_without_one_last(as_, plan, deal):
    # A01: yesterday, today, next week, none; finishing one moves it.
    deals = {name: deal(f"Deal {name}") for name in ("none", "week", "today", "late")}
    for name, days in (("week", 7), ("today", 0), ("late", -1)):
        plan(f"Step {name}", days, on=deals[name])
    rita = as_(RITA, htmx=True).visit("/activities/")
    assert in_order(rita.text, "on Deal late", "on Deal today", "on Deal week", "Nothing planned", "Deal none")
    rita.press("Done “Step late”")
    assert in_order(rita.text, "on Deal today", "on Deal week", "Nothing planned", "Deal late")


def test_the_next_planned_step_follows_when_one_is_done(as_, plan, deal):
    # A02: the card's next step becomes the next planned one, or none.
    one = deal("Robot cell")
    plan("First", 0, on=one)
    plan("Second", 2, on=one)
    rita = as_(RITA, htmx=True).visit("/activities/")
    rita.press("Done “First”")
    assert "Second" in rita.text
    assert "Nothing planned" not in rita.text
    rita.press("Done “Second”")
    assert in_order(rita.text, "Nothing planned", "Robot cell")


def test_nothing_planned_lists_open_records_of_their_owner_only(as_, plan, deal, user):
    deal("Of Rolf", by=ROLF)
    asleep, awake, lost, busy = (deal(name) for name in ("Asleep", "Awake", "Away", "Busy"))
    asleep.postpone(today() + timedelta(30), by=user(RITA))
    awake.postpone(today() + timedelta(1), by=user(RITA))
    lost.archive(by=user(RITA))
    db.session.commit()
    plan("Call", on=busy)
    with at(datetime(2026, 11, 27, 11, tzinfo=UTC)):
        rita = as_(RITA).visit("/activities/")
        shown = [words for words, href in rita.links if href.startswith("/opportunities/") and "?" not in href]
        assert sorted(set(shown)) == ["Awake", "Busy"]
        rita.click("Plan on Awake").fill({"What": "Call again", "Date": today()}).submit("Save")
        assert "Nothing planned" not in rita.visit("/activities/").text
        assert "Of Rolf" in rita.visit("/activities/", whose="everybody").text


def test_a_group_shows_the_first_and_counts_to_a_hundred(as_, party, user):
    for number in range(120):
        Activity.plan(party, {"purpose": f"Call {number}", "due_on": today() - timedelta(1)}, by=user(RITA))
    db.session.commit()
    rita = as_(RITA).visit("/activities/")
    assert "Overdue 99+" in rita.text
    assert sum(words.startswith("Call ") for words, _ in rita.links) == 25
    rita.click("All of them")
    assert len(rita.table()) == 50
    assert "Responsible: Me" in rita.text


# -- days and weeks ---------------------------------------------------------------------------------------------------


def test_a_week_shows_each_day_with_what_was_done_too(as_, plan, user):
    plan("Site visit", 1, category="appointment", starts="14:30")
    plan("Breakfast", 1, category="appointment", starts="08:00")
    plan("Sent it", -1).finish(by=user(RITA))
    plan("Next month", 30)
    db.session.commit()
    rita = as_(RITA).visit("/activities/").click("Week")
    assert in_order(rita.text, "Mon 23 Nov", "Tue 24 Nov", "Sent it", "done", "Thu 26 Nov", "08:00 Breakfast", "14:30")
    assert "Next month" not in rita.text
    rita.click("Next").click("Previous")
    assert "Breakfast" in rita.text
    rita.click("Thu 26 Nov")
    assert in_order(rita.text, "08:00", "Breakfast", "14:30", "Site visit")
    assert rita.url == "/activities/?view=day&on=2026-11-26"


def test_a_colleagues_agenda_and_what_one_attends(as_, plan, user):
    plan("Of Rolf", by=ROLF)
    plan("Together", by=ROLF, category="appointment", attending=[f"user-{user(RITA).id}"])
    rita = as_(RITA).visit("/activities/", view="day")
    assert "Together" in rita.text
    assert "Of Rolf" not in rita.text
    rita.fill({"Colleague": "Rolf Weber"}).submit("Show")
    assert rita.heading == "Activities of Rolf Weber"
    assert "Of Rolf" in rita.text
    assert rita.url == f"/activities/?view=day&whose={user(ROLF).id}"


@pytest.mark.parametrize(
    "words",
    [
        {"view": "year"}, {"on": "2026-02-31"}, {"on": "9999-12-31"}, {"whose": "4711"}, {"whose": "²"},
        {"view": "week", "on": "1989-01-01"}, {"on": "\0"},
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_shows_the_usual(as_, words):
    assert as_(RITA).visit("/activities/", **words).heading == "My activities"


def test_an_address_says_only_what_is_asked():
    asked = Asked.read({"view": "week", "whose": "7", "on": "2026-11-25"}, {7: "Rolf"})
    assert asked.words == {"view": "week", "whose": "7", "on": "2026-11-25"}
    assert asked.other(view="list", whose="me", on=None) == {}
    assert (asked.days[0], asked.days[-1]) == (date(2026, 11, 23), date(2026, 11, 29))


def test_weeks_begin_where_the_company_is(app):
    from p2p.filters import Format

    assert week_of(WEDNESDAY) == (date(2026, 11, 23), date(2026, 11, 29))
    use_format(Format("en_US", "America/New_York", "USD"))
    assert week_of(WEDNESDAY) == (date(2026, 11, 22), date(2026, 11, 28))


# -- reminders --------------------------------------------------------------------------------------------------------


def test_a_reminder_shows_from_its_moment_until_it_was_seen(as_, plan):
    plan("Meet", 0, category="appointment", starts="14:00", remind=60)  # from 13:00 in Zurich
    rita = as_(RITA, htmx=True)
    assert "Nothing to be reminded of" in rita.visit("/activities/reminders").text
    with at(datetime(2026, 11, 25, 12, 0, 1, tzinfo=UTC)):
        rita.visit("/activities/reminders")
        assert "today, 14:00 Meet" in rita.text
        assert "Meet" not in as_(MAX).visit("/activities/reminders").text
        rita.press("Seen: Meet")
        assert "Meet" not in rita.visit("/activities/reminders").text


def test_a_reminder_moves_with_its_day_and_ends_when_it_is_done(as_, plan, user):
    task = plan("Write", 0, category="task", remind=0)  # eight in the morning
    rita = as_(RITA)
    assert "Write" in rita.visit("/activities/reminders").text
    task.move(today() + timedelta(1), by=user(RITA))
    db.session.commit()
    assert "Write" not in rita.visit("/activities/reminders").text
    with at(datetime(2026, 11, 26, 7, tzinfo=UTC)):
        assert "Write" in rita.visit("/activities/reminders").text
        db.session.merge(task).finish(by=user(RITA))
        db.session.commit()
        assert "Write" not in rita.visit("/activities/reminders").text


def test_every_page_asks_for_reminders_by_itself(as_):
    frame = as_(VERA).visit("/parties/").page.xpath("//*[@id='reminders']")[0]
    assert (frame.get("hx-get"), frame.get("hx-trigger")) == ("/activities/reminders", "load")
