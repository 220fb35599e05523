"""Running through a process: planning its steps, ticking them, and asking for what is required before going on."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.history import operation
from p2p.history.recording import Actor
from p2p.identity.models import User
from p2p.processes.checklist import Item
from p2p.processes.queries import checklist, checklist_towards
from p2p.setup.models import Stage, Step
from p2p.states import Unmet


def plan_stage(record: Any, stage: Stage, *, by: Actor | None) -> list[Activity]:
    """Plan the steps of a stage that nothing was planned or done for yet; days count from today."""
    found = checklist_towards(record, stage)
    phases = [phase for phase in found.phases if phase.stage is stage] if found else []
    steps = [item.step for phase in phases for item in phase.unplanned]
    if not steps:
        return []
    with operation("activity.plan", by=by):
        return [Activity.plan(record, _facts(record, step), by=by) for step in steps]


def plan_present(record: Any, *, by: Actor | None) -> list[Activity]:
    """Plan the steps of the stage a record is in."""
    stage = db.session.get(Stage, record.stage_id) if record.stage_id is not None else None
    return plan_stage(record, stage, by=by) if stage else []


def unmet(record: Any, *, whole: bool = False) -> list[Item]:
    """Required steps that are not done: up to and including the present stage, or of the whole process."""
    found = checklist(record)
    if found is None:
        return []
    return found.missing if whole else found.unmet


def needs_for(record: Any, stage: Stage) -> list[Item]:
    """What is required before a stage and not done. Raises Unmet where the process enforces it."""
    found = checklist_towards(record, stage)
    missing = found.missing_before(stage.id) if found else []
    if found and missing and found.process.enforced:
        raise Unmet(record, named(missing), f"go on to {stage.name}")
    return missing


def needs_to_be_through(record: Any) -> list[Item]:
    """What the whole process requires and is not done. Raises Unmet where the process enforces it."""
    found = checklist(record)
    missing = found.missing if found else []
    if found and missing and found.process.enforced:
        raise Unmet(record, named(missing), "be qualified")
    return missing


def named(items: Iterable[Item]) -> list[str]:
    return [item.step.name for item in items]


def told(record: Any) -> str:
    """Where a record is now, and what it left behind undone though it is required."""
    followed = checklist(record)
    left = named(followed.left_behind) if followed else []
    said = f"{record} is in {record.stage} now."
    return f"{said} Not done yet: {', '.join(left)}." if left else said


def tick(record: Any, item: Item, *, by: Actor | None) -> Activity:
    """Done: what was planned is finished, or it is logged as done just now. Nothing happens a second time."""
    if item.activity is None:
        return Activity.log(record, _facts(record, item.step) | {"due_on": today()}, by=by)
    if not item.done:
        item.activity.finish(by=by)
    return item.activity


def untick(item: Item, *, by: Actor | None) -> None:
    """Not done after all: it is open again."""
    if item.activity is not None and item.done:
        item.activity.reopen(by=by)


def _facts(record: Any, step: Step) -> dict[str, Any]:
    facts = {"purpose": step.name, "category": step.category, "type_id": step.type_id, "step_id": step.id}
    due = today() + timedelta(days=step.ends_after)
    return facts | {"due_on": due, "responsible_id": responsible_for(record, step)}


def responsible_for(record: Any, step: Step) -> int | None:
    """Who does a step on a record: the person named, whoever has the role on its team, else the owner."""
    if step.responsible_id is not None and db.session.get_one(User, step.responsible_id).active:
        return step.responsible_id
    if step.role_id is not None:
        for member in getattr(record, "team", ()):
            if member.role_id == step.role_id:
                return int(member.user_id)
    owner: int | None = record.owner_id
    return owner
