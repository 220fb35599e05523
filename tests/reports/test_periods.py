"""Days, weeks and months that follow one another."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p.reports.periods import GRAINS, counted, fitting, periods

days = st.dates(date(2000, 1, 1), date(2030, 12, 31))
spans = st.tuples(days, st.integers(0, 900)).map(lambda each: (each[0], each[0] + timedelta(days=each[1])))
grains = st.sampled_from(list(GRAINS))


@pytest.mark.parametrize(
    ("grain", "first", "found"),
    [
        (
            "week",
            date(2026, 11, 25),
            [(date(2026, 11, 25), date(2026, 11, 29)), (date(2026, 11, 30), date(2026, 12, 1))],
        ),
        (
            "month",
            date(2026, 11, 25),
            [(date(2026, 11, 25), date(2026, 11, 30)), (date(2026, 12, 1), date(2026, 12, 1))],
        ),
        ("day", date(2026, 11, 30), [(date(2026, 11, 30),) * 2, (date(2026, 12, 1),) * 2]),
    ],
)
def test_periods_begin_on_mondays_and_firsts(grain, first, found):
    assert list(periods(first, date(2026, 12, 1), grain)) == found


@given(spans, grains)
def test_every_day_is_in_exactly_one_period(span, grain):
    first, last = span
    found = list(periods(first, last, grain))
    assert (found[0][0], found[-1][1]) == (first, last)
    for (_, end), (start, _) in itertools.pairwise(found):
        assert start == end + timedelta(days=1)


@given(spans, grains, st.lists(st.integers(0, 900)))
def test_the_sum_of_all_periods_is_what_was_counted(span, grain, offsets):
    first, last = span
    found = {}
    for offset in offsets:
        day = first + timedelta(days=offset % ((last - first).days + 1))
        found[day] = found.get(day, 0) + 1
    assert sum(each.count for each in counted(found, first, last, grain)) == len(offsets)


@given(spans, grains)
def test_nobody_gets_more_periods_than_can_be_read(span, grain):
    first, last = span
    assert len(list(periods(first, last, fitting(first, last, grain)))) <= 124
