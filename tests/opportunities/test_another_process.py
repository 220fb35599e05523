"""Several sales processes: a deal goes from one to another, and to no stage of one it does not follow."""

import pytest

from p2p.db import db
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.models import Process, Stage
from p2p.setup.queries import reasons, stages
from tests.cast import MAX, RITA, VERA


@pytest.fixture
def service(user):
    """A second sales process: Asked, 20 %, and Offered, 60 %."""
    process = Process.start("Service", "Asked", 20, by=user(MAX))
    Stage.add({"name": "Offered", "process_id": process.id, "probability": 60}, by=user(MAX))
    return process


@pytest.fixture
def deal(user):
    """A deal of Rita's in Develop of Project sales, the process that ships."""
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    facts = {"subject": "Palletiser", "party_id": party.id, "stage_id": stages()[1].id, "revenue": 5_300_000}
    made = Opportunity.open(facts, by=user(RITA))
    db.session.commit()
    return made


def fresh(deal):
    return db.session.get_one(Opportunity, deal.id, populate_existing=True)


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize("begins_at", ["/opportunities/{}", "/board/cards/{}/menu"])
def test_a_deal_that_changes_its_process_begins_at_the_first_stage_and_undo_takes_it_back(
    as_, service, deal, begins_at, htmx
):
    """K11: the first stage of the other process, its probability; it stands on that board and no longer on this one."""
    page = as_(RITA, htmx=htmx).visit(begins_at.format(deal.id))
    page.click("Another process").submit("Follow it", Process="Service")
    assert "Palletiser follows Service now." in page.toast
    assert (fresh(deal).stage.name, deal.probability, deal.probability_manual) == ("Asked", 20, False)
    page.press("Undo")
    assert (fresh(deal).stage.name, deal.probability) == ("Develop", 30)


def test_it_leaves_one_board_for_the_other_and_takes_what_was_set_by_hand_along(as_, service, deal, user):
    """K11: each board shows what follows its process; P02: a probability typed by hand goes along."""
    deal.estimate(45, by=user(RITA))
    db.session.commit()
    rita = as_(RITA)
    rita.visit(f"/processes/opportunity/{deal.id}/process").submit("Follow it", Process="Service")
    assert (fresh(deal).stage.name, deal.probability, deal.probability_manual) == ("Asked", 45, True)
    assert "Palletiser" not in rita.visit("/board").text
    assert "Palletiser" in rita.click("Service").text
    assert "changed the process of Palletiser" in rita.visit("/history/").text.replace("Changed", "changed")


def test_a_stage_of_another_process_is_refused_on_every_route(as_, service, deal):
    """K11: menus offer the stages of its own process, and a stage of the other is refused in words."""
    rita, asked = as_(RITA), service.first_stage.id
    page = f"/opportunities/{deal.id}"
    for address in (f"{page}/edit", f"/board/cards/{deal.id}/menu"):
        offered = [option.text_content() for option in rita.visit(address).page.xpath("//select//option")]
        assert "Propose" in offered
        assert not {"Asked", "Service: Asked"} & set(offered), address
    assert "Asked" not in rita.visit(page).text
    facts = {"version": deal.version, "stage_id": asked}
    edited = dict(rita.visit(f"{page}/edit").form("Save").data()) | facts
    for address, sent in ((f"{page}/stage", facts), (f"{page}/edit", edited)):
        rita.visit(page).post(address, sent, expect=409)
        assert "“Asked” is a stage of Service, and Palletiser follows Project sales." in rita.text
    rita.visit(page).post(f"/processes/opportunity/{deal.id}/stage", facts, expect=422)
    rita.visit("/board").post(f"/board/cards/{deal.id}", {"version": deal.version, "stage": asked}, expect=409)
    assert "Change its process first. This is how it stands now." in rita.text
    rita.visit("/opportunities/bulk/move", opportunity=deal.id).submit("Look", Stage="Service: Asked")
    assert "follows Project sales" in rita.text
    assert fresh(deal).stage.name == "Develop"


def test_who_moves_a_card_that_changed_its_process_meanwhile_is_shown_both(as_, service, deal, user):
    """K11 for two people: the stale move is a conflict like any other, and insisting does not mix the processes."""
    rita = as_(RITA).visit(f"/board/cards/{deal.id}/menu")
    deal.follow(service, by=user(MAX))
    db.session.commit()
    rita.submit("Save", expect=409, Stage="Propose")
    assert "Asked" in rita.text
    assert "Max Keller" in rita.text
    rita.submit("Save", expect=409)
    assert "Palletiser follows Service. Change its process first." in rita.text
    assert fresh(deal).stage.name == "Asked"


def test_a_closed_deal_stays_in_its_process_and_comes_back_into_it(as_, service, deal, user):
    """K11, P04: reactivated out of a stage that was retired, it begins anew in its own process."""
    deal.follow(service, by=user(RITA))
    deal.win(reasons("won")[0], by=user(RITA))
    db.session.commit()
    rita = as_(RITA).visit(f"/opportunities/{deal.id}")
    assert "Another process" not in [name for name, _ in rita.links]
    rita.visit(f"/processes/opportunity/{deal.id}/process").submit("Follow it", expect=409, Process="Project sales")
    service.first_stage.retire(by=user(MAX))
    db.session.commit()
    rita.visit(f"/opportunities/{deal.id}").press("Reactivate")
    assert fresh(deal).stage.name == "Offered"


def test_nobody_is_asked_for_a_process_where_there_is_one(as_, deal):
    rita = as_(RITA).visit(f"/opportunities/{deal.id}")
    assert "Another process" not in [name for name, _ in rita.links]
    assert "Another process" not in [name for name, _ in rita.visit(f"/board/cards/{deal.id}/menu").links]
    as_(VERA).visit(f"/processes/opportunity/{deal.id}/process", expect=403)
