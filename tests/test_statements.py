"""What pages cost in statements: the same for few rows and for many."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from p2p.activities.models import Activity
from p2p.campaigns.models import Campaign
from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.filters import today
from p2p.identity.queries import user_by_email
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Member, Rival
from p2p.parties.models import Party
from p2p.prospects.models import Customer, Prospect
from p2p.setup.models import Code
from p2p.setup.queries import bands, codes, stages
from tests.cast import MAX, RITA, ROLF
from tests.world import Caller, World, build

PAGES = (
    "/board", "/board?owner=me", "/board?text=deal", "/opportunities/", "/opportunities/?sort=-revenue", "/parties/",
    "/parties/?q=ag", "/contacts/", "/prospects/", "/customers/", "/competitors/", "/activities/", "/activities/all",
    "/activities/?whose=everybody", "/leads/", "/leads/?which=all", "/leads/triage?who=all", "/duplicates/lead/1",
    "/leads/1", "/reports/leads", "/campaigns/", "/history/", "/history/?noun=party", "/history/timeline/opportunity/1",
    "/history/timeline/party/1", "/opportunities/1", "/parties/1", "/competitors/1",
    "/find?q=ag", "/find?q=ag+0",
    "/setup/", "/setup/reasons", "/setup/lists/source", "/setup/processes", "/setup/bands",
)  # fmt: skip
MOST = 32
#: One count for each of the four groups that holds more than it shows.
BOUNDED = {"/activities/?whose=everybody": 4}


@pytest.fixture
def world(app: Flask) -> World:
    return build()


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith("PRAGMA"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def grow(world: World, numbers: range) -> None:
    """More of everything, by several people, on the records whose pages are looked at, too."""
    people: list[Any] = [user_by_email(person.email) for person in (MAX, RITA, ROLF)]
    deal, party = db.session.get_one(Opportunity, world["deal"]), db.session.get_one(Party, world["party"])
    kind = {"type_id": codes("prospect_type")[0][0], "currency": "CHF"}
    for number in numbers:
        by = people[number % 3]
        entered = Party.enter({"name": f"Growing {number} AG"}, by=by)
        Contact.enter(entered, {"name": f"Person {number}"}, by=by)
        contact = Contact.enter(party, {"name": f"Buyer {number}"}, by=by)
        Prospect.make(entered, kind, by=by)
        Customer.open(entered, by=by)
        rival = Competitor.register(entered, {}, by=by)
        facts = {"subject": f"Growing deal {number}", "party_id": entered.id, "stage_id": stages()[number % 4].id}
        facts |= {"prognosis_id": bands()[number % 5].id, "revenue": 1000 * number}
        grown = Opportunity.open(facts, by=by)
        Rival.add(deal, rival, {"price": number}, by=by)
        Member.add(grown, people[0], by=by)
        deal.edit({"owner_id": by.id, "subject": f"The deal {number}"}, by=by)
        for subject, days in ((deal, -3), (grown, 0), (party, 3), (contact, 30)):
            Activity.plan(subject, {"purpose": f"Call {number}", "due_on": today() + timedelta(days)}, by=by)
        lead = Lead.capture(
            {"subject": f"Growing lead {number}", "party_id": entered.id, "email": "a@b.example"}, by=by
        )
        Activity.log(lead, {"purpose": f"Talk {number}", "due_on": today()}, by=by)
        Campaign.start({"name": f"Campaign {number}"}, by=by)
        Code.add({"list_name": "source", "name": f"Source {number}"}, by=by)
    db.session.commit()


def test_pages_cost_the_same_for_few_and_for_many(app: Flask, world: World) -> None:
    max_ = Caller(app, MAX)
    grow(world, range(3))

    def costs() -> dict[str, int]:
        found = {}
        for page in PAGES:
            with statements() as sent:
                answer = max_.knock("GET", page)
            assert answer.status_code == 200, f"{page}: {answer.status}"
            found[page] = len(sent)
        return found

    costs()  # the first time, some are remembered for good
    few = costs()
    grow(world, range(3, 28))
    many = costs()
    grew = {page: many[page] - few[page] - BOUNDED.get(page, 0) for page in PAGES}
    wrong = [f"{page}: {few[page]} for few, {many[page]} for many" for page in PAGES if grew[page] > 0]
    wrong += [f"{page}: {few[page]}, at most {MOST}" for page in PAGES if few[page] > MOST]
    assert not wrong, "statements:\n- " + "\n- ".join(wrong)
