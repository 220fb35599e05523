"""Deals that deserve talk for different reasons, and a meeting that was held a week ago."""

from datetime import timedelta

import pytest

from p2p.activities.models import Activity
from p2p.db import at, db, now
from p2p.filters import today
from p2p.meetings.agenda import Agenda
from p2p.meetings.models import Meeting
from p2p.meetings.queries import last_operation
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import reasons, stages
from tests.cast import MAX

#: Days until the decision of each deal; all but one have a step planned.
DEALS = {"Quiet": 100, "Changed": 120, "Stepless": 110, "Put off": 80, "Overdue": -3, "Soon": 10, "Everything": -1}


@pytest.fixture
def deals(user, rita):
    """Name → id of the deals; what happened to them happened before and after the meeting of a week ago."""
    made, moment = {}, now()
    with at(moment - timedelta(20)):
        party = Party.enter({"name": "Vogt Antriebe"}, by=rita)
        facts = {"party_id": party.id, "stage_id": stages()[0].id, "revenue": 5_300_000}
        for name in (*DEALS, "Won", "Asleep", "Rolf’s"):
            made[name] = Opportunity.open(facts | {"subject": name}, by=rita)
            made[name].forecast({"decide_by": today() + timedelta(20 + DEALS.get(name, 60))}, by=rita)
            if name not in ("Stepless", "Everything"):
                Activity.plan(made[name], {"purpose": f"Call about {name}", "due_on": today() + timedelta(60)}, by=rita)
        made["Asleep"].postpone(today() + timedelta(99), by=rita)
        made["Won"].win(reasons("won")[0], by=rita)
        made["Rolf’s"].edit({"owner_id": user(MAX).id}, by=rita)
    with at(moment - timedelta(10)):
        put_off = made["Put off"]
        put_off.forecast({"decide_by": put_off.decide_by + timedelta(30)}, by=rita)
    with at(moment - timedelta(7)):
        past = Meeting.begin({"name": "Monday", "asked": ""}, Agenda(), None, last_operation(), by=rita)
        past.end(last_operation(), by=rita)
    with at(moment - timedelta(2)):
        Activity.log(made["Changed"], {"purpose": "They called", "due_on": today()}, by=rita)
        made["Everything"].estimate(35, by=rita)
    db.session.commit()
    return {name: deal.id for name, deal in made.items()}
