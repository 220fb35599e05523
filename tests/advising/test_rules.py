"""Silence, stays, limits and the rules of advice, without a database."""

from datetime import UTC, date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from p2p.opportunities.advising.rules import BY_KEY, RULES, Facts, Setting, suggestions
from p2p.opportunities.advising.silence import AMBER, RED, Watch, cutoff, last_day, state_of, why
from p2p.opportunities.advising.staying import days_by_stage
from p2p.setup.pacing import ENOUGH, NEVER, SET, WON, Limit, limit_of, place_of_percentile

ZURICH, AUCKLAND, HONOLULU = (ZoneInfo(name) for name in ("Europe/Zurich", "Pacific/Auckland", "Pacific/Honolulu"))
TODAY = date(2026, 11, 3)


# ── Silence ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("days", "state"), [(13, None), (14, None), (15, AMBER), (21, AMBER), (22, RED), (400, RED)])
def test_beyond_the_limit_it_is_stale_and_beyond_half_as_long_again_for_long(days, state):
    assert state_of(days, 14) == state


@pytest.mark.parametrize("zone", [ZURICH, AUCKLAND, HONOLULU, UTC], ids=str)
@settings(max_examples=60)
@given(
    minutes=st.integers(0, 60 * 24 * 60),
    limit=st.integers(1, 40),
    woken=st.none() | st.integers(0, 60),
    ahead=st.none() | st.integers(-3, 3),
)
def test_an_instant_before_the_cutoff_is_just_what_days_of_the_company_say(zone, minutes, limit, woken, ahead):
    noon = datetime(2026, 11, 3, 12, tzinfo=zone)  # a week after the clocks went back in Zurich
    since = noon - timedelta(minutes=minutes)
    wake_on = TODAY - timedelta(days=woken) if woken is not None else None
    next_on = TODAY + timedelta(days=ahead) if ahead is not None else None
    told = Watch({1: Limit(limit, SET)}, TODAY, zone).told(1, since, wake_on, next_on)
    silent = (TODAY - last_day(since, wake_on, zone)).days
    expected = None if next_on and next_on >= TODAY else state_of(silent, limit)
    assert (told[0] if told else None) == expected
    for state in (AMBER, RED):  # as the database is asked
        edge = cutoff(state, limit, TODAY, zone)
        found = since < edge.instant and (wake_on is None or wake_on < edge.day)
        assert found == (state_of(silent, limit) in ((AMBER, RED) if state == AMBER else (RED,)))


def test_a_day_ends_at_midnight_of_the_company():
    limits = {1: Limit(1, SET)}
    last_second = datetime(2026, 11, 1, 23, 59, 59, tzinfo=ZURICH)
    assert Watch(limits, TODAY, ZURICH).told(1, last_second, None, None)[0] == RED
    assert Watch(limits, TODAY, ZURICH).told(1, last_second + timedelta(seconds=1), None, None) is None


def test_a_card_says_why():
    assert why(RED, 24, Limit(6, WON, 31)) == "long stale: no activity for 24 days; deals that were won spent 6 here"
    assert why(AMBER, 15, Limit(14, SET)) == "stale: no activity for 15 days; the limit set here is 14 days"


# ── Limits ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_won_deals_took_is_the_limit_once_enough_were_won():
    assert limit_of(WON, 14, ENOUGH - 1, 6) == Limit(14, WON, ENOUGH - 1)
    assert limit_of(WON, 14, ENOUGH, 6) == Limit(6, WON, ENOUGH)
    assert limit_of(WON, 14, ENOUGH, 0).days == 1
    assert limit_of(SET, 14, 500, 6).days == 14
    assert limit_of(NEVER, 14, 500, 6).days is None
    assert "19 so far" in limit_of(WON, 14, 19, 6).why
    assert "80 % of the 20" in limit_of(WON, 14, 20, 6).why


@settings(max_examples=100)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=60))
def test_the_percentile_is_the_smallest_value_that_four_fifths_do_not_exceed(days):
    found = sorted(days)[place_of_percentile(len(days))]
    needed = ceil(0.8 * len(days) - 1e-9)
    assert sum(each <= found for each in days) >= needed
    assert sum(each < found for each in days) < needed


# ── Stays ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def instant(day, hour=12, zone=ZURICH):
    return datetime(2026, 6, day, hour, tzinfo=zone)


def test_visits_of_a_stage_are_added_up():
    told = [
        (1, {"stage_id": 1, "status": "active"}),
        (5, {"stage_id": 2}),
        (6, {"probability": 40}),
        (9, {"stage_id": 1}),
    ]
    happened = [(instant(day), values) for day, values in [*told, (12, {"status": "won"})]]
    assert days_by_stage(happened, ZURICH) == {1: 7, 2: 4}


def test_days_are_those_of_the_company():
    happened = [(instant(1, 23), {"stage_id": 1, "status": "active"}), (instant(2, 1), {"status": "won"})]
    assert days_by_stage(happened, ZURICH) == {1: 1}
    assert days_by_stage(happened, HONOLULU) == {1: 0}


