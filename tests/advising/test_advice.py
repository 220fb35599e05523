"""What p2p suggests to do next about an opportunity, and what the team made of it."""

from datetime import timedelta

import pytest

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import stages
from tests.cast import MAX, RITA, VERA


@pytest.fixture
def deal(user):
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    facts = {"subject": "Robot cell", "party_id": party.id, "stage_id": stages()[0].id, "revenue": 5_000_000}
    made = Opportunity.open(facts | {"decide_by": today() + timedelta(60)}, by=user(RITA))
    db.session.commit()
    return made


def told(visitor):
    """What stands on the page of suggestions, as (what to do, reason)."""
    items = visitor.page.xpath("//section[@id='advice']/ul/li")
    return [(item.findtext("b"), item.findtext("span")) for item in items]


def test_the_page_of_an_opportunity_says_what_to_do_next_and_why(as_, deal):
    rita = as_(RITA).visit(f"/opportunities/{deal.id}")
    assert told(rita) == [
        ("Plan the next step", "nothing is planned in Qualify"),
        ("Add a contact", "nobody of the customer is on it"),
    ]
    rita.click("Plan it")
    assert rita.heading.startswith("Log or plan")


def test_what_is_dismissed_stays_away_for_everybody_until_the_reason_is_another(as_, deal, user):
    page = f"/opportunities/{deal.id}"
    rita, max_ = as_(RITA).visit(page), as_(MAX)
    rita.press("Dismiss: Plan the next step")
    assert [what for what, _ in told(rita)] == ["Add a contact"]
    max_.visit(page)
    assert [what for what, _ in told(max_)] == ["Add a contact"]
    assert "dismissed by Rita Sommer on" in max_.text
    assert "Dismissed “Nothing planned”" in max_.visit(f"/history/timeline/opportunity/{deal.id}").text
    call = Activity.plan(deal, {"purpose": "Call", "due_on": today()}, by=user(RITA))
    call.finish(by=user(RITA))
    db.session.commit()
    assert [what for what, _ in told(max_.visit(page))] == ["Plan the next step", "Add a contact"]


def test_a_dismissal_is_undone_by_its_toast_and_brought_back_by_anybody(as_, deal):
    rita = as_(RITA).visit(f"/opportunities/{deal.id}")
    rita.press("Dismiss: Add a contact").press("Undo")
    assert len(told(rita)) == 2
    rita.visit(f"/opportunities/{deal.id}").press("Dismiss: Add a contact")
    assert len(told(rita)) == 1
    max_ = as_(MAX).visit(f"/opportunities/{deal.id}").press("Bring back “Add a contact”")
    assert len(told(max_)) == 2


def test_an_outdated_suggestion_is_not_dismissed(as_, deal, user):
    rita = as_(RITA).visit(f"/opportunities/{deal.id}")
    deal.move(stages()[1], by=user(MAX))
    db.session.commit()
    rita.press("Dismiss: Plan the next step", expect=409)


def test_who_only_reads_is_told_but_not_asked(as_, deal):
    vera = as_(VERA).visit(f"/opportunities/{deal.id}/advice")
    assert len(told(vera)) == 2
    assert "Dismiss" not in vera.text


def test_nothing_is_suggested_about_what_sleeps_or_is_put_away(as_, deal, user):
    deal.postpone(today() + timedelta(3), by=user(RITA))
    db.session.commit()
    assert "Nothing p2p could suggest" in as_(RITA).visit(f"/opportunities/{deal.id}/advice").text


def test_a_rule_is_switched_off_and_on_in_set_up_and_the_switch_is_undone(as_, deal):
    rita, max_ = as_(RITA), as_(MAX).visit("/setup/")
    max_.click("Suggestions").press("Switch off Nothing planned")
    assert "“Nothing planned” is off." in max_.toast
    assert [what for what, _ in told(rita.visit(f"/opportunities/{deal.id}"))] == ["Add a contact"]
    max_.press("Undo")
    assert len(told(rita.visit(f"/opportunities/{deal.id}"))) == 2
    max_.visit("/setup/advice").press("Switch off Nothing planned").press("Switch on Nothing planned")
    assert len(told(rita.visit(f"/opportunities/{deal.id}"))) == 2


def test_the_days_of_a_rule_are_set(as_, deal):
    rita, max_ = as_(RITA), as_(MAX).visit("/setup/advice")
    max_.click("Decided soon, but unsure").submit("Save", expect=422, Days="0")
    max_.submit("Save", Days="60")
    assert told(rita.visit(f"/opportunities/{deal.id}"))[1] == (
        "Check probability and prognosis",
        "it is to be decided in 60 days, and stands at 10 %",
    )
    rita.visit("/setup/advice", expect=403)
