"""Saved views: mine and shared ones, one that opens first; all filters, chips, and what is shown as a file."""

import csv
import io
import zipfile

import pytest
from sqlalchemy import select

from p2p.board.saved.models import BoardView
from p2p.db import db
from p2p.filters import today
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import stages
from tests.cast import MAX, RITA, VERA


@pytest.fixture
def deals(user):
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    for number, (revenue, subject) in enumerate(((900, "=1+1"), (100, "Small"), (None, "Unknown"), (5000, "Big"))):
        facts = {"subject": subject, "party_id": party.id, "stage_id": stages()[number % 2].id}
        Opportunity.open(facts | {"revenue": revenue and revenue * 100, "decide_by": today()}, by=user(RITA))
    db.session.commit()
    return list(db.session.scalars(select(Opportunity.number)))


def save(visitor, address, name, **fields):
    visitor.visit(address).click("Save this view …")
    return visitor.submit("Save", Name=name, **fields)


def test_a_view_is_kept_for_me_opens_first_and_lets_me_get_back_to_everything(as_, deals):
    rita = as_(RITA)
    save(rita, "/board?amount=500..&by=month", "Big ones", **{"Open it first when I go to the board": True})
    rita.visit("/board")
    assert rita.url == "/board?amount=500..&by=month"
    assert "Amount from 500" in rita.text
    rita.click("Without filter")
    rita.click("By stage")
    assert rita.url == "/board?by=stage"
    assert len(list(rita.page.iter("h3"))) == 4
    assert ("Big ones", "/board/views/1") not in as_(MAX).visit("/board").links
    as_(MAX).visit("/board/views/1", expect=404)
    rita.visit("/board/views/").press("No longer open Big ones first")
    assert rita.visit("/board").url == "/board"


def test_a_view_for_all_takes_the_right_to_edit_and_saving_it_again_changes_it(as_, deals):
    rita, vera = as_(RITA), as_(VERA)
    save(rita, "/board?amount=500..", "Big ones", **{"For all": True})
    assert vera.visit("/board").click("Big ones").url == "/board?amount=500.."
    vera.click("Save this view …")
    vera.submit("Save", Name="Mine for all", expect=422, **{"For all": True})
    assert "those who may edit" in vera.text
    vera.post("/board/views/1/remove", expect=403)
    save(as_(MAX), "/board?amount=1000..", "big ones", **{"For all": True})
    assert db.session.scalars(select(BoardView.query)).all() == ["amount=1000.."]
    rita.visit("/board/views/").press("Remove Big ones")
    assert "Big ones" not in vera.visit("/board").text
    rita.press("Undo")
    assert "Big ones" in vera.visit("/board").text


def test_all_filters_stand_on_one_form_that_leads_to_a_tidy_address(as_, deals):
    rita = as_(RITA).visit("/board?by=month").click("More …")
    rita.submit("Show", **{"Text": "", "Amount from": "50", "Probability from": "0", "Decide by": "this-month"})
    assert rita.url == "/board?decide_by=this-month&probability=0..&amount=50..&by=month"
    rita.click("Without Amount from 50")
    assert rita.url == "/board?decide_by=this-month&probability=0..&by=month"


def test_order_and_facts_of_cards_are_chosen_on_a_form(as_, deals):
    rita = as_(RITA).visit("/board?owner=me").click("Order and facts of cards …")
    rita.submit("Show", Number=True, Party=False)
    assert rita.url == "/board?owner=me&facts=decide.probability.amount.step.owner.number"
    assert deals[0] in rita.text
    assert "Vogt" not in next(li for li in rita.page.iter("li") if li.get("id") == "card-1").text_content()


@pytest.mark.parametrize("order", ["", "amount"])
def test_what_is_shown_is_exported_in_the_order_of_the_board(as_, deals, order):
    rita = as_(RITA)
    address = f"/board/export?amount=50..&order={order}"
    rows = list(csv.DictReader(io.StringIO(rita.get(f"{address}&format=csv", {}).data.decode("utf-8-sig"))))
    assert [row["Opportunity"] for row in rows] == ["Big", "'=1+1", "Small"]
    assert [row["Revenue"] for row in rows] == ["5000.00", "900.00", "100.00"]
    book = zipfile.ZipFile(io.BytesIO(rita.get(f"{address}&format=xlsx", {}).data))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet, "nothing in it is calculated"
    assert sheet.count("<row ") == 4
    assert "=1+1" in sheet


def test_board_and_list_lead_to_one_another_with_the_filter_kept(as_, deals):
    rita = as_(RITA).visit("/board?amount=500..&by=month").click("As a list")
    assert rita.url == "/opportunities/?amount=500..&status=open"
    assert {row["Opportunity"] for row in rita.table("Opportunities")} == {"=1+1", "Big"}
    assert rita.click("As a board").url == "/board?amount=500.."


def test_a_list_is_offered_as_a_workbook_too(as_, deals):
    rita = as_(RITA)
    answer = rita.get("/opportunities/?status=open&format=xlsx", {})
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    assert zipfile.ZipFile(io.BytesIO(answer.data)).read("xl/worksheets/sheet1.xml").count(b"<row ") == 5
