"""Hands on the board: several cards by key, one beside it, fingers and pens, and what colleagues do meanwhile."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from p2p.db import db
from p2p.filters import today
from p2p.history import Operation, operation
from p2p.opportunities.models import Opportunity
from p2p.setup.queries import stages
from tests.board import card, column
from tests.browser import axe
from tests.cast import MAX, RITA

pytestmark = pytest.mark.browser


def stands_in(page: Page, name: str, *subjects: str):
    expect(column(page, name).get_by_role("heading", level=3)).to_have_text(list(subjects))


def press(page: Page, *keys: str):
    for key in keys:
        page.keyboard.press(key)


def test_several_cards_are_moved_by_key_and_undone_as_one(at_board, deals):
    page = at_board(RITA)
    press(page, "ArrowDown", "Shift+ArrowDown")
    expect(page.get_by_role("log")).to_have_text("2 selected")
    press(page, "ArrowDown", "x")
    expect(page.get_by_role("log")).to_have_text("3 selected")
    expect(page.get_by_role("link", name="Robot cell")).to_have_attribute("aria-description", "selected")
    press(page, "x")
    expect(page.get_by_role("log")).to_have_text("2 selected")
    assert axe(page) == []
    press(page, "m")
    dialog = page.get_by_role("dialog", name="Move 2 opportunities")
    expect(dialog.get_by_label("Stage")).to_be_focused()
    dialog.get_by_label("Stage").select_option("Propose")
    expect(dialog.get_by_role("region", name="What would change")).to_contain_text("Propose, 50 %")
    assert axe(page) == []
    press(page, "Enter")
    expect(page.get_by_role("status")).to_contain_text("2 opportunities were moved.")
    stands_in(page, "Propose", "Cooling loop", "Robot cell")
    expect(page.get_by_role("form", name="With those selected")).to_be_hidden()
    expect(page.get_by_role("link", name="Leak tester")).to_be_focused()
    press(page, "z")
    expect(page.get_by_role("status")).to_contain_text("Undone: moved 2 opportunities.")
    stands_in(page, "Qualify", "Cooling loop", "Robot cell", "Leak tester")
    press(page, "ArrowUp", "x", "b")
    expect(page.get_by_role("button", name="Move m")).to_be_focused()
    press(page, "Escape")
    expect(page.get_by_role("log")).to_have_text("0 selected")
    expect(page.get_by_role("link", name="Robot cell")).to_be_focused()


def test_fingers_select_cards_too(at_board, deals):
    page = at_board(RITA, has_touch=True, viewport={"width": 390, "height": 844})
    said, sheet = page.get_by_role("log"), page.get_by_role("complementary", name="Opened card")
    card(page, "Robot cell").get_by_role("link", name="Actions").tap()
    page.get_by_role("dialog").get_by_role("link", name="Select").tap()
    expect(said).to_have_text("1 selected")
    page.get_by_role("link", name="Cooling loop").tap()
    expect(said).to_have_text("2 selected")
    expect(sheet).to_be_hidden()
    assert axe(page) == []
    page.get_by_role("button", name="Lose").tap()
    expect(page.get_by_role("dialog", name="Lose 2 opportunities").get_by_label("Price gap")).to_be_visible()
    page.get_by_role("button", name="Close").tap()
    page.get_by_role("link", name="Robot cell").tap()
    expect(said).to_have_text("1 selected")
    page.get_by_role("button", name="Drop the selection").tap()
    expect(said).to_have_text("0 selected")
    page.get_by_role("link", name="Robot cell").tap()
    expect(sheet.get_by_role("heading", name="Robot cell")).to_be_visible()


def test_a_move_that_leads_nowhere_says_so(at_board, deals, user):
    for subject, days in (("Leak tester", -40), ("Robot cell", 0)):
        deal = db.session.get_one(Opportunity, deals[subject])
        deal.edit({"decide_by": today() + timedelta(days)}, by=user(RITA))
    db.session.commit()
    db.session.remove()
    page = at_board(RITA)
    said = page.get_by_role("log")
    press(page, "ArrowDown", "<")
    expect(said).to_have_text("This is the first column.")
    press(page, "ArrowRight")
    for column_name in ("Propose", "Close"):
        press(page, ">")
        stands_in(page, column_name, "HMI")
        page.get_by_role("link", name="HMI").focus()
    press(page, ">")
    expect(said).to_have_text("This is the last column.")
    stands_in(page, "Close", "HMI")
    page.goto(f"{page.url}?by=month")
    page.get_by_role("link", name="Robot cell").focus()
    press(page, "<")
    expect(said).to_have_text("No card can be put there.")


def test_a_card_that_may_not_be_moved_any_more_is_put_back_with_words(at_board, deals, user, console_errors):
    """K03: 403, and by mouse and by key it stands where it stood."""
    page = at_board(RITA)
    with operation("test", by=None):
        user(RITA).role = "viewer"
    db.session.commit()
    db.session.remove()
    said = page.get_by_role("status")
    for by_mouse in (True, False):
        with page.expect_response("**/board/cards/*") as answer:
            if by_mouse:
                card(page, "Robot cell").drag_to(column(page, "Develop").get_by_role("list"))
            else:
                press(page, "ArrowDown", ">")
        assert answer.value.status == 403
        expect(said).to_contain_text("You may not do that. Your role does not allow it.")
        stands_in(page, "Qualify", "Cooling loop", "Robot cell", "Leak tester")
        # Dismissed, it must not keep the focus until it is drawn hidden: the next key would be for nobody.
        dismiss = "(button) => (button.focus(), button.click(), document.activeElement.tagName)"
        assert said.get_by_role("button", name="Dismiss").evaluate(dismiss) == "BODY"
        expect(said.get_by_role("button")).to_be_hidden()
    console_errors.clear()


def test_z_goes_back_step_by_step_and_capital_z_does_it_again(at_board, deals):
    page = at_board(RITA)
    said = page.get_by_role("status")
    press(page, "ArrowDown", ">")
    expect(said).to_contain_text("Cooling loop: Develop, 30 %")
    expect(page.get_by_role("link", name="Robot cell")).to_be_focused()
    press(page, "p")
    expect(page.get_by_role("dialog").get_by_label("Probability")).to_be_focused()
    page.keyboard.type("45")
    press(page, "Enter")
    expect(said).to_contain_text("Robot cell: Qualify, 45 %")
    page.reload()  # it needs no toast
    press(page, "z")
    expect(said).to_contain_text("Undone: estimated Robot cell.")
    press(page, "z")
    expect(said).to_contain_text("Undone: moved Cooling loop.")
    stands_in(page, "Qualify", "Cooling loop", "Robot cell", "Leak tester")
    press(page, "Z")
    expect(said).to_contain_text("Redone: moved Cooling loop.")
    press(page, "z", "z", "z", "z", "z", "z")
    expect(said).to_contain_text("Nothing of yours from today is left to undo.")


def test_a_card_opens_beside_the_board_and_the_sheet_follows_the_selection(at_board, deals):
    page = at_board(RITA)
    sheet = page.get_by_role("complementary", name="Opened card")
    press(page, "ArrowDown", "Enter")
    expect(sheet.get_by_role("heading", name="Cooling loop")).to_be_visible()
    expect(page.get_by_role("log")).to_have_text("Cooling loop is open beside the board.")
    expect(page).to_have_url(re.compile(rf"/board\?card={deals['Cooling loop']}$"))
    assert axe(page) == []
    press(page, "ArrowDown")
    expect(sheet.get_by_role("heading", name="Robot cell")).to_be_visible()
    press(page, "ArrowRight")
    expect(sheet.get_by_role("heading", name="HMI")).to_be_visible()
    page.reload()
    expect(sheet.get_by_role("heading", name="HMI")).to_be_visible()
    page.get_by_role("link", name="HMI").focus()
    press(page, "Enter")
    expect(sheet.get_by_role("heading", name="HMI")).to_be_focused()
    sheet.get_by_label("What", exact=True).fill("Call back")
    press(page, "Enter")
    expect(page.get_by_role("status")).to_contain_text("Call back")
    expect(sheet.get_by_role("region", name="Timeline")).to_contain_text("Call back")
    press(page, "Escape", "Escape")
    expect(sheet).to_be_hidden()
    expect(page.get_by_role("link", name="HMI")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/board$"))


def test_escape_puts_a_dragged_card_back(at_board, deals):
    page = at_board(RITA)
    card(page, "Cooling loop").hover()
    page.mouse.down()
    box = column(page, "Develop").get_by_role("list").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 20, steps=8)
    expect(page.get_by_label("Lose", exact=True)).to_be_visible()
    press(page, "Escape")
    page.mouse.up()
    stands_in(page, "Qualify", "Cooling loop", "Robot cell", "Leak tester")
    expect(page.get_by_role("link", name="Cooling loop")).to_be_focused()
    page.wait_for_timeout(300)
    assert db.session.get_one(Opportunity, deals["Cooling loop"]).version == 1


def drawn(page: Page, way: list[tuple[float, float]], kind: str):
    """A finger or a pen that is put down, held, drawn along a way and lifted, as Chromium's own input would be."""
    hand = page.context.new_cdp_session(page)

    def do(what: str, x: float, y: float) -> None:
        if kind == "pen":
            names = {"start": "mousePressed", "move": "mouseMoved", "end": "mouseReleased"}
            held = {"button": "left", "buttons": 1, "clickCount": 1}
            hand.send("Input.dispatchMouseEvent", {"type": names[what], "x": x, "y": y, "pointerType": "pen", **held})
        else:
            names = {"start": "touchStart", "move": "touchMove", "end": "touchEnd"}
            points = [] if what == "end" else [{"x": x, "y": y}]
            hand.send("Input.dispatchTouchEvent", {"type": names[what], "touchPoints": points})

    do("start", *way[0])
    page.wait_for_timeout(300)
    for (x, y), (to_x, to_y) in pairwise(way):
        for step in range(1, 11):
            do("move", x + (to_x - x) * step / 10, y + (to_y - y) * step / 10)
            page.wait_for_timeout(20)
    page.wait_for_timeout(200)
    do("end", *way[-1])


