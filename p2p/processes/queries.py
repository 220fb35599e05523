"""Questions about records that run through a process."""

from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import joinedload

from p2p.activities.models import Activity
from p2p.db import db, plain_rows
from p2p.history import nouns
from p2p.processes.checklist import Checklist, put_together
from p2p.setup.models import Process, Stage, Step


def runs_through_stages(noun: str) -> bool:
    """Whether records of a noun are in a stage of some process."""
    cls: Any = nouns.get(noun)
    return cls is not None and noun != Step.noun and "stage_id" in cls.__table__.c


def process_of(record: Any) -> Process | None:
    """The process a record runs through: its own, else that of its stage."""
    own = getattr(record, "process_id", None)
    if own is not None:
        return db.session.get(Process, own)
    stage = db.session.get(Stage, record.stage_id) if record.stage_id is not None else None
    return stage.process if stage else None


def checklist(record: Any) -> Checklist | None:
    """The checklist of a record, in two statements however long it is; None where no process is followed."""
    process = process_of(record)
    if process is None:
        return None
    return put_together(process, _rows(process.id, record.stage_id), _done_and_planned(record), record.stage_id)


def checklist_towards(record: Any, stage: Stage) -> Checklist | None:
    """The checklist of the process a stage belongs to, as far as a record got with it; None where it has no steps."""
    if plain_rows(_ANY_STEP, {"process": stage.process_id, "present": record.stage_id}).first() is None:
        return None
    return put_together(
        stage.process, _rows(stage.process_id, record.stage_id), _done_and_planned(record), record.stage_id
    )


def _rows(process_id: int, present_id: int | None) -> list[Any]:
    """(stage, step or None) in order: what is offered, and the present stage in any case."""
    return list(db.session.execute(_STEPS, {"process": process_id, "present": present_id}))


_OF_STAGE = and_(Step.stage_id == Stage.id, Step.hidden.is_(False), Step.retired.is_(False))
_OFFERED = (
    Stage.process_id == bindparam("process"),
    Stage.hidden.is_(False),
    Stage.retired.is_(False) | (Stage.id == bindparam("present")),
)
_STEPS = (
    select(Stage, Step)
    .outerjoin(Step, _OF_STAGE)
    .where(*_OFFERED)
    .order_by(Stage.position, Stage.id, Step.position, Step.id)
    .options(joinedload(Step.type), joinedload(Step.responsible), joinedload(Step.role))
)
_ANY_STEP = select(Step.id).join(Stage, _OF_STAGE).where(*_OFFERED).limit(1)


def _done_and_planned(record: Any) -> list[Activity]:
    """What was done and is planned of any step on a record; what was archived undone counts for nothing."""
    rows = select(Activity).where(Activity.subject_noun == record.noun, Activity.subject_id == record.id)
    rows = rows.where(Activity.step_id.is_not(None), Activity.hidden.is_(False))
    rows = rows.where(Activity.archived.is_(False) | (Activity.status == "done"))
    return list(db.session.scalars(rows.options(joinedload(Activity.responsible)).order_by(Activity.id)))
