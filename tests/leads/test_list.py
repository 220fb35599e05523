"""The list of leads: which are shown under which tab, what a row tells, and what it costs."""

from datetime import timedelta

import pytest
from sqlalchemy import event, text

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.history import last_operation_id
from p2p.history.log import Operation
from p2p.history.undoing import undo
from p2p.leads.listing import listing
from p2p.leads.models import Lead
from p2p.listing import Listed, reading
from p2p.parties.models import Party
from p2p.setup.queries import codes, reasons
from tests.cast import MAX, RITA, VERA


@pytest.fixture
def capture(rita):
    def captured(subject, **facts):
        lead = Lead.capture({"subject": subject, "process_id": None} | facts, by=rita)
        db.session.commit()
        return lead

    return captured


def why():
    return reasons("disqualified", "leads")[0]


def asleep(lead, days, by):
    lead.postpone(today() + timedelta(9), by=by)
    lead.edit({"wake_on": today() + timedelta(days)}, by=by)
    db.session.commit()


def shown(visitor, which=None):
    visitor.visit("/leads/", **({"which": which} if which else {}))
    links = visitor.page.xpath("//table[contains(@class, 'list')]//td[@data-label='Lead']/a")
    return {link.text_content() for link in links}


@pytest.fixture
def every_kind(capture, rita, user):
    capture("Fresh")
    capture("Max’s", owner_id=user(MAX).id)
    called = capture("Called")
    Activity.log(called, {"purpose": "Call", "due_on": today()}, by=rita)
    asleep(capture("Sleeping"), 5, rita)
    asleep(capture("Waking"), 0, rita)
    asleep(capture("Woken"), -3, rita)
    capture("Qualified").qualify(by=rita)
    capture("Rejected").disqualify(why(), by=rita)
    capture("Put away").archive(by=rita)
    db.session.commit()


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (None, {"Fresh", "Max’s", "Called", "Waking", "Woken"}),
        ("mine", {"Fresh", "Called", "Waking", "Woken"}),
        ("new", {"Fresh", "Max’s", "Waking", "Woken"}),
        ("postponed", {"Sleeping"}),
        ("waking", {"Waking"}),
        ("qualified", {"Qualified"}),
        ("not_qualified", {"Rejected"}),
        ("all", {"Fresh", "Max’s", "Called", "Sleeping", "Waking", "Woken", "Qualified", "Rejected"}),
    ],
)
def test_each_tab_shows_its_leads(as_, every_kind, which, expected):
    assert shown(as_(RITA), which) == expected


def test_tabs_keep_what_else_is_asked_for_and_say_where_one_is(as_, every_kind):
    visitor = as_(RITA)
    visitor.visit("/leads/?owner=nobody&sort=opened_on")
    visitor.click("Mine")
    assert visitor.url == "/leads/?owner=nobody&sort=opened_on&which=mine"
    assert visitor.page.xpath("//nav[contains(@class, 'tabs')]/a[@aria-current]")[0].text_content() == "Mine"


def test_closed_leads_do_not_clutter_but_are_found(as_, every_kind):
    visitor = as_(RITA)
    visitor.visit("/leads/")
    assert "Rejected" not in visitor.text
    visitor.visit("/leads/?which=all&text=reje")
    assert "Rejected" in visitor.text


def test_new_counts_from_arrival_until_somebody_logged_something(as_, capture, rita):
    lead = capture("Old but untouched", opened_on=today() - timedelta(90))
    visitor = as_(RITA)
    planned = Activity.plan(lead, {"purpose": "Call", "due_on": today()}, by=rita)
    db.session.commit()
    assert shown(visitor, "new") == {"Old but untouched"}
    planned.finish(by=rita)
    db.session.commit()
    assert shown(visitor, "new") == set()
    undo(db.session.get_one(Operation, last_operation_id()), by=rita)
    db.session.commit()
    assert shown(visitor, "new") == {"Old but untouched"}


