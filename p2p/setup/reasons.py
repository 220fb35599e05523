"""Why something ended as it did: one list, divided by the outcome each reason explains."""

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from p2p.db import TABLE, Base
from p2p.history import verb
from p2p.history.recording import Actor
from p2p.setup.entries import Entry, InUse

OUTCOMES = ("qualified", "disqualified", "won", "lost", "canceled")
#: Outcomes of leads; the others are outcomes of opportunities and quotations.
LEAD_OUTCOMES = ("qualified", "disqualified")


class NotThatReason(ValueError):
    """A reason of another kind, or one that needs a note; the message says which."""


class Reason(Entry, Base):
    """Why something ended as it did: what it applies to and which outcome it explains."""

    __tablename__ = "reason"
    __table_args__ = (
        CheckConstraint("outcome in ('qualified', 'disqualified', 'won', 'lost', 'canceled')", name="outcome"),
        Index("ix_reason_outcome", "outcome", "position"),
        TABLE,
    )
    noun: ClassVar[str] = "reason"
    within: ClassVar[str | None] = "outcome"
    KINDS: ClassVar[tuple[str, ...]] = ("for_leads", "for_opportunities", "for_quotations")

    outcome: Mapped[str] = mapped_column(String(20))
    for_leads: Mapped[bool] = mapped_column(default=False)
    for_opportunities: Mapped[bool] = mapped_column(default=False)
    for_quotations: Mapped[bool] = mapped_column(default=False)
    needs_note: Mapped[bool] = mapped_column(default=False)
    imports_only: Mapped[bool] = mapped_column(default=False)

    @property
    def kinds(self) -> list[str]:
        """What it applies to, in words."""
        return [kind.removeprefix("for_") for kind in self.KINDS if getattr(self, kind)]

    def explain(self, what: str, outcome: str, note: str | None) -> None:
        """Raise NotThatReason unless this says why one of `what` (leads, opportunities, quotations) ended so."""
        if self.outcome != outcome or not getattr(self, f"for_{what}") or self.imports_only:
            one = {"leads": "a lead", "opportunities": "an opportunity", "quotations": "a quotation"}[what]
            raise NotThatReason(f"“{self}” does not explain why {one} was {outcome}.")
        if self.needs_note and not note:
            raise NotThatReason(f"“{self}” needs a note that says what it was.")

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Set facts; raises InUse where something would be left without any reason for this outcome."""
        dropped = [kind for kind in self.KINDS if getattr(self, kind) and not facts.get(kind, True)]
        self._leave_one(dropped)
        super().edit(facts, by=by)

    def needs_to_be_spare(self) -> None:
        if self.imports_only:
            raise InUse(f"“{self.name}” is what imports give where the file names no reason.")
        self._leave_one([kind for kind in self.KINDS if getattr(self, kind)])

    def _leave_one(self, kinds: list[str]) -> None:
        others = [o for o in self.siblings() if o is not self and not o.retired and not o.imports_only]
        for kind in kinds if not self.retired and not self.imports_only else []:
            if not any(getattr(other, kind) for other in others):
                what = kind.removeprefix("for_")
                raise InUse(f"“{self.name}” is the only reason left for {what} {self.outcome}. Add another one first.")

    def _next_position(self, siblings: list["Reason"]) -> int:
        """Behind the ordinary reasons, before “Other” and what only imports give."""
        return super()._next_position([r for r in siblings if not (r.needs_note or r.imports_only)])
