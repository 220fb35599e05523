"""Words: what the history, its filters and refusals call things."""

import pytest

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.history.wording import noun_words
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.setup.entries import told
from p2p.setup.queries import reasons
from p2p.states import IllegalMove
from tests.cast import MAX, RITA, VERA


def test_many_are_many_of_the_thing():
    assert noun_words("opportunity_contact", 2) == "contacts on an opportunity"
    assert noun_words("code", 3) == "list entries"
    assert noun_words("process", 2) == "processes"
    assert noun_words("channel", 2) == "ways to reach a party"
    assert told({"opportunity": 2, "opportunity_contact": 1, "party": 1}) == (
        "2 opportunities, 1 contact on an opportunity, 1 party"
    )


def test_an_activity_is_told_with_what_it_is_on_but_not_there(as_, deal, user):
    Activity.plan(deal, {"purpose": "Call", "due_on": today()}, by=user(RITA))
    db.session.commit()
    vera = as_(VERA).visit("/history/")
    assert "Planned Call on Palletiser relocation" in vera.text
    vera.visit(f"/history/timeline/opportunity/{deal.id}")
    assert "Planned Call Rita Sommer" in vera.text


def test_the_filter_says_each_action_once_and_finds_it_for_every_kind(as_, deal, user):
    deal.edit({"subject": "Palletiser"}, by=user(RITA))
    deal.party.edit({"name": "Vogt"}, by=user(RITA))
    db.session.commit()
    vera = as_(VERA).visit("/history/")
    offered = [option.text for option in vera.page.xpath("//select[@name='verb']/option")]
    assert len(offered) == len(set(offered))
    assert {"Changed", "Converted to a customer", "Gave a prognosis"} <= set(offered)
    vera.fill(Action="Changed").submit("Show")
    assert "Changed Palletiser" in vera.text
    assert "Changed Vogt" in vera.text
    assert "Opened" not in vera.page.xpath("string(//ol)")
    assert "Changed Vogt" not in vera.visit("/history/", verb="opportunity.edit").text


def test_a_stale_decision_says_what_is_true(as_, deal, user):
    deal.win(reasons("won")[0], by=user(MAX))
    db.session.commit()
    rita = as_(RITA).visit("/")
    rita.post(f"/opportunities/{deal.id}/win", {"reason_id": str(reasons("won")[0].id)}, expect=409)
    assert "Palletiser relocation is won already. It can only be reactivated." in rita.text
    said = str(IllegalMove(Opportunity(subject="Robot cell"), "active", "reactivate", ["postpone", "win", "lose"]))
    assert said == "Robot cell is active already. It can only be postponed, won or lost."
    assert str(IllegalMove("Robot cell", "lost", "win", ["reactivate"])) == (
        "Robot cell is lost, so it cannot be won. It can only be reactivated."
    )
    assert str(IllegalMove(Activity(purpose="Call"), "done", "finish", [])) == "Call is done already."
    assert str(IllegalMove(Lead(subject="Fair"), "open", "resume", ["qualify"])) == (
        "Fair is open already. It can only be qualified."
    )


@pytest.mark.parametrize("htmx", [False, True])
def test_a_reason_of_another_kind_is_refused_in_words(as_, deal, htmx):
    rita = as_(RITA, htmx=htmx).visit("/")
    for wrong in (reasons("lost")[0].id, reasons("won", imports=True)[-1].id, 99999, 10**30, "x"):
        offered = {str(reason.id) for reason in reasons("won")}
        if str(wrong) not in offered:
            rita.post(f"/opportunities/{deal.id}/win", {"reason_id": str(wrong)}, expect=422)
    db.session.expire_all()
    assert deal.status == "active"
