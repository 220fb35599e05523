"""Meetings and what was said at them; the agenda is kept as it stood when the meeting began."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.activities.models import Activity
from p2p.db import TABLE, Base, Instant, Json, Money, db, now, unique_while_present
from p2p.filters import today
from p2p.history import Recorded, verb
from p2p.history.recording import Actor
from p2p.identity.models import User
from p2p.meetings.agenda import REASONS, Agenda
from p2p.opportunities.models import Opportunity
from p2p.setup.models import Stage
from p2p.states import IllegalMove, Stateful

STATUSES = {"running": "Running", "ended": "Ended"}


class Meeting(Stateful, Recorded, Base):
    """Walking the deals of a filter together."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("status in ('running', 'ended')", name="status"),
        Index("ix_meeting_held", "held_on", "id"),
        Index("ix_meeting_asked", "asked", "until_id"),
        TABLE,
    )
    noun: ClassVar[str] = "meeting"
    moves: ClassVar[dict[str, dict[str, str]]] = {"running": {"end": "ended"}, "ended": {"reopen": "running"}}

    name: Mapped[str] = mapped_column(String(100))
    held_on: Mapped[date]
    led_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info={"label": "led by"})
    attending: Mapped[str | None] = mapped_column(String(500), info={"label": "who attended"})
    status: Mapped[str] = mapped_column(String(10), default="running", info={"follows": True})
    began_at: Mapped[datetime] = mapped_column(Instant, info={"follows": True})
    ended_at: Mapped[datetime | None] = mapped_column(Instant, info={"follows": True})
    #: The filter, as the board's address says it; blank for all deals.
    asked: Mapped[str] = mapped_column(String(4000), info={"label": "filter"})
    whole: Mapped[bool] = mapped_column(default=False, info={"label": "all filtered deals"})
    #: (id, reasons) of every filtered deal, in order; those without a reason last.
    agenda: Mapped[list[Any]] = mapped_column(Json, info={"derived": ("asked",)})
    #: What happened behind this operation is new: where the meeting before ended. None: there was none.
    since_id: Mapped[int | None] = mapped_column(info={"derived": ("asked",)})
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), info={"follows": True})
    #: The last operation before it began, and the last one before it ended: what lies between happened during it.
    after_id: Mapped[int] = mapped_column(info={"derived": ("asked",)})
    until_id: Mapped[int | None] = mapped_column(info={"derived": ("status",)})

    led_by: Mapped[User | None] = relationship()
    previous: Mapped["Meeting | None"] = relationship(remote_side="Meeting.id")

    def __str__(self) -> str:
        return self.name

    @property
    def walk(self) -> Agenda:
        """The deals that are walked, in order."""
        return Agenda.read(self.agenda, whole=self.whole)

    @property
    def quiet(self) -> int:
        """How many filtered deals nothing speaks for."""
        return sum(1 for _, reasons in self.agenda if not reasons)

    @classmethod
    @verb("began")
    def begin(
        cls, facts: dict[str, Any], agenda: Agenda, previous: "Meeting | None", last: int, *, by: Actor | None
    ) -> "Meeting":
        """A new meeting over an agenda; `last` is the latest operation, `previous` the meeting it is compared with."""
        own = {"held_on": today(), "led_by_id": by.id if by else None, "began_at": now(), "agenda": agenda.kept}
        compared = {"since_id": previous.until_id, "previous_id": previous.id} if previous else {}
        meeting = cls(**(own | compared | {"after_id": last} | facts))
        db.session.add(meeting)
        db.session.flush()
        return meeting

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        for name, value in facts.items():
            setattr(self, name, value)

    @verb("ended")
    def end(self, last: int, *, by: Actor | None) -> None:
        """Over; what happens behind operation `last` is new to the next one."""
        self.go("end")
        self.ended_at, self.until_id = now(), last

    @verb("reopened")
    def reopen(self, *, by: Actor | None) -> None:
        """Goes on after all."""
        self.go("reopen")
        self.ended_at = self.until_id = None


class Point(Recorded, Base):
    """What was decided on one deal, and how that stood when it was talked about."""

    __tablename__ = "meeting_point"
    __table_args__ = (
        unique_while_present("meeting_point", "meeting_id", "opportunity_id"),
        Index("ix_meeting_point_opportunity", "opportunity_id", "id"),
        TABLE,
    )
    noun: ClassVar[str] = "meeting_point"
    same_by: ClassVar[tuple[str, ...]] = ("meeting_id", "opportunity_id")

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), info={"label": "at"})
    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id"))
    reasons: Mapped[list[str]] = mapped_column(Json, info={"derived": ("meeting_id",)})
    decision: Mapped[str | None] = mapped_column(String(2000))
    note: Mapped[str | None] = mapped_column(String(4000))
    #: The next step as it was agreed; the activity may be moved or finished since.
    step: Mapped[str | None] = mapped_column(String(100), info={"label": "next step", "follows": True})
    step_on: Mapped[date | None] = mapped_column(info={"follows": True})
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"), info={"follows": True})
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), info={"follows": True})
    probability: Mapped[int] = mapped_column(info={"kind": "percent", "follows": True})
    decide_by: Mapped[date | None] = mapped_column(info={"follows": True})
    revenue: Mapped[int | None] = mapped_column(Money, info={"kind": "money", "follows": True})
    currency: Mapped[str] = mapped_column(String(3), info={"follows": True})

    meeting: Mapped[Meeting] = relationship()
    opportunity: Mapped[Opportunity] = relationship()
    activity: Mapped[Activity | None] = relationship()
    stage: Mapped[Stage] = relationship()

    def __str__(self) -> str:
        return self.opportunity.subject

    def about(self) -> tuple[str, int]:
        return Opportunity.noun, self.opportunity_id

    @property
    def why(self) -> str:
        """Why it was on the agenda, in words."""
        return " · ".join(REASONS[reason] for reason in self.reasons)

    @classmethod
    @verb("discussed")
    def discuss(
        cls,
        meeting: Meeting,
        deal: Opportunity,
        said: dict[str, Any],
        *,
        steering: dict[str, Any],
        step: dict[str, Any] | None,
        by: Actor | None,
    ) -> "Point":
        """What was said of a deal (decision, note), what changes on it, and its next step: one thing done.

        Who comes back to a deal in the same meeting adds to what was said; how it stood stays as it was at first.
        """
        if meeting.status != "running":
            raise IllegalMove(meeting, meeting.status, "go on", list(meeting.moves[meeting.status]))
        point = cls._on(meeting, deal)
        for name, value in said.items():
            setattr(point, name, value)
        deal.steer(steering, by=by)
        if step:
            activity = Activity.plan(deal, step, by=by)
            point.activity_id, point.step, point.step_on = activity.id, activity.purpose, activity.due_on
        db.session.flush()
        return point

    @classmethod
    def _on(cls, meeting: Meeting, deal: Opportunity) -> "Point":
        from p2p.meetings.queries import point_on

        point = point_on(meeting.id, deal.id)
        if point is None:
            place = Agenda.read(meeting.agenda, whole=True).place(deal.id)
            reasons = meeting.agenda[place][1] if place is not None else []
            point = cls(meeting_id=meeting.id, opportunity_id=deal.id, reasons=list(reasons))
            for name in ("stage_id", "probability", "decide_by", "revenue", "currency"):
                setattr(point, name, getattr(deal, name))
            db.session.add(point)
            db.session.flush()
        return point

    @verb("corrected the minutes of")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Put right what the minutes say; the deal itself is left alone."""
        for name, value in facts.items():
            setattr(self, name, value)
