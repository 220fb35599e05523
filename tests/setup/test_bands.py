"""Prognosis bands: every day has exactly one, however the days are cut."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p.db import db
from p2p.setup.models import Drawn, InUse, NameTaken, Overlap, PrognosisBand, bands_fit
from p2p.setup.prognosis import spans
from p2p.setup.queries import band_for, bands
from tests.cast import MAX

Bands = list[tuple[int, int | None]]
last_days = st.sets(st.integers(0, 3000), max_size=12).map(sorted)


def cut(lasts: list[int]) -> Bands:
    """Days cut after each of these, the rest open."""
    firsts = [0, *(last + 1 for last in lasts)]
    return list(zip(firsts, [*lasts, None], strict=True))


@given(last_days, st.randoms())
def test_every_partition_of_the_days_fits_in_any_order(lasts, chance):
    fitting = cut(lasts)
    chance.shuffle(fitting)
    bands_fit(fitting)
    assert spans([last for _, last in fitting]) == cut(lasts)


@given(last_days, st.data())
def test_a_gap_or_an_overlap_never_fits(lasts, data):
    fitting = cut(lasts)
    here = data.draw(st.integers(0, len(fitting) - 1))
    shift = data.draw(st.integers(-400, 400).filter(bool))
    first, last = fitting[here]
    fitting[here] = (first + shift, last)
    with pytest.raises(Overlap):
        bands_fit(fitting)


@given(last_days.filter(bool), st.data())
def test_a_missing_a_doubled_or_a_closed_last_band_never_fits(lasts, data):
    fitting = cut(lasts)
    here = data.draw(st.integers(0, len(fitting) - 1))
    for wrong in (fitting[:here] + fitting[here + 1 :], [*fitting, fitting[here]], fitting[:-1]):
        with pytest.raises(Overlap):
            bands_fit(wrong)


def test_no_band_at_all_does_not_fit():
    with pytest.raises(Overlap):
        bands_fit([])


@given(last_days, st.integers(0, 5000), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_each_day_is_held_by_one_band_and_lies_in_its_window(lasts, days, given_on):
    made = [PrognosisBand(name="band", from_days=first, to_days=last) for first, last in cut(lasts)]
    (holding,) = [band for band in made if band.holds(days)]
    first, last = holding.window(given_on)
    assert first == given_on + timedelta(days=holding.from_days) <= last
    if holding.to_days is not None:
        assert first <= given_on + timedelta(days=days) <= last
    else:
        assert last == given_on + timedelta(days=max(730, holding.from_days))


def test_what_ships_is_what_the_trade_agreed_on(app):
    shipped = [(band.name, band.from_days, band.to_days) for band in bands()]
    assert shipped == [
        ("Within a month", 0, 30), ("2–3 months", 31, 90), ("4–6 months", 91, 180),
        ("7–12 months", 181, 365), ("Over a year", 366, None),
    ]  # fmt: skip
    assert bands()[-1].window(date(2026, 1, 1)) == (date(2027, 1, 2), date(2026, 1, 1) + timedelta(days=730))
    found = [band_for(days) for days in (-5, 30, 31, 365, 366, 4000)]
    assert [band.name for band in found if band] == [
        "Within a month", "Within a month", "2–3 months", "7–12 months", "Over a year", "Over a year",
    ]  # fmt: skip


def drawn() -> list[Drawn]:
    return [Drawn(band.id, band.name, band.to_days) for band in bands()]


def test_a_new_band_takes_its_days_from_its_neighbours(app, user):
    PrognosisBand.redraw([*drawn(), Drawn(None, "This week", 6)], by=user(MAX))
    assert [(band.name, band.from_days, band.to_days) for band in bands()][:2] == [
        ("This week", 0, 6),
        ("Within a month", 7, 30),
    ]
    bands_fit([(band.from_days, band.to_days) for band in bands()])


def test_bands_of_one_name_or_one_end_are_refused(app, user):
    with pytest.raises(NameTaken):
        PrognosisBand.redraw([*drawn(), Drawn(None, "over A year", 6)], by=user(MAX))
    db.session.rollback()
    with pytest.raises(Overlap, match="day 90"):
        PrognosisBand.redraw([*drawn(), Drawn(None, "Quarter", 90)], by=user(MAX))


def test_the_last_band_goes_only_when_another_one_is_opened(app, user):
    gone = [Drawn(row.id, row.name, row.last, "removed" if row.last is None else "ruler") for row in drawn()]
    with pytest.raises(Overlap, match="leave its last day blank"):
        PrognosisBand.redraw(gone, by=user(MAX))
    db.session.rollback()
    opened = [Drawn(row.id, row.name, None if row.last == 365 else row.last, row.place) for row in gone]
    PrognosisBand.redraw(opened, by=user(MAX))
    assert [band.to_days for band in bands()] == [30, 90, 180, None]


def test_a_band_never_goes_alone_if_that_leaves_a_hole(app, user):
    with pytest.raises(Overlap):
        bands()[1].retire(by=user(MAX))
    with pytest.raises(Overlap):
        bands()[4].delete(by=user(MAX))


def test_a_band_in_use_is_retired_not_removed(app, user, opportunity):
    first = bands()[0]
    opportunity.forecast({"prognosis_id": first.id}, by=user(MAX))
    window = opportunity.window_from, opportunity.window_to
    gone = [Drawn(row.id, row.name, row.last, "removed" if row.id == first.id else "ruler") for row in drawn()]
    with pytest.raises(InUse, match="1 opportunity"):
        PrognosisBand.redraw(gone, by=user(MAX))
    retired = [Drawn(row.id, row.name, row.last, "retired" if row.id == first.id else "ruler") for row in drawn()]
    PrognosisBand.redraw(retired, by=user(MAX))
    assert (bands()[0].name, bands()[0].from_days) == ("2–3 months", 0)
    assert (opportunity.prognosis, opportunity.window_from, opportunity.window_to) == (first, *window)
