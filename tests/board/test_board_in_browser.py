"""The board under a hand: dragged, walked by key, without script, and with a colleague at the same time."""

import re

import pytest
from playwright.sync_api import Page, expect

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.opportunities.models import Opportunity
from p2p.setup.queries import stages
from tests.board import card, column
from tests.browser import axe
from tests.cast import MAX, RITA

pytestmark = pytest.mark.browser


def menu(page: Page, subject: str):
    """The menu of a card: in the dialog, or without script on a page of its own."""
    card(page, subject).get_by_role("link", name="Actions").click()
    return page.get_by_role("form", name=subject)


def let_go(page: Page, held: list):
    """Let the request that is held back go on; a busy machine may tell of it late."""
    for _ in range(500):
        if not held:
            page.wait_for_timeout(20)
    held.pop().continue_()


def status_of(id: int) -> Opportunity:
    db.session.rollback()
    found = db.session.get_one(Opportunity, id)
    _ = found.stage.name, found.status, found.probability
    db.session.expunge_all()
    db.session.rollback()
    return found


def test_dragging_a_card_moves_it_and_undo_takes_it_back(at_board, deals):
    page = at_board(RITA)
    card(page, "Cooling loop").drag_to(column(page, "Develop").get_by_role("list"))
    expect(column(page, "Develop").get_by_role("heading", name="Cooling loop")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Cooling loop: Develop, 30 %")
    expect(column(page, "Develop").get_by_role("heading", level=2)).to_contain_text("2")
    page.get_by_role("button", name="Undo").click()
    expect(column(page, "Qualify").get_by_role("heading", name="Cooling loop")).to_be_visible()


def test_dropping_on_a_zone_asks_for_what_it_needs_and_escape_puts_the_card_back(at_board, deals, user):
    """K08: winning asks for the reason, and for the amount that nobody gave yet."""
    db.session.get_one(Opportunity, deals["Cooling loop"]).edit({"revenue": None}, by=user(RITA))
    db.session.commit()
    db.session.remove()
    page = at_board(RITA)
    for zone, asked in (("Lose", ("Reason", "Another competitor")), ("Win", ("Reason", "Estimated revenue"))):
        source = card(page, "Cooling loop").bounding_box()
        page.mouse.move(source["x"] + 30, source["y"] + 60)
        page.mouse.down()
        page.mouse.move(source["x"] + 60, source["y"] + 90, steps=4)
        page.get_by_label(zone, exact=True).hover()
        page.mouse.up()
        for label in asked:
            expect(page.get_by_role("dialog").get_by_label(label)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(column(page, "Qualify").get_by_role("heading", name="Cooling loop")).to_be_visible()
    assert status_of(deals["Cooling loop"]).status == "active"


def test_the_whole_triage_by_key_alone(at_board, deals):
    page = at_board(RITA)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Cooling loop")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Robot cell")).to_be_focused()
    page.keyboard.press(">")
    expect(column(page, "Develop").get_by_role("heading", name="Robot cell")).to_be_visible()
    expect(page.get_by_role("link", name="Leak tester")).to_be_focused()
    page.keyboard.press("p")
    page.keyboard.type("45")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Leak tester: Qualify, 45 %")
    page.keyboard.press("z")
    expect(card(page, "Leak tester")).to_contain_text("10 %")
    page.get_by_role("link", name="Cooling loop").focus()
    page.keyboard.press("w")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("Fit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Cooling loop is won")
    expect(card(page, "Cooling loop")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()


def test_what_is_typed_while_a_menu_is_on_its_way_waits_for_it(at_board, deals):
    """Another answer that comes in between (the board's own, after a move) must not let it go."""
    page = at_board(RITA)
    page.get_by_role("link", name="Leak tester").focus()
    held = []
    page.route(re.compile("/menu|/activities/on"), lambda route: held.append(route))
    with page.expect_request(re.compile("/menu")):
        page.keyboard.press("p")
        page.keyboard.type("45")
    with page.expect_response(re.compile("/board$")):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('changed', {detail: {}}))")
    page.wait_for_timeout(100)
    page.keyboard.press("Enter")
    let_go(page, held)
    expect(page.get_by_role("status")).to_contain_text("Leak tester: Qualify, 45 %")
    expect(page.get_by_role("link", name="Robot cell")).to_be_focused()
    # Where Tab leads is not known yet: what is for the first field stands in it, and nothing is sent.
    with page.expect_request(re.compile("/activities/on")):
        for key in ("a", "x", "Tab", "y", "Enter"):
            page.keyboard.press(key)
    let_go(page, held)
    expect(page.get_by_role("textbox", name="What")).to_have_value("x")


def test_an_answer_to_the_action_before_does_not_lose_the_selection(page_as, deals):
    """The board's answer to one action comes while the next is under way, which takes its card out of sight."""
    page = page_as(RITA, "/board?probability=..50")
    page.get_by_role("link", name="Cooling loop").focus()
    held = []
    page.route(re.compile("/board[?]"), lambda route: held.append(route), times=1)
    page.keyboard.press("a")
    page.keyboard.type("Called about the pump")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Robot cell")).to_be_focused()
    page.keyboard.press("p")
    expect(page.get_by_role("dialog").get_by_label("Probability")).to_be_focused()
    with page.expect_response(re.compile("/board[?]")):
        let_go(page, held)
    page.keyboard.type("95")
    page.keyboard.press("Enter")
    expect(card(page, "Robot cell")).to_have_count(0)
    expect(page.get_by_role("link", name="Leak tester")).to_be_focused()


