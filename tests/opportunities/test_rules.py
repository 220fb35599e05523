"""The rules of an opportunity: stage and probability, prognosis and date, states and reasons, value and rate."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p.activities.models import Activity
from p2p.competitors.models import Competitor
from p2p.db import at, db, now
from p2p.filters import today
from p2p.opportunities.estimate import company_money
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import bands, reasons, stages
from p2p.setup.reasons import NotThatReason
from p2p.states import IllegalMove
from tests.cast import MAX


@pytest.fixture
def deal(rita):
    party = Party.enter({"name": "Vogt Antriebe"}, by=rita)
    facts = {"subject": "Palletiser relocation", "party_id": party.id, "stage_id": stages()[0].id, "revenue": 5_300_000}
    opportunity = Opportunity.open(facts, by=rita)
    db.session.commit()
    return opportunity


def reason(outcome, name):
    return next(r for r in reasons(outcome, imports=True) if r.name == name)


def test_the_probability_follows_the_stage_until_somebody_sets_it(deal, rita):
    """P01, P02: the stage's default while nobody touched it; a value by hand stays until it is handed back."""
    deal.move(stages()[1], by=rita)
    assert (deal.probability, deal.probability_manual) == (30, False)
    deal.estimate(45, by=rita)
    deal.move(stages()[2], by=rita)
    assert (deal.probability, deal.probability_manual) == (45, True)
    deal.follow_stage(by=rita)
    assert (deal.probability, deal.probability_manual) == (50, False)


def test_nothing_but_a_hand_makes_what_is_open_impossible_or_certain(deal, rita):
    """P03: neither closing nor reopening leaves 0 or 100 behind; no default of a stage can be either (set-up)."""
    for close, outcome in ((deal.win, "won"), (deal.lose, "lost"), (deal.cancel, "canceled")):
        close(reasons(outcome)[0], by=rita)
        deal.reactivate(by=rita)
        assert (deal.probability, deal.counts_as) == (10, 10)
    deal.estimate(100, by=rita)
    assert (deal.probability, deal.probability_manual) == (100, True)


def test_closing_decides_what_counts_and_leaves_the_estimate(deal, rita):
    """P04, as we have it: won counts as 100 and lost as 0, and what is reopened has its own estimate again."""
    deal.estimate(45, by=rita)
    deal.win(reason("won", "Fit"), by=rita)
    assert (deal.counts_as, deal.probability) == (100, 45)
    deal.reactivate(by=rita)
    assert (deal.counts_as, deal.status, deal.reason_id, deal.closed_on) == (45, "active", None, None)
    deal.lose(reason("lost", "Price"), by=rita)
    assert deal.counts_as == 0


def test_a_date_picks_the_band_and_a_band_sets_the_date(deal, rita):
    deal.forecast({"decide_by": today() + timedelta(days=31)}, by=rita)
    assert (deal.prognosis.name, deal.decide_by) == ("2–3 months", today() + timedelta(days=31))
    deal.forecast({"prognosis_id": bands()[0].id}, by=rita)
    assert (deal.decide_by, deal.window_from) == (today() + timedelta(days=30), today())
    deal.forecast({"prognosis_id": bands()[-1].id}, by=rita)
    assert deal.decide_by == today() + timedelta(days=730)
    deal.forecast({"prognosis_id": None}, by=rita)
    assert (deal.prognosis_id, deal.decide_by, deal.window_to) == (None, None, None)


def test_a_date_that_is_past_falls_into_the_first_band_and_is_overdue(deal, rita):
    deal.forecast({"decide_by": today() - timedelta(days=3)}, by=rita)
    assert (deal.prognosis.name, deal.overdue) == ("Within a month", True)
    deal.lose(reason("lost", "No decision"), by=rita)
    assert not deal.overdue


def test_days_count_from_the_day_the_prognosis_was_given(deal, rita):
    with at(now() - timedelta(days=20)):
        deal.forecast({"prognosis_id": bands()[0].id}, by=rita)
    assert deal.decide_by == today() + timedelta(days=10)
    deal.forecast({"prognosis_id": bands()[1].id}, by=rita)
    assert deal.window_from == today() + timedelta(days=31)


def test_giving_the_same_prognosis_again_restarts_its_window(deal, rita):
    with at(now() - timedelta(days=20)):
        deal.forecast({"prognosis_id": bands()[1].id}, by=rita)
    assert deal.decide_by == today() + timedelta(days=70)
    deal.forecast({}, by=rita)
    assert (deal.prognosis_given_on, deal.decide_by) == (today(), today() + timedelta(days=90))
    with at(now() - timedelta(days=20)):
        deal.forecast({"decide_by": today() + timedelta(days=40)}, by=rita)
    deal.forecast({}, by=rita)
    assert (deal.prognosis.name, deal.decide_by) == ("Within a month", today() + timedelta(days=20))


def test_nothing_is_expected_in_the_past_when_a_prognosis_is_given_again(deal, rita):
    """As imported deals have them: a date of their own, long gone by, in the band that held it then."""
    with at(now() - timedelta(days=400)):
        deal.forecast({"decide_by": today() + timedelta(days=60)}, by=rita)
    deal.forecast({}, by=rita)
    assert (deal.prognosis.name, deal.decide_by) == ("2–3 months", today() + timedelta(days=90))


