"""Amounts and rates of opportunities in another currency than the company's, and numbers given by hand."""

import pytest
from sqlalchemy import select

from p2p.competitors.models import Competitor
from p2p.db import db
from p2p.filters import today
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Rival
from p2p.parties.models import Party
from p2p.setup.models import Company, Currency, Sequence
from p2p.setup.queries import stages
from p2p.starting import use_company_format
from tests.cast import ADA, RITA


@pytest.fixture
def currencies(user):
    for name, rate in (("EUR", 951_234), ("JPY", 5_600)):
        Currency.add({"name": name, "rate_millionths": rate}, by=user(ADA))
    db.session.commit()


@pytest.fixture
def opened(user):
    def open_in(currency, **facts):
        party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
        facts = {"subject": "Robot cell", "party_id": party.id, "stage_id": stages()[0].id, "revenue": 1000} | facts
        opportunity = Opportunity.open(facts | {"currency": currency}, by=user(RITA))
        db.session.commit()
        return opportunity

    return open_in


def fresh(deal):
    return db.session.get_one(Opportunity, deal.id, populate_existing=True)


def in_the_format(locale, by):
    db.session.get_one(Company, 1).edit({"locale": locale}, by=by)
    db.session.commit()
    use_company_format()


NEW = {"Subject": "Robot cell", "Party": "Brunner Guss", "Stage": "Develop"}


def test_a_blank_rate_is_the_one_set_up(as_, currencies):
    page = as_(RITA).visit("/opportunities/new")
    assert page.value("Rate") == ""
    page.submit("Open it", **NEW, **{"Estimated revenue": "1'000", "Currency": "EUR"})
    deal = db.session.scalars(select(Opportunity)).one()
    assert (deal.currency, deal.rate_millionths, deal.revenue_company) == ("EUR", 951_234, 95_123)


def test_the_company_currency_has_no_rate_but_one(as_, currencies, opened, user):
    page = as_(RITA).visit("/opportunities/new")
    page.submit("Open it", **NEW, **{"Estimated revenue": "1'000", "Rate": "3"})
    deal = db.session.scalars(select(Opportunity)).one()
    assert (deal.rate_millionths, deal.revenue_company) == (1_000_000, 100_000)
    deal.edit({"rate_millionths": 2_000_000}, by=user(RITA))
    assert (deal.rate_millionths, deal.revenue_company) == (1_000_000, 100_000)


def test_a_rate_is_shown_as_it_is_read_and_kept_with_its_currency(as_, currencies, opened, user):
    deal = opened("EUR", rate_millionths=987_650)
    in_the_format("de_DE", user(ADA))
    page = as_(RITA).visit(f"/opportunities/{deal.id}/edit")
    assert page.value("Rate") == "0,98765"
    page.submit("Save", Description="Two lines")
    assert fresh(deal).rate_millionths == 987_650
    page.visit(f"/opportunities/{deal.id}/edit").submit("Save", Currency="JPY")
    assert fresh(deal).rate_millionths == 5_600, "the rate that stood there was that of EUR"
    page.visit(f"/opportunities/{deal.id}/edit").submit("Save", Rate="0,006")
    assert fresh(deal).rate_millionths == 6_000
    page.visit(f"/opportunities/{deal.id}/edit").submit("Save", Currency="CHF")
    assert fresh(deal).rate_millionths == 1_000_000
    assert page.visit(f"/opportunities/{deal.id}/edit").value("Rate") == ""


def test_what_belongs_to_an_opportunity_is_in_its_currency(as_, currencies, opened, user):
    deal = opened("JPY")
    Competitor.name_while_losing("Robotec", by=user(ADA))
    db.session.commit()
    page = as_(RITA).visit(f"/opportunities/{deal.id}").click("Add a competitor")
    page.submit("Add", expect=422, **{"Competitor": "Robotec", "Their price JPY": "1'000.50"})
    page.submit("Add", **{"Their price JPY": "1'000"})
    line = db.session.scalars(select(Rival)).one()
    assert line.price == 1000
    page.visit(f"/opportunities/{deal.id}/competitors/{line.id}")
    assert page.value("Their price JPY") == "1’000"
    page.submit("Save", Threat="High")
    assert db.session.get_one(Rival, line.id, populate_existing=True).price == 1000
    page.visit(f"/opportunities/{deal.id}/facts/revenue").submit("Save", **{"Estimated revenue JPY": "2'000"})
    page.visit(f"/opportunities/{deal.id}/loss").submit("Lose", **{"Reason": "Price", "Price gap JPY": "300"})
    assert (fresh(deal).revenue, fresh(deal).price_gap) == (2000, 300)


def test_a_number_is_given_by_hand_while_opening_and_only_once(as_, opened, user):
    page = as_(RITA).visit("/opportunities/new")
    page.submit("Open it", **NEW, Number="X-7")
    deal = db.session.scalars(select(Opportunity)).one()
    assert deal.number == "X-7"
    page.visit("/opportunities/new").submit("Open it", expect=422, **NEW | {"Number": "X-7", "Subject": "Another"})
    assert "The number X-7 already belongs to “Robot cell”." in page.text
    assert page.value("Number") == "X-7"
    page.visit(f"/opportunities/{deal.id}/edit")
    assert not page.form(has=("Subject",)).has("Number")


def test_the_number_of_an_undone_opportunity_stays_its_own(as_, app):
    page = as_(RITA).visit("/opportunities/new")
    page.submit("Open it", **NEW, Number="X-7").press("Undo")
    page.visit("/opportunities/new").submit("Open it", expect=422, **NEW, Number="X-7")
    assert "already belongs to an opportunity that was taken away" in page.text


def test_the_sequence_steps_over_numbers_given_by_hand(opened):
    first = Sequence.next("opportunity", today().year)
    taken = first[:-1] + "2"
    assert opened("CHF", number=taken).number == taken
    assert opened("CHF").number == first[:-1] + "3"
