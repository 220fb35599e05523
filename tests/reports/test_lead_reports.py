"""Reports about leads: the figures, and that each opens just the records it counts."""

from datetime import timedelta

import pytest

from p2p.db import db
from p2p.filters import today
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.opportunities.qualifying.plan import Plan
from p2p.parties.models import Party
from p2p.setup.queries import code_named, reasons, stages
from tests.cast import MAX, RITA, VERA


@pytest.fixture
def leads(user):
    """Ten leads of three sources and two owners: 4 open, 1 asleep, 1 awake again, 2 qualified, 2 not."""
    rita, max = user(RITA), user(MAX)
    web, fair = (code_named("source", name).id for name in ("Web", "Event"))
    hot = code_named("lead_rating", "Hot").id
    made = []
    for number in range(10):
        facts = {"subject": f"Lead {number}", "source_id": (web, fair, None)[number % 3]}
        facts |= {"opened_on": today() - timedelta(days=10 * number), "rating_id": hot if number < 4 else None}
        made.append(Lead.capture(facts, by=max if number in (1, 4) else rita))
    made[4].postpone(today() + timedelta(5), by=max)
    made[5].postpone(today() + timedelta(5), by=rita)
    made[5].edit({"wake_on": today()}, by=rita)
    for number in (6, 7):
        made[number].qualify(by=rita)
    no_budget = next(r for r in reasons("disqualified", "leads") if r.name == "No budget")
    for number in (8, 9):
        made[number].disqualify(no_budget, by=rita)
    db.session.commit()
    return made


def rows(visitor, caption):
    found = next(rows for name, rows in tables(visitor).items() if name == caption)
    return {row[caption]: row for row in found}


def tables(visitor):
    names = [str(name) for name in visitor.page.xpath("//table/caption/text()")]
    return {name: visitor.table(name) for name in names}


def every_figure_opens_what_it_counts(visitor, address):
    links = [(link.text_content(), link.get("href")) for link in visitor.visit(address).page.xpath("//td//a")]
    assert links
    for figure, href in links:
        shown = visitor.visit(href).page.xpath("//table//tbody/tr")
        assert len(shown) == int(figure), f"{address} says {figure}, {href} shows {len(shown)}"


def test_lead_analysis_counts_by_state_and_owner(as_, leads):
    visitor = as_(VERA).visit("/reports/leads")
    rita, all_ = (rows(visitor, "Owner")[name] for name in ("Rita Sommer", "All"))
    assert [rita[name] for name in ("Open", "Postponed", "Qualified", "Not qualified", "All")] == [
        "4",
        "0",
        "2",
        "2",
        "8",
    ]
    assert [all_[name] for name in ("Open", "Postponed", "Qualified", "Not qualified", "All")] == [
        "5",
        "1",
        "2",
        "2",
        "10",
    ]
    assert all_["Qualified of closed"] == "50 % of 4"
    assert rows(visitor, "Rating")["Hot"]["All"] == "4"
    assert rows(visitor, "Rating")["not set"]["All"] == "6"
    assert "No budget 2" in visitor.text


@pytest.mark.parametrize("report", ["leads", "leads-by-source", "new-leads"])
def test_every_figure_opens_just_the_leads_it_counts(as_, leads, report):
    every_figure_opens_what_it_counts(as_(RITA), f"/reports/{report}")


def test_a_narrower_question_has_smaller_figures_that_open_as_much(as_, leads, user):
    week = (today() - timedelta(days=35)).isoformat()
    address = f"/reports/leads?opened_from={week}&owner={user(RITA).id}"
    visitor = as_(RITA).visit(address)
    assert rows(visitor, "Owner")["All"]["All"] == "3"
    every_figure_opens_what_it_counts(visitor, address)


def test_sources_say_how_many_came(as_, leads):
    visitor = as_(RITA).visit("/reports/leads-by-source")
    found = rows(visitor, "Source")
    assert {name: row["All"] for name, row in found.items()} == {"Web": "4", "Event": "3", "not set": "3", "All": "10"}
    assert found["All"]["Opportunities"] == "0"


def test_a_source_says_what_came_of_its_leads(as_, leads, user):
    """Of four leads from the web two led to opportunities worth 1300, and one of them was won for 800."""
    party = Party.enter({"name": "Vogt"}, by=user(RITA))
    facts = {"party_id": party.id, "stage_id": stages()[0].id}
    for lead, revenue in ((leads[0], 800_00), (leads[3], 500_00)):
        deal = Opportunity.open(facts | {"subject": lead.subject, "revenue": revenue}, by=user(RITA))
        Plan(party, opportunity=deal).carry_out(lead, by=user(RITA))
        if revenue == 800_00:
            deal.win(reasons("won")[0], by=user(RITA))
    db.session.commit()
    web, all_ = (rows(as_(RITA).visit("/reports/leads-by-source"), "Source")[name] for name in ("Web", "All"))
    assert [web[name] for name in ("Opportunities", "Conversion", "Won", "Revenue won")] == [
        "2",
        "50 % of 4",
        "1",
        "800",
    ]
    assert all_["Opportunities"] == "2"


def test_new_leads_add_up_in_every_grain(as_, leads):
    for grain in ("day", "week", "month"):
        visitor = as_(RITA).visit(f"/reports/new-leads?grain={grain}")
        counts = [
            int(row["New leads"]) for row in visitor.table(f"New leads each {grain if grain != 'day' else 'week'}")
        ]
        assert sum(counts) == 10


def test_a_question_that_makes_no_sense_is_answered_in_words(as_, leads):
    visitor = as_(RITA).visit("/reports/leads?opened_from=2026-05-01&opened_to=2026-04-01", expect=422)
    assert "The period ends before it begins." in visitor.text
    for odd in ("opened_from=x", "owner=99999", "source=x", "opened_to=0001-01-01"):
        visitor.visit(f"/reports/leads?{odd}", expect=422)


def test_without_leads_a_report_says_what_to_ask(as_, app):
    assert "No leads in this period" in as_(RITA).visit("/reports/leads").text
