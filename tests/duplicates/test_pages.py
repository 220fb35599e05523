"""Finding records that are one, and merging them side by side."""

from datetime import timedelta

import pytest

from p2p.activities.models import Activity
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.duplicates import jobs
from p2p.filters import today
from p2p.leads.models import Lead
from p2p.parties.models import Party
from p2p.setup.queries import reasons
from tests.cast import MAX, RITA, ROLF, VERA


@pytest.fixture
def book(rita):
    """Two entries of one firm, one of another with the same number, and a stranger."""
    names = {
        "vogt": {"name": "Vogt Antriebe AG", "email": "info@vogt.example", "city": "Zug", "notes": "Rings at nine"},
        "again": {
            "name": "VOGT Antriebe",
            "email": "Info@Vogt.example",
            "phone": "041 555 12 12",
            "notes": "From a fair",
        },
        "frei": {"name": "Frei Logistik", "phone": "+41 (0)41 555 12 12"},
        "stranger": {"name": "Nordwerk", "email": "nord@gmail.com"},
        "other": {"name": "Sudwerk", "email": "sud@gmail.com"},
    }
    made = {key: Party.enter(facts, by=rita) for key, facts in names.items()}
    db.session.commit()
    return made


def search(visitor, noun="party"):
    visitor.visit(f"/duplicates/{noun}/").press(
        {"party": "Search all parties", "contact": "Search all contacts", "lead": "Search all leads"}[noun]
    )
    jobs.wait()
    return visitor.visit(f"/duplicates/{noun}/")


def pairs(visitor):
    rows = visitor.table() if visitor.page.xpath("//table") else []
    return [(row["One"], row["The other"], row["Why"]) for row in rows]


def test_before_the_first_search_the_page_says_what_it_would_do(as_):
    assert "A search compares all parties by e-mail address" in as_(RITA).visit("/duplicates/").text


def test_a_search_finds_pairs_and_says_why(as_, book):
    visitor = search(as_(RITA))
    assert pairs(visitor) == [
        (
            "Vogt Antriebe AG",
            "VOGT Antriebe",
            "same e-mail address, same name",
        ),
        ("VOGT Antriebe", "Frei Logistik", "same phone number"),
    ]
    assert "5 compared" in visitor.text
    assert "2 pairs found" in visitor.text


def test_a_viewer_reads_but_neither_searches_nor_merges(as_, book):
    search(as_(RITA))
    visitor = as_(VERA).visit("/duplicates/")
    assert len(pairs(visitor)) == 2
    assert "Search all parties" not in visitor.text
    visitor.visit(f"/duplicates/party/{book['vogt'].id}/merge/{book['again'].id}", expect=403)


@pytest.mark.parametrize("htmx", [False, True])
def test_two_are_merged_side_by_side_and_parted_again(as_, book, rita, htmx):
    for name, count in (("vogt", 3), ("again", 1)):
        for number in range(count):
            Activity.plan(book[name], {"purpose": f"Call {number}", "due_on": today()}, by=rita)
    db.session.commit()
    visitor = search(as_(RITA, htmx=htmx)).click("Merge Vogt Antriebe AG and VOGT Antriebe")
    assert "1 activity" in visitor.text
    assert "2 ways to reach a party" in visitor.text
    visitor.press("Merge")
    vogt, again = (db.session.get_one(Party, book[name].id) for name in ("vogt", "again"))
    stays, goes = vogt, again
    assert visitor.heading == stays.name
    assert set((stays.notes or "").split("\n\n")) == {"Rings at nine", "From a fair"}
    assert (stays.city, stays.phone) == ("Zug", "+41 41 555 12 12")
    assert pairs(visitor.visit("/duplicates/")) == []
    visitor.visit("/history/").press("Undo", within="Merged")
    db.session.expire_all()
    assert not goes.hidden
    assert vogt.notes == "Rings at nine"


def test_what_stays_and_which_value_is_kept_is_a_choice(as_, book):
    vogt, again = book["vogt"], book["again"]
    visitor = as_(RITA).visit(f"/duplicates/party/{vogt.id}/merge/{again.id}")
    visitor.submit("Merge", **{"B stays": True, "Name of A: Vogt Antriebe AG": True, "Notes of B: From a fair": True})
    db.session.expire_all()
    assert vogt.hidden
    assert (again.name, again.notes) == ("Vogt Antriebe AG", "From a fair")


def test_somebody_elses_change_meanwhile_is_seen_before_merging(as_, book, user):
    visitor = as_(RITA).visit(f"/duplicates/party/{book['vogt'].id}/merge/{book['again'].id}")
    book["again"].edit({"city": "Luzern"}, by=user(MAX))
    db.session.commit()
    visitor.submit("Merge", expect=409)
    assert "Somebody changed one of them meanwhile" in visitor.text
    assert "Luzern" in visitor.text
    db.session.expire_all()
    assert not book["again"].hidden
    visitor.press("Merge")
    db.session.expire_all()
    assert book["vogt"].hidden != book["again"].hidden


