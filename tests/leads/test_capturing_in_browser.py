"""Capturing in a real browser: who may be meant appears while typing, and what was ticked stays ticked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from p2p.contacts.models import Contact
from p2p.db import db
from p2p.identity.models import User
from p2p.leads.models import Lead
from p2p.parties.models import Party
from tests.browser import axe
from tests.cast import RITA, Character

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page_as: Callable[..., Page], user: Callable[[Character], User]) -> Page:
    vogt = Party.enter({"name": "Vogt Antriebe AG", "city": "Zug"}, by=user(RITA))
    facts = {"name": "Eva Roth", "job_title": "Buyer", "email": "eva@vogt.example.com"}
    Contact.enter(vogt, facts, by=user(RITA))
    db.session.commit()
    address = f"/parties/{vogt.id}"
    db.session.remove()
    return page_as(RITA, address, viewport={"width": 1360, "height": 844})


def test_a_lead_is_captured_with_the_keyboard_and_one_click(page: Page) -> None:
    page.get_by_role("link", name="New lead").first.click()  # the empty list of leads offers it, too
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Subject")).to_be_focused()
    dialog.get_by_label("Somebody else").check()
    page.keyboard.press("Shift+Tab")
    dialog.get_by_label("E-mail").press_sequentially("EVA@vogt.example.com")
    eva = dialog.get_by_label("Eva Roth, Buyer, Vogt Antriebe AG same e-mail address")
    eva.check()
    dialog.get_by_label("Person").press_sequentially("Eva Roth")
    expect(eva).to_be_checked()
    assert axe(page, within="#dialog") == []
    dialog.get_by_label("Subject").fill("Retrofit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Retrofit", level=1)).to_be_visible()

    lead = db.session.query(Lead).one()
    assert lead.party is not None
    assert [str(line.contact) for line in lead.contacts] == ["Eva Roth"]