def test_what_was_asleep_or_closed_is_no_time_spent():
    happened = [
        (instant(1), {"stage_id": 1, "status": "active"}),
        (instant(4), {"status": "postponed", "wake_on": "2026-06-10"}),
        (instant(12), {"status": "active", "wake_on": None}),
        (instant(13), {"status": "lost"}),
        (instant(20), {"status": "active"}),
        (instant(21), {"status": "won"}),
    ]
    assert days_by_stage(happened, ZURICH) == {1: 3 + 2 + 1 + 1}


def test_what_was_imported_as_won_was_never_seen_in_its_stage():
    assert days_by_stage([(instant(1), {"stage_id": 3, "status": "won"}), (instant(9), {"subject": "x"})], ZURICH) == {}


# ── Advice ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def good(**facts):
    """An opportunity about which nothing is to be said, but for these facts."""
    fine = {"id": 7, "today": TODAY, "stage_id": 2, "stage": "Develop", "owner_id": 1, "probability": 60}
    fine |= {"decide_by": TODAY + timedelta(60), "revenue": 5, "contacts": 1, "deciders": 1}
    fine |= {"next_step": (3, "Call", TODAY + timedelta(2)), "touched_on": TODAY}
    return Facts(**(fine | facts))


SILENT = ("amber", "stale: no activity for 15 days; the limit set here is 14 days", TODAY - timedelta(15))
SPEAKS = {
    "step_overdue": {"next_step": (3, "Call", TODAY - timedelta(1))},
    "decision_overdue": {"decide_by": TODAY - timedelta(1)},
    "stale": {"stale": SILENT},
    "nothing_planned": {"next_step": None},
    "nobody_owns_it": {"owner_id": None},
    "soon_but_unsure": {"decide_by": TODAY + timedelta(14), "probability": 49},
    "sure_without_decider": {"probability": 80, "deciders": 0},
    "through_with_stage": {"through": (3, "Propose")},
    "no_prognosis": {"prognosis": False, "decide_by": None},
    "no_amount": {"revenue": None},
    "no_contact": {"contacts": 0, "deciders": 0},
    "rival_without_price": {"unpriced": ((9, "Automatik Rheintal AG"),)},
}


def said(facts, **settings):
    return [each.rule for each in suggestions(facts, settings)]


@pytest.mark.parametrize("rule", [rule.key for rule in RULES])
def test_each_rule_speaks_of_its_own_alone_with_a_reason_and_a_door(rule):
    assert said(good()) == []
    assert said(good(**SPEAKS[rule])) == [rule]
    (found,) = suggestions(good(**SPEAKS[rule]), {})
    assert all((found.what, found.reason, found.situation, found.doors))
    assert said(good(**SPEAKS[rule]), **{rule: Setting(on=False)}) == []


@pytest.mark.parametrize(
    "quiet",
    [
        {"next_step": (3, "Call", TODAY)},
        {"decide_by": TODAY},
        {"decide_by": TODAY + timedelta(15), "probability": 49},
        {"decide_by": TODAY + timedelta(14), "probability": 50},
        {"probability": 79, "deciders": 0},
        {"revenue": 0},
    ],
    ids=str,
)
def test_just_before_the_edge_nothing_is_said(quiet):
    assert said(good(**quiet)) == []


def test_days_of_a_rule_are_those_that_are_set():
    overdue = good(next_step=(3, "Call", TODAY - timedelta(2)))
    assert said(overdue, step_overdue=Setting(days=3)) == []
    assert said(overdue, step_overdue=Setting(days=2)) == ["step_overdue"]
    assert said(good(decide_by=TODAY + timedelta(30), probability=10), soon_but_unsure=Setting(days=30)) != []


def test_the_most_important_comes_first():
    everything = {}
    for facts in SPEAKS.values():
        everything |= facts
    both = good(**everything | {"next_step": None, "decide_by": TODAY - timedelta(3), "prognosis": True})
    assert said(both)[:3] == ["decision_overdue", "stale", "nothing_planned"]
    assert said(both) == [rule.key for rule in RULES if rule.key in said(both)]


def test_a_situation_is_another_one_when_its_reason_is():
    def situation(rule, **facts):
        return BY_KEY[rule].suggestion(good(**facts), None).situation

    overdue = {"next_step": (3, "Call", TODAY - timedelta(1))}
    assert situation("step_overdue", **overdue) == situation("step_overdue", today=TODAY + timedelta(9), **overdue)
    assert situation("step_overdue", **overdue) != situation(
        "step_overdue", next_step=(4, "Call", TODAY - timedelta(1))
    )
    silent = (RED, "long stale", TODAY - timedelta(15))
    assert situation("stale", stale=SILENT) != situation("stale", stale=silent)
    assert situation("nothing_planned", next_step=None) != situation(
        "nothing_planned", next_step=None, touched_on=TODAY - timedelta(1)
    )
