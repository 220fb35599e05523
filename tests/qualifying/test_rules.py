"""Whom a lead means, without a database: which record is ticked beforehand, and when it is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p.opportunities.qualifying.rules import (
    EMAIL,
    EXACT,
    NAME,
    NEW,
    OWN,
    PHONE,
    Candidate,
    Sign,
    best,
    names_another,
    order,
    sign_of,
    ticked,
)


def somebody(id, *kinds, elsewhere=False):
    return Candidate(id, f"Nr. {id}", None, tuple(Sign(kind, kind) for kind in kinds), elsewhere)


KINDS = st.lists(st.sampled_from([*sorted(EXACT - {OWN}), "like"]), max_size=4)
MADE = st.builds(lambda id, kinds, away: somebody(id, *kinds, elsewhere=away), st.integers(1, 50), KINDS, st.booleans())
SEVERAL = st.lists(MADE, max_size=5, unique_by=lambda each: each.id)


@pytest.mark.parametrize(
    ("candidates", "meant"),
    [
        ([], None),
        ([somebody(1, EMAIL)], 1),
        ([somebody(1, "like")], None),
        ([somebody(1, EMAIL, elsewhere=True)], None),
        ([somebody(1, EMAIL), somebody(2, EMAIL)], None),
        ([somebody(1, NAME), somebody(2, PHONE)], None),
        ([somebody(1, NAME), somebody(2, NAME, EMAIL)], 2),
        ([somebody(1, NAME), somebody(2, "like")], 1),
        ([somebody(1, NAME, EMAIL), somebody(2, OWN)], 2),
        ([somebody(1, NAME), somebody(2, EMAIL, elsewhere=True)], 1),
    ],
)
def test_the_one_that_is_meant(candidates, meant):
    assert getattr(best(candidates), "id", None) == meant


def test_nobody_found_is_somebody_new_and_a_hint_is_asked_about():
    assert ticked([], NEW) == NEW
    assert ticked([somebody(1, "like")], NEW) is None
    assert ticked([somebody(1, NAME)], NEW) == "1"


@given(SEVERAL)
def test_nobody_at_another_company_is_ticked(candidates):
    meant = best(candidates)
    assert meant is None or (meant.exact and not meant.elsewhere)


@given(SEVERAL)
def test_who_is_ticked_has_more_to_say_for_it_than_each_other_one(candidates):
    meant = best(candidates)
    if meant:
        assert all(meant.exact > other.exact for other in candidates if other.exact and other is not meant)


@given(SEVERAL, st.randoms())
def test_the_order_in_which_they_are_found_does_not_matter(candidates, random):
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert best(shuffled) == best(candidates)
    assert order(shuffled) == order(candidates)


@given(SEVERAL, MADE.filter(lambda each: not each.exact))
def test_what_is_only_a_hint_changes_nothing(candidates, hint):
    assert best([*candidates, hint]) == best(candidates)


@given(SEVERAL.filter(lambda some: best(some)))
def test_an_equal_makes_it_a_question(candidates):
    meant = best(candidates)
    assert best([*candidates, somebody(99, *meant.exact)]) is None


@pytest.mark.parametrize(
    ("said", "called", "another"),
    [
        (None, "Brunner AG", False),
        ("Brunner AG", "BRUNNER gmbh", False),
        ("Brunner", "Brunner Anlagenbau AG", False),
        ("Bruner AG", "Brunner AG", False),
        ("Quite Different GmbH", "Brunner AG", True),
        ("Anlagenbau Brunner", "Brunner AG", True),
    ],
)
def test_a_lead_names_another_company(said, called, another):
    assert names_another(said, called) is another


@pytest.mark.parametrize(
    ("one", "other", "sign"),
    [
        ("Łódź Pallets Sp. z o.o.", "Lodz pallets sp z oo", NAME),
        ("Brunner AG", "Brunner GmbH", NAME),
        ("Brunner AG", "Bruner AG", "like"),
        ("Brunner AG", "Keller AG", None),
        ("", "Keller AG", None),
        (None, "Keller AG", None),
    ],
)
def test_names_are_compared_without_legal_forms_case_and_accents(one, other, sign):
    assert sign_of(one, other) == sign