@pytest.mark.parametrize(
    ("status", "legal"),
    [
        ("active", {"postpone", "win", "lose", "cancel"}),
        ("postponed", {"resume", "postpone", "win", "lose", "cancel"}),
        ("won", {"reactivate"}),
        ("lost", {"reactivate"}),
        ("canceled", {"reactivate"}),
    ],
)
def test_the_table_of_moves(status, legal):
    assert Opportunity.moves[status].keys() == legal


def test_a_move_that_the_table_does_not_have_changes_nothing(deal, rita):
    deal.win(reason("won", "Fit"), by=rita)
    with pytest.raises(IllegalMove, match="is won"):
        deal.lose(reason("lost", "Price"), by=rita)
    with pytest.raises(IllegalMove):
        deal.move(stages()[1], by=rita)
    assert deal.status == "won"


def test_only_a_reason_of_the_right_kind_explains_an_outcome(deal, rita):
    with pytest.raises(NotThatReason):
        deal.win(reason("lost", "Price"), by=rita)
    db.session.rollback()
    with pytest.raises(NotThatReason, match="needs a note"):
        deal.lose(reason("lost", "Other"), by=rita)


def test_losing_ticks_several_winners_and_keeps_the_price_gap(deal, rita):
    known = Competitor.name_while_losing("Robotec", by=rita)
    other = Competitor.name_while_losing("Palmatic", by=rita)
    deal.lose(reason("lost", "Price"), winners=[known, other], price_gap=120_000, by=rita)
    db.session.commit()
    db.session.expire_all()
    assert {(line.competitor.name, line.winner) for line in deal.rivals} == {("Robotec", True), ("Palmatic", True)}
    assert deal.price_gap == 120_000
    deal.reactivate(by=rita)
    assert not any(line.winner for line in deal.rivals)


def test_a_closed_opportunity_leaves_no_planned_activity_behind_when_asked(deal, rita):
    call = Activity.plan(deal, {"purpose": "Call back", "due_on": today()}, by=rita)
    deal.cancel(reason("canceled", "Plan dropped"), finish_open=True, by=rita)
    assert call.status == "done"


def test_postponed_counts_as_active_from_its_day_without_anybody_writing(deal, rita):
    deal.postpone(today() + timedelta(days=5), note="After the trade fair", by=rita)
    db.session.commit()
    assert not deal.is_open
    with at(now() + timedelta(days=5)):
        assert deal.is_open
        assert deal.status == "postponed"
        deal.move(stages()[1], by=rita)
    assert (deal.status, deal.wake_on, deal.outcome_note) == ("active", None, None)


def test_own_is_the_owners_the_teams_and_nobodys(deal, rita, user):
    from p2p.opportunities.parts import Member

    assert deal.belongs_to(rita.id)
    assert not deal.belongs_to(user(MAX).id)
    Member.add(deal, user(MAX), by=rita)
    db.session.commit()
    db.session.expire_all()
    assert deal.belongs_to(user(MAX).id)
    deal.edit({"owner_id": None}, by=rita)
    assert deal.belongs_to(0)


def test_foreign_revenue_is_kept_in_its_currency_and_counted_at_its_rate(deal, rita):
    deal.edit({"revenue": 1_000_00, "currency": "EUR", "rate_millionths": 935_500}, by=rita)
    assert deal.revenue_company == 935_50
    deal.edit({"currency": "JPY", "revenue": 1000, "rate_millionths": 5_800}, by=rita)
    assert deal.revenue_company == 5_80


@given(st.integers(0, 10**13), st.integers(1, 10**9))
def test_company_money_is_rounded_half_up_and_exact(minor, rate):
    from decimal import ROUND_HALF_UP, Decimal

    exact = (Decimal(minor) * rate / 1_000_000).quantize(Decimal(1), ROUND_HALF_UP)
    assert company_money(minor, "EUR", rate) == int(exact)


def test_ticking_by_hand_keeps_the_probability_from_then_on(deal, rita):
    deal.edit({"probability_manual": True}, by=rita)
    deal.move(stages()[1], by=rita)
    assert (deal.probability, deal.probability_manual) == (10, True)


def test_clearing_the_date_alone_leaves_the_band_and_its_last_day(deal, rita):
    deal.forecast({"decide_by": today() + timedelta(days=45)}, by=rita)
    deal.forecast({"decide_by": None}, by=rita)
    assert (deal.prognosis.name, deal.decide_by) == ("2–3 months", today() + timedelta(days=90))


def test_the_reason_of_imports_is_for_imports_only(deal, rita):
    with pytest.raises(NotThatReason):
        deal.win(reason("won", "Not recorded"), by=rita)


def test_reactivating_out_of_a_retired_stage_begins_with_the_first(deal, rita):
    deal.move(stages()[2], by=rita)
    deal.win(reason("won", "Fit"), by=rita)
    deal.stage.retire(by=None)
    deal.reactivate(by=rita)
    assert deal.stage_id == stages()[0].id
