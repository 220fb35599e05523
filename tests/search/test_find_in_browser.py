"""The box by keyboard: it opens from everywhere, is walked with the arrows, and gives the focus back."""

import pytest
from playwright.sync_api import expect

from p2p.db import db
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import stages
from tests.browser import axe
from tests.cast import RITA

pytestmark = pytest.mark.browser


@pytest.fixture
def page(user, page_as):
    party = Party.enter({"name": "Sonnberg AG", "phone": "079 123 45 67"}, by=user(RITA))
    facts = {"subject": "Palletiser relocation", "party_id": party.id, "stage_id": stages()[0].id}
    Opportunity.open(facts, by=user(RITA))
    db.session.commit()
    db.session.remove()
    return page_as(RITA, "/board")


def test_a_deal_is_found_by_phone_in_four_gestures_and_escape_gives_the_focus_back(page):
    card = page.get_by_role("link", name="Palletiser relocation")
    card.focus()
    box, offered = page.get_by_role("combobox", name="Find", exact=True), page.get_by_role("listbox", name="Found")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("079 / 123")
    expect(offered.get_by_role("option")).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#find-says")).to_have_text("2 found")
    page.keyboard.press("ArrowUp")
    expect(offered.get_by_role("option", selected=True)).to_contain_text("Sonnberg AG")
    page.keyboard.press("ArrowDown")
    chosen = offered.get_by_role("option", selected=True)
    expect(chosen).to_contain_text("Palletiser relocation")
    expect(box).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    assert not axe(page)
    page.keyboard.press("Escape")
    expect(offered).to_be_hidden()
    expect(card).to_be_focused()
    # The gestures that count: the key, the text, the arrow, Enter.
    page.keyboard.press("/")
    page.keyboard.type("0041 79")
    expect(offered.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/opportunities/1")


def test_enter_without_a_choice_leads_to_the_page_of_everything(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.keyboard.press("/")
    page.keyboard.type("nobody")
    expect(page.get_by_role("option", name="Nothing begins like that")).to_be_visible()
    assert not axe(page, within="header")
    page.get_by_role("combobox", name="Find", exact=True).fill("sonn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find?q=sonn")
    expect(page.get_by_role("heading", level=1)).to_have_text("Found: “sonn”")
    expect(page.get_by_role("combobox", name="Find", exact=True)).to_have_value("sonn")
    assert not axe(page)
    page.get_by_role("link", name="Palletiser relocation").click()
    page.wait_for_url("**/opportunities/1")
