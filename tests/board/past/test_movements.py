"""Opening and all movements make the closing, whatever the deals did in between."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from p2p.board.past.movements import (
    ABSENT,
    ARCHIVED,
    BOARD,
    LOST,
    MOVEMENTS,
    OUTSIDE,
    POSTPONED,
    TAKEN_BACK,
    WON,
    Stand,
    Sum,
    effects,
    place_of,
    summed,
)  # fmt: skip

DAY = date(2026, 11, 1)
ON = {"hidden": False, "archived": False, "status": "active", "wake_on": None}

facts = st.fixed_dictionaries(
    {
        "hidden": st.booleans(),
        "archived": st.booleans(),
        "status": st.sampled_from(["active", "postponed", "won", "lost", "canceled"]),
        "wake_on": st.integers(-3, 3).map(lambda days: DAY + timedelta(days)),
    }
)
moments = st.tuples(facts, st.booleans(), st.integers(0, 900), st.integers(0, 100))
#: What somebody did to one deal, step by step; it may not have been there at the opening, or at all.
histories = st.tuples(st.sampled_from(["there", "opened in between", "not opened yet"]), st.lists(moments, min_size=2))


def stand(moment, day):
    found, fits, amount, percent = moment
    return Stand(place_of(found, day, fits), fits, Sum(1, amount, amount * percent))


@settings(max_examples=300)
@given(st.lists(histories, max_size=8), st.integers(0, 4))
def test_opening_and_movements_are_the_closing(deals, later):
    ends = []
    for began, history in deals:
        opening, closing = stand(history[0], DAY), stand(history[-1], DAY + timedelta(later))
        ends.append((opening if began == "there" else Stand(ABSENT), Stand(ABSENT) if "yet" in began else closing))
    opening = sum((before.counted for before, _ in ends), Sum())
    closing = sum((after.counted for _, after in ends), Sum())
    told = summed(ends)
    assert opening + sum((effect for _, effect in told.values()), Sum()) == closing
    assert list(told) == list(MOVEMENTS)
    for movement, (deals, effect) in told.items():
        assert abs(effect.count) in (0, deals), movement


@settings(max_examples=100)
@given(moments, st.integers(0, 4))
def test_what_did_not_change_does_nothing_but_wake_up(moment, later):
    before, after = stand(moment, DAY), stand(moment, DAY + timedelta(later))
    assert {movement for movement, _ in effects(before, after)} <= {"resumed"}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (Stand(BOARD, True, Sum(1, 100, 1000)), Stand(WON, True, Sum(1, 150, 1500)), [("won", Sum(-1, -100, -1000))]),
        (Stand(ABSENT), Stand(BOARD, True, Sum(1, 70, 700)), [("new", Sum(1, 70, 700))]),
        (Stand(ABSENT), Stand(WON, True, Sum(1, 70, 7)), [("new", Sum(1, 70, 7)), ("won", Sum(-1, -70, -7))]),
        (Stand(ABSENT), Stand(WON, False, Sum(1, 70, 7)), []),
        (Stand(ABSENT), Stand(TAKEN_BACK, True, Sum(1, 70, 7)), []),
        (Stand(LOST), Stand(WON, True, Sum(1, 9, 9)), [("reactivated", Sum(1, 9, 9)), ("won", Sum(-1, -9, -9))]),
        (Stand(POSTPONED), Stand(ARCHIVED, True, Sum(1, 9, 9)), []),
        (Stand(OUTSIDE, False), Stand(BOARD, True, Sum(1, 9, 9)), [("into_filter", Sum(1, 9, 9))]),
        (Stand(BOARD, True, Sum(1, 9, 90)), Stand(OUTSIDE, False, Sum(1, 8, 8)), [("out_of_filter", Sum(-1, -9, -90))]),
        (
            Stand(BOARD, True, Sum(1, 100, 5000)),
            Stand(BOARD, True, Sum(1, 120, 1200)),
            [("raised", Sum(0, 20, 0)), ("lowered", Sum(0, 0, -3800))],
        ),
    ],
)
def test_a_deal_is_told_by_where_it_stood_at_both_ends(before, after, told):
    assert list(effects(before, after)) == told


@pytest.mark.parametrize(
    ("found", "place"),
    [
        (None, ABSENT),
        (ON, BOARD),
        (ON | {"hidden": True}, TAKEN_BACK),
        (ON | {"archived": True}, ARCHIVED),
        (ON | {"archived": True, "status": "won"}, WON),
        (ON | {"status": "postponed", "wake_on": DAY}, BOARD),
        (ON | {"status": "postponed", "wake_on": DAY + timedelta(1)}, POSTPONED),
    ],
)
def test_a_deal_has_one_place_on_a_day(found, place):
    assert place_of(found, DAY, True) == place
    assert place_of(ON, DAY, False) == OUTSIDE