def test_two_that_are_two_are_not_asked_about_again_until_that_is_undone(as_, book):
    visitor = search(as_(RITA)).press("These are two Vogt Antriebe AG and VOGT Antriebe")
    assert [pair[:2] for pair in pairs(visitor)] == [("VOGT Antriebe", "Frei Logistik")]
    assert len(pairs(search(visitor))) == 1
    visitor.visit("/history/").press("Undo", within="Told apart")
    assert len(pairs(visitor.visit("/duplicates/"))) == 2


def test_one_record_shows_what_may_be_the_same(as_, book):
    visitor = as_(RITA).visit(f"/duplicates/party/{book['again'].id}")
    assert "Vogt Antriebe AG same e-mail address" in visitor.text
    assert "Frei Logistik same phone number" in visitor.text
    assert "Nordwerk" not in visitor.text
    visitor.press("Another one Frei Logistik")
    assert "Frei" not in visitor.visit(f"/duplicates/party/{book['again'].id}").text


def test_contacts_become_one_person_who_may_act_for_several(as_, book, rita):
    first = Contact.enter(book["vogt"], {"name": "Eva Vogt", "email": "eva@vogt.example"}, by=rita)
    second = Contact.enter(book["frei"], {"name": "E. Vogt", "email": "EVA@vogt.example", "job_title": "Boss"}, by=rita)
    db.session.commit()
    visitor = search(as_(RITA), "contact")
    assert pairs(visitor) == [("Eva Vogt Vogt Antriebe AG", "E. Vogt Frei Logistik", "same e-mail address")]
    visitor.click("Merge Eva Vogt and E. Vogt").press("Merge")
    db.session.expire_all()
    assert first.person_id == second.person_id
    assert not first.hidden
    assert not second.hidden
    assert pairs(search(visitor, "contact")) == []


def test_closed_leads_are_left_out_until_asked_for(as_, rita):
    facts = {"subject": "Feeder", "email": "eva@vogt.example"}
    stays, closed = (Lead.capture(facts | {"description": each}, by=rita) for each in ("one", "two"))
    closed.disqualify(reasons("disqualified", "leads")[0], by=rita)
    db.session.commit()
    visitor = search(as_(RITA), "lead")
    assert pairs(visitor) == []
    visitor.visit(f"/duplicates/lead/{stays.id}")
    assert "Nothing looks like the same" in visitor.text
    visitor.click("Look among closed leads, too").click("Merge Feeder with Feeder").press("Merge")
    db.session.expire_all()
    assert closed.hidden
    assert (stays.status, stays.description) == ("open", "one\n\ntwo")


def test_a_lead_that_became_something_stays(as_, rita):
    facts = {"subject": "Feeder", "email": "eva@vogt.example"}
    other, converted = (Lead.capture(facts, by=rita) for _ in "ab")
    converted.qualify(converted=True, by=rita)
    db.session.commit()
    visitor = as_(RITA).visit(f"/duplicates/lead/{other.id}/merge/{converted.id}")
    visitor.submit("Merge", **{"B stays": True}, expect=422)
    assert "has to be the one that stays" in visitor.text
    visitor.submit("Merge", **{"B stays": True})
    db.session.expire_all()
    assert other.hidden


def test_three_become_the_one_that_is_furthest_on_and_blanks_are_filled_in_that_order(as_, rita):
    asleep, older, qualified = (Lead.capture({"subject": f"Feeder {n}", "process_id": None}, by=rita) for n in "abc")
    asleep.edit({"description": "asleep", "phone": "+41 44 668 18 00", "source_note": "last"}, by=rita)
    older.edit({"description": "open", "source_note": "first"}, by=rita)
    qualified.edit({"description": "furthest"}, by=rita)
    asleep.postpone(today() + timedelta(9), by=rita)
    qualified.qualify(by=rita)
    db.session.commit()
    visitor = as_(RITA).visit(f"/duplicates/lead/{asleep.id}/merge/{older.id},{qualified.id}")
    visitor.press("Merge")
    db.session.expire_all()
    assert (asleep.hidden, older.hidden, qualified.hidden) == (True, True, False)
    assert (qualified.source_note, qualified.phone) == ("first", "+41 44 668 18 00")
    assert qualified.description == "furthest\n\nopen\n\nasleep"
    assert qualified.status == "qualified"


def test_a_representative_merges_only_what_is_own(as_, user):
    leads = [Lead.capture({"subject": "Feeder"}, by=user(RITA)) for _ in "ab"]
    db.session.commit()
    address = f"/duplicates/lead/{leads[0].id}/merge/{leads[1].id}"
    assert "is not yours" in as_(ROLF).visit(address, expect=403).text
    as_(MAX).visit(address).press("Merge")


@pytest.mark.parametrize("others", ["", "x", "0", "1,,", "9999999999999999", "1,2,3,4,5,6,7,8,9,10,11,12"])
def test_odd_numbers_are_refused_in_words(as_, book, others):
    visitor = as_(RITA).visit("/")
    answer = visitor.get(f"/duplicates/party/{book['vogt'].id}/merge/{others}", {})
    assert answer.status_code in (404, 422)
    visitor.visit("/duplicates/opportunity/", expect=404)
