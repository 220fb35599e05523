"""The checklist in Chromium: ticked in place by mouse and by keyboard, readable in both schemes."""

import pytest

from p2p.db import db
from p2p.leads.models import Lead
from tests.browser import axe
from tests.cast import RITA

pytestmark = pytest.mark.browser


@pytest.fixture
def lead(app, user):
    made = Lead.capture({"subject": "Robot cell"}, by=user(RITA)).id
    db.session.commit()
    return made


@pytest.fixture
def lead_page(lead, page_as):
    """Rita, on the page of her lead."""

    def opened(**options):
        return page_as(RITA, f"/leads/{lead}", **options)

    return opened


def test_steps_are_ticked_without_leaving_the_page(lead_page):
    page = lead_page()
    page.get_by_role("button", name="Done Call to introduce ourselves").press("Enter")
    page.get_by_text("1 of 4 steps done").wait_for()
    page.get_by_role("button", name="On to Need").click()
    page.get_by_role("button", name="On to Decision").wait_for()
    page.get_by_role("button", name="Reopen Call to introduce ourselves").click()
    page.get_by_text("Asked for and not done yet: Call to introduce ourselves").wait_for()


@pytest.mark.parametrize(("width", "scheme"), [(1360, "light"), (390, "dark")])
def test_everybody_can_read_it(lead_page, width, scheme):
    page = lead_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert axe(page, within="#checklist") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
