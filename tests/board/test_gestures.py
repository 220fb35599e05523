"""How many gestures the things cost that people do most: keys, clicks and drags, and a text that is typed is one.

The README says so in a table; whoever makes one of them dearer reads it here.
"""

import re
from pathlib import Path

import pytest

from p2p.competitors.models import Competitor
from p2p.db import db
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import stages
from tests.cast import MAX, RITA

pytestmark = pytest.mark.browser
README = Path(__file__).resolve().parent.parent.parent / "README.md"
MOST = 4


class Hand:
    """A hand on keyboard and mouse that counts what it does."""

    def __init__(self, page):
        self.page, self.done = page, 0

    def press(self, key):
        self.done += 1
        self.page.keyboard.press(key)
        self.page.wait_for_timeout(60)

    def type(self, text):
        self.done += 1
        self.page.keyboard.type(text)

    def click(self, control):
        self.done += 1
        control.click()


def move(hand):
    hand.press(">")
    return "Robot cell: Develop, 30 %"


def prognosis(hand):
    hand.press("g")
    hand.type("4")
    hand.press("Enter")
    return "Robot cell: Qualify, 10 %, by"


def probability(hand):
    hand.press("p")
    hand.type("45")
    hand.press("Enter")
    return "Robot cell: Qualify, 45 %"


def log(hand):
    hand.press("a")
    hand.type("Called about the budget")
    hand.press("Enter")
    return "“Called about the budget” was logged"


def plan(hand):
    hand.press("a")
    hand.type("Send references @ in 2 weeks")
    hand.press("Enter")
    return "“Send references” was planned for"


def win(hand):
    hand.press("w")
    hand.type("Fit")
    hand.press("Enter")
    return "Robot cell is won"


def lose(hand):
    hand.press("l")
    hand.type("Price")
    hand.click(hand.page.get_by_role("dialog").get_by_label("Robotec"))
    hand.press("Enter")
    return "Robot cell is lost"


def add(hand):
    hand.press("n")
    hand.type("Leak tester @ Vogt Antriebe")
    hand.press("Enter")
    return "Leak tester was added"


def undo(hand):
    hand.press("z")
    return "Undone: won Robot cell"


def find(hand):
    hand.press("/")
    hand.type("044 668 18 00")
    hand.page.get_by_role("option", name="Robot cell").wait_for()
    hand.press("ArrowDown")
    hand.press("Enter")
    return


WHAT = {
    "move to the next stage": move,
    "set the prognosis": prognosis,
    "set the probability": probability,
    "log a call": log,
    "plan the next step, for any day": plan,
    "win": win,
    "undo": undo,
    "lose, with reason and competitor": lose,
    "add a deal": add,
    "find a deal by phone number": find,
}


@pytest.fixture
def board(page_as, user):
    """The board of Rita, with one deal that is in the first stage, again and again."""
    party = Party.enter({"name": "Vogt Antriebe", "phone": "+41 44 668 18 00"}, by=user(RITA))
    Competitor.register(Party.enter({"name": "Robotec"}, by=user(MAX)), {}, by=user(MAX))
    facts = {"subject": "Robot cell", "party_id": party.id, "stage_id": stages()[0].id}
    Opportunity.open(facts, by=user(RITA))
    db.session.commit()
    db.session.remove()
    return page_as(RITA, "/board", viewport={"width": 1360, "height": 900})


def test_none_of_what_people_do_most_costs_more_than_four_gestures_and_the_readme_says_how_many(board):
    counted = {}
    for what, act in WHAT.items():
        if what != "undo":
            board.get_by_role("link", name="Robot cell").focus()
        hand = Hand(board)
        said = act(hand)
        counted[what] = hand.done
        if said is None:
            board.wait_for_url(re.compile("/opportunities/"))
            board.wait_for_load_state("networkidle")
            continue
        board.get_by_role("status").filter(has_text=said).wait_for()
        if what not in ("win", "undo", "add a deal"):
            board.keyboard.press("z")
            board.get_by_role("status").filter(has_text="Undone").wait_for()
            board.wait_for_timeout(200)
    assert max(counted.values()) <= MOST, counted
    told = dict(re.findall(r"^\| ([a-z][^|]+?) \| (\d) \|", README.read_text(encoding="utf-8"), re.M))
    assert {what: int(count) for what, count in told.items() if what in counted} == counted
