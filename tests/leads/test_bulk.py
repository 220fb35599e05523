"""Many leads at once: what is said before, what changes, what is left alone and why, and one undo for all."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p.activities.models import Activity
from p2p.bulk import selecting
from p2p.db import db
from p2p.filters import today
from p2p.leads.bulk.sharing import share_out
from p2p.leads.models import Lead
from p2p.leads.rows import queries
from p2p.setup.queries import reasons
from tests.cast import MAX, RITA, ROLF, VERA


@pytest.fixture
def capture(user):
    def captured(*subjects, owner=None, **facts):
        nothing = {"process_id": None}
        made = [
            Lead.capture(nothing | {"subject": subject, "owner_id": owner and user(owner).id} | facts, by=user(MAX))
            for subject in subjects
        ]
        db.session.commit()
        return made

    return captured


def owners():
    db.session.expire_all()
    return {lead.subject: lead.owner.name if lead.owner else None for lead in queries.by_id(list(range(1, 50)))}


def tick(visitor, *subjects, which=None):
    """Open the list and tick these leads in it."""
    visitor.visit("/leads/", **({"which": which} if which else {}))
    return visitor.fill({f"Tick {subject}": True for subject in subjects})


def column(visitor, caption, what="What happens"):
    return {row["Lead"]: row[what] for row in visitor.table(caption)}


@given(st.integers(0, 60), st.integers(1, 9))
def test_sharing_gives_each_thing_once_and_nobody_two_more_than_another(how_many, heads):
    things, people = list(range(how_many)), list(range(heads))
    shared = share_out(things, people)
    assert [thing for thing, _ in shared] == things
    counts = [sum(1 for _, person in shared if person == each) for each in people]
    assert max(counts) - min(counts) <= 1


# ── Assigning ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_six_leads_are_shared_by_three_people_in_turns(as_, capture):
    capture(*"ABCDEF")
    visitor = tick(as_(MAX), *"ABCDEF").submit("Assign …")
    visitor.fill({"Max Keller": True, "Rita Sommer": True, "Rolf Weber": True}).submit("Look")
    assert len(column(visitor, "Will change")) == 6
    assert set(owners().values()) == {None}
    visitor.submit("Assign")
    assert visitor.url == "/leads/"
    assert visitor.toast.startswith("6 leads were assigned.")
    assert sorted(owners().values()) == sorted(["Max Keller", "Rita Sommer", "Rolf Weber"] * 2)


def test_who_has_a_lead_keeps_it_unless_forced(as_, capture):
    capture("Free")
    capture("Rolf’s", owner=ROLF)
    visitor = tick(as_(MAX), "Free", "Rolf’s").submit("Assign …")
    visitor.fill({"Rita Sommer": True}).submit("Look")
    assert column(visitor, "Stay as they are") == {"Rolf’s somebody": "keeps Rolf Weber"}
    visitor.submit("Assign")
    assert owners() == {"Free": "Rita Sommer", "Rolf’s": "Rolf Weber"}
    assert "Left alone: “Rolf’s” keeps Rolf Weber." in visitor.toast
    tick(visitor, "Free", "Rolf’s").submit("Assign …")
    visitor.submit("Assign", **{"Max Keller": True, "Also those who have an owner": True})
    assert set(owners().values()) == {"Max Keller"}


def test_one_undo_takes_all_of_it_back(as_, capture):
    capture(*"ABC")
    visitor = tick(as_(RITA), *"ABC").submit("Assign …")
    visitor.submit("Assign", **{"Rolf Weber": True})
    visitor.press("Undo")
    assert set(owners().values()) == {None}
    visitor.visit("/history/")
    assert "Assigned 3 leads" in visitor.text


def test_somebody_must_be_ticked(as_, capture):
    capture("A")
    visitor = tick(as_(MAX), "A").submit("Assign …")
    visitor.submit("Assign", expect=422)
    assert "Please tick at least one person." in visitor.text
    assert owners() == {"A": None}


# ── Disqualifying, postponing, rating ───────────────────────────────────────────────────────────────────────────────


def test_leads_are_disqualified_for_one_reason_and_closed_ones_stay(as_, capture, user):
    open_one, _, closed = capture("Open", "Sleeping", "Closed")
    _.postpone(today() + timedelta(9), by=user(MAX))
    closed.qualify(by=user(MAX))
    call = Activity.plan(open_one, {"purpose": "Call", "due_on": today()}, by=user(MAX))
    db.session.commit()
    visitor = tick(as_(MAX), "Open", "Sleeping", "Closed", which="all").submit("Disqualify …")
    assert set(column(visitor, "Will change").values()) == {"not qualified"}
    assert column(visitor, "Stay as they are") == {"Closed somebody": "is qualified already"}
    visitor.submit("Disqualify", expect=422)
    assert "Please choose a reason." in visitor.text
    visitor.submit("Disqualify", Reason="No budget")
    assert visitor.toast.startswith("2 leads were disqualified.")
    db.session.expire_all()
    assert [str(db.session.get_one(Lead, id).reason) for id in (1, 2)] == ["No budget", "No budget"]
    assert db.session.get_one(Activity, call.id).status == "done"


def test_leads_are_postponed_until_one_day(as_, capture):
    capture(*"AB")
    visitor = tick(as_(MAX), *"AB").submit("Postpone …")
    visitor.submit("Postpone", **{"Wake up on": today().isoformat()}, expect=422)
    visitor.submit("Postpone", **{"Wake up on": (today() + timedelta(30)).isoformat()})
    assert visitor.toast.startswith("2 leads were postponed.")
    visitor.visit("/leads/?which=postponed")
    assert len(visitor.table("Leads")) == 2


def test_leads_are_rated_and_those_rated_so_stay(as_, capture):
    capture("A", "B")
    visitor = tick(as_(MAX), "A").submit("Rate …").submit("Rate", Rating="Hot")
    tick(visitor, "A", "B").submit("Rate …")
    visitor.fill({"Rating": "Hot"}).submit("Look")
    assert column(visitor, "Stay as they are") == {"A somebody": "is Hot already"}
    visitor.submit("Rate")
    assert visitor.toast.startswith("1 lead was rated.")


def test_when_nothing_would_change_that_is_said(as_, capture):
    capture("A")
    visitor = tick(as_(MAX), "A").submit("Rate …").submit("Rate", Rating="Hot")
    tick(visitor, "A").submit("Rate …").submit("Rate", Rating="Hot", expect=422)
    assert "Nothing would change." in visitor.text


# ── Which leads, and whose ──────────────────────────────────────────────────────────────────────────────────────────


def test_representatives_change_their_own_and_nobodys_together(as_, capture):
    capture("Free")
    capture("Mine", owner=RITA)
    capture("Rolf’s", owner=ROLF)
    visitor = tick(as_(RITA), "Free", "Mine", "Rolf’s").submit("Rate …")
    visitor.fill({"Rating": "Hot"}).submit("Look")
    assert len(column(visitor, "Will change")) == 2
    assert column(visitor, "Stay as they are")["Rolf’s somebody"].startswith("belongs to Rolf Weber;")
    visitor.submit("Rate")
    assert visitor.toast.startswith("2 leads were rated.")


def test_what_somebody_changed_meanwhile_is_named_and_left_alone(as_, capture, user):
    changed, _ = capture("A", "B")
    visitor = tick(as_(MAX), "A", "B").submit("Rate …")
    changed.edit({"subject": "A, much larger"}, by=user(RITA))
    db.session.commit()
    visitor.submit("Rate", Rating="Hot")
    assert visitor.toast.startswith("1 lead was rated. Left alone: “A, much larger” was changed by somebody else")


def test_all_that_match_are_chosen_by_what_the_list_lets_through(as_, capture):
    capture("A", "B", "C", owner=RITA)
    capture("Rolf’s", owner=ROLF)
    visitor = as_(MAX).visit("/leads/?which=all&text=a")
    visitor.submit("Rate …", **{"all 1 that match": True})
    assert visitor.heading == "Rate 1 lead"
    visitor.visit("/leads/")
    visitor.submit("Rate …", **{"all 4 that match": True})
    visitor.submit("Rate", Rating="Hot")
    assert visitor.toast.startswith("4 leads were rated.")


def test_at_most_so_many_are_changed_at_once(as_, capture, monkeypatch):
    monkeypatch.setattr(selecting, "MOST", 2)
    capture("A", "B", "C")
    visitor = as_(MAX).visit("/leads/")
    visitor.submit("Rate …", **{"all 3 that match": True})
    assert "More match." in visitor.text
    visitor.submit("Rate", Rating="Hot")
    assert visitor.toast.startswith("2 leads were rated.")


def test_nothing_ticked_is_said(as_, capture):
    capture("A")
    visitor = as_(MAX).visit("/leads/").submit("Postpone …")
    assert "No lead is ticked" in visitor.text


def test_nonsense_chooses_nothing(as_):
    visitor = as_(MAX)
    visitor.visit("/leads/bulk/rate?lead=x&lead=99999999999999999999&lead=1:y&lead=0")
    assert "No lead is ticked" in visitor.text
    visitor.visit("/leads/bulk/rate?all=1&which=nonsense")
    visitor.visit("/leads/bulk/merge", expect=404)


def test_somebody_who_only_reads_ticks_nothing(as_, capture):
    capture("A")
    visitor = as_(VERA).visit("/leads/")
    assert not visitor.page.xpath("//tbody//input")
    visitor.visit("/leads/bulk/rate?lead=1", expect=403)


def test_reasons_of_other_things_do_not_disqualify(as_, capture):
    capture("A")
    visitor = as_(MAX).visit("/leads/bulk/disqualify?lead=1")
    visitor.post("/leads/bulk/disqualify", {"lead": "1:1", "reason_id": reasons("won")[0].id}, expect=422)
