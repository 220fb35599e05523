"""Log, undo and two people's edits, in a real browser where parts refresh themselves."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.parties.models import Party
from tests.browser import axe
from tests.cast import RITA, ROLF

pytestmark = pytest.mark.browser


@pytest.fixture
def planned(user) -> Activity:
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    activity = Activity.plan(party, {"purpose": "Call Ms Vogt", "due_on": today() + timedelta(1)}, by=user(RITA))
    party.edit({"city": "Aarau"}, by=user(ROLF))
    db.session.commit()
    return activity


def test_logging_and_undoing_refresh_the_timeline_in_place(planned, page_as):
    address = f"/history/timeline/party/{planned.subject_id}"
    db.session.rollback()
    page = page_as(RITA, address)
    page.get_by_role("link", name="Log or plan").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What", exact=True).fill("Phoned about the belt")
    dialog.get_by_role("button", name="Save").click()
    entry = page.locator("#timeline li", has_text="Logged Phoned about the belt")
    entry.get_by_role("button", name="Undo").click()
    page.locator("#timeline li", has_text="Undid: logged Phoned").wait_for()
    page.locator("#toast").get_by_role("button", name="Redo").click()
    page.locator("#timeline li", has_text="Redid: logged Phoned").wait_for()
    page.locator("#timeline li", has_text="Entered").get_by_role("button", name="Undo").click()
    dialog.get_by_text("is used by").first.wait_for()
    assert not axe(page)
    dialog.get_by_text("Leave it").click()
    page.locator("#timeline li", has_text="tomorrow").get_by_role("button", name="Done").click()
    page.locator("#timeline li", has_text="Finished Call Ms Vogt").wait_for()
    assert not axe(page)


def test_a_conflict_in_the_dialog_keeps_both_versions(planned, page_as):
    address = f"/activities/{planned.id}"
    db.session.rollback()
    rita = page_as(RITA, address)
    rita.get_by_role("link", name="Change").click()
    dialog = rita.get_by_role("dialog")
    dialog.get_by_label("What").fill("Visit Ms Vogt")
    rolf = page_as(ROLF, f"{address}/edit", java_script_enabled=False)
    rolf.get_by_label("What").fill("Write to Ms Vogt")
    rolf.get_by_role("button", name="Save").click()
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_text("Somebody else changed").wait_for()
    assert not axe(rita)
    dialog.get_by_label("Keep theirs").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(rita.get_by_role("heading", name="Write to Ms Vogt", exact=True)).to_be_visible()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
def test_the_pages_are_accessible_and_fit(planned, live_server, page_as, color_scheme, width):
    addresses = ["/history/", f"/history/timeline/party/{planned.subject_id}", f"/activities/{planned.id}"]
    addresses += ["/activities/", "/activities/all", f"/activities/on/party/{planned.subject_id}", "/history/10"]
    db.session.rollback()
    page = page_as(RITA, addresses[0], color_scheme=color_scheme, viewport={"width": width, "height": 900})
    for address in addresses:
        page.goto(live_server + address)
        assert not axe(page), address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
