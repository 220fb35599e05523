"""Taking things back through the pages: what is offered, what stands in the way, who may."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from p2p.db import db
from p2p.filters import today
from p2p.history import Change, Operation
from p2p.opportunities.models import Opportunity
from p2p.setup.queries import process, reasons, stages
from tests.cast import ADA, MAX, RITA, ROLF, VERA


def the_deal() -> Opportunity:
    db.session.expire_all()
    return db.session.scalars(select(Opportunity)).one()


def last_id() -> int:
    return db.session.scalars(select(Operation.id).order_by(Operation.id.desc()).limit(1)).one()


def test_the_list_tells_who_did_what_when_and_narrows(as_, deal, user):
    deal.move(stages()[1], by=user(MAX))
    db.session.commit()
    max_id = user(MAX).id
    vera = as_(VERA).visit("/history/")
    assert "Moved Palletiser relocation Max Keller" in vera.text
    assert "Opened Palletiser relocation Rita Sommer" in vera.text
    assert "Undo" not in vera.buttons
    vera.fill(Who="Max Keller").submit("Show")
    assert f"by={max_id}" in vera.url
    assert "Moved Palletiser relocation" in vera.text
    assert "Opened Palletiser relocation" not in vera.text
    vera.visit("/history/", noun="party", verb="party.enter")
    assert "Entered Vogt Antriebe" in vera.text
    assert "Palletiser" not in vera.text
    assert "Nothing found" in vera.visit("/history/", day="2001-02-03").text
    assert "Moved" in vera.visit("/history/", day="gibberish", by="x", before="-1", noun="?").text


def test_an_operation_has_a_page_with_every_field(as_, deal):
    vera = as_(VERA).visit(f"/history/{last_id()}")
    assert vera.heading == "Opened Palletiser relocation"
    assert {"Field": "Estimated revenue", "After": "CHF 53’000.00"} in vera.table()
    vera.visit("/history/99999", expect=404)
    vera.visit("/history/99999999999999999999999", expect=404)


def test_undo_and_redo_and_undo_again(as_, deal, user):
    deal.move(stages()[1], by=user(RITA))
    db.session.commit()
    rita = as_(RITA).visit("/history/")
    for word, stage in (("Undo", "Qualify"), ("Redo", "Develop"), ("Undo", "Qualify"), ("Redo", "Develop")):
        newest = rita.page.xpath("//ol[@class='timeline']/li/@id")[0].removeprefix("operation-")
        (form,) = rita.page.xpath(f"//li[@id='operation-{newest}']//form")
        assert form.xpath(".//button")[0].text == word
        rita.post(form.get("action"))
        rita.visit("/history/")
        assert the_deal().stage.name == stage
    moved = rita.page.xpath("//li[contains(., 'Moved Palletiser')]")[-1]
    assert "undone" not in moved.text_content()


def test_the_toast_offers_to_take_the_undo_back(as_, deal, user):
    deal.move(stages()[1], by=user(RITA))
    db.session.commit()
    rita = as_(RITA).visit("/history/")
    rita.press("Undo", within="Moved Palletiser relocation")
    assert "Undone: moved Palletiser relocation" in rita.toast
    rita.press("Redo", within="Undone: moved Palletiser relocation.")
    assert "Redone: moved Palletiser relocation" in rita.toast
    assert the_deal().stage.name == "Develop"


@pytest.mark.parametrize("htmx", [False, True])
def test_what_stands_in_the_way_is_named_and_the_rest_can_go_back(as_, deal, user, htmx):
    deal.edit({"subject": "Palletiser", "revenue": 100}, by=user(RITA))
    db.session.commit()
    edited = last_id()
    deal.edit({"revenue": 250}, by=user(MAX))
    db.session.commit()
    rita = as_(RITA, htmx=htmx).visit(f"/history/{edited}")
    rita.press("Undo", expect=409)
    assert "estimated revenue Palletiser was set to CHF 1.00 and is now CHF 2.50 (Max Keller," in rita.text
    assert the_deal().subject == "Palletiser"
    rita.press("Undo the rest")
    assert "Undone" in rita.toast
    assert (the_deal().subject, the_deal().revenue) == ("Palletiser relocation", 250)


def test_when_all_of_it_stands_in_the_way_there_is_no_rest(as_, deal):
    rita = as_(RITA).visit("/history/")
    rita.press("Undo", within="Entered Vogt Antriebe", expect=409)
    assert "is used by opportunity “Palletiser relocation”" in rita.text
    assert "Undo the rest" not in rita.buttons
    rita.post(rita.url, {"the_rest": "1"}, expect=409)


def test_undoing_twice_answers_in_words(as_, deal, user):
    deal.move(stages()[1], by=user(RITA))
    db.session.commit()
    moved = last_id()
    rita = as_(RITA).visit("/history/")
    rita.post(f"/history/{moved}/undo")
    rita.visit("/history/").post(f"/history/{moved}/undo", expect=409)
    assert "undone already" in rita.text


def test_undo_needs_the_right_to_what_was_done_on_each_record(as_, deal, user):
    deal.win(reasons("won")[0], by=user(RITA))
    db.session.commit()
    won = last_id()
    process().edit({"name": "Our sales"}, by=user(MAX))
    db.session.commit()
    set_up = last_id()
    as_(ROLF).visit("/history/").post(f"/history/{won}/undo", expect=403)
    for person in (RITA, ROLF, VERA):
        as_(person).visit("/history/").post(f"/history/{set_up}/undo", expect=403)
    rita = as_(RITA).visit("/history/")
    assert not rita.page.xpath(f"//li[@id='operation-{set_up}']//form")
    rita.post(f"/history/{won}/undo")
    assert the_deal().status == "active"
    undoing = last_id()
    as_(ROLF).visit("/history/").post(f"/history/{undoing}/undo", expect=403)
    as_(MAX).visit("/history/").post(f"/history/{undoing}/undo")
    assert the_deal().status == "won"
    as_(MAX).visit("/history/").post(f"/history/{set_up}/undo")
    assert process().name == "Project sales"


def test_a_lost_deal_with_a_new_competitor_goes_back_for_its_owner(as_, deal, user):
    from p2p.competitors.models import Competitor
    from p2p.history import operation

    with operation("opportunity.lose", by=user(RITA)):
        winner = Competitor.name_while_losing("Cheaper Ltd", by=user(RITA))
        deal.lose(reasons("lost")[0], winners=[winner], by=user(RITA))
    db.session.commit()
    rita = as_(RITA).visit("/history/")
    rita.press("Undo", within="Lost Palletiser relocation")
    assert the_deal().status == "active"
    assert the_deal().rivals == []


def test_passwords_and_roles_are_not_taken_back(as_, user):
    user(ROLF).edit({"role": "manager"}, by=user(ADA))
    db.session.commit()
    edited = last_id()
    ada = as_(ADA).visit("/history/")
    assert "role: representative → manager" in ada.text
    assert not ada.page.xpath(f"//li[@id='operation-{edited}']//form")
    ada.post(f"/history/{edited}/undo", expect=409)
    assert "password_hash" not in ada.visit("/history/", noun="user").text
    assert "argon" not in ada.text


def test_moments_go_back_and_forth(as_, deal, user):
    from p2p.activities.models import Activity

    activity = Activity.plan(deal, {"purpose": "Call", "due_on": today()}, by=user(RITA))
    activity.finish(by=user(RITA))
    db.session.commit()
    finished, moment = last_id(), activity.done_at
    rita = as_(RITA).visit("/history/")
    rita.post(f"/history/{finished}/undo")
    db.session.expire_all()
    assert activity.done_at is None
    rita.post(f"/history/{last_id()}/undo")
    db.session.expire_all()
    assert activity.done_at == moment


def test_history_cannot_be_edited(deal):
    for statement in ("update operation set by_id = 1", "delete from operation", "update change set record_id = 1"):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_erased_values_are_told_as_erased(as_, deal):
    db.session.execute(Change.__table__.update().where(Change.noun == "opportunity").values(values=None, salt=None))
    db.session.commit()
    assert "erased on request" in as_(VERA).visit("/history/").text
