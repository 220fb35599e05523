"""Opportunities: from opened to won, lost or canceled, for a recorded reason."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from p2p.archiving import Archivable
from p2p.campaigns.models import Campaign
from p2p.competitors.models import Competitor
from p2p.db import TABLE, Base, Instant, Json, Money, db, now
from p2p.filters import the_format, today
from p2p.history import verb
from p2p.history.recording import Actor
from p2p.identity.models import User
from p2p.opportunities import totals
from p2p.opportunities.estimate import DEVELOPED, Developed
from p2p.opportunities.numbers import next_number
from p2p.opportunities.parts import Involved, Member, Rival
from p2p.opportunities.pursued import Pursued
from p2p.parties.models import Party, fold
from p2p.processes.running import plan_present
from p2p.setup.models import Code, PrognosisBand, Reason, Stage
from p2p.setup.queries import stages
from p2p.triggers import keep_by_triggers

#: The three ways to decide, from wherever it is open.
DECIDED = {"win": "won", "lose": "lost", "cancel": "canceled"}
#: What stood here before anybody noted when it came into its stage.
LONG_AGO = "1970-01-01T00:00:00.000000+00:00"
STATUSES = {"active": "Active", "postponed": "Postponed", "won": "Won", "lost": "Lost", "canceled": "Canceled"}


class Opportunity(Pursued, Developed, Archivable, Base):
    """A qualified potential sale."""

    __tablename__ = "opportunity"
    __table_args__ = (
        CheckConstraint("status in ('active', 'postponed', 'won', 'lost', 'canceled')", name="status"),
        CheckConstraint("probability between 0 and 100", name="probability"),
        CheckConstraint("revenue is null or revenue >= 0", name="revenue"),
        CheckConstraint("(status = 'postponed') = (wake_on is not null)", name="wake_on"),
        # The board reads each column as the first rows of one of these; `live` leads, so closed rows are never touched.
        Index("ix_opportunity_board", "live", "stage_id", "order_day", "order_weight", "number"),
        Index("ix_opportunity_owner", "owner_id", "live", "stage_id", "order_day", "order_weight", "number"),
        Index("ix_opportunity_party", "party_id", "live", "stage_id", "order_day", "order_weight", "number"),
        Index("ix_opportunity_prognosis", "live", "prognosis_id", "order_day", "order_weight", "number"),
        Index("ix_opportunity_month", "live", "order_day", "order_weight", "number"),
        Index("ix_opportunity_pipeline", "owner_id", "live", "order_day", "order_weight", "number"),
        # What is quiet for long, per stage.
        Index("ix_opportunity_quiet", "live", "stage_id", "stage_entered_at", "touched_at", "next_on"),
        Index("ix_opportunity_wake", "status", "wake_on"),
        Index("ix_opportunity_campaign", "campaign_id"),
        # The drawer counts what is put away from this one alone, up to a thousand.
        Index("ix_opportunity_put_away", "status", "hidden", "archived", "owner_id", "wake_on"),
        Index("ix_opportunity_order", "order_day", "order_weight", "number"),
        TABLE,
    )
    noun: ClassVar[str] = "opportunity"
    open_as: ClassVar[str] = "active"
    reasons_for: ClassVar[str] = "opportunities"
    outcomes: ClassVar[dict[str, str]] = DECIDED
    moves: ClassVar[dict[str, dict[str, str]]] = {
        "active": {"postpone": "postponed"} | DECIDED,
        "postponed": {"resume": "active", "postpone": "postponed"} | DECIDED,
        "won": {"reactivate": "active"},
        "lost": {"reactivate": "active"},
        "canceled": {"reactivate": "active"},
    }

    number: Mapped[str] = mapped_column(String(20), unique=True)
    subject: Mapped[str] = mapped_column(String(100))
    subject_folded: Mapped[str] = mapped_column(String(120), info={"derived": ("subject",)})
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    opened_on: Mapped[date]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info={"follows": True})
    status: Mapped[str] = mapped_column(String(20), default="active", info={"follows": True, "together": "status"})
    wake_on: Mapped[date | None] = mapped_column(info={"together": "status"})
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    stage_entered_at: Mapped[datetime] = mapped_column(
        Instant, server_default=LONG_AGO, info={"derived": ("stage_id",), "label": "in this stage since"}
    )
    probability: Mapped[int] = mapped_column(info={"kind": "percent"})
    probability_manual: Mapped[bool] = mapped_column(default=False, info={"label": "probability set by hand"})
    prognosis_id: Mapped[int | None] = mapped_column(ForeignKey("prognosis_band.id"), info={"together": "prognosis"})
    prognosis_given_on: Mapped[date | None] = mapped_column(info={"follows": True, "together": "prognosis"})
    window_from: Mapped[date | None] = mapped_column(info={"follows": True, "together": "prognosis"})
    window_to: Mapped[date | None] = mapped_column(info={"follows": True, "together": "prognosis"})
    decide_by: Mapped[date | None] = mapped_column(info={"together": "prognosis"})
    revenue: Mapped[int | None] = mapped_column(Money, info={"kind": "money", "label": "estimated revenue"})
    currency: Mapped[str] = mapped_column(String(3))
    rate_millionths: Mapped[int] = mapped_column(default=1_000_000, info={"label": "rate"})
    revenue_company: Mapped[int | None] = mapped_column(
        Money, info={"derived": ("revenue", "currency", "rate_millionths"), "company_currency": True}
    )
    source_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    description: Mapped[str | None] = mapped_column(String(4000))
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("reason.id"), info={"together": "status"})
    outcome_note: Mapped[str | None] = mapped_column(String(4000), info={"together": "status"})
    price_gap: Mapped[int | None] = mapped_column(Money, info={"kind": "money", "together": "status"})
    closed_on: Mapped[date | None] = mapped_column(info={"follows": True, "together": "status"})
    closed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), info={"follows": True, "together": "status"}
    )
    imported: Mapped[dict[str, str] | None] = mapped_column(Json, info={"label": "other imported columns"})

    live: Mapped[bool] = mapped_column(Computed("status = 'active' and not hidden and not archived", persisted=True))
    order_day: Mapped[date] = mapped_column(Computed("coalesce(decide_by, '9999-12-31')", persisted=True))
    #: Weighted revenue in hundredths of a minor unit, exact; `order_weight` is its negative, so that more comes first.
    weighted: Mapped[int] = mapped_column(Money, Computed("coalesce(revenue_company, 0) * probability", persisted=True))
    order_weight: Mapped[int] = mapped_column(
        Money, Computed("-coalesce(revenue_company, 0) * probability", persisted=True)
    )

    party: Mapped[Party] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    stage: Mapped[Stage] = relationship()
    prognosis: Mapped[PrognosisBand | None] = relationship()
    reason: Mapped[Reason | None] = relationship()
    source: Mapped[Code | None] = relationship(foreign_keys=[source_id])
    product: Mapped[Code | None] = relationship(foreign_keys=[product_id])
    campaign: Mapped[Campaign | None] = relationship()
    team: Mapped[list["Member"]] = relationship(
        primaryjoin="and_(Member.opportunity_id == Opportunity.id, Member.hidden.is_(False))", viewonly=True
    )
    rivals: Mapped[list["Rival"]] = relationship(
        primaryjoin="and_(Rival.opportunity_id == Opportunity.id, Rival.hidden.is_(False))", viewonly=True
    )
    contacts: Mapped[list["Involved"]] = relationship(
        primaryjoin="and_(Involved.opportunity_id == Opportunity.id, Involved.hidden.is_(False))", viewonly=True
    )

    @validates("subject")
    def _fold_subject(self, key: str, subject: str) -> str:
        self.subject_folded = fold(subject)
        return subject

    def __str__(self) -> str:
        return self.subject

    def belongs_to(self, user_id: int) -> bool:
        """Own: the owner's, the team's, and everybody's while nobody owns it."""
        return self.owner_id in (None, user_id) or any(member.user_id == user_id for member in self.team)

    @classmethod
    @verb("opened")
    def open(cls, facts: dict[str, Any], *, by: Actor | None) -> "Opportunity":
        """A new opportunity; needs subject, party_id and stage_id, the rest has defaults."""
        stage = db.session.get_one(Stage, facts["stage_id"])
        facts = {name: fact for name, fact in facts.items() if name != "stage_id"}
        number = facts.pop("number", None) or next_number()
        own = {"owner_id": by.id if by else None, "opened_by_id": by.id if by else None, "opened_on": today()}
        plain = {name: facts.pop(name) for name in list(facts) if name not in DEVELOPED}
        opportunity = cls(**(own | {"number": number, "currency": the_format().currency} | plain))
        opportunity.stage_id, opportunity.probability = stage.id, stage.probability
        opportunity.stage_entered_at = now()
        opportunity.develop(facts)
        db.session.add(opportunity)
        db.session.flush()
        plan_present(opportunity, by=by)
        return opportunity

    @classmethod
    @verb("opened")
    def open_for_new_party(cls, name: str, facts: dict[str, Any], *, by: Actor | None) -> "Opportunity":
        """A new opportunity with a party we did not know: both are one operation, taken back together."""
        party = Party.enter({"name": name}, by=by)
        return cls.open(facts | {"party_id": party.id}, by=by)

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Set facts; stage, probability, prognosis and revenue follow their own rules."""
        for name in [name for name in facts if name not in DEVELOPED]:
            setattr(self, name, facts[name])
        self.develop({name: facts[name] for name in facts if name in DEVELOPED})
        if "stage_id" in facts:
            plan_present(self, by=by)

    def steer(self, facts: dict[str, Any], *, again: bool = False, by: Actor | None) -> None:
        """Do what changed facts amount to, under its own name: move, estimate, forecast, or several as one edit.

        `again` gives the prognosis anew where nothing changes it.
        """
        match facts:
            case {"stage_id": stage_id} if len(facts) == 1:
                self.move(db.session.get_one(Stage, stage_id), by=by)
            case {"probability": int(probability)} if len(facts) == 1:
                self.estimate(probability, by=by)
            case _ if (facts or again) and facts.keys() <= {"prognosis_id", "decide_by"}:
                self.forecast(facts, by=by)
            case _ if facts:
                self.edit(facts, by=by)

    @verb("moved")
    def move(self, stage: Stage, *, by: Actor | None) -> None:
        """To another stage, whose steps are planned; the probability follows unless it was set by hand."""
        self.develop({"stage_id": stage.id})
        plan_present(self, by=by)

    @verb("estimated")
    def estimate(self, probability: int, *, by: Actor | None) -> None:
        """Set the probability by hand."""
        self.develop({"probability": probability})

    @verb("handed the probability back to the stage of")
    def follow_stage(self, *, by: Actor | None) -> None:
        self.develop({"probability_manual": False})

    @verb("gave a prognosis for")
    def forecast(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Give a band (`prognosis_id`), a date (`decide_by`), or the same again: its window then counts from today."""
        self.develop(facts)
        self.reaffirm(facts)

    @verb("won")
    def win(self, reason: Reason, *, note: str | None = None, finish_open: bool = False, by: Actor | None) -> None:
        self._close("win", reason, note, finish_open, by)

    @verb("lost")
    def lose(
        self,
        reason: Reason,
        *,
        note: str | None = None,
        winners: list[Competitor] | None = None,
        price_gap: int | None = None,
        finish_open: bool = False,
        by: Actor | None,
    ) -> None:
        """Lost, for a reason; `winners` are ticked on its competitor lines, `price_gap` is in its currency."""
        self._close("lose", reason, note, finish_open, by)
        self.price_gap = price_gap
        for winner in winners or []:
            line = next((line for line in self.rivals if line.competitor_id == winner.id), None)
            line = line or Rival.add(self, winner, {}, by=by)
            line.winner = True

    @verb("canceled")
    def cancel(self, reason: Reason, *, note: str | None = None, finish_open: bool = False, by: Actor | None) -> None:
        self._close("cancel", reason, note, finish_open, by)

    @verb("reactivated")
    def reactivate(self, *, by: Actor | None) -> None:
        """Open again: the outcome is cleared, its history stays, the estimate has its value again."""
        self.go("reactivate")
        if self.stage.retired or self.stage.hidden:
            first = self.process.first_stage or stages()[0]
            self.stage_id, self.stage_entered_at = first.id, now()
        self.reason_id = self.outcome_note = self.price_gap = self.closed_on = self.closed_by_id = None
        for line in self.rivals:
            line.winner = False


keep_by_triggers(Opportunity.__table__, totals.TRIGGERS)