def within(locator) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 3


@pytest.mark.parametrize("kind", ["touch", "pen"])
def test_a_finger_and_a_pen_drag_too(at_board, deals, kind):
    page = at_board(RITA, has_touch=kind == "touch")
    drawn(page, [within(card(page, "Cooling loop")), within(card(page, "HMI"))], kind)
    expect(page.get_by_role("status")).to_contain_text("Cooling loop: Develop, 30 %")
    stands_in(page, "Develop", "Cooling loop", "HMI")
    # One operation, as the card's form leaves it.
    done = db.session.scalars(select(Operation).order_by(Operation.id.desc()).limit(1)).one()
    assert (done.verb, len(done.changes)) == ("opportunity.move", 1)


def test_on_a_phone_the_board_scrolls_under_a_dragged_card(at_board, deals):
    page = at_board(RITA, has_touch=True, viewport={"width": 390, "height": 844})
    x, y = within(card(page, "Cooling loop"))
    drawn(page, [(x, y), (380, y), (381, y + 1), (380, y), (381, y + 1), (380, y), (381, y)], "touch")
    expect(page.get_by_role("status")).to_contain_text(re.compile("Cooling loop: (Develop|Propose|Close)"))


def test_colleagues_changes_say_who_and_disturb_nothing(at_board, deals):
    rita, max_ = at_board(RITA), at_board(MAX)
    card(max_, "Robot cell").get_by_label("Actions").click()
    probability = max_.get_by_role("dialog").get_by_label("Probability")
    probability.fill("77")
    press(rita, "ArrowDown", ">")
    expect(max_.get_by_role("log")).to_have_text("Rita Sommer moved Cooling loop to Develop.", timeout=20000)
    expect(card(max_, "Cooling loop")).to_have_attribute("title", "Rita Sommer moved Cooling loop to Develop.")
    expect(probability).to_have_value("77")
    expect(probability).to_be_focused()
    expect(rita.get_by_role("log")).to_be_empty()


