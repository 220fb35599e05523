"""What the pages of history cost: the same few questions, however much there is to tell."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.history import operation
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import reasons, stages
from tests.cast import RITA, ROLF


@pytest.fixture
def questions(app) -> Callable[[Callable[[], object]], int]:
    """How many statements something sends."""

    def count(act: Callable[[], object]) -> int:
        sent: list[str] = []

        def note(connection, cursor, statement, *rest) -> None:
            if not statement.startswith("PRAGMA"):
                sent.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(sent)

    return count


def work(user, times: int) -> None:
    """Deals with all that can happen to them, of two people."""
    for number in range(times):
        by = user(RITA) if number % 2 else user(ROLF)
        party = Party.enter({"name": f"Party {number}"}, by=by)
        facts = {"subject": f"Deal {number}", "party_id": party.id, "stage_id": stages()[0].id, "revenue": 100}
        deal = Opportunity.open(facts, by=by)
        deal.move(stages()[1], by=by)
        Activity.plan(deal, {"purpose": f"Call {number}", "due_on": today() + timedelta(1)}, by=by)
        deal.win(reasons("won")[0], by=by)
    db.session.commit()


def test_the_list_costs_the_same_for_two_deals_and_for_many(as_, user, questions):
    rita = as_(RITA)
    work(user, 2)
    rita.visit("/history/")
    few = questions(lambda: rita.visit("/history/"))
    work(user, 12)
    assert questions(lambda: rita.visit("/history/")) <= few
    assert few < 30


def test_a_timeline_costs_the_same_for_few_and_for_many_entries(as_, user, questions):
    rita = as_(RITA)
    work(user, 1)
    deal = db.session.scalars(db.select(Opportunity)).one()
    deal.reactivate(by=user(ROLF))
    db.session.commit()
    address = f"/history/timeline/opportunity/{deal.id}"
    rita.visit(address)
    few = questions(lambda: rita.visit(address))
    for number in range(8):
        deal.edit({"owner_id": user(RITA if number % 2 else ROLF).id, "subject": f"Deal {number}"}, by=user(RITA))
        Activity.plan(deal, {"purpose": f"Call {number}", "due_on": today() + timedelta(1)}, by=user(RITA))
    db.session.commit()
    assert questions(lambda: rita.visit(address)) <= few + 1
    assert few < 30


def test_a_large_operation_is_told_by_its_first_changes(as_, user, questions):
    rita = as_(RITA)
    work(user, 1)
    few = questions(lambda: rita.visit("/history/"))
    with operation("party.enter", by=user(RITA)):
        for number in range(150):
            Party.enter({"name": f"Bulk {number}"}, by=user(RITA))
    db.session.commit()
    assert questions(lambda: rita.visit("/history/")) <= few + 1
    assert "Entered 150 parties Rita Sommer" in rita.text
    assert "and 146 more" in rita.text
    assert "Bulk 7" not in rita.text
    rita.visit(rita.page.xpath("//li[contains(., 'Entered 150 parties')]/a/@href")[0])
    assert "Bulk 99" in rita.text
    assert "Bulk 100" not in rita.text
    assert "Bulk 149" in rita.click("More changes").text


def test_my_activities_cost_the_same_for_few_and_for_many(as_, user, questions):
    rita = as_(RITA)
    work(user, 2)
    rita.visit("/activities/")
    few = questions(lambda: rita.visit("/activities/"))
    work(user, 10)
    assert questions(lambda: rita.visit("/activities/")) <= few
