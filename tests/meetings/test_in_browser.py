"""A meeting by keyboard alone, from the board to the minutes; axe finds nothing on the way."""

import pytest
from playwright.sync_api import expect

from p2p.db import db
from p2p.meetings.models import Point
from p2p.opportunities.models import Opportunity
from tests.browser import axe
from tests.cast import RITA

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "scheme"), [(1360, "light"), (390, "dark")])
def test_a_meeting_by_keyboard_alone(page_as, deals, width, scheme):
    db.session.remove()
    page = page_as(RITA, "/board", color_scheme=scheme, viewport={"width": width, "height": 900})
    page.get_by_role("link", name="Meeting", exact=True).press("Enter")
    page.get_by_label("Name", exact=True).press("Enter")

    def at(subject: str) -> None:
        expect(page.get_by_role("heading", name=subject, exact=True)).to_be_focused()

    def press(*keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)

    at("Everything")
    assert axe(page) == []
    press("d")
    expect(page.get_by_label("Decision")).to_be_focused()
    page.keyboard.type("Ask once more")
    press("Escape", "n")
    page.keyboard.type("Call Miriam")
    press("Escape", "p")
    page.keyboard.type("60")
    press("Escape", "m", "ArrowDown", "Control+Enter")
    at("Changed")
    expect(page.locator("#toast")).to_contain_text("Everything was discussed.")
    press("ArrowRight")
    at("Stepless")
    press("k")
    at("Changed")
    press("d")
    page.keyboard.type("typed before the dialog")
    press("Escape", "l")
    expect(page.get_by_role("dialog")).to_be_visible()
    press("p", "Enter")  # the reason that begins so: price
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#meeting-deal .figures")).to_contain_text("Lost")
    expect(page.get_by_label("Decision")).to_have_value("typed before the dialog")
    press("Control+Enter")
    at("Stepless")
    press("v")
    expect(page.get_by_role("heading", name="Monday", exact=True)).to_be_visible()
    assert axe(page) == []
    expect(page.get_by_text("Lost: reason Price")).to_be_visible()
    with page.expect_download() as minutes:
        page.get_by_role("link", name="Minutes as Markdown").press("Enter")
    assert minutes.value.suggested_filename.endswith(".md")
    press("j")
    at("Stepless")
    deal = db.session.get_one(Opportunity, deals["Everything"])
    assert (deal.stage.name, deal.probability, deal.next_on is not None) == ("Develop", 60, True)
    assert [point.decision for point in db.session.query(Point).order_by(Point.id)] == [
        "Ask once more",
        "typed before the dialog",
    ]
    db.session.rollback()
