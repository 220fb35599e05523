"""Undoing part of what was done: facts that mean something only together go back together, or not at all."""

from datetime import timedelta

from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.history import Operation
from p2p.opportunities.models import Opportunity
from p2p.setup.queries import bands, reasons, stages
from tests.cast import MAX, RITA


def done() -> int:
    """Commit; the operation that was."""
    db.session.commit()
    return db.session.scalars(select(Operation.id).order_by(Operation.id.desc()).limit(1)).one()


def the_deal() -> Opportunity:
    db.session.expire_all()
    return db.session.scalars(select(Opportunity)).one()


def test_the_first_of_two_postponements_stays_with_its_day(as_, deal, user):
    deal.postpone(today() + timedelta(3), note="Holidays", by=user(RITA))
    first = done()
    deal.postpone(today() + timedelta(9), note="Holidays", by=user(MAX))
    db.session.commit()
    rita = as_(RITA).visit(f"/history/{first}")
    rita.press("Undo", expect=409)
    assert "wake on Palletiser relocation" in rita.text
    assert "Undo the rest" not in rita.buttons
    rita.post(f"/history/{first}/undo", {"the_rest": "1"}, expect=409)
    assert (the_deal().status, the_deal().wake_on) == ("postponed", today() + timedelta(9))


def test_a_win_that_became_a_loss_leaves_the_loss_whole(as_, deal, user):
    Activity.plan(deal, {"purpose": "Call", "due_on": today()}, by=user(RITA))
    deal.win(reasons("won")[0], note="Fit", finish_open=True, by=user(RITA))
    won = done()
    deal.reactivate(by=user(RITA))
    deal.lose(reasons("lost")[0], by=user(RITA))
    db.session.commit()
    rita = as_(RITA).visit(f"/history/{won}")
    rita.press("Undo", expect=409)
    assert rita.text.count("Palletiser relocation was set to") == 1, "a group is told once"
    rita.press("Undo the rest")
    lost = the_deal()
    assert (lost.status, lost.closed_on, lost.reason_id) == ("lost", today(), reasons("lost")[0].id)
    assert db.session.scalars(select(Activity)).one().status == "open"


def test_a_band_does_not_come_back_around_another_date(as_, deal, user):
    deal.edit({"subject": "Palletiser", "prognosis_id": bands()[1].id}, by=user(RITA))
    banded = done()
    deal.forecast({"decide_by": deal.decide_by - timedelta(1)}, by=user(MAX))
    db.session.commit()
    stood = (deal.prognosis_id, deal.window_from, deal.window_to, deal.decide_by)
    as_(RITA).visit(f"/history/{banded}").post(f"/history/{banded}/undo", {"the_rest": "1"})
    left = the_deal()
    assert (left.prognosis_id, left.window_from, left.window_to, left.decide_by) == stood
    assert left.subject == "Palletiser relocation"


def test_what_the_database_refuses_is_said_in_words(as_, deal, user, monkeypatch):
    monkeypatch.setitem(Opportunity.__table__.c.wake_on.info, "together", None)
    deal.postpone(today() + timedelta(3), by=user(RITA))
    first = done()
    deal.postpone(today() + timedelta(9), by=user(RITA))
    db.session.commit()
    rita = as_(RITA).visit(f"/history/{first}")
    rita.post(f"/history/{first}/undo", {"the_rest": "1"}, expect=409)
    assert "does not fit with what was before" in rita.text
    assert the_deal().wake_on == today() + timedelta(9)


def test_no_undo_opens_a_deal_where_nobody_sees_it(as_, deal, user):
    deal.win(reasons("won")[0], by=user(RITA))
    won = done()
    deal.stage.retire(by=user(MAX))
    retired = done()
    rita = as_(RITA).visit("/history/")
    rita.post(f"/history/{won}/undo", expect=409)
    assert "“Palletiser relocation” would be open in “Qualify”" in rita.text
    assert the_deal().status == "won"
    as_(MAX).visit("/history/").post(f"/history/{retired}/undo")
    rita.visit("/history/").post(f"/history/{won}/undo")
    assert the_deal().status == "active"


def test_no_undo_takes_a_stage_away_from_what_is_open(as_, deal, user):
    stage = stages()[1]
    stage.retire(by=user(MAX))
    db.session.commit()
    stage.bring_back(by=user(MAX))
    back = done()
    deal.move(stage, by=user(RITA))
    db.session.commit()
    rita = as_(MAX).visit("/history/")
    rita.post(f"/history/{back}/undo", expect=409)
    assert "still holds 1 opportunity" in rita.text


def test_changes_of_one_operation_stand_in_order(deal, user):
    from p2p.history import Change, operation

    with operation("exchange.import", by=user(RITA)):
        activities = [Activity.plan(deal, {"purpose": f"{n}", "due_on": today()}, by=user(RITA)) for n in range(40)]
    db.session.commit()
    rita = user(RITA)
    with operation("opportunity.edit", by=rita), db.session.no_autoflush:
        for activity in reversed(activities):
            activity.purpose = "!"
        deal.subject = "Palletiser"
    edited = done()
    told = list(
        db.session.execute(
            select(Change.noun, Change.record_id).where(Change.operation_id == edited).order_by(Change.id)
        )
    )
    assert told == sorted(told)
    assert len(told) == 41
