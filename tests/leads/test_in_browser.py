"""The rows of leads with script: a choice is sent at once, a move asks in the dialog, keys walk and tick."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from p2p.db import db
from p2p.filters import today
from p2p.leads.models import Lead
from tests.browser import axe
from tests.cast import MAX, RITA

pytestmark = pytest.mark.browser


@pytest.fixture
def captured(app, user):
    made = [
        Lead.capture({"subject": subject, "process_id": None}, by=user(RITA)).id
        for subject in ("Press line", "Robot cell")
    ]
    db.session.commit()
    db.session.remove()
    return made


@pytest.fixture
def page(captured, page_as):
    return page_as(RITA, "/leads/")


def test_a_choice_in_a_row_is_saved_at_once_and_undone_with_a_key(page):
    rating = page.get_by_label("Rating of Robot cell")
    rating.select_option("Hot")
    expect(page.get_by_role("status")).to_contain_text("Robot cell was saved.")
    page.get_by_label("Priority of Robot cell").select_option("High")  # from the version the first choice left
    expect(page.locator("tbody tr:first-child [name=version]")).to_have_value("3")
    page.get_by_role("link", name="Robot cell", exact=True).focus()
    page.keyboard.press("z")
    expect(page.get_by_role("status")).to_contain_text("Undone: changed Robot cell.")
    expect(rating.locator("option:checked")).to_have_text("Hot")
    expect(page.get_by_label("Priority of Robot cell").locator("option:checked")).to_have_text("—")


def test_a_move_asks_in_the_dialog_and_the_row_goes_its_way(page):
    page.get_by_label("Status of Robot cell").focus()
    page.get_by_label("Status of Robot cell").select_option("Postponed …")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("1 week")).to_be_focused()
    assert not axe(page, within="dialog")
    dialog.get_by_label("Wake up on").fill((today() + timedelta(30)).isoformat())
    dialog.get_by_role("button", name="Postpone").click()
    expect(page.get_by_role("status")).to_contain_text("Robot cell sleeps until")
    expect(page.get_by_role("link", name="Robot cell", exact=True)).to_have_count(0)
    expect(page.get_by_role("link", name="Press line", exact=True)).to_be_focused()  # it took its place


def test_a_dialog_left_alone_leaves_the_row_as_it_was(page):
    page.get_by_label("Status of Robot cell").focus()
    page.get_by_label("Status of Robot cell").select_option("Not qualified …")
    page.get_by_role("dialog").get_by_role("link", name="Cancel").click()
    expect(page.get_by_label("Status of Robot cell").locator("option:checked")).to_have_text("Open")
    expect(page.get_by_label("Status of Robot cell")).to_be_focused()


def test_a_refused_move_says_why_and_shows_the_true_row(page, captured, app, user):
    db.session.get_one(Lead, captured[1]).edit({"rating_id": None, "subject": "Robot cell"}, by=user(MAX))
    db.session.get_one(Lead, captured[1]).postpone(today() + timedelta(9), by=user(MAX))
    db.session.commit()
    db.session.remove()
    page.get_by_label("Status of Robot cell").select_option("Not qualified …")
    page.get_by_role("dialog").get_by_label("Reason").select_option("No budget")
    page.get_by_role("dialog").get_by_role("button", name="Disqualify").click()
    expect(page.get_by_role("status")).to_contain_text("Robot cell")
    expect(page.get_by_label("Status of Robot cell")).to_have_count(0)


def test_keys_walk_the_rows_and_tick_them_for_the_bar_below(page):
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Robot cell", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    expect(page.get_by_label("Tick Press line")).to_be_checked()
    page.get_by_label("Tick all that are shown").check()
    expect(page.get_by_label("Tick Robot cell")).to_be_checked()
    page.get_by_role("button", name="Rate …").click()
    page.get_by_label("Rating").select_option("Hot")
    expect(page.get_by_role("heading", name="Will change 2")).to_be_visible()
    page.get_by_role("button", name="Rate").click()
    expect(page.get_by_role("status")).to_contain_text("2 leads were rated.")


def test_without_script_the_row_has_its_button(captured, page_as):
    plain = page_as(RITA, "/leads/", java_script_enabled=False)
    plain.get_by_label("Rating of Robot cell").select_option("Warm")
    plain.get_by_role("button", name="Save Robot cell").click()
    expect(plain.get_by_role("status")).to_contain_text("Robot cell was saved.")
    expect(plain.get_by_label("Rating of Robot cell").locator("option:checked")).to_have_text("Warm")


def test_on_a_phone_the_filters_fold_and_a_row_is_a_slip_with_everything_in_reach(page):
    owner, more = page.get_by_role("combobox", name="Owner", exact=True), page.get_by_text("More filters")
    expect(owner).to_be_visible()  # with room enough nothing folds
    expect(more).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(owner).to_be_hidden()
    for control in ("Tick Robot cell", "Status of Robot cell", "Owner of Robot cell", "Log or plan on Robot cell"):
        expect(page.get_by_label(control)).to_be_in_viewport()
    page.keyboard.press("f")
    expect(page.get_by_role("searchbox", name="Text")).to_be_focused()
    more.click()
    owner.select_option("nobody's")
    page.wait_for_url("**/leads/?owner=nobody")
    page.reload()
    expect(owner).to_be_visible()  # what narrows the list is in sight
    assert not axe(page)