def test_who_moved_the_same_card_sees_both_stages_and_chooses(at_board, deals, user):
    page = at_board(RITA)
    card(page, "Cooling loop").get_by_label("Actions").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Stage").select_option("Develop")
    opportunity = db.session.get_one(Opportunity, deals["Cooling loop"])
    develop, close = str(stages()[1].id), stages()[3]
    opportunity.move(close, by=user(MAX))
    db.session.commit()
    db.session.remove()
    expect(page.get_by_role("log")).to_contain_text("Max Keller moved Cooling loop to Close.", timeout=20000)
    expect(dialog.get_by_label("Stage")).to_have_value(develop)  # nothing typed is overwritten
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text(re.compile(r"Theirs\s*Close"))
    expect(dialog).to_contain_text(re.compile(r"Yours\s*Develop"))
    assert axe(page) == []
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Cooling loop: Develop")
    stands_in(page, "Develop", "Cooling loop", "HMI")


def test_a_new_party_much_like_a_known_one_is_asked_about_and_picked(at_board):
    page = at_board(RITA)
    develop = column(page, "Develop")
    develop.get_by_text("Add", exact=True).first.click()
    develop.get_by_label("Subject").fill("Vision cell")
    develop.get_by_label("Party").fill("Vogt Antrieb GmbH")
    press(page, "Enter")
    expect(develop.get_by_role("alert")).to_contain_text("Do you mean Vogt Antriebe?")
    expect(develop.get_by_label("Subject")).to_have_value("Vision cell")
    develop.get_by_role("button", name="Vogt Antriebe").click()
    expect(card(page, "Vision cell")).to_contain_text("Vogt Antriebe")
    expect(page.get_by_role("status")).to_contain_text("Vision cell was added.")
    expect(develop.get_by_label("Subject")).to_have_value("")
    expect(develop.get_by_label("Subject")).to_be_focused()
