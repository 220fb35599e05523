"""Activities: what was done and what comes next."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.activities.attending import Attendee
from p2p.activities.categories import CATEGORIES, DIRECTIONS, MORNING, PRIORITIES, REMINDERS, fitting, has
from p2p.archiving import Archivable
from p2p.db import TABLE, Base, Instant, db, index_where_set, now
from p2p.filters import the_format, today
from p2p.history import nouns, verb
from p2p.history.recording import Actor
from p2p.identity.models import User
from p2p.setup.models import Code, Step
from p2p.states import Stateful

#: The nouns that carry activities and have a timeline.
SUBJECTS = ("party", "contact", "prospect", "customer", "competitor", "campaign", "lead", "opportunity")


class Activity(Archivable, Stateful, Base):
    """One piece of work on a record: planned (open) or logged (done)."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("category in ('appointment', 'task', 'action', 'event')", name="category"),
        CheckConstraint("status in ('open', 'done')", name="status"),
        CheckConstraint("priority in ('low', 'normal', 'high')", name="priority"),
        CheckConstraint("direction in ('incoming', 'outgoing')", name="direction"),
        Index("ix_activity_subject", "subject_noun", "subject_id", "status", "due_on"),
        # What is to be done, and what a calendar shows, of one person and of everybody: each read in order of its day.
        Index("ix_activity_responsible", "responsible_id", "status", "due_on", "starts", "id"),
        index_where_set("activity", "step_id"),
        Index("ix_activity_person", "responsible_id", "due_on"),
        Index("ix_activity_status", "status", "due_on", "starts", "id"),
        Index("ix_activity_day", "due_on"),
        index_where_set("activity", "responsible_id", "remind_at"),
        TABLE,
    )
    noun: ClassVar[str] = "activity"
    attached_by: ClassVar[tuple[str, str] | None] = ("subject_noun", "subject_id")
    moves: ClassVar[dict[str, dict[str, str]]] = {
        "open": {"finish": "done", "move": "open"},
        "done": {"reopen": "open"},
    }

    subject_noun: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    category: Mapped[str] = mapped_column(String(20), default="action", info={"words": CATEGORIES})
    type_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    phase_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    #: The step of a process that this does, if any.
    step_id: Mapped[int | None] = mapped_column(ForeignKey("step.id"), info={"follows": True})
    purpose: Mapped[str] = mapped_column(String(100))
    notes: Mapped[str | None] = mapped_column(String(4000))
    due_on: Mapped[date] = mapped_column(info={"label": "date"})
    starts: Mapped[str | None] = mapped_column(String(5), info={"label": "from"})
    ends: Mapped[str | None] = mapped_column(String(5), info={"label": "until"})
    all_day: Mapped[bool] = mapped_column(default=False, info={"label": "all day"})
    location: Mapped[str | None] = mapped_column(String(100), info={"label": "place"})
    priority: Mapped[str] = mapped_column(String(10), default="normal", info={"words": PRIORITIES})
    direction: Mapped[str | None] = mapped_column(String(10), info={"words": DIRECTIONS})
    outcome_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    remind: Mapped[int | None] = mapped_column(info={"label": "reminder", "words": REMINDERS})
    remind_at: Mapped[datetime | None] = mapped_column(Instant, info={"derived": ("due_on", "starts", "remind")})
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    status: Mapped[str] = mapped_column(String(10), default="open", info={"follows": True})
    done_at: Mapped[datetime | None] = mapped_column(Instant, info={"follows": True})
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info={"follows": True})

    type: Mapped[Code | None] = relationship(foreign_keys=[type_id])
    phase: Mapped[Code | None] = relationship(foreign_keys=[phase_id])
    outcome: Mapped[Code | None] = relationship(foreign_keys=[outcome_id])
    step: Mapped[Step | None] = relationship()
    responsible: Mapped[User | None] = relationship(foreign_keys=[responsible_id])
    attendees: Mapped[list[Attendee]] = relationship(
        primaryjoin="and_(Attendee.activity_id == Activity.id, Attendee.hidden.is_(False))",
        order_by=Attendee.id,
        viewonly=True,
    )

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

    @property
    def next_days(self) -> list[tuple[str, date]]:
        """The days it moves to with one click, in words: counted from today, or from its own day if that is to come."""
        start = max(self.due_on, today())
        words = ("Tomorrow", "Next week") if self.due_on <= today() else ("+1 day", "+1 week")
        return [(words[0], start + timedelta(1)), (words[1], start + timedelta(7))]

    @property
    def attending(self) -> list[str]:
        """Who attends, as forms name them."""
        return sorted({attendee.key for attendee in self.attendees})

    def belongs_to(self, user_id: int) -> bool:
        """Own: of whoever is responsible, who also is the organizer of an appointment."""
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
        activity = cls(subject_noun=subject.noun, subject_id=subject.id, category=facts.get("category") or "action")
        attending = activity._take(facts)
        db.session.add(activity)
        db.session.flush()
        if attending:
            activity._invite(attending)
        return activity

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Set facts; what its category does not have is left out, and lost where the category changes."""
        attending = self._take(facts)
        if attending is not None:
            self._invite(attending)

    def _take(self, facts: dict[str, Any]) -> Iterable[str] | None:
        """Set the facts that fit; returns who is to attend, None where that stays as it is."""
        category = facts.get("category") or self.category
        fits = fitting({"all_day": bool(self.all_day)} | facts, category, switched=category != self.category)
        attending: Iterable[str] | None = fits.pop("attending", None)
        for name, value in fits.items():
            setattr(self, name, value)
        self._set_reminder()
        return attending

    def _set_reminder(self) -> None:
        if self.remind is None:
            self.remind_at = None
            return
        begins = datetime.fromisoformat(f"{self.due_on}T{self.starts or MORNING}")
        self.remind_at = begins.replace(tzinfo=the_format().tzinfo).astimezone(UTC) - timedelta(minutes=self.remind)

    @verb("changed who attends")
    def invite(self, wanted: Iterable[str], *, by: Actor | None) -> None:
        """Exactly these attend, named `user-3` or `contact-9`; only appointments have attendees."""
        self._invite(fitting({"attending": wanted}, self.category, switched=False).get("attending", ()))

    def _invite(self, wanted: Iterable[str]) -> None:
        present = {attendee.key: attendee for attendee in self.attendees}
        for key in present.keys() - set(wanted):
            present[key].hidden = True
        for key in sorted(set(wanted) - present.keys()):
            attendee = Attendee.called(key)
            attendee.activity = self
            db.session.add(attendee)
        db.session.flush()
        db.session.expire(self, ["attendees"])

    @verb("moved")
    def move(self, due_on: date, *, starts: str | None = None, by: Actor | None) -> None:
        """To another day, and to another time if one is given; it lasts as long as before."""
        self.go("move")
        if starts and starts != self.starts and has(self.category, "starts"):
            self.ends = later(self.ends, by=minutes(starts) - minutes(self.starts)) if self.starts else None
            self.starts = starts
        self.due_on = due_on
        self._set_reminder()

    @verb("stopped the reminder of")
    def stop_reminding(self, *, by: Actor | None) -> None:
        """It was seen."""
        self.remind = self.remind_at = None

    @verb("finished")
    def finish(self, *, outcome_id: int | None = None, note: str | None = None, by: Actor | None) -> None:
        """Done, now; of an action with its outcome. A note is added to the notes."""
        self.go("finish")
        self.done_at = now()
        self.done_by_id = by.id if by else None
        if outcome_id and has(self.category, "outcome_id"):
            self.outcome_id = outcome_id
        if note:
            self.notes = f"{self.notes}\n{note}" if self.notes else note

    @verb("reopened")
    def reopen(self, *, by: Actor | None) -> None:
        """To be done again; its notes and its outcome stay."""
        self.go("reopen")
        self.done_at = self.done_by_id = None

    @verb("carried over")
    def carry_to(self, subject: Any, *, by: Actor | None) -> None:
        """Hang on another record from now on: on what came of the one it was planned for."""
        self.subject_noun, self.subject_id = subject.noun, subject.id


def minutes(clock: str | None) -> int:
    """Minutes since midnight of a time of day, `14:30`."""
    hours, _, rest = (clock or "00:00").partition(":")
    return int(hours) * 60 + int(rest)


def later(clock: str | None, *, by: int) -> str | None:
    """A time of day so many minutes later; None where that is on another day."""
    moved = minutes(clock) + by
    return f"{moved // 60:02}:{moved % 60:02}" if clock and 0 <= moved < 24 * 60 else None
