"""Processes, sales and qualification, and the stages they lead through.

What leads run on is never changed: a change to a qualification process in use goes into a new edition of it.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Self

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.db import TABLE, Base, db
from p2p.history import Recorded, operation, verb
from p2p.history.recording import Actor, PutBack
from p2p.setup.editions import Edition, Part, Replaced, nothing_runs_on, twin
from p2p.setup.entries import Entry, InUse, told
from p2p.setup.pacing import Watched

SALES, QUALIFICATION = KINDS = ("sales", "qualification")


class Process(Entry, Base):
    """An ordered row of stages; the steps of each are advice, or (`enforced`) the way out of it."""

    __tablename__ = "process"
    __table_args__ = (CheckConstraint("kind in ('sales', 'qualification')", name="kind"), TABLE)
    noun: ClassVar[str] = "process"
    within: ClassVar[str | None] = "kind"
    #: What is a part of processes, and no use of them.
    PARTS: ClassVar[tuple[str, ...]] = ("process", "stage", "step")

    kind: Mapped[str] = mapped_column(String(20), default=SALES)
    enforced: Mapped[bool] = mapped_column(default=False, info={"label": "required steps enforced"})
    edition: Mapped[int] = mapped_column(default=1)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"), info={"follows": True})

    @classmethod
    @verb("started")
    def start(
        cls, name: str, stage: str, probability: int | None = None, *, kind: str = SALES, by: Actor | None
    ) -> "Process":
        """A new process with its first stage: without one, nothing could be in it."""
        process = cls.add({"name": name, "kind": kind}, by=by)
        Stage.add({"process_id": process.id, "name": stage, "probability": probability}, by=by)
        return process

    @verb("copied")
    def copy(self, name: str, *, by: Actor | None) -> "Process":
        """The same stages and steps under another name; it is not offered until it is brought into use."""
        siblings = self.siblings()
        own = {"name": name, "position": self._next_position(siblings), "edition": 1, "follows_id": None}
        copied = self._twin(own | {"retired": True}).process
        copied._name_is_free(name, siblings)
        return copied

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Set facts; whether required steps are enforced is a new edition's where something runs on this one."""
        other_rule = facts.get("enforced", self.enforced) != self.enforced
        this = self.edition_for_changes(by=by).process if other_rule else self
        Entry.edit(this, facts, by=by)

    @verb("brought back")
    def bring_back(self, *, by: Actor | None) -> None:
        self._is_the_latest()
        super().bring_back(by=by)

    @verb("deleted")
    def delete(self, *, by: Actor | None) -> None:
        """Take away a process nothing is in, with its stages; raises InUse otherwise."""
        if self.follows_id is not None:
            raise InUse(f"“{self.name}” has earlier editions that leads run on, so it cannot be deleted.")
        super().delete(by=by)
        for stage in self.stages():
            stage.take_away()

    @property
    def versioned(self) -> bool:
        """Whether it is kept as it is for what runs on it; the stages of a sales process are the board's, for all."""
        return self.kind != SALES

    @property
    def in_process(self) -> "Process":
        return self

    def stages(self) -> list["Stage"]:
        """Its present stages in order, retired ones last."""
        from p2p.setup import queries

        return queries.stages_of(self.id)

    @property
    def first_stage(self) -> "Stage | None":
        """Where it begins; None while all its stages are retired."""
        return next((stage for stage in self.stages() if not stage.retired), None)

    @property
    def next_edition(self) -> "Process | None":
        """What replaced it, if anything did."""
        from p2p.setup import queries

        return queries.edition_after(self)

    @classmethod
    def pointed_at(cls) -> Iterator[tuple[type[Recorded], Any, Any]]:
        return (each for each in super().pointed_at() if each[0].noun not in cls.PARTS)

    def used_by(self, *, still_open: bool = False) -> dict[str, int]:
        """What runs on it, told by the record itself or by the stage it is in."""
        uses = super().used_by(still_open=still_open)
        by_stage: dict[str, int] = {}
        for stage in self.stages():
            for noun, count in stage.used_by(still_open=still_open).items():
                by_stage[noun] = by_stage.get(noun, 0) + count
        return by_stage | uses

    def needs_to_be_spare(self) -> None:
        if self.versioned:
            return
        if not any(other is not self and not other.retired for other in self.siblings()):
            raise InUse(f"“{self.name}” is the only sales process, and every opportunity needs one.")
        holds_nothing_open(self)

    # ── Editions ────────────────────────────────────────────────────────────────────────────────────────────────────

    def edition_for_changes(self, *, without: "Part | None" = None, by: Actor | None) -> Edition:
        """Where a change of stages or steps goes: into this one while nothing runs on it, else into a new edition.

        `without` is left out of the new one. Raises Replaced where this one has a later edition already.
        """
        from p2p.setup import queries

        queries.take_turns()
        self._is_the_latest()
        if not self.versioned or not self.used_by():
            return Edition(self, {})
        return self.renew(without=without, by=by)

    @verb("opened a new edition of")
    def renew(self, *, without: "Part | None" = None, by: Actor | None) -> Edition:
        """The next edition, the same but for what is left out; what runs on this one stays on it."""
        with operation("process.renew", by=by) as opened:
            opened.verb = "process.renew"  # whatever part was to be changed, this is what happened
            return self._twin({"edition": self.edition + 1, "follows_id": self.id}, without)

    def _is_the_latest(self) -> None:
        later = self.next_edition
        if later:
            raise Replaced(
                f"Edition {later.edition} has replaced edition {self.edition} of “{self.name}”, which stays as it is "
                "for what runs on it. Make your change there."
            )

    def _twin(self, own: dict[str, Any], without: "Part | None" = None) -> Edition:
        from p2p.setup.queries import steps_of

        process = twin(self, own)
        copies: dict[Entry, Entry] = {}
        for stage in self.stages():
            if stage is not without:
                copies[stage] = copied = twin(stage, {"process_id": process.id})
                copies |= {s: twin(s, {"stage_id": copied.id}) for s in steps_of(stage.id) if s is not without}
        return Edition(process, copies)

    @classmethod
    def hold_together(cls, back: PutBack) -> None:
        """An undo changes no rule that leads run under."""
        super().hold_together(back)
        for process in (db.session.get_one(cls, id) for id in back):
            if back[process.id].keys() & {"enforced", "hidden"}:
                nothing_runs_on(process)
        keep_in_sight(db.session.get_one(cls, id) for id in back)


