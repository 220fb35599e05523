"""What is kept of advice: which rules give it, what the team dismissed, and how long won opportunities stayed where."""

from datetime import date, datetime
from typing import Any, ClassVar, Protocol

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.db import TABLE, Base, Instant, db, now, unique_while_present
from p2p.filters import the_format
from p2p.history import Recorded, verb
from p2p.history.recording import Actor
from p2p.identity.models import User
from p2p.opportunities.advising.rules import BY_KEY, Suggestion


class Advised(Protocol):
    """The opportunity advice is about, known here only by id."""

    @property
    def id(self) -> Any: ...


class Stay(Base):
    """How many days an opportunity that is won spent in a stage; it follows from the log, which tells it again."""

    __tablename__ = "stay"
    __table_args__ = (Index("ix_stay_stage", "stage_id", "days"), {"sqlite_strict": True})

    opportunity_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stage_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    days: Mapped[int]


class AdviceRule(Recorded, Base):
    """A rule of advice that is set otherwise than it ships: switched off, or with a number of days of its own."""

    __tablename__ = "advice_rule"
    __table_args__ = (unique_while_present("advice_rule", "rule"), TABLE)
    noun: ClassVar[str] = "advice_rule"

    rule: Mapped[str] = mapped_column(String(40), info={"follows": True})
    active: Mapped[bool] = mapped_column(default=True, info={"label": "switched on"})
    days: Mapped[int | None]

    def __str__(self) -> str:
        return f"“{BY_KEY[self.rule].name}”" if self.rule in BY_KEY else self.rule

    @classmethod
    def of(cls, rule: str, *, by: Actor | None) -> "AdviceRule":
        """Its row: a new one, set as it ships, where it was never changed."""
        from p2p.opportunities.advising import queries

        if known := queries.setting(rule):
            return known
        made = cls(rule=rule, active=True, days=BY_KEY[rule].days)
        db.session.add(made)
        return made

    @classmethod
    @verb("set")
    def set(cls, rule: str, facts: dict[str, Any], *, by: Actor | None) -> "AdviceRule":
        """Set whether it is `active`, and its number of days."""
        row = cls.of(rule, by=by)
        for name, value in facts.items():
            setattr(row, name, value)
        db.session.flush()
        return row


class Dismissal(Recorded, Base):
    """A suggestion nobody of the team wants to read again while its reason is the same (`situation`)."""

    __tablename__ = "dismissal"
    __table_args__ = (Index("ix_dismissal_opportunity", "opportunity_id"), TABLE)
    noun: ClassVar[str] = "dismissal"

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id"))
    rule: Mapped[str] = mapped_column(String(40), info={"follows": True})
    situation: Mapped[str] = mapped_column(String(200), info={"follows": True})
    reason: Mapped[str] = mapped_column(String(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info={"follows": True})
    at: Mapped[datetime] = mapped_column(Instant, info={"follows": True})

    by: Mapped[User | None] = relationship(lazy="joined")

    def __str__(self) -> str:
        return f"“{BY_KEY[self.rule].name}”" if self.rule in BY_KEY else self.rule

    @property
    def day(self) -> date:
        """The day it was dismissed."""
        return self.at.astimezone(the_format().tzinfo).date()

    def about(self) -> tuple[str, int]:
        return "opportunity", self.opportunity_id

    @classmethod
    @verb("dismissed")
    def dismiss(cls, opportunity: Advised, suggestion: Suggestion, *, by: Actor | None) -> "Dismissal":
        """The team has read it; whoever says so again changes nothing."""
        from p2p.opportunities.advising import queries

        for known in queries.dismissals(opportunity.id):
            if (known.rule, known.situation) == (suggestion.rule, suggestion.situation):
                return known
        own = {"rule": suggestion.rule, "situation": suggestion.situation, "reason": suggestion.reason}
        made = cls(opportunity_id=opportunity.id, by_id=by.id if by else None, at=now(), **own)
        db.session.add(made)
        db.session.flush()
        return made

    @verb("brought back")
    def withdraw(self, *, by: Actor | None) -> None:
        """It is to be read again."""
        self.hidden = True
