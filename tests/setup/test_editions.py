"""What leads run on is never changed: a change goes into a new edition, and they stay on theirs."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from p2p.db import db
from p2p.history import Operation
from p2p.history.undoing import CannotUndo, NotUndoable, can_be_undone, undo
from p2p.leads.models import Lead
from p2p.setup import queries
from p2p.setup.editions import Replaced
from p2p.setup.entries import InUse, NameTaken
from p2p.setup.models import QUALIFICATION, Process, Stage, Step
from p2p.setup.shipped import ship_when_empty
from p2p.setup.steps import TwoInCharge
from tests.cast import MAX, RITA


def last_operation() -> Operation:
    return db.session.scalars(select(Operation).order_by(Operation.id.desc())).first()


def shape(process: Process) -> list[object]:
    """Everything a checklist on a process says, in order."""
    stages = [stage for stage in queries.stages_of(process.id) if not stage.retired]
    return [process.enforced] + [
        (stage.id, stage.name, [(s.id, s.name, s.required, s.ends_after) for s in offered(stage)]) for stage in stages
    ]


def offered(stage: Stage) -> list[Step]:
    return [step for step in queries.steps_of(stage.id) if not step.retired]


def names(process: Process) -> list[tuple[str, list[str]]]:
    return [(stage.name, [step.name for step in offered(stage)]) for stage in process.stages() if not stage.retired]


@pytest.fixture
def process(app):
    found = queries.qualification()
    assert found
    return found


@pytest.fixture
def lead(process, user):
    facts = {"subject": "Robot cell", "process_id": process.id, "stage_id": process.stages()[0].id}
    made = Lead.capture(facts, by=user(RITA))
    db.session.commit()
    return made


def test_one_process_ships_and_the_board_knows_nothing_of_it(process):
    assert [name for name, _ in names(process)] == ["First contact", "Need", "Decision"]
    assert not process.enforced
    assert {stage.process.kind for stage in queries.stages()} == {"sales"}
    assert queries.process().name == "Project sales"


def test_a_process_nobody_runs_on_is_changed_in_place(process, user):
    stage = process.stages()[0]
    stage.edit({"name": "Hello"}, by=user(MAX))
    Step.add({"stage_id": stage.id, "name": "Look at their site"}, by=user(MAX))
    assert queries.qualification() is process
    assert names(process)[0] == ("Hello", ["Call to introduce ourselves", "Look at their site"])


def test_a_change_under_leads_opens_an_edition_and_leaves_theirs_alone(process, lead, user):
    before = shape(process)
    process.stages()[0].edit({"name": "Hello"}, by=user(MAX))
    db.session.commit()
    assert shape(process) == before
    assert lead.process_id == process.id
    after = queries.qualification()
    assert after is process.next_edition
    assert (after.edition, after.name, after.position) == (2, process.name, process.position)
    assert names(after) == [("Hello", ["Call to introduce ourselves"]), *names(process)[1:]]
    after.stages()[0].edit({"name": "Hello again"}, by=user(MAX))
    assert queries.qualification() is after, "nobody runs on the new edition yet, so it is changed in place"


def test_each_kind_of_change_finds_its_counterpart(process, lead, user):
    first, second, third = process.stages()
    step = queries.steps_of(second.id)[1]

    def changed(change):
        change()
        db.session.flush()
        told = names(queries.qualification())
        db.session.rollback()
        return told

    base, by = names(process), user(MAX)
    assert changed(lambda: second.move_up(by=by)) == [base[1], base[0], base[2]]
    assert changed(lambda: third.delete(by=by)) == base[:2]
    assert changed(lambda: first.retire(by=by)) == base[1:]
    assert changed(lambda: step.delete(by=by))[1] == ("Need", ["Understand need and budget"])
    assert changed(lambda: step.move_up(by=by))[1] == ("Need", list(reversed(base[1][1])))
    facts = {"process_id": process.id, "name": "Visit"}
    assert changed(lambda: Stage.add(facts, by=by)) == [*base, ("Visit", [])]
    assert changed(lambda: process.edit({"enforced": True}, by=by)) == base
    assert names(queries.qualification()) == base


def test_what_changes_nothing_opens_no_edition(process, lead, user):
    process.stages()[0].move_up(by=user(MAX))
    process.edit({"name": "Qualifying"}, by=user(MAX))
    process.edit({"enforced": False}, by=user(MAX))
    process.stages()[0].edit({}, by=user(MAX))
    process.retire(by=user(MAX))
    process.bring_back(by=user(MAX))
    assert process.next_edition is None
    assert process.name == "Qualifying"


def test_an_edition_that_was_replaced_stays_as_it_is(process, lead, user):
    stage = process.stages()[0]
    stage.edit({"name": "Hello"}, by=user(MAX))
    for change in (
        lambda: stage.edit({"name": "Hi"}, by=user(MAX)),
        lambda: stage.move_down(by=user(MAX)),
        lambda: Step.add({"stage_id": stage.id, "name": "Write"}, by=user(MAX)),
        lambda: process.bring_back(by=user(MAX)),
        lambda: process.edit({"enforced": True}, by=user(MAX)),
    ):
        with pytest.raises(Replaced, match="Edition 2 has replaced edition 1"):
            change()


def test_undoing_the_change_takes_the_edition_back(process, lead, user):
    process.stages()[0].edit({"name": "Hello"}, by=user(MAX))
    db.session.commit()
    opened = last_operation()
    undo(opened, by=user(MAX))
    db.session.commit()
    assert queries.qualification() is process
    undo(last_operation(), by=user(MAX))
    db.session.commit()
    assert names(queries.qualification())[0][0] == "Hello"


def test_no_undo_changes_what_leads_run_on_meanwhile(process, user):
    process.stages()[0].edit({"name": "Hello"}, by=user(MAX))
    db.session.commit()
    renamed = last_operation()
    process.edit({"enforced": True}, by=user(MAX))
    db.session.commit()
    enforced = last_operation()
    Lead.capture({"subject": "Cell", "process_id": process.id}, by=user(RITA))
    db.session.commit()
    for done in (renamed, enforced):
        with pytest.raises(NotUndoable, match="1 lead"):
            undo(done, by=user(MAX))
        db.session.rollback()
    assert names(process)[0][0] == "Hello"


def test_a_copy_is_not_offered_before_it_is_brought_into_use(process, user):
    copied = process.copy("Fairs", by=user(MAX))
    db.session.commit()
    assert names(copied) == names(process)
    assert (copied.retired, copied.edition, copied.kind) == (True, 1, QUALIFICATION)
    with pytest.raises(NameTaken):
        process.copy("fairs", by=user(MAX))
    db.session.rollback()
    undo(last_operation(), by=user(MAX))
    db.session.commit()
    assert copied.hidden
    assert [each.name for each in queries.entries(Process, Process.kind == QUALIFICATION)] == [process.name]


def test_a_sales_process_is_changed_in_place(app, user):
    stage = queries.stages()[0]
    Step.add({"stage_id": stage.id, "name": "Visit the site", "required": True}, by=user(MAX))
    assert stage.process.next_edition is None
    with pytest.raises(ValueError, match="default probability"):
        Stage.add({"process_id": stage.process_id, "name": "Late"}, by=user(MAX))


def test_a_process_that_leads_run_on_is_retired_not_deleted(process, lead, user):
    with pytest.raises(InUse, match="1 lead"):
        process.delete(by=user(MAX))
    process.retire(by=user(MAX))
    assert queries.qualification() is None


def test_a_step_is_a_persons_or_a_roles(process, user):
    stage = process.stages()[0]
    role = queries.codes("team_role")[0][0]
    with pytest.raises(TwoInCharge):
        Step.add({"stage_id": stage.id, "name": "X", "responsible_id": user(RITA).id, "role_id": role}, by=user(MAX))
    step = Step.add({"stage_id": stage.id, "name": "X", "role_id": role}, by=user(MAX))
    with pytest.raises(TwoInCharge):
        step.edit({"responsible_id": user(RITA).id}, by=user(MAX))
    step.edit({"responsible_id": user(RITA).id, "role_id": None}, by=user(MAX))


CHANGES = ("edit", "move_up", "move_down", "retire", "bring_back", "delete", "add_stage", "add_step", "enforce", "copy")
MOVES = st.tuples(st.sampled_from((*CHANGES, "lead", "lead", "undo", "undo", "undo")), st.integers(0, 7), st.booleans())


@example([("enforce", 0, False), ("lead", 0, False), ("undo", 0, False)])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MOVES, min_size=3, max_size=14))
def test_nothing_a_designer_does_changes_the_checklist_of_a_lead(app, user, moves):
    """Whatever is designed, undone and captured in between: each lead keeps exactly what it started with."""
    db.session.rollback()
    by, running = user(MAX), {}
    for number, (what, place, of_step) in enumerate(moves):
        process = queries.qualification() or queries.entries(Process, Process.kind == QUALIFICATION)[0]
        tried = db.session.begin_nested()
        try:
            if what == "lead":
                lead = Lead.capture({"subject": f"Lead {number}", "process_id": process.id}, by=by)
                running[lead.id] = shape(process)
            elif what == "undo":
                take_back(place, by)
            else:
                design(what, process, place, of_step, number, by)
            db.session.flush()
            tried.commit()
        except (InUse, NotUndoable, CannotUndo):
            tried.rollback()
            db.session.expire_all()  # an undo reads anew what it put back, which a savepoint does not know of
        for id, kept in running.items():
            assert shape(db.session.get(Lead, id).process) == kept, (what, place, of_step)
    db.session.rollback()


def take_back(place: int, by: object) -> None:
    """Undo one of the latest operations that designed something."""
    latest = db.session.scalars(select(Operation).order_by(Operation.id.desc()).limit(20))
    designed = [done for done in latest if can_be_undone(done) and not done.verb.startswith(("lead.", "user."))]
    if designed:
        undo(designed[place % len(designed)], by=by)


def design(what: str, process: Process, place: int, of_step: bool, number: int, by: object) -> None:
    """One action of a designer on some stage or step."""
    stages = process.stages()
    stage = stages[place % len(stages)]
    steps = queries.steps_of(stage.id)
    part = steps[place % len(steps)] if of_step and steps else stage
    match what:
        case "edit":
            part.edit({"name": f"Other {number}"}, by=by)
        case "add_stage":
            Stage.add({"process_id": process.id, "name": f"Stage {number}"}, by=by)
        case "add_step":
            Step.add({"stage_id": stage.id, "name": f"Step {number}", "required": of_step}, by=by)
        case "enforce":
            process.edit({"enforced": not process.enforced}, by=by)
        case "copy":
            process.copy(f"Copy {number}", by=by)
        case _:
            getattr(part, what)(by=by)


def test_a_database_of_an_earlier_day_gets_the_process_once(process, user):
    for table in ("activity", "step"):
        db.session.execute(db.text(f"delete from {table}"))
    db.session.execute(db.text(f"delete from stage where process_id = {process.id}"))
    db.session.execute(db.text(f"delete from process where id = {process.id}"))
    db.session.expire_all()
    ship_when_empty()
    given = queries.qualification()
    assert [name for name, _ in names(given)] == ["First contact", "Need", "Decision"]
    given.delete(by=user(MAX))
    ship_when_empty()
    assert queries.qualification() is None, "what was deleted here does not come back with the next start"
