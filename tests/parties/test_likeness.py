"""When two names are alike, and when two people who share a number may be one: rules, without a database."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p.parties.likeness import alike, like_enough, namesakes
from p2p.parties.models import core

words = st.text(string.ascii_lowercase, min_size=3, max_size=9)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vogt Antriebe AG", "vogt  antriebe"),
        ("Łódź Maszyny Sp.", "LODZ MASZYNY SP"),
        ("Müller & Söhne GmbH", "Muller & Sohne"),
        ("Brunner Anlagen AG", "Bruner Anlagen"),
        ("Antriebe Vogt", "Vogt Antriebe"),
        ("Steinbach Fördertechnik", "Steinbach Foerdertechnik"),
    ],
)
def test_names_are_alike_whatever_their_case_accents_legal_form_order_and_slips(one: str, other: str) -> None:
    assert like_enough(core(one), core(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Vogt Antriebe", "Voss Getriebe"), ("Plant 1", "Plant 2"), ("Hotel 1000", "Hotel 2000"), ("ABB", "ABN")],
)
def test_other_names_and_other_figures_are_others(one: str, other: str) -> None:
    assert not like_enough(core(one), core(other))


@given(names, names)
def test_likeness_has_no_direction(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert 0 <= alike(one, other) <= 100
    assert alike(one, one) == 100


def test_people_who_share_a_number_are_one_only_where_their_names_have_something_in_common() -> None:
    assert namesakes(core("Eva Vogt"), core("E. Vogt"))
    assert not namesakes(core("Eva Vogt"), core("Urs Frei"))