def test_the_filter_is_left_to_the_card_and_sent_by_enter_from_its_menu(at_board, deals):
    page = at_board(RITA)
    page.get_by_role("link", name="Robot cell").focus()
    page.keyboard.press("f")
    expect(page.get_by_role("combobox", name="Owner")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Robot cell")).to_be_focused()
    page.keyboard.press("f")
    page.keyboard.type("Max")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=3)).to_have_count(0)


def test_a_key_the_selected_card_lacks_does_not_press_its_neighbours(at_board, deals, user):
    neighbour = db.session.get_one(Opportunity, deals["Leak tester"])
    Activity.plan(neighbour, {"purpose": "Call back", "due_on": today()}, by=user(RITA))
    db.session.commit()
    db.session.remove()
    page = at_board(RITA)
    page.get_by_role("link", name="Cooling loop").focus()
    page.keyboard.press("d")
    page.wait_for_timeout(500)
    expect(page.get_by_role("status")).to_be_empty()
    expect(card(page, "Leak tester")).to_contain_text("Call back")
    page.get_by_role("link", name="Leak tester").focus()
    page.keyboard.press("d")
    expect(page.get_by_role("status")).to_contain_text("“Call back” is done")


def test_everything_works_without_script(at_board, deals):
    page = at_board(RITA, java_script_enabled=False)
    form = menu(page, "Cooling loop")
    form.get_by_label("Stage").select_option("Propose")
    form.get_by_role("button", name="Save").click()
    expect(column(page, "Propose").get_by_role("heading", name="Cooling loop")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(column(page, "Qualify").get_by_role("heading", name="Cooling loop")).to_be_visible()
    menu(page, "Cooling loop")
    page.get_by_role("link", name="Lose").click()
    page.get_by_label("Reason").select_option("Price")
    page.get_by_label("Another competitor").fill("Robotec")
    page.get_by_role("button", name="Lose").click()
    expect(page.get_by_role("heading", level=1, name="Board")).to_be_visible()
    expect(card(page, "Cooling loop")).to_have_count(0)
    assert status_of(deals["Cooling loop"]).status == "lost"


def test_a_colleagues_move_arrives_within_five_seconds_without_closing_an_open_menu(at_board, deals):
    rita, max_ = at_board(RITA), at_board(MAX)
    form = menu(max_, "Robot cell")
    form.get_by_label("Probability").fill("77")
    rita.keyboard.press("ArrowDown")
    rita.keyboard.press(">")
    expect(column(rita, "Develop").get_by_role("heading", name="Cooling loop")).to_be_visible()
    develop = max_.get_by_role("region", name="Develop", include_hidden=True)  # behind the open dialog
    expect(develop).to_contain_text("Cooling loop", timeout=6000)
    expect(form.get_by_label("Probability")).to_have_value("77")
    expect(form.get_by_label("Probability")).to_be_focused()
    form.get_by_role("button", name="Save").click()
    expect(card(max_, "Robot cell")).to_contain_text("77 %")
    rita.keyboard.press("z")
    expect(column(max_, "Qualify").get_by_role("heading", name="Cooling loop")).to_be_visible(timeout=6500)


def test_a_stale_drag_shows_the_true_board_and_lets_one_choose(at_board, deals, user):
    page = at_board(RITA)
    page.route(re.compile("/board$"), lambda route: route.fulfill(status=304))  # she has not heard of it yet
    opportunity = db.session.get_one(Opportunity, deals["Cooling loop"])
    opportunity.move(stages()[3], by=user(MAX))
    db.session.commit()
    db.session.remove()
    page.get_by_role("link", name="Cooling loop").focus()
    page.keyboard.press(">")
    expect(page.get_by_role("status")).to_contain_text("moved by somebody else")
    expect(page.get_by_role("dialog")).to_contain_text("Theirs")
    page.keyboard.press("Escape")
    expect(column(page, "Close").get_by_role("heading", name="Cooling loop")).to_be_visible()


def test_a_refused_probability_stays_in_the_menu(at_board):
    page = at_board(RITA)
    form = menu(page, "Cooling loop")
    form.get_by_label("Probability").fill("170")
    page.keyboard.press("Enter")
    expect(form).to_contain_text("whole number from 0 to 100")
    expect(form.get_by_label("Probability")).to_have_value("170")


def test_a_half_typed_quick_add_survives_what_arrives(at_board):
    rita, max_ = at_board(RITA), at_board(MAX)
    develop = column(max_, "Develop")
    develop.get_by_text("Add", exact=True).first.click()
    develop.get_by_label("Subject").fill("Torque sta")
    rita.keyboard.press("ArrowDown")
    rita.keyboard.press(">")
    expect(develop.get_by_role("heading", name="Cooling loop")).to_be_visible(timeout=6500)
    expect(develop.get_by_label("Subject")).to_have_value("Torque sta")
    expect(develop.get_by_label("Subject")).to_be_focused()


def test_quick_add_stays_open_for_the_next(at_board):
    page = at_board(RITA)
    develop = column(page, "Develop")
    develop.get_by_text("Add", exact=True).first.click()
    for subject in ("Torque station", "Vision cell"):
        develop.get_by_label("Subject").fill(subject)
        develop.get_by_label("Party").fill("Zoller Feinblech")
        develop.get_by_label("Amount").fill("12'500")
        page.keyboard.press("Enter")
        expect(develop.get_by_role("heading", name=subject)).to_be_visible()
    expect(develop.get_by_label("Subject")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
def test_axe_finds_nothing_on_the_board(at_board, scheme, width):
    page = at_board(RITA, color_scheme=scheme, viewport={"width": width, "height": 844})
    assert axe(page) == []
    expect(menu(page, "Cooling loop")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
