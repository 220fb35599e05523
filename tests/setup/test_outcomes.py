"""The near days things are put off to."""

from datetime import date

import pytest

from p2p.setup.outcomes import _a_month_after


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 11, 25), date(2026, 12, 25)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 30), date(2028, 2, 29)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one(day, later):
    assert _a_month_after(day) == later
