"""Steps: what is to be done in a stage of a process, by whom and within how many days."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.db import TABLE, Base, db
from p2p.history import verb
from p2p.history.recording import Actor
from p2p.setup.editions import Part
from p2p.setup.processes import Process, Stage

if TYPE_CHECKING:
    from p2p.identity.models import User
    from p2p.setup.models import Code

#: What kinds of work there are; activities are of the same.
CATEGORIES = {"appointment": "Appointment", "task": "Task", "action": "Action", "event": "Event"}
LONGEST_DAYS = 999


class TwoInCharge(ValueError):
    """A step is somebody's or some role's, not both."""


class Step(Part, Base):
    """Something to do in a stage; `name` is the purpose of the activity that it plans.

    Its days count from the day the stage was entered. It is done by `responsible`, else by whoever has `role` on
    the team of the record, else by the owner.
    """

    __tablename__ = "step"
    __table_args__ = (
        CheckConstraint("category in ('appointment', 'task', 'action', 'event')", name="category"),
        CheckConstraint("starts_after >= 0 and ends_after >= starts_after", name="days"),
        CheckConstraint("responsible_id is null or role_id is null", name="one_in_charge"),
        Index("ix_step_stage", "stage_id", "position"),
        TABLE,
    )
    noun: ClassVar[str] = "step"
    within: ClassVar[str | None] = "stage_id"

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    category: Mapped[str] = mapped_column(String(20), default="task")
    type_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    required: Mapped[bool] = mapped_column(default=False)
    starts_after: Mapped[int] = mapped_column(default=0, info={"label": "from day"})
    ends_after: Mapped[int] = mapped_column(default=0, info={"label": "until day"})
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    role_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))

    stage: Mapped[Stage] = relationship()
    type: Mapped["Code | None"] = relationship(foreign_keys=[type_id])
    responsible: Mapped["User | None"] = relationship(foreign_keys=[responsible_id])
    role: Mapped["Code | None"] = relationship(foreign_keys=[role_id])

    def about(self) -> tuple[str, int]:
        return Process.noun, db.session.get_one(Stage, self.stage_id).process_id

    @property
    def in_process(self) -> Process:
        return self.stage.process

    @property
    def in_charge(self) -> str:
        """Who does it, in words."""
        return str(self.responsible or self.role or "the owner")

    @classmethod
    @verb("added")
    def add(cls, facts: dict[str, Any], *, by: Actor | None) -> Self:
        """A new step at the end of its stage, or of that stage in a new edition."""
        _one_in_charge(facts)
        stage = db.session.get_one(Stage, facts["stage_id"])
        edition = stage.process.edition_for_changes(by=by)
        return super().add(facts | {"stage_id": edition.of(stage).id}, by=by)

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        _one_in_charge({"responsible_id": self.responsible_id, "role_id": self.role_id} | facts)
        super().edit(facts, by=by)


def _one_in_charge(facts: dict[str, Any]) -> None:
    if facts.get("responsible_id") is not None and facts.get("role_id") is not None:
        raise TwoInCharge("Choose a person or a role, not both.")
