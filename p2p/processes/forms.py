"""What we accept about a record in a process."""

from typing import Any

from p2p.db import db
from p2p.forms import ChoiceField, EditForm
from p2p.processes.checklist import Checklist
from p2p.setup.models import SALES, Process, Stage
from p2p.setup.queries import processes, qualification_choices

BEGINS = "It begins at its first stage. What was planned and done so far stays on the timeline."


def _others(kept: int | None) -> list[tuple[int, str]]:
    """(id of the first stage, name) of the sales processes but for the one that stage `kept` is of."""
    own = db.session.get_one(Stage, kept).process if kept is not None else None
    others = [(process, process.first_stage) for process in processes(SALES) if process is not own]
    return [(stage.id, process.name) for process, stage in others if stage]


def _none(kept: int | None) -> list[tuple[int, str]]:
    return []


class QualificationForm(EditForm):
    """The qualification process to run through, if any."""

    process_id = ChoiceField("Process", qualification_choices, blank="no process", description=BEGINS)

    @property
    def chosen(self) -> Process | None:
        return db.session.get_one(Process, self.process_id.data) if self.process_id.data else None


class SalesForm(EditForm):
    """Another sales process, named by the stage it begins with: where the record stands is what others may change."""

    stage_id = ChoiceField("Process", _others, required="Please choose a process.", description=BEGINS)

    @property
    def chosen(self) -> Process:
        return db.session.get_one(Stage, self.stage_id.data).process


PROCESS_FORMS: dict[str, type[QualificationForm | SalesForm]] = {"lead": QualificationForm, "opportunity": SalesForm}


class StageForm(EditForm):
    """Another stage of the same process."""

    stage_id = ChoiceField(
        "Stage",
        _none,
        required="Please choose a stage.",
        description="The steps of the stage are planned from today on, each once.",
    )

    def __init__(self, record: Any, followed: Checklist) -> None:
        super().__init__(record)
        stages = [(phase.stage.id, phase.stage.name) for phase in followed.phases]
        self.stage_id.choices = [("", self.stage_id.blank), *stages]
