"""Activities: what was done and what comes next."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.archiving import Archivable
from p2p.db import TABLE, Base, Instant, db, index_where_set, now
from p2p.filters import today
from p2p.history import nouns, verb
from p2p.history.recording import Actor
from p2p.identity.models import User
from p2p.setup.models import Code, Step
from p2p.setup.steps import CATEGORIES as CATEGORIES
from p2p.states import Stateful

#: The nouns that carry activities and have a timeline.
SUBJECTS = ("party", "contact", "prospect", "customer", "competitor", "campaign", "lead", "opportunity")


class Activity(Archivable, Stateful, Base):
    """One piece of work on a record: planned (open) or logged (done)."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("category in ('appointment', 'task', 'action', 'event')", name="category"),
        CheckConstraint("status in ('open', 'done')", name="status"),
        Index("ix_activity_subject", "subject_noun", "subject_id", "status", "due_on"),
        Index("ix_activity_responsible", "responsible_id", "status", "due_on"),
        index_where_set("activity", "step_id"),
        TABLE,
    )
    noun: ClassVar[str] = "activity"
    attached_by: ClassVar[tuple[str, str] | None] = ("subject_noun", "subject_id")
    moves: ClassVar[dict[str, dict[str, str]]] = {"open": {"finish": "done"}, "done": {}}

    subject_noun: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    category: Mapped[str] = mapped_column(String(20), default="action")
    type_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    #: The step of a process that this does, if any.
    step_id: Mapped[int | None] = mapped_column(ForeignKey("step.id"), info={"follows": True})
    purpose: Mapped[str] = mapped_column(String(100))
    notes: Mapped[str | None] = mapped_column(String(4000))
    due_on: Mapped[date] = mapped_column(info={"label": "date"})
    starts: Mapped[str | None] = mapped_column(String(5), info={"label": "from"})
    ends: Mapped[str | None] = mapped_column(String(5), info={"label": "until"})
    location: Mapped[str | None] = mapped_column(String(100))
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    status: Mapped[str] = mapped_column(String(10), default="open", info={"follows": True})
    done_at: Mapped[datetime | None] = mapped_column(Instant, info={"follows": True})
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info={"follows": True})

    type: Mapped[Code | None] = relationship()
    step: Mapped[Step | None] = relationship()
    responsible: Mapped[User | None] = relationship(foreign_keys=[responsible_id])

    def __str__(self) -> str:
        return self.purpose

    def about(self) -> tuple[str, int]:
        return self.subject_noun, self.subject_id

    @property
    def subject(self) -> Any:
        """The record this hangs on."""
        return db.session.get(nouns[self.subject_noun], self.subject_id)

    @property
    def due_state(self) -> str:
        """`overdue`, `today` or `later`; `done` once it is."""
        if self.status == "done":
            return "done"
        return "overdue" if self.due_on < today() else "today" if self.due_on == today() else "later"

    def belongs_to(self, user_id: int) -> bool:
        return self.responsible_id in (None, user_id)

    @classmethod
    @verb("planned")
    def plan(cls, subject: Any, facts: dict[str, Any], *, by: Actor | None) -> "Activity":
        """Work to come, on a record; whoever plans it does it unless the facts name somebody else."""
        return cls._add(subject, {"responsible_id": by.id if by else None} | facts)

    @classmethod
    @verb("logged")
    def log(cls, subject: Any, facts: dict[str, Any], *, by: Actor | None) -> "Activity":
        """Work that was done."""
        done = {"status": "done", "done_at": now(), "done_by_id": by.id if by else None}
        return cls._add(subject, {"responsible_id": by.id if by else None} | facts | done)

    @classmethod
    def _add(cls, subject: Any, facts: dict[str, Any]) -> "Activity":
        activity = cls(subject_noun=subject.noun, subject_id=subject.id, **facts)
        db.session.add(activity)
        db.session.flush()
        return activity

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        for name, value in facts.items():
            setattr(self, name, value)

    @verb("finished")
    def finish(self, *, note: str | None = None, by: Actor | None) -> None:
        """Done, now; a note is added to the notes."""
        self.go("finish")
        self.done_at = now()
        self.done_by_id = by.id if by else None
        if note:
            self.notes = f"{self.notes}\n{note}" if self.notes else note
