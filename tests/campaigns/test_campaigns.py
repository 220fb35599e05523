"""Campaigns, as people use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from p2p.campaigns.models import Campaign
from p2p.campaigns.queries import results
from p2p.db import db
from p2p.identity.models import User
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import reasons, stages
from tests.cast import MAX, RITA, VERA, Character
from tests.visitor import Visitor

As = Callable[..., Visitor]
Who = Callable[[Character], User]


@pytest.fixture
def fair(user: Who) -> Campaign:
    campaign = Campaign.start({"name": "Fair in Basel", "cost": 1_000_000}, by=user(MAX))
    db.session.commit()
    return campaign


def lead(user: Who, campaign: Campaign, subject: str, *, qualified: bool = False) -> Lead:
    captured = Lead.capture({"subject": subject, "company_name": "Abc", "campaign_id": campaign.id}, by=user(RITA))
    if qualified:
        captured.qualify(by=user(RITA))
    db.session.commit()
    return captured


def deal(user: Who, campaign: Campaign, subject: str, revenue: int, *, won: bool = False) -> Opportunity:
    party = Party.enter({"name": f"{subject} AG"}, by=user(RITA))
    facts = {"subject": subject, "party_id": party.id, "stage_id": stages()[0].id, "campaign_id": campaign.id}
    opened = Opportunity.open(facts | {"revenue": revenue}, by=user(RITA))
    if won:
        opened.win(reasons("won")[0], by=user(RITA))
    db.session.commit()
    return opened


def test_a_campaign_is_started_and_belongs_to_who_started_it(as_: As) -> None:
    visitor = as_(RITA).visit("/campaigns/").click("New campaign")
    visitor.fill({"Name": "Open day", "Type": "Open day", "From": "2026-12-01", "Until": "2026-12-02"})
    visitor.fill({"Cost": "2’500.00"}).submit("Start it")

    assert visitor.heading == "Open day"
    for words in ("Status Planning", "Owner Rita Sommer", "Dates 1 Dec – 2 Dec", "Cost CHF 2’500.00"):
        assert words in visitor.text


@pytest.mark.parametrize("where", ["edit", "facts/dates"])
def test_it_cannot_end_before_it_begins(as_: As, fair: Campaign, where: str) -> None:
    visitor = as_(MAX).visit(f"/campaigns/{fair.id}/{where}")
    visitor.fill({"From": "2026-12-02", "Until": "2026-12-01"}).submit("Save", expect=422)

    assert "cannot end before it begins" in visitor.errors["Until optional"]
    assert fair.starts_on is None


def test_a_fact_is_changed_in_place(as_: As, fair: Campaign) -> None:
    as_(MAX).visit(f"/campaigns/{fair.id}").click("Change status").fill({"Status": "Closed"}).submit("Save")
    assert fair.status == "closed"


def test_what_came_of_it_and_what_each_lead_cost(as_: As, user: Who, fair: Campaign) -> None:
    for number in range(3):
        lead(user, fair, f"Lead {number}", qualified=number == 0)
    deal(user, fair, "Open one", 5_000_000)
    deal(user, fair, "Won one", 2_000_000, won=True)
    other = Campaign.start({"name": "Mailing"}, by=user(MAX))
    lead(user, other, "Of the mailing")
    visitor = as_(VERA).visit(f"/campaigns/{fair.id}")

    for words in ("Leads 3 1 qualified", "Opportunities 2 1 won", "Revenue won CHF 20’000"):
        assert words in visitor.text
    assert "Cost per lead CHF 3’333.33 of 3 leads" in visitor.text
    assert "Cost per qualified lead CHF 10’000.00 of 1 qualified lead" in visitor.text


def test_its_page_leads_to_its_leads_and_to_new_ones(as_: As, user: Who, fair: Campaign) -> None:
    lead(user, fair, "Of the fair")
    lead(user, Campaign.start({"name": "Mailing"}, by=user(MAX)), "Of the mailing")
    visitor = as_(RITA).visit(f"/campaigns/{fair.id}").click("Leads", within="Show leads")
    assert "Of the fair" in visitor.text
    assert "Of the mailing" not in visitor.text

    visitor.visit(f"/campaigns/{fair.id}").click("New lead").fill({"Subject": "Next", "Company": "Xyz"})
    visitor.submit("Capture")
    assert results(fair.id).leads == 2


def test_without_leads_nothing_is_divided(as_: As, fair: Campaign) -> None:
    visitor = as_(VERA).visit(f"/campaigns/{fair.id}")
    assert "Cost per lead CHF no lead yet" in visitor.text


def test_an_undone_lead_does_not_count(as_: As, user: Who, fair: Campaign) -> None:
    visitor = as_(RITA).visit(f"/leads/new?campaign={fair.id}")
    visitor.fill({"Subject": "Slip", "Company": "Abc AG"}).submit("Capture")
    assert results(fair.id).leads == 1
    visitor.press("Undo", within="Slip was captured.")
    assert results(fair.id).leads == 0


def test_the_list_says_how_many_leads_and_opportunities_came(as_: As, user: Who, fair: Campaign) -> None:
    lead(user, fair, "One")
    deal(user, fair, "Two", 1)
    Campaign.start({"name": "Mailing", "status": "closed"}, by=user(MAX))
    db.session.commit()
    visitor = as_(VERA).visit("/campaigns/?status=planning")

    (row,) = visitor.table("Campaigns")
    assert (row["Name"], row["Leads"], row["Opportunities"], row["Cost"]) == ("Fair in Basel", "1", "1", "10’000")


def test_an_opportunity_says_which_campaign_it_came_from(as_: As, user: Who, fair: Campaign) -> None:
    opened = deal(user, fair, "Robot cell", 1)
    deal(user, Campaign.start({"name": "Mailing"}, by=user(MAX)), "Other", 1)
    opened.edit({"campaign_id": None}, by=user(RITA))
    db.session.commit()
    visitor = as_(RITA).visit(f"/opportunities/{opened.id}").click("Change campaign")
    visitor.fill({"Campaign": "Fair in Basel"}).submit("Save")
    assert "Campaign Fair in Basel" in visitor.text

    rows = visitor.visit(f"/opportunities/?campaign={fair.id}").table("Opportunities")
    assert [row["Opportunity"] for row in rows] == ["Robot cell"]


def test_an_archived_campaign_leaves_menus_but_its_page_still_shows_what_came(
    as_: As, user: Who, fair: Campaign
) -> None:
    deal(user, fair, "Robot cell", 1)
    visitor = as_(MAX).visit(f"/campaigns/{fair.id}").press("Archive")
    assert "This campaign is archived" in visitor.text
    assert [row["Opportunity"] for row in visitor.visit(f"/opportunities/?campaign={fair.id}").table()] == [
        "Robot cell"
    ]
    with pytest.raises(AssertionError):
        visitor.visit("/leads/new").fill({"Campaign": "Fair in Basel"})
