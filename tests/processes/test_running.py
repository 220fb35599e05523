"""Running through a process: steps are planned once, done in place, and asked for where they are enforced."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.history import Operation
from p2p.history.undoing import undo
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Member
from p2p.parties.models import Party
from p2p.processes.queries import checklist
from p2p.processes.running import plan_present, tick, unmet, untick
from p2p.setup import queries
from p2p.setup.models import Stage, Step
from p2p.states import IllegalMove, Unmet
from tests.cast import MAX, RITA, ROLF
from tests.processes import activities_on
from tests.test_statements import statements


@pytest.fixture
def lead(app, user):
    made = Lead.capture({"subject": "Robot cell"}, by=user(RITA))
    db.session.commit()
    return made


@pytest.fixture
def deal(app, user):
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    facts = {"subject": "Palletiser", "party_id": party.id, "stage_id": queries.stages()[0].id}
    return Opportunity.open(facts, by=user(RITA))


def step(stage: Stage, name: str, user, **facts) -> Step:
    return Step.add({"stage_id": stage.id, "name": name} | facts, by=user(MAX))


def planned(record) -> list[tuple[str, str]]:
    return [(activity.purpose, activity.status) for activity in activities_on(record)]


def items(record) -> list:
    return [item for phase in checklist(record).phases for item in phase.items]


def test_a_lead_starts_on_the_process_with_its_first_steps_planned(lead, user):
    assert (lead.process.name, lead.stage.name) == ("Lead qualification", "First contact")
    (call,) = activities_on(lead)
    assert (call.purpose, call.type.name, call.category) == ("Call to introduce ourselves", "Call", "action")
    assert (call.due_on, call.responsible_id) == (today() + timedelta(days=2), user(RITA).id)
    last = db.session.scalars(select(Operation).order_by(Operation.id.desc())).first()
    undo(last, by=user(RITA))
    assert (lead.hidden, call.hidden) == (True, True)


def test_a_lead_may_start_on_no_process(app, user):
    lead = Lead.capture({"subject": "Robot cell", "process_id": None}, by=user(RITA))
    assert (lead.process_id, lead.stage_id, checklist(lead), planned(lead)) == (None, None, None, [])
    queries.qualification().retire(by=user(MAX))
    assert Lead.capture({"subject": "Another"}, by=user(RITA)).process_id is None


def test_going_on_plans_each_stage_once(lead, user):
    first, second, _ = lead.process.stages()
    for stage in (second, first, second):
        lead.move(stage, by=user(RITA))
    assert planned(lead) == [
        ("Call to introduce ourselves", "open"), ("Understand need and budget", "open"),
        ("Find out who decides", "open"),
    ]  # fmt: skip
    assert plan_present(lead, by=user(RITA)) == []


def test_what_was_archived_undone_can_be_planned_again(lead, user):
    activities_on(lead)[0].archive(by=user(RITA))
    assert [activity.purpose for activity in plan_present(lead, by=user(RITA))] == ["Call to introduce ourselves"]


def test_a_step_is_done_once_and_open_again(lead, user):
    tick(lead, items(lead)[0], by=user(RITA))
    tick(lead, items(lead)[0], by=user(RITA))
    assert planned(lead) == [("Call to introduce ourselves", "done")]
    assert unmet(lead) == []
    untick(items(lead)[0], by=user(RITA))
    assert planned(lead) == [("Call to introduce ourselves", "open")]


def test_a_step_ahead_that_was_never_planned_is_logged(lead, user):
    tick(lead, items(lead)[3], by=user(RITA))
    assert planned(lead)[-1] == ("Agree the next step with whoever decides", "done")


def test_steps_go_to_the_person_the_role_or_the_owner(deal, user):
    role = queries.codes("team_role")[1][0]
    second = queries.stages()[1]
    step(second, "Site visit", user, role_id=role)
    step(second, "Estimate", user, responsible_id=user(MAX).id)
    step(second, "Call", user)
    step(second, "Drawing", user, role_id=queries.codes("team_role")[0][0])
    Member.add(deal, user(ROLF), role, by=user(RITA))
    deal.move(second, by=user(RITA))
    found = {each.purpose: each.responsible_id for each in activities_on(deal)}
    rita = user(RITA).id
    assert found == {"Site visit": user(ROLF).id, "Estimate": user(MAX).id, "Call": rita, "Drawing": rita}


def test_enforced_steps_hold_the_way_on_not_the_way_back(deal, user):
    first, second, third, *_ = queries.stages()
    step(first, "Qualify the need", user, required=True)
    step(second, "Visit", user, required=True)
    step(second, "Nice to have", user)
    first.process.edit({"enforced": True}, by=user(MAX))
    with pytest.raises(Unmet, match=r"Before Palletiser can go on to Propose.*Qualify the need, Visit"):
        deal.move(third, by=user(RITA))
    assert deal.stage is first
    plan_present(deal, by=user(RITA))
    tick(deal, items(deal)[0], by=user(RITA))
    deal.move(second, by=user(RITA))
    deal.move(first, by=user(RITA))
    assert (deal.stage.name, deal.probability) == ("Qualify", 10)


def test_advice_holds_nobody(deal, user):
    first, second, *_ = queries.stages()
    step(first, "Qualify the need", user, required=True)
    deal.move(second, by=user(RITA))
    assert [item.step.name for item in checklist(deal).left_behind] == ["Qualify the need"]


def test_a_lead_is_qualified_when_all_that_is_required_is_done(lead, user):
    lead.process.edit({"name": "Strict"}, by=user(MAX))
    process = lead.process.copy("Enforced", by=user(MAX))
    process.edit({"enforced": True}, by=user(MAX))
    lead.follow(process, by=user(RITA))
    reason = queries.reasons("qualified", "leads")[0]
    with pytest.raises(Unmet, match=r"be qualified.*Call to introduce.*Understand need.*Agree the next step"):
        lead.qualify(reason, by=user(RITA))
    assert lead.status == "open"
    for place, item in enumerate(items(lead)):
        if item.step.required:
            tick(lead, items(lead)[place], by=user(RITA))
    lead.qualify(reason, by=user(RITA))
    with pytest.raises(IllegalMove, match="change its stage"):
        lead.move(process.stages()[1], by=user(RITA))


def test_a_lead_goes_to_stages_of_its_own_process_only(lead):
    with pytest.raises(ValueError, match="no stage of the process"):
        lead.move(queries.stages()[0], by=None)


def test_the_questions_do_not_grow_with_the_list(lead, user):
    def asked() -> int:
        db.session.commit()
        with statements() as asked_for:
            checklist(db.session.get(Lead, lead.id))
        return len(asked_for)

    few = asked()
    for number in range(9):
        Activity.log(lead, {"purpose": f"Call {number}", "due_on": today()}, by=user(RITA))
        step(queries.qualification().stages()[0], f"Step {number}", user)
    lead.follow(queries.qualification(), by=user(RITA))
    assert len(items(lead)) == 13
    assert asked() == few
