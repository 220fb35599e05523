"""Questions about processes while they are designed."""

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from p2p.db import db
from p2p.setup.models import Process, Stage, Step
from p2p.setup.queries import uses


def steps_in(process_id: int) -> dict[int, list[Step]]:
    """Stage id → the present steps of each stage of a process, in order, retired ones last."""
    rows = select(Step).join(Stage, Stage.id == Step.stage_id).where(Stage.process_id == process_id)
    rows = rows.where(Step.hidden.is_(False)).order_by(Step.retired, Step.position, Step.id)
    named = (joinedload(Step.type), joinedload(Step.responsible), joinedload(Step.role))
    found: dict[int, list[Step]] = {}
    for step in db.session.scalars(rows.options(*named)):
        found.setdefault(step.stage_id, []).append(step)
    return found


def latest_edition(process: Process) -> Process:
    """The edition of a process that new leads start on."""
    while later := process.next_edition:
        process = later
    return process


def earlier_editions(process: Process) -> list[Process]:
    """The editions a process had before, latest first."""
    found: list[Process] = []
    before = process.follows_id
    while before is not None:
        found.append(db.session.get_one(Process, before))
        before = found[-1].follows_id
    return found


def process_counts() -> dict[int, tuple[int, int]]:
    """Process id → how many stages and how many steps it offers."""
    of_stage = and_(Step.stage_id == Stage.id, Step.hidden.is_(False), Step.retired.is_(False))
    counted = select(Stage.process_id, func.count(Stage.id.distinct()), func.count(Step.id)).outerjoin(Step, of_stage)
    counted = counted.where(Stage.hidden.is_(False), Stage.retired.is_(False)).group_by(Stage.process_id)
    return {id: (stages, steps) for id, stages, steps in db.session.execute(counted)}


def process_uses() -> dict[int, dict[str, int]]:
    """Process id → noun → how many present records run on it: told by themselves, else by the stage they are in."""
    found = uses(Process)
    told_themselves = {other.noun for other, _, _ in Process.pointed_at()}
    in_stages = uses(Stage)
    for stage_id, process_id in db.session.execute(select(Stage.id, Stage.process_id)):
        for noun, count in in_stages.get(stage_id, {}).items():
            if noun not in told_themselves:
                nouns = found.setdefault(process_id, {})
                nouns[noun] = nouns.get(noun, 0) + count
    return found
