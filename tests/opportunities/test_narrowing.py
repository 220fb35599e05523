"""What opportunities are narrowed to: the same by SQL and by the facts of one deal, on the board and on the list."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.board.addresses import View
from p2p.competitors.models import Competitor
from p2p.db import db
from p2p.filters import today
from p2p.opportunities.models import Opportunity
from p2p.opportunities.narrowing.deals import Deal
from p2p.opportunities.narrowing.filters import BY_KEY
from p2p.opportunities.narrowing.meanings import month_after
from p2p.opportunities.parts import Rival
from p2p.parties.models import Party
from p2p.setup.queries import bands, codes, stages
from tests.cast import RITA, ROLF

TODAY = today()


@pytest.fixture
def deals(user):
    """Forty opportunities of every kind; some are bid on, some belong to nobody."""
    dice, rita = Random(4), user(RITA)
    parties = [Party.enter({"name": name}, by=rita) for name in ("Vogt Antriebe", "Łódź 50 % Präzision")]
    rival = Competitor.register(Party.enter({"name": "Kern Montage"}, by=rita), {}, by=rita)
    for number in range(40):
        facts = {
            "subject": f"{dice.choice(('Robot cell', 'Prüfstand_2', 'Leak tester'))} {number}",
            "party_id": dice.choice(parties).id,
            "owner_id": dice.choice((None, rita.id, user(ROLF).id)),
            "stage_id": dice.choice(stages()).id,
            "revenue": dice.choice((None, 0, 1_000_000, 5_000_050)),
            "source_id": dice.choice((None, *(id for id, _ in codes("source")[:2]))),
            "probability": dice.choice((0, 25, 60)),
        }
        if day := dice.choice(
            (None, TODAY, TODAY + timedelta(days=45), TODAY + timedelta(days=300), month_after(TODAY))
        ):
            facts["decide_by"] = day
        deal = Opportunity.open(facts, by=rita)
        if number % 5 == 0:
            Rival.add(deal, rival, {}, by=rita)
        if number % 4:
            due = TODAY + timedelta(days=number % 4 - 2)
            Activity.plan(deal, {"purpose": "Call", "due_on": due}, by=rita)
        if number % 3 == 0 and deal.decide_by:
            deal.edit({"decide_by": TODAY - timedelta(days=number)}, by=rita)
    db.session.commit()
    return list(db.session.scalars(select(Opportunity).execution_options(populate_existing=True)))


def facts(deal):
    """The deal as the board of the past has it."""
    same = ("id", "number", "subject_folded", "party_id", "owner_id", "stage_id", "prognosis_id", "decide_by")
    same += (
        "probability",
        "revenue_company",
        "source_id",
        "campaign_id",
        "next_on",
        "status",
        "wake_on",
        "hidden",
        "archived",
    )
    told = {name: getattr(deal, name) for name in same}
    rivals = frozenset(line.competitor_id for line in deal.rivals)
    return Deal(day=TODAY, party_name_folded=deal.party.name_folded, competitor_ids=rivals, **told)


@pytest.mark.parametrize(
    ("asked", "at_least"),
    [
        ({"text": "robot"}, 3),
        ({"text": "prüfstand_"}, 3),
        ({"text": "50 % praz"}, 3),
        ({"text": "-003"}, 3),
        ({"owner": "nobody"}, 3),
        ({"party": "lodz"}, 3),
        ({"party": "nobody knows them"}, 0),
        ({"prognosis": "none"}, 3),
        ({"decide_by": "overdue"}, 1),
        ({"decide_by": "this-month"}, 3),
        ({"decide_by": "next-month"}, 1),
        ({"decide_by": "this-quarter"}, 3),
        ({"decide_by": "none"}, 3),
        ({"decide_by.from": str(TODAY), "decide_by.to": str(TODAY + timedelta(days=61))}, 3),
        ({"decide_by": f"{TODAY + timedelta(days=31)}.."}, 3),
        *(({"step": state}, 10) for state in ("overdue", "today", "later", "none")),
        ({"probability": "25..60"}, 3),
        ({"probability": "..25"}, 3),
        ({"amount": "0..10000"}, 3),
        ({"amount.from": "10’000"}, 3),
        ({"competitor": "kern"}, 3),
        ({"text": "robot", "probability": "1..", "decide_by": f"{TODAY}.."}, 1),
    ],
    ids=str,
)
def test_a_filter_means_the_same_in_sql_and_for_the_facts_of_a_deal(deals, asked, at_least):
    narrowed = View.of(asked).narrowed()
    assert len(narrowed.values) == len({key.partition(".")[0] for key in asked}), "all of it was understood"
    found = set(db.session.scalars(select(Opportunity.id).where(*narrowed.conditions())))
    assert found == {deal.id for deal in deals if narrowed.fits(facts(deal))}
    assert at_least <= len(found) < len(deals)


def test_ids_of_lists_mean_the_same_in_both_ways(deals):
    for key, value in (("stage", stages()[1].id), ("prognosis", bands()[0].id), ("source", codes("source")[0][0])):
        narrowed = View.of({key: str(value)}).narrowed()
        found = set(db.session.scalars(select(Opportunity.id).where(*narrowed.conditions())))
        assert found == {deal.id for deal in deals if narrowed.fits(facts(deal))} != set()


def test_board_and_list_show_the_same_deals_for_the_same_filters(as_, deals):
    rita = as_(RITA)
    query = {"text": "robot", "owner": "me", "probability": "20..", "amount": "0.."}
    cards = {h.text_content() for h in rita.visit("/board", **query).page.iter("h3")}
    rows = {row["Opportunity"] for row in rita.visit("/opportunities/", status="open", **query).table()}
    assert cards == rows != set()
    assert "Probability from 20 %" in rita.text


@pytest.mark.parametrize("typed", ["101", "x..5", "-1..5", "..", "1.5.."])
def test_a_range_of_percentages_that_makes_no_sense_is_refused(typed):
    with pytest.raises(ValueError):
        BY_KEY["probability"].read(typed)


def test_ends_in_the_wrong_order_are_put_right_and_both_are_included():
    assert BY_KEY["probability"].read("75..25") == (25, 75)
    assert BY_KEY["decide_by"].read("2026-02-28") == (date(2026, 2, 28), date(2026, 2, 28))


def test_months_are_counted_over_the_end_of_a_year():
    assert month_after(date(2026, 11, 30)) == date(2026, 12, 1)
    assert month_after(date(2026, 12, 31)) == date(2027, 1, 1)
    assert month_after(date(2026, 12, 31), -11) == date(2026, 1, 1)


def test_a_list_that_is_asked_for_nonsense_says_so(as_):
    as_(RITA).visit("/opportunities/?probability=lots", expect=400)


def test_a_party_is_meant_by_its_id_or_by_words(as_, deals):
    party = deals[0].party
    visitor = as_(RITA).visit(f"/board?party={party.id}")
    assert f"Party: {party.name}" in visitor.text
    assert len(list(visitor.page.iter("h3"))) == sum(deal.party_id == party.id for deal in deals)
