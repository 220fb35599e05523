"""Leads: from captured to qualified, not qualified or postponed."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.activities.closing import Closable
from p2p.archiving import Archivable
from p2p.campaigns.models import Campaign
from p2p.contacts.models import Contact
from p2p.db import TABLE, Base, Json, db
from p2p.filters import today
from p2p.history import verb
from p2p.history.absorbing import Absorbing
from p2p.history.recording import Actor
from p2p.history.undoing import pointing_at
from p2p.identity.models import User
from p2p.leads.finding import Findable
from p2p.leads.indexes import LISTS
from p2p.leads.numbers import next_number
from p2p.leads.parts import LeadContact
from p2p.leads.qualifying import InProcess
from p2p.parties.models import Party
from p2p.processes.running import plan_present
from p2p.setup.models import Code, Process, Reason, Stage
from p2p.states import IllegalMove

STATUSES = {"open": "Open", "qualified": "Qualified", "not_qualified": "Not qualified", "postponed": "Postponed"}
#: The outcome that reasons explain, by the verb that asks for one.
OUTCOMES = {"qualify": "qualified", "disqualify": "disqualified"}
#: Parts of a lead point at it, too, but nothing was created from it because of them.
PARTS = ("lead_contact",)


class NotMerged(ValueError):
    """Leads that cannot become one this way round; the message says why, and what can be done."""


class Lead(Findable, InProcess, Closable, Archivable, Absorbing, Base):
    """Unqualified interest: who, in what, and how warm. Who is not in the address book yet is kept as typed."""

    __tablename__ = "lead"
    __table_args__ = (
        CheckConstraint("status in ('open', 'qualified', 'not_qualified', 'postponed')", name="status"),
        CheckConstraint("(status = 'postponed') = (wake_on is not null)", name="wake_on"),
        *LISTS,
        Index("ix_lead_party", "party_id"),
        Index("ix_lead_campaign", "campaign_id"),
        Index("ix_lead_email_key", "email_key"),
        Index("ix_lead_phone_key", "phone_key"),
        TABLE,
    )
    noun: ClassVar[str] = "lead"
    open_as: ClassVar[str] = "open"
    reasons_for: ClassVar[str] = "leads"
    outcomes: ClassVar[dict[str, str]] = OUTCOMES
    moves: ClassVar[dict[str, dict[str, str]]] = {
        "open": {"qualify": "qualified", "disqualify": "not_qualified", "postpone": "postponed"},
        "postponed": {"resume": "open", "disqualify": "not_qualified", "postpone": "postponed"},
        "qualified": {"reactivate": "open"},
        "not_qualified": {"reactivate": "open"},
    }

    number: Mapped[str] = mapped_column(String(20), unique=True)
    subject: Mapped[str] = mapped_column(String(100))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    company_name: Mapped[str | None] = mapped_column(String(100), info={"label": "company"})
    person_name: Mapped[str | None] = mapped_column(String(100), info={"label": "person"})
    email: Mapped[str | None] = mapped_column(String(254), info={"label": "e-mail"})
    phone: Mapped[str | None] = mapped_column(String(40))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    opened_on: Mapped[date]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info={"follows": True})
    status: Mapped[str] = mapped_column(String(20), default="open", info={"follows": True, "together": "status"})
    wake_on: Mapped[date | None] = mapped_column(info={"together": "status"})
    type_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    priority_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    source_party_id: Mapped[int | None] = mapped_column(
        ForeignKey("party.id"), info={"label": "recommended by", "mentions": True}
    )
    source_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info={"label": "brought by"})
    source_note: Mapped[str | None] = mapped_column(String(200), info={"label": "about the source"})
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    process_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"))
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"))
    description: Mapped[str | None] = mapped_column(String(4000))
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("reason.id"), info={"together": "status"})
    outcome_note: Mapped[str | None] = mapped_column(String(4000), info={"together": "status"})
    closed_on: Mapped[date | None] = mapped_column(info={"follows": True, "together": "status"})
    closed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), info={"follows": True, "together": "status"}
    )
    imported: Mapped[dict[str, str] | None] = mapped_column(Json, info={"label": "other imported columns"})
    #: Something came of it: an opportunity, an account, a prospect, a party or a contact.
    converted: Mapped[bool] = mapped_column(default=False, info={"follows": True, "together": "status"})

    party: Mapped[Party | None] = relationship(foreign_keys=[party_id])
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    type: Mapped[Code | None] = relationship(foreign_keys=[type_id])
    priority: Mapped[Code | None] = relationship(foreign_keys=[priority_id])
    rating: Mapped[Code | None] = relationship(foreign_keys=[rating_id])
    source: Mapped[Code | None] = relationship(foreign_keys=[source_id])
    source_party: Mapped[Party | None] = relationship(foreign_keys=[source_party_id])
    source_user: Mapped[User | None] = relationship(foreign_keys=[source_user_id])
    campaign: Mapped[Campaign | None] = relationship()
    process: Mapped[Process | None] = relationship()
    stage: Mapped[Stage | None] = relationship()
    reason: Mapped[Reason | None] = relationship()
    contacts: Mapped[list[LeadContact]] = relationship(
        primaryjoin="and_(LeadContact.lead_id == Lead.id, LeadContact.hidden.is_(False))", viewonly=True
    )

    def __str__(self) -> str:
        return self.subject

    @property
    def who(self) -> str:
        """Whoever is interested, as far as that is known: the party, else the company or the person as typed."""
        return (self.party.name if self.party else None) or self.company_name or self.person_name or "somebody"

    @property
    def status_words(self) -> str:
        return STATUSES["open" if self.is_open else self.status]

    @property
    def days(self) -> int:
        """How old it is, or how long it took until it was closed."""
        return ((self.closed_on or today()) - self.opened_on).days

    def belongs_to(self, user_id: int) -> bool:
        """Own: the owner's, and everybody's while nobody owns it."""
        return self.owner_id in (None, user_id)

    def may(self, verb: str) -> bool:
        """Whether a verb is legal now; one that woke up counts as open."""
        return verb in self.moves["open" if self.is_open else self.status]

    def go(self, verb: str) -> None:
        if self.status == "postponed" and self.is_open and verb in self.moves["open"]:
            self.status = "open"
        super().go(verb)

    @classmethod
    @verb("captured")
    def capture(cls, facts: dict[str, Any], *, contacts: list[Contact] | None = None, by: Actor | None) -> "Lead":
        """A new lead; needs a subject, the rest has defaults. `contacts` are people of the address book."""
        own = {"owner_id": by.id if by else None, "opened_by_id": by.id if by else None, "opened_on": today()}
        lead = cls(**(own | cls.start(facts) | facts | {"number": facts.get("number") or next_number()}))
        db.session.add(lead)
        db.session.flush()
        for contact in contacts or []:
            LeadContact.add(lead, contact, by=by)
        plan_present(lead, by=by)
        return lead

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Set facts; everything but the status, which has verbs of its own."""
        for name, value in facts.items():
            setattr(self, name, value)

    @verb("assigned")
    def assign(self, owner: User | None, *, by: Actor | None) -> None:
        self.owner_id = owner.id if owner else None

    @verb("qualified")
    def qualify(
        self,
        reason: Reason | None = None,
        *,
        note: str | None = None,
        converted: bool = False,
        finish_open: bool = False,
        by: Actor | None,
    ) -> None:
        """Worth pursuing. `converted`: something came of it, which rooms above make in the same operation."""
        self._close("qualify", reason, note, finish_open, by)
        self.converted = converted

    @verb("disqualified")
    def disqualify(
        self, reason: Reason, *, note: str | None = None, finish_open: bool = False, by: Actor | None
    ) -> None:
        """Not worth pursuing, for a reason."""
        self._close("disqualify", reason, note, finish_open, by)

    @verb("reactivated")
    def reactivate(self, *, by: Actor | None) -> None:
        """Open again, while nothing was created from it; the outcome is cleared, its history stays."""
        if self.converted or self.came_of():
            raise IllegalMove(self, "converted", "reactivate", [])
        self.go("reactivate")
        self.reason_id = self.outcome_note = self.closed_on = self.closed_by_id = None

    @verb("merged")
    def absorb(self, others: Iterable["Lead"], facts: dict[str, Any], *, by: Actor | None) -> None:
        """Become one with `others`. What came of a lead stays with it, so a converted one can only be the survivor."""
        others = list(others)
        for other in others:
            if other.converted:
                raise NotMerged(f"Something came of “{other}” already, so it has to be the one that stays.")
        super().absorb(others, facts, by=by)

    def came_of(self) -> dict[str, int]:
        """Noun → how many present records of rooms above came of it."""
        from p2p.leads import queries

        pointing = [each for each in pointing_at(self.noun) if not each[0].attached_by and each[0].noun not in PARTS]
        return queries.came_of(self.id, pointing)
