"""Opportunities: from opened to won, lost or canceled, for a recorded reason."""

from datetime import date, timedelta
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.activities.queries import open_on
from p2p.archiving import Archivable
from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.db import TABLE, Base, Json, Money, db
from p2p.filters import exponent, the_format, today
from p2p.history import Recorded, verb
from p2p.history.recording import Actor
from p2p.identity.models import User
from p2p.opportunities import totals
from p2p.parties.models import Party
from p2p.setup.models import Code, PrognosisBand, Reason, Sequence, Stage
from p2p.setup.queries import band_for
from p2p.states import IllegalMove, Stateful

STATUSES = {"active": "Active", "postponed": "Postponed", "won": "Won", "lost": "Lost", "canceled": "Canceled"}
CLOSED = ("won", "lost", "canceled")


class NotThatReason(ValueError):
    """A reason of another kind, or one that needs a note; the message says which."""


class Opportunity(Archivable, Stateful, Base):
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
        Index("ix_opportunity_wake", "status", "wake_on"),
        Index("ix_opportunity_order", "order_day", "order_weight", "number"),
        TABLE,
    )
    noun: ClassVar[str] = "opportunity"
    moves: ClassVar[dict[str, dict[str, str]]] = {
        "active": {"postpone": "postponed", "win": "won", "lose": "lost", "cancel": "canceled"},
        "postponed": {
            "resume": "active",
            "postpone": "postponed",
            "win": "won",
            "lose": "lost",
            "cancel": "canceled",
        },
        "won": {"reactivate": "active"},
        "lost": {"reactivate": "active"},
        "canceled": {"reactivate": "active"},
    }

    number: Mapped[str] = mapped_column(String(20), unique=True)
    subject: Mapped[str] = mapped_column(String(100))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    opened_on: Mapped[date]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    status: Mapped[str] = mapped_column(String(20), default="active")
    wake_on: Mapped[date | None]
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    probability: Mapped[int] = mapped_column(info={"kind": "percent"})
    probability_manual: Mapped[bool] = mapped_column(default=False, info={"label": "probability set by hand"})
    prognosis_id: Mapped[int | None] = mapped_column(ForeignKey("prognosis_band.id"))
    prognosis_given_on: Mapped[date | None]
    window_from: Mapped[date | None]
    window_to: Mapped[date | None]
    decide_by: Mapped[date | None]
    revenue: Mapped[int | None] = mapped_column(Money, info={"kind": "money", "label": "estimated revenue"})
    currency: Mapped[str] = mapped_column(String(3))
    rate_millionths: Mapped[int] = mapped_column(default=1_000_000, info={"label": "rate"})
    revenue_company: Mapped[int | None] = mapped_column(Money, info={"derived": True, "company_currency": True})
    source_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    description: Mapped[str | None] = mapped_column(String(4000))
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("reason.id"))
    outcome_note: Mapped[str | None] = mapped_column(String(4000))
    price_gap: Mapped[int | None] = mapped_column(Money, info={"kind": "money"})
    closed_on: Mapped[date | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
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
    team: Mapped[list["Member"]] = relationship(
        primaryjoin="and_(Member.opportunity_id == Opportunity.id, Member.hidden.is_(False))", viewonly=True
    )
    rivals: Mapped[list["Rival"]] = relationship(
        primaryjoin="and_(Rival.opportunity_id == Opportunity.id, Rival.hidden.is_(False))", viewonly=True
    )
    contacts: Mapped[list["Involved"]] = relationship(
        primaryjoin="and_(Involved.opportunity_id == Opportunity.id, Involved.hidden.is_(False))", viewonly=True
    )

    def __str__(self) -> str:
        return self.subject

    # What it is now

    @property
    def counts_as(self) -> int:
        """The probability that figures use: closing decides it, the estimate stays as it was."""
        return {"won": 100, "lost": 0, "canceled": 0}.get(self.status, self.probability)

    @property
    def is_open(self) -> bool:
        """Active, or postponed and awake again."""
        return self.status == "active" or (self.wake_on is not None and self.wake_on <= today())

    @property
    def overdue(self) -> bool:
        """Past the day by which it should have been decided."""
        return self.is_open and self.decide_by is not None and self.decide_by < today()

    @property
    def days_to_close(self) -> int | None:
        return (self.closed_on - self.opened_on).days if self.closed_on else None

    def belongs_to(self, user_id: int) -> bool:
        """Own: the owner's, the team's, and everybody's while nobody owns it."""
        return self.owner_id in (None, user_id) or any(member.user_id == user_id for member in self.team)

    # Opening and developing

    @classmethod
    @verb("opened")
    def open(cls, facts: dict[str, Any], *, by: Actor | None) -> "Opportunity":
        """A new opportunity; needs subject, party_id and stage_id, the rest has defaults."""
        facts = dict(facts)
        stage = db.session.get_one(Stage, facts.pop("stage_id"))
        number = facts.pop("number", None) or Sequence.next("opportunity", today().year)
        own = {"owner_id": by.id if by else None, "opened_by_id": by.id if by else None, "opened_on": today()}
        plain = {name: facts.pop(name) for name in list(facts) if name not in DEVELOPED}
        opportunity = cls(**(own | {"number": number, "currency": the_format().currency} | plain))
        opportunity.stage_id, opportunity.probability = stage.id, stage.probability
        opportunity._develop(facts)
        db.session.add(opportunity)
        db.session.flush()
        return opportunity

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Set facts; stage, probability, prognosis and revenue follow their own rules."""
        for name in [name for name in facts if name not in DEVELOPED]:
            setattr(self, name, facts[name])
        self._develop({name: facts[name] for name in facts if name in DEVELOPED})

    @verb("moved")
    def move(self, stage: Stage, *, by: Actor | None) -> None:
        """To another stage; the probability follows unless it was set by hand."""
        self._develop({"stage_id": stage.id})

    @verb("estimated")
    def estimate(self, probability: int, *, by: Actor | None) -> None:
        """Set the probability by hand."""
        self._develop({"probability": probability})

    @verb("handed the probability back to the stage of")
    def follow_stage(self, *, by: Actor | None) -> None:
        self._develop({"probability_manual": False})

    @verb("gave a prognosis for")
    def forecast(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Give a prognosis: a band (`prognosis_id`), a decision date (`decide_by`), or neither."""
        self._develop(facts)

    def _develop(self, facts: dict[str, Any]) -> None:
        if facts.keys() & STEERED:
            self._needs_to_be_open(facts)
        if "stage_id" in facts and facts["stage_id"] != self.stage_id:
            self.stage_id = facts["stage_id"]
            if not self.probability_manual:
                self.probability = db.session.get_one(Stage, self.stage_id).probability
        if facts.get("probability") is not None and facts["probability"] != self.probability:
            self.probability, self.probability_manual = facts["probability"], True
        if facts.get("probability_manual") is False and "probability" not in facts:
            self.probability_manual = False
            self.probability = db.session.get_one(Stage, self.stage_id).probability
        if facts.get("decide_by") is not None and facts["decide_by"] != self.decide_by:
            self._decide_by(facts["decide_by"])
        elif facts.get("prognosis_id", self.prognosis_id) != self.prognosis_id or "decide_by" in facts:
            self._expect(facts.get("prognosis_id", self.prognosis_id), cleared="decide_by" in facts)
        if facts.keys() & VALUE:
            self._value(facts)

    def _needs_to_be_open(self, facts: dict[str, Any]) -> None:
        if self.status in CLOSED:
            raise IllegalMove(self, self.status, "change its estimate", list(self.moves[self.status]))
        if self.status == "postponed" and self.is_open:
            self.go("resume")
            self.wake_on = None

    def _decide_by(self, day: date) -> None:
        """A date picks the band that holds it, counted from today."""
        band = band_for((day - today()).days)
        self._give(band, today())
        self.decide_by = day

    def _expect(self, band_id: int | None, *, cleared: bool) -> None:
        """A band sets the date to its window's end; no band takes the date away."""
        if band_id == self.prognosis_id and not (cleared and self.decide_by):
            return
        if band_id is None or band_id == self.prognosis_id:
            self._give(None, None)
            return
        self._give(db.session.get_one(PrognosisBand, band_id), today())

    def _give(self, band: PrognosisBand | None, given_on: date | None) -> None:
        self.prognosis_id = band.id if band else None
        self.prognosis_given_on = given_on
        window = band.window(given_on) if band and given_on else (None, None)
        self.window_from, self.window_to = window
        self.decide_by = window[1]

    def _value(self, facts: dict[str, Any]) -> None:
        for name in VALUE & facts.keys():
            setattr(self, name, facts[name])
        rate = self.rate_millionths or 1_000_000
        self.revenue_company = company_money(self.revenue, self.currency, rate)

    # Postponing and deciding

    @verb("postponed")
    def postpone(self, wake_on: date, *, note: str | None = None, by: Actor | None) -> None:
        """Off the board until a day; from then on it counts as active again."""
        self.go("postpone")
        self.wake_on, self.outcome_note = wake_on, note

    @verb("resumed")
    def resume(self, *, by: Actor | None) -> None:
        self.go("resume")
        self.wake_on = self.outcome_note = None

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
        self.reason_id = self.outcome_note = self.price_gap = self.closed_on = self.closed_by_id = None
        for line in self.rivals:
            line.winner = False

    def _close(self, move: str, reason: Reason, note: str | None, finish_open: bool, by: Actor | None) -> None:
        self.go(move)
        if reason.outcome != self.status or not reason.for_opportunities:
            raise NotThatReason(f"“{reason}” does not explain why an opportunity was {self.status}.")
        if reason.needs_note and not note:
            raise NotThatReason(f"“{reason}” needs a note that says what it was.")
        self.wake_on = None
        self.reason_id, self.outcome_note = reason.id, note
        self.closed_on, self.closed_by_id = today(), by.id if by else None
        if finish_open:
            for activity in open_on(self.noun, self.id):
                activity.finish(by=by)


#: Facts with rules of their own, and among them those that steer an open opportunity.
VALUE = {"revenue", "currency", "rate_millionths"}
STEERED = {"stage_id", "probability", "probability_manual", "prognosis_id", "decide_by"}
DEVELOPED = VALUE | STEERED


def company_money(minor: int | None, currency: str, rate_millionths: int) -> int | None:
    """Minor units of the company currency, rounded half up: `minor` of `currency` at the rate kept on the record."""
    if minor is None:
        return None
    shift = exponent(the_format().currency) - exponent(currency)
    scaled = minor * rate_millionths * 10 ** max(shift, 0)
    divisor = 1_000_000 * 10 ** max(-shift, 0)
    return (2 * scaled + divisor) // (2 * divisor)


class Member(Recorded, Base):
    """Somebody on the team of an opportunity."""

    __tablename__ = "opportunity_member"
    __table_args__ = (Index("ix_opportunity_member", "opportunity_id"), TABLE)
    noun: ClassVar[str] = "opportunity_member"

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    role: Mapped[Code | None] = relationship()

    def __str__(self) -> str:
        return self.user.name

    def about(self) -> tuple[str, int]:
        return Opportunity.noun, self.opportunity_id

    @classmethod
    @verb("put on the team")
    def add(cls, opportunity: Opportunity, user: User, role_id: int | None = None, *, by: Actor | None) -> "Member":
        member = cls(opportunity_id=opportunity.id, user_id=user.id, role_id=role_id)
        db.session.add(member)
        db.session.flush()
        return member

    @verb("taken off the team")
    def remove(self, *, by: Actor | None) -> None:
        self.hidden = True


class Involved(Recorded, Base):
    """A contact who has a part in the decision."""

    __tablename__ = "opportunity_contact"
    __table_args__ = (Index("ix_opportunity_contact", "opportunity_id"), TABLE)
    noun: ClassVar[str] = "opportunity_contact"

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))

    contact: Mapped[Contact] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return str(self.contact)

    def about(self) -> tuple[str, int]:
        return Opportunity.noun, self.opportunity_id

    @classmethod
    @verb("involved")
    def add(cls, opportunity: Opportunity, contact: Contact, *, by: Actor | None) -> "Involved":
        involved = cls(opportunity_id=opportunity.id, contact_id=contact.id)
        db.session.add(involved)
        db.session.flush()
        return involved

    @verb("no longer involved")
    def remove(self, *, by: Actor | None) -> None:
        self.hidden = True


