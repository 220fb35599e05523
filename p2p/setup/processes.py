"""Sales processes and the stages they lead through."""

from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.db import TABLE, Base, db
from p2p.history import verb
from p2p.history.recording import Actor, PutBack
from p2p.setup.entries import Entry, InUse, told


class Process(Entry, Base):
    """A sales process: an ordered row of stages."""

    __tablename__ = "process"
    __table_args__ = (TABLE,)
    noun: ClassVar[str] = "process"

    @classmethod
    @verb("started")
    def start(cls, name: str, stage: str, probability: int, *, by: Actor | None) -> "Process":
        """A new process with its first stage: without one, nothing could be in it."""
        process = cls.add({"name": name}, by=by)
        Stage.add({"process_id": process.id, "name": stage, "probability": probability}, by=by)
        return process

    @classmethod
    def hold_together(cls, back: PutBack) -> None:
        super().hold_together(back)
        _keep_in_sight(cls, back)

    def stages(self) -> list["Stage"]:
        """Its present stages in order, retired ones last."""
        from p2p.setup import queries

        return queries.stages_of(self.id)

    def used_by(self, *, still_open: bool = False) -> dict[str, int]:
        """What is in any of its stages."""
        uses: dict[str, int] = {}
        for stage in self.stages():
            for noun, count in stage.used_by(still_open=still_open).items():
                uses[noun] = uses.get(noun, 0) + count
        return uses

    def needs_to_be_spare(self) -> None:
        if not any(other is not self and not other.retired for other in self.siblings()):
            raise InUse(f"“{self.name}” is the only sales process, and every opportunity needs one.")
        _holds_nothing_open(self)

    @verb("deleted")
    def delete(self, *, by: Actor | None) -> None:
        """Take away a process nothing is in, with its stages; raises InUse otherwise."""
        super().delete(by=by)
        for stage in self.stages():
            stage.hidden = True


class Stage(Entry, Base):
    """A stage of a sales process, with the probability opportunities take while nobody sets one by hand."""

    __tablename__ = "stage"
    __table_args__ = (CheckConstraint("probability between 1 and 99", name="probability"), TABLE)
    noun: ClassVar[str] = "stage"
    within: ClassVar[str | None] = "process_id"

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    probability: Mapped[int] = mapped_column(info={"kind": "percent", "label": "default probability"})

    process: Mapped[Process] = relationship()

    @classmethod
    def hold_together(cls, back: PutBack) -> None:
        super().hold_together(back)
        _keep_in_sight(cls, back)

    def about(self) -> tuple[str, int]:
        return Process.noun, self.process_id

    def needs_to_be_spare(self) -> None:
        if not any(other is not self and not other.retired for other in self.siblings()):
            raise InUse(f"“{self.name}” is the last stage of its process, and a process needs one.")
        _holds_nothing_open(self)


def _keep_in_sight(cls: type[Entry], back: PutBack) -> None:
    """An undo takes a stage or process out of the menus under the same condition as retiring it does."""
    for entry in (db.session.get_one(cls, id) for id in back):
        if entry.retired or entry.hidden:
            try:
                _holds_nothing_open(entry)
            except InUse as error:
                raise ValueError(str(error)) from error


def _holds_nothing_open(entry: Entry) -> None:
    """What is open must be somewhere people see it: on no board column is nowhere."""
    uses = entry.used_by(still_open=True)
    if uses:
        raise InUse(f"“{entry.name}” still holds {told(uses)} that are open. Move them to another stage first.")
