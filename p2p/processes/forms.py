"""What we accept about a record in a process."""

from typing import Any

from p2p.forms import ChoiceField, EditForm
from p2p.processes.checklist import Checklist
from p2p.setup.queries import qualification_choices


def _none(kept: int | None) -> list[tuple[int, str]]:
    return []


class ProcessForm(EditForm):
    """The qualification process to run through."""

    process_id = ChoiceField("Process", qualification_choices, blank="no process")


class StageForm(EditForm):
    """Another stage of the same process."""

    stage_id = ChoiceField("Stage", _none, required="Please choose a stage.")

    def __init__(self, record: Any, followed: Checklist) -> None:
        super().__init__(record)
        stages = [(phase.stage.id, phase.stage.name) for phase in followed.phases]
        self.stage_id.choices = [("", self.stage_id.blank), *stages]