def test_work_moved_to_another_lead_counts_there(capture, rita):
    one, other = capture("One"), capture("Other")
    call = Activity.log(one, {"purpose": "Call", "due_on": today()}, by=rita)
    call.edit({"subject_id": other.id}, by=rita)
    db.session.commit()
    db.session.expire_all()
    assert (one.worked, other.worked) == (False, True)


@pytest.mark.parametrize("typed", ["robot", "VOGT", "nowak", "Foods", "L-2", "Jana.N", "(044) 668 18 00"])
def test_a_lead_is_found_by_any_of_its_words(as_, capture, rita, typed):
    party = Party.enter({"name": "Łódź Foods"}, by=rita)
    reach = {"email": "jana.nowak@example.com", "phone": "+41 44 668 18 00"}
    lead = capture("Robot cell", company_name="Vogt Antriebe", person_name="Jana Nowak", party_id=party.id, **reach)
    capture("Something else")
    visitor = as_(RITA)
    visitor.visit("/leads/", text=lead.number if typed == "L-2" else typed)
    assert "Robot cell" in visitor.text
    assert "Something else" not in visitor.text


def test_a_row_tells_who_what_comes_next_and_why_it_was_closed(as_, capture, rita):
    lead = capture("Robot cell", person_name="Jana Nowak")
    Activity.plan(lead, {"purpose": "Send drawings", "due_on": today() + timedelta(30)}, by=rita)
    Activity.plan(lead, {"purpose": "Call Jana", "due_on": today() - timedelta(2)}, by=rita)
    capture("Press line").disqualify(why(), by=rita)
    db.session.commit()
    visitor = as_(VERA)
    visitor.visit("/leads/", which="all")
    closed, first = visitor.table("Leads")
    assert "Jana Nowak" in first["Lead"]
    assert first["Next step"].startswith("Call Jana · overdue")
    assert first["Status"] == "Open"
    assert closed["Next step"] == "nothing planned"
    assert closed["Status"] == f"Not qualified {why()}"


def test_a_next_step_is_finished_and_planned_from_the_row(as_, capture, rita):
    Activity.plan(capture("Robot cell"), {"purpose": "Call Jana", "due_on": today()}, by=rita)
    db.session.commit()
    visitor = as_(RITA)
    visitor.visit("/leads/")
    visitor.click("Finish Call Jana on Robot cell")
    visitor.submit("Done", **{"What came of it": "reached her"})
    visitor.visit("/leads/")
    visitor.click("Log or plan on Robot cell")
    visitor.submit("Save", What="Send the offer", **{"Done or to do?": "Plan what comes next"})
    visitor.visit("/leads/")
    assert "Send the offer · today" in visitor.text


def test_the_file_holds_what_the_list_lets_through(as_, capture):
    capture("Robot cell", company_name="Vogt", email="jana@example.com")
    visitor = as_(RITA)
    told = visitor.get("/leads/?format=csv", {}).data.decode("utf-8-sig").splitlines()
    assert told[0].startswith("Number,Lead,Who,Status,Rating,Priority,Owner,Source,Type,Company,Person,E-mail,Phone")
    assert "Robot cell,Vogt,Open" in told[1]


def test_an_empty_list_teaches(as_):
    visitor = as_(RITA)
    visitor.visit("/leads/")
    assert "No active leads" in visitor.text
    assert "other tabs" not in visitor.visit("/leads/?which=all&bare=1").text  # none inside another page


# ── In the order of a short list ────────────────────────────────────────────────────────────────────────────────────