class Rival(Recorded, Base):
    """A competitor on an opportunity: price, note, threat, and whether it won."""

    __tablename__ = "opportunity_competitor"
    __table_args__ = (
        Index("ix_opportunity_competitor", "opportunity_id"),
        Index("ix_opportunity_competitor_competitor", "competitor_id"),
        TABLE,
    )
    noun: ClassVar[str] = "opportunity_competitor"

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id"))
    competitor_id: Mapped[int] = mapped_column(ForeignKey("competitor.id"))
    price: Mapped[int | None] = mapped_column(Money, info={"kind": "money"})
    threat_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    note: Mapped[str | None] = mapped_column(String(1000))
    winner: Mapped[bool] = mapped_column(default=False)

    competitor: Mapped[Competitor] = relationship(lazy="joined", innerjoin=True)
    threat: Mapped[Code | None] = relationship()

    def __str__(self) -> str:
        return self.competitor.name

    def about(self) -> tuple[str, int]:
        return Opportunity.noun, self.opportunity_id

    @classmethod
    @verb("added as a competitor")
    def add(cls, opportunity: Opportunity, competitor: Competitor, facts: dict[str, Any], *, by: Actor | None) -> "Rival":
        line = cls(opportunity_id=opportunity.id, competitor_id=competitor.id, **facts)
        db.session.add(line)
        db.session.flush()
        return line

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        for name, value in facts.items():
            setattr(self, name, value)

    @verb("removed as a competitor")
    def remove(self, *, by: Actor | None) -> None:
        self.hidden = True


totals.maintain(Opportunity.__table__)


def wake_day(days: int) -> date:
    """A day to wake up on, so many days from today."""
    return today() + timedelta(days=days)