class Stage(Watched, Part, Base):
    """A stage of a process; in a sales process it gives the probability while nobody sets one by hand."""

    __tablename__ = "stage"
    __table_args__ = (CheckConstraint("probability between 1 and 99", name="probability"), TABLE)
    noun: ClassVar[str] = "stage"
    within: ClassVar[str | None] = "process_id"

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    #: None in qualification processes only: leads have no probability.
    probability: Mapped[int] = mapped_column(nullable=True, info={"kind": "percent", "label": "default probability"})

    process: Mapped[Process] = relationship()

    def about(self) -> tuple[str, int]:
        return Process.noun, self.process_id

    @property
    def in_process(self) -> Process:
        return self.process

    @classmethod
    @verb("added")
    def add(cls, facts: dict[str, Any], *, by: Actor | None) -> Self:
        """A new stage at the end of its process, or of a new edition of it."""
        process = db.session.get_one(Process, facts["process_id"])
        if process.kind == SALES and facts.get("probability") is None:
            raise ValueError("A stage of a sales process needs a default probability.")
        edition = process.edition_for_changes(by=by)
        return super().add(facts | {"process_id": edition.process.id}, by=by)

    @classmethod
    def pointed_at(cls) -> Iterator[tuple[type[Recorded], Any, Any]]:
        return (each for each in super().pointed_at() if each[0].noun not in Process.PARTS)

    def beside(self) -> "list[Stage]":
        """The stages of its process that are offered, and itself."""
        return [stage for stage in self.process.stages() if stage is self or not stage.retired]

    def take_away(self) -> None:
        from p2p.setup.queries import steps_of

        self.hidden = True
        for step in steps_of(self.id):
            step.take_away()

    def needs_to_be_spare(self) -> None:
        if not any(other is not self and not other.retired for other in self.siblings()):
            raise InUse(f"“{self.name}” is the last stage of its process, and a process needs one.")
        if not self.process.versioned:
            holds_nothing_open(self)

    @classmethod
    def hold_together(cls, back: PutBack) -> None:
        super().hold_together(back)
        keep_in_sight(db.session.get_one(cls, id) for id in back)


def keep_in_sight(entries: "Iterable[Process | Stage]") -> None:
    """An undo takes a stage or process of sales out of the menus under the same condition as retiring it does."""
    for entry in entries:
        if (entry.retired or entry.hidden) and not entry.in_process.versioned:
            try:
                holds_nothing_open(entry)
            except InUse as error:
                raise ValueError(str(error)) from error


def holds_nothing_open(entry: Entry) -> None:
    """What is open must be somewhere people see it: on no board column is nowhere."""
    uses = entry.used_by(still_open=True)
    if uses:
        raise InUse(f"“{entry.name}” still holds {told(uses)} that are open. Move them to another stage first.")