def walked(sort, **asked):
    """The subjects of all pages, forwards; and backwards again from the last."""
    forwards, backwards, place = [], [], None
    while True:
        listed = Listed(listing(1), "/leads/", asked | {"sort": sort} | ({"after": str(place)} if place else {})).read()
        forwards.append([row["subject"] for row in listed.rows])
        if not listed.next:
            break
        place = listed.next
    backwards.append(forwards[-1])
    while listed.previous:
        listed = Listed(listing(1), "/leads/", asked | {"sort": sort, "before": str(listed.previous)}).read()
        backwards.append([row["subject"] for row in listed.rows])
    return forwards, backwards[::-1]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("-rating", "Hot 2, Hot 1, Warm, Cold 2, Cold 1, None 2, None 1"),
        ("rating", "Cold 1, Cold 2, Warm, Hot 1, Hot 2, None 1, None 2"),
    ],
)
def test_leads_are_ordered_by_rating_page_by_page(capture, monkeypatch, sort, expected):
    monkeypatch.setattr(reading, "PAGE_SIZE", 2)
    rating = {name: id for id, name in codes("lead_rating")}
    for subject in ("Hot 1", "Cold 1", "None 1", "Warm", "Hot 2", "None 2", "Cold 2"):
        capture(subject, rating_id=rating.get(subject.split()[0]))
    forwards, backwards = walked(sort)
    assert [subject for page in forwards for subject in page] == expected.split(", ")
    assert backwards == forwards
    assert [len(page) for page in forwards] == [2, 2, 2, 1]


def test_leads_are_ordered_by_owner_with_nobodys_last(capture, user):
    for subject, owner in (("R", RITA), ("None", None), ("M", MAX)):
        capture(subject, owner_id=user(owner).id if owner else None)
    assert walked("owner")[0] == [["M", "R", "None"]]
    assert walked("owner", which="mine")[0] == [[]]


def test_the_head_of_the_ratings_puts_the_hot_ones_first(as_, capture):
    capture("A", rating_id=codes("lead_rating")[0][0])
    capture("B", rating_id=codes("lead_rating")[2][0])
    visitor = as_(RITA).visit("/leads/")
    visitor.click("Rating")
    assert visitor.url == "/leads/?sort=-rating"
    assert [row["Lead"] for row in visitor.table("Leads")] == ["B", "A"]
    visitor.click("Rating")
    assert visitor.url == "/leads/?sort=rating"


# ── What it costs ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def counted(app):
    told = []

    def note(connection, cursor, statement, *more):
        if not statement.startswith("PRAGMA"):
            told.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield told
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_page_asks_the_same_questions_however_many_leads(as_, capture, rita, counted):
    visitor = as_(RITA)
    capture("First")
    visitor.visit("/leads/")
    del counted[:]
    visitor.visit("/leads/")
    few = len(counted)
    for number in range(20):
        Activity.plan(capture(f"Lead {number}"), {"purpose": "Call", "due_on": today()}, by=rita)
    db.session.commit()
    del counted[:]
    visitor.visit("/leads/")
    assert len(counted) == few


@pytest.mark.engine("sqlite")  # without statistics PostgreSQL reads a small table as it is
@pytest.mark.parametrize(
    ("which", "index"),
    [
        ("active", "ix_lead_"),  # of those not closed, or without statistics of all by day: both are in order
        ("new", "ix_lead_new"),
        ("mine", "ix_lead_owner"),
        ("waking", "ix_lead_wake"),
        ("all", "ix_lead_opened"),
    ],
)
def test_each_tab_is_the_first_rows_of_an_index(app, user, which, index):
    listed = Listed(listing(user(RITA).id), "/leads/", {"which": which})
    wanted = listed.ordered().limit(51).compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = [row[3] for row in db.session.execute(text(f"explain query plan {wanted}"))]
    assert index in plan[0], plan
    assert which == "waking" or not any("TEMP B-TREE" in step for step in plan), plan


def test_rows_of_one_subject_are_told_apart_by_whose_they_are(as_, capture, rita):
    for company in ("Alpha AG", "Beta GmbH"):
        lead = capture("Robot cell", company_name=company)
        Activity.plan(lead, {"purpose": "Call", "due_on": today()}, by=rita)
    db.session.commit()
    names = as_(RITA).visit("/leads/").page.xpath("//tbody//@aria-label")
    assert "Owner of Robot cell, Alpha AG" in names
    assert "Finish Call on Robot cell, Beta GmbH" in names
    assert len(names) == len(set(names))
