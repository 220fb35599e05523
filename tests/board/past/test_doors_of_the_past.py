"""The doors of the past: reached from the board, read-only, refused with words, each number opens its deals."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from p2p.db import at, db, now
from p2p.filters import today
from p2p.history.log import Change
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import reasons, stages
from tests.cast import RITA, ROLF


@pytest.fixture
def later(user):
    """Three deals of a first day; two days later one is won, one postponed, one raised, and a fourth is opened."""
    by = user(RITA)
    party = Party.enter({"name": "Vogt Antriebe"}, by=by)
    facts = {"party_id": party.id, "stage_id": stages()[0].id, "revenue": 1_000_000}
    made = [Opportunity.open(facts | {"subject": subject}, by=by) for subject in ("Cell", "Loop", "Line")]
    db.session.commit()
    with at(now() + timedelta(days=2)):
        made[0].win(reasons("won")[0], by=by)
        made[1].postpone(today() + timedelta(days=9), by=by)
        made[2].edit({"revenue": 1_500_000, "subject": "Line, longer"}, by=by)
        Opportunity.open(facts | {"subject": "Booth", "owner_id": user(ROLF).id}, by=by)
        db.session.commit()
    with at(now() + timedelta(days=3)):
        yield made


def cards(visitor):
    return sorted(heading.text_content() for heading in visitor.page.iter("h3"))


def figures(visitor):
    """Movement → its count, amount and weighted amount, as the page writes them."""
    found = visitor.page.xpath("//tbody/tr")
    return {row[0].text_content(): [cell.text_content().strip() for cell in row[1:]] for row in found}


def test_the_board_leads_to_a_past_day_and_back_again(as_, later):
    board = as_(RITA).visit("/board", owner="me", by="month")
    assert cards(board) == ["Line, longer"]
    for _ in range(3):
        board.click("The day before")
    assert cards(board) == ["Cell", "Line", "Loop"]
    assert "read-only" in board.text
    assert "Save" not in board.buttons
    assert not {"Excel", "As a list"} & {words for words, _ in board.links}, "they would be of today"
    assert "every 5s" not in board.body.decode()
    board.click("Back to today")
    assert cards(board) == ["Line, longer"]
    assert dict(board.response.request.args) == {"owner": "me", "by": "month"}
    board.submit("Show", within="Day", Day=(today() - timedelta(days=3)).isoformat())
    assert cards(board) == ["Cell", "Line", "Loop"]


def test_a_day_before_history_is_empty_and_says_when_it_begins(as_, later):
    board = as_(RITA).visit("/board", as_of="2020-02-02")
    assert cards(board) == []
    assert "history begins on" in board.text


@pytest.mark.parametrize(("typed", "said"), [("2999-01-01", "still to come"), ("yesterday", "is not a day")])
def test_what_is_no_past_day_is_refused_with_words(as_, later, typed, said):
    board = as_(RITA).visit("/board", expect=422, as_of=typed)
    assert said in board.text
    assert cards(board) == ["Booth", "Line, longer"]
    board.visit("/board/changes", expect=422, **{"from": typed})
    assert said in board.text


def test_each_number_of_what_changed_opens_the_deals_behind_it(as_, later):
    first = (today() - timedelta(days=3)).isoformat()
    page = as_(RITA).visit("/board/changes", **{"from": first})
    rows = figures(page)
    assert rows["New"] == ["+ 1", "+ 10’000", "+ 1’000"]
    assert rows["Raised"] == ["1 deal", "+ 5’000", "+ 500"]
    assert rows["Won"] == ["− 1", "− 10’000", "− 1’000"]
    assert rows["Postponed"] == ["− 1", "− 10’000", "− 1’000"]
    assert [row for label, row in rows.items() if "ening" in label] == [["3", "30’000", "3’000"]]
    assert [row for label, row in rows.items() if "osing" in label] == [["2", "25’000", "2’500"]]
    page.visit("/board/changes/won", **{"from": first})
    assert "Cell" in page.text
    assert reasons("won")[0].name in page.text
    page.visit("/board/changes/raised", **{"from": first})
    assert "amount" in page.text
    csv = page.get(f"/board/changes?from={first}&format=csv", {}).text
    assert "Won,1,-1,-10000.00,-1000.0000" in csv
    page.visit("/board/changes", **{"from": first, "owner": str(later[0].owner_id)})
    assert figures(page)["New"] == ["0", "0", "0"]
    page.visit("/board/changes", expect=422, **{"from": today().isoformat(), "to": first})
    assert "before the first one" in page.text


def test_what_was_erased_is_said_and_shown_as_it_is_now(as_, later):
    erased = db.session.query(Change).filter_by(noun="opportunity", record_id=later[2].id, kind="changed").one()
    db.session.execute(text('update change set "values" = null, salt = null where id = :id'), {"id": erased.id})
    db.session.commit()
    board = as_(RITA).visit("/board", as_of=(today() - timedelta(days=3)).isoformat())
    assert cards(board) == ["Cell", "Line, longer", "Loop"]
    assert "1 record what stood there before was erased" in board.text
