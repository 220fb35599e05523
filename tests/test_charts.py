"""Where bars and marks stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p.charts import columns, top_of

values = st.lists(st.tuples(st.text(max_size=3), st.integers(0, 10**9)), max_size=60)


@pytest.mark.parametrize(
    ("highest", "top", "step"), [(0, 1, 1), (1, 1, 1), (4, 4, 1), (5, 6, 2), (17, 20, 5), (40, 40, 10), (41, 60, 20)]
)
def test_scales_are_round(highest, top, step):
    assert top_of(highest) == (top, step)


@given(values)
def test_every_bar_stays_in_the_picture_and_none_covers_another(given_values):
    chart = columns(given_values)
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= chart.width + 0.1
        assert -0.01 <= bar.y <= bar.y + bar.height <= chart.height + 0.01
    for one, next_one in zip(chart.bars, chart.bars[1:], strict=False):
        assert one.x + one.width <= next_one.x + 0.02


@given(values)
def test_bars_are_as_tall_as_their_values_compare(given_values):
    chart = columns(given_values)
    top = max(mark.value for mark in chart.marks)
    assert 2 <= len(chart.marks) <= 6
    for bar in chart.bars:
        assert bar.value <= top
        assert abs(bar.height - chart.height * bar.value / top) < 0.01
