"""A day at the end of what is typed: what is one, what is none, and what is refused because it may mean another."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p.activities.days import NoSuchDay, read, taken_out, told
from p2p.filters import Format, use_format

TUESDAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def first_of_december(monkeypatch):
    monkeypatch.setattr(Format, "today", lambda self: TUESDAY)
    use_format(Format("de_CH"))
    yield
    use_format(Format())


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", TUESDAY),
        ("Tomorrow", date(2026, 12, 2)),
        ("fri", date(2026, 12, 4)),
        ("Friday.", date(2026, 12, 4)),
        ("Fr.", date(2026, 12, 4)),
        ("donnerstag", date(2026, 12, 3)),
        ("thurs", date(2026, 12, 3)),
        ("tue", date(2026, 12, 8)),
        ("in 2 weeks", date(2026, 12, 15)),
        ("in a day", date(2026, 12, 2)),
        ("3.12.", date(2026, 12, 3)),
        ("3. 12.", date(2026, 12, 3)),
        ("3/12", date(2026, 12, 3)),
        ("10.1.", date(2027, 1, 10)),
        ("1.12.27", date(2027, 12, 1)),
        ("2027-03-05", date(2027, 3, 5)),
        ("4 Dec", date(2026, 12, 4)),
        ("5. März 2027", date(2027, 3, 5)),
        ("Dec 4, 2026", date(2026, 12, 4)),
        ("Fri 4 Dec", date(2026, 12, 4)),
    ],
)
def test_a_day_is_read(typed, day):
    assert read(typed) == day


@pytest.mark.parametrize("words", ["Vogt", "hall 3", "14:30", "Sun Valley", "the end", "in Basel", "mar", "mo or not"])
def test_other_words_are_no_day(words):
    assert read(words) is None


NONE_TO_COME = "31.2., 3.11., 30.11.2026, 2026-11-30, 13/13, 0.1., 1.6.2, yesterday, next week, next fri, in 2 months"


@pytest.mark.parametrize("typed", [*NONE_TO_COME.split(", "), "fri 14:00", "Sat 4 Dec"])
def test_what_is_meant_for_a_day_and_is_none_to_come_is_refused(typed):
    with pytest.raises(NoSuchDay):
        read(typed)


def test_days_with_slashes_go_by_the_company_and_those_with_dots_by_the_world():
    use_format(Format("en_US"))
    assert (read("12/3"), read("3.12.")) == (date(2026, 12, 3), date(2026, 12, 3))


def test_only_the_end_of_a_text_is_a_day():
    assert taken_out("Send references @ fri") == ("Send references", date(2026, 12, 4))
    assert taken_out("Lunch @ Vogt @fri") == ("Lunch @ Vogt", date(2026, 12, 4))
    for text in ("Send references fri", "@ fri", "Mail rita@fri", "Lunch @ Vogt", ""):
        assert taken_out(text) is None


@given(st.integers(0, 180), st.sampled_from(["en_GB", "de_CH", "fr_CH", "it_CH", "pl", "en_US", "fi", "nl"]))
def test_what_is_told_is_read_as_the_same_day(days, locale):
    use_format(Format(locale))
    day = TUESDAY + timedelta(days)
    assert read(told(day)) == day


@given(st.text(max_size=40))
def test_no_text_breaks_it(text):
    with contextlib.suppress(NoSuchDay):
        assert (read(text) or TUESDAY) >= TUESDAY
