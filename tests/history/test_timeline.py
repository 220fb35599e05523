"""The timeline of a record, as its visitors see it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.opportunities.models import Opportunity
from p2p.setup.queries import reasons, stages
from tests.cast import MAX, RITA, ROLF, VERA


@pytest.fixture
def address(deal) -> str:
    return f"/history/timeline/opportunity/{deal.id}"


def the_deal() -> Opportunity:
    """As it stands after what visitors did."""
    db.session.expire_all()
    return db.session.scalars(select(Opportunity)).one()


def test_the_timeline_tells_each_change_in_the_words_of_the_screen(as_, deal, address, user):
    deal.move(stages()[1], by=user(RITA))
    deal.edit({"revenue": 6_000_000}, by=user(MAX))
    db.session.commit()
    text = as_(VERA).visit(address).text
    assert "Moved Rita Sommer stage: Qualify → Develop · probability: 10 % → 30 %" in text
    assert "estimated revenue: CHF 53’000.00 → CHF 60’000.00" in text
    assert text.index("Max Keller") < text.index("Moved")
    assert "party: Vogt Antriebe" in text


def test_what_is_planned_stands_on_top_and_is_finished_there(as_, deal, address, user):
    Activity.plan(deal, {"purpose": "Call Ms Vogt", "due_on": today() + timedelta(1)}, by=user(RITA))
    db.session.commit()
    rita = as_(RITA, htmx=True).visit(address)
    assert "tomorrow Call Ms Vogt" in rita.text
    rita.press("Done “Call Ms Vogt”")
    assert "Call Ms Vogt” is done" in rita.toast
    assert "tomorrow" not in rita.text
    assert "Finished Call Ms Vogt" in rita.text


def test_undo_stands_on_every_line_that_allows_it(as_, deal, address, user):
    deal.move(stages()[1], by=user(RITA))
    db.session.commit()
    rita = as_(RITA).visit(address)
    rita.press("Undo", within="Moved")
    assert "Undone: moved Palletiser relocation" in rita.toast
    rita.visit(address)
    assert "Undid: moved Palletiser relocation" in rita.text
    rita.press("Redo")
    assert "Redone: moved Palletiser relocation" in rita.toast
    assert the_deal().stage.name == "Develop"
    assert "Undo" not in as_(VERA).visit(address).buttons


def test_older_entries_come_by_pages(as_, deal, address, user):
    for number in range(30):
        deal.edit({"subject": f"Version {number}"}, by=user(RITA))
    db.session.commit()
    vera = as_(VERA).visit(address)
    assert "Version 29" in vera.text
    assert "Opened" not in vera.text
    assert "Opened" in vera.click("Older").text


def test_only_present_records_that_carry_activities_have_a_timeline(as_, deal, address, user):
    vera = as_(VERA)
    for nothing in ("/history/timeline/user/1", "/history/timeline/unicorn/1", "/history/timeline/party/999999"):
        vera.visit(nothing, expect=404)
    rita = as_(RITA).visit(address)
    rita.press("Undo", within="Opened")
    vera.visit(address, expect=404)


def test_a_rival_may_not_undo_somebody_elses_win(as_, deal, address, user):
    deal.win(reasons("won")[0], by=user(RITA))
    db.session.commit()
    rolf = as_(ROLF).visit(address)
    assert not rolf.page.xpath("//li[contains(., 'Won')]//form")
    win = rolf.page.xpath("//li[contains(., 'Won')]/@id")[0].removeprefix("operation-")
    rolf.post(f"/history/{win}/undo", expect=403)
    as_(RITA).visit(address).press("Undo", within="Won")
    assert the_deal().status == "active"
