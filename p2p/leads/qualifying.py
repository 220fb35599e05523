"""How a lead goes through its qualification process, stage by stage."""

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Mapped

from p2p.db import db
from p2p.history import verb
from p2p.history.recording import Actor
from p2p.processes.running import needs_for, needs_to_be_through, plan_present
from p2p.setup.models import Process, Stage
from p2p.setup.queries import qualification
from p2p.states import IllegalMove, Stateful

CLOSED = ("qualified", "not_qualified")


class InProcess(Stateful):
    """The stages of a lead; mixed into Lead, whose columns it sets."""

    if TYPE_CHECKING:
        id: Mapped[int]
        status: Mapped[str]
        process_id: Mapped[int | None]
        stage_id: Mapped[int | None]

    @staticmethod
    def start(facts: dict[str, Any]) -> dict[str, Any]:
        """Where a new lead starts: the process the facts name (None: on none), else the first active one."""
        if "process_id" not in facts:
            return _first_stage(qualification())
        named = facts["process_id"]
        return _first_stage(db.session.get_one(Process, named) if named is not None else None)

    def go(self, verb: str) -> None:
        """Take a move; a lead is qualified by no route before its process is through, if that is enforced."""
        if verb == "qualify" and self.may(verb):
            with db.session.no_autoflush:  # half of what the verb sets is set
                needs_to_be_through(self)
        super().go(verb)

    @verb("moved")
    def move(self, stage: Stage, *, by: Actor | None) -> None:
        """To another stage of its process, whose steps are planned.

        Raises Unmet where the process enforces steps that are not done.
        """
        self._is_not_closed()
        if stage.process_id != self.process_id:
            raise ValueError(f"“{stage}” is no stage of the process of {self}.")
        if stage.id != self.stage_id:
            needs_for(self, stage)
            self.stage_id = stage.id
            plan_present(self, by=by)

    @verb("changed the process of")
    def follow(self, process: Process | None, *, by: Actor | None) -> None:
        """Another qualification process, from its first stage on; None: no process any more."""
        self._is_not_closed()
        for name, value in _first_stage(process).items():
            setattr(self, name, value)
        plan_present(self, by=by)

    def _is_not_closed(self) -> None:
        if self.status in CLOSED:
            raise IllegalMove(self, self.status, "change its stage", list(self.moves[self.status]))


def _first_stage(process: Process | None) -> dict[str, Any]:
    stage = process.first_stage if process else None
    return {"process_id": process.id if process else None, "stage_id": stage.id if stage else None}
