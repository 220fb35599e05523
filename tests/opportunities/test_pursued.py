"""What comes next on an opportunity, and when something was last done, follows every way activities change."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.db import at, db, now
from p2p.filters import today
from p2p.history import Operation
from p2p.history.undoing import undo
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import stages
from tests.cast import RITA


@pytest.fixture
def deals(user):
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    facts = {"party_id": party.id, "stage_id": stages()[0].id}
    made = [Opportunity.open(facts | {"subject": subject}, by=user(RITA)) for subject in ("Robot cell", "Press line")]
    db.session.commit()
    return made


def pursued(deal):
    db.session.commit()
    return deal.next_id, deal.next_on, deal.touched_at


def test_the_next_step_and_the_last_one_follow_the_activities(deals, user):
    deal, other = deals
    by, day = user(RITA), today()
    assert pursued(deal) == (None, None, None)
    later = Activity.plan(deal, {"purpose": "Visit", "due_on": day + timedelta(9)}, by=by)
    sooner = Activity.plan(deal, {"purpose": "Call", "due_on": day + timedelta(2)}, by=by)
    assert pursued(deal)[:2] == (sooner.id, day + timedelta(2))
    later.move(day, by=by)
    assert pursued(deal)[:2] == (later.id, day)
    later.finish(by=by)
    assert pursued(deal) == (sooner.id, day + timedelta(2), later.done_at)
    sooner.archive(by=by)
    assert pursued(deal)[:2] == (None, None)
    sooner.restore(by=by)
    sooner.carry_to(other, by=by)
    assert pursued(deal)[:2] == (None, None)
    assert pursued(other) == (sooner.id, day + timedelta(2), None)
    log = Activity.log(other, {"purpose": "Called", "due_on": day}, by=by)
    assert pursued(other)[2] == log.done_at


def test_an_undo_puts_the_next_step_back_too(deals, user):
    deal, _ = deals
    call = Activity.plan(deal, {"purpose": "Call", "due_on": today()}, by=user(RITA))
    db.session.commit()
    call.finish(by=user(RITA))
    assert pursued(deal)[:2] == (None, None)
    undo(db.session.scalars(select(Operation).order_by(Operation.id.desc())).first(), by=user(RITA))
    assert pursued(deal) == (call.id, today(), None)


def test_it_is_in_its_stage_since_it_came_there_and_an_undo_gives_that_back(deals, user):
    deal, _ = deals
    opened = deal.stage_entered_at
    with at(now() + timedelta(days=5)):
        deal.move(stages()[1], by=user(RITA))
        db.session.commit()
    assert deal.stage_entered_at > opened + timedelta(days=4)
    deal.estimate(35, by=user(RITA))
    db.session.commit()
    moved = db.session.scalars(select(Operation).where(Operation.verb == "opportunity.move")).one()
    undo(moved, by=user(RITA), the_rest=True)
    db.session.commit()
    assert (deal.stage_id, deal.stage_entered_at) == (stages()[0].id, opened)
