"""The company and its lists. Whatever is used can be retired but never deleted."""

from datetime import date, timedelta
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.db import TABLE, Base, db
from p2p.history import Recorded, verb
from p2p.history.recording import Actor, nouns
from p2p.history.undoing import pointing_at


class InUse(Exception):
    """Something still used cannot be taken away; the message says by what, and what to do instead."""


class Overlap(Exception):
    """Prognosis bands must follow one another without overlap and without gap."""


class Entry(Recorded):
    """An entry of a list: shown in menus until it is retired, kept for ever on what uses it."""

    name: Mapped[str] = mapped_column(String(100))
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)

    def __str__(self) -> str:
        return self.name

    @classmethod
    @verb("added")
    def add(cls, facts: dict[str, Any], *, by: Actor | None) -> "Entry":
        entry = cls(**facts)
        db.session.add(entry)
        db.session.flush()
        return entry

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        for name, value in facts.items():
            setattr(self, name, value)

    @verb("retired")
    def retire(self, *, by: Actor | None) -> None:
        self.retired = True

    @verb("brought back")
    def bring_back(self, *, by: Actor | None) -> None:
        self.retired = False

    @verb("deleted")
    def delete(self, *, by: Actor | None) -> None:
        """Take an entry away that nothing uses; raises InUse otherwise."""
        users = self.used_by()
        if users:
            told = ", ".join(f"{count} × {noun.replace('_', ' ')}" for noun, count in users.items())
            raise InUse(f"“{self.name}” is used ({told}). Retire it instead: it leaves the menus and stays where it is used.")
        self.hidden = True

    def used_by(self) -> dict[str, int]:
        """Noun → how many present records point here."""
        found: dict[str, int] = {}
        for other, column, narrowed in pointing_at(self.noun):
            table = column.table
            count = len(
                db.session.execute(select(table.c.id).where(column == self.id, narrowed, table.c.hidden.is_(False))).all()
            )
            if count:
                found[other.noun] = found.get(other.noun, 0) + count
        return found


class Company(Recorded, Base):
    """The company that uses p2p, one row: its currency, its clock and the way it writes figures."""

    __tablename__ = "company"
    __table_args__ = (CheckConstraint("id = 1", name="single"), {"sqlite_strict": True})
    noun: ClassVar[str] = "company"

    name: Mapped[str] = mapped_column(String(100), default="")
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    zone: Mapped[str] = mapped_column(String(50), default="UTC", info={"label": "time zone"})
    locale: Mapped[str] = mapped_column(String(20), default="en_GB", info={"label": "format"})

    def __str__(self) -> str:
        return self.name or "the company"

    @verb("set up")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Set name, currency, time zone or format; the currency stands once figures are kept in it."""
        if facts.get("currency", self.currency) != self.currency and self._keeps_figures():
            raise InUse(f"Figures are already kept in {self.currency}, so the company currency can no longer change.")
        for name, value in facts.items():
            setattr(self, name, value)

    def _keeps_figures(self) -> bool:
        columns = (c for cls in nouns.values() for c in cls.__table__.c)  # type: ignore[attr-defined]
        return any(db.session.scalar(select(exists().where(c > 0))) for c in columns if c.info.get("company_currency"))


class Code(Entry, Base):
    """An entry of one of the plain lists (`list_name`): ratings, sources, segments, activity types, …"""

    __tablename__ = "code"
    __table_args__ = (Index("ix_code_list", "list_name", "position"), TABLE)
    noun: ClassVar[str] = "code"

    list_name: Mapped[str] = mapped_column(String(40))


#: The plain code lists: key → (title, what it is for).
CODE_LISTS = {
    "activity_type": ("Activity types", "What kind of work was logged or planned."),
    "source": ("Sources", "Where a lead or an opportunity came from."),
    "product": ("Products", "What is sold; on opportunities and SWOT entries."),
    "prospect_type": ("Prospect types", "Which kind of prospect a party is."),
    "prospect_status": ("Prospect statuses", "How far we are with a prospect."),
    "segment": ("Segments", "How the market is divided."),
    "line_of_business": ("Lines of business", "What a prospect or customer does."),
    "district": ("Sales districts", "Where a prospect or customer belongs."),
    "function": ("Functions", "What a contact does in the organization."),
    "decision_role": ("Decision roles", "Which part a contact has in the decision."),
    "loyalty": ("Loyalty", "How a contact stands to us."),
    "team_role": ("Team roles", "Which part somebody has on an opportunity."),
    "lead_type": ("Lead types", "Which kind of lead it is."),
    "lead_rating": ("Lead ratings", "How warm a lead is."),
    "lead_priority": ("Lead priorities", "How soon a lead needs a hand."),
    "threat": ("Threat levels", "How dangerous a competitor is on an opportunity."),
}


class Currency(Entry, Base):
    """A currency amounts may be typed in; `rate` is what one unit is worth in the company currency."""

    __tablename__ = "currency"
    __table_args__ = (CheckConstraint("rate_millionths > 0", name="rate"), TABLE)
    noun: ClassVar[str] = "currency"

    rate_millionths: Mapped[int] = mapped_column(default=1_000_000, info={"label": "rate"})


OUTCOMES = ("qualified", "disqualified", "won", "lost", "canceled")


class Reason(Entry, Base):
    """Why something ended as it did: what it applies to and which outcome it explains."""

    __tablename__ = "reason"
    __table_args__ = (
        CheckConstraint("outcome in ('qualified', 'disqualified', 'won', 'lost', 'canceled')", name="outcome"),
        Index("ix_reason_outcome", "outcome", "position"),
        TABLE,
    )
    noun: ClassVar[str] = "reason"

    outcome: Mapped[str] = mapped_column(String(20))
    for_leads: Mapped[bool] = mapped_column(default=False)
    for_opportunities: Mapped[bool] = mapped_column(default=False)
    for_quotations: Mapped[bool] = mapped_column(default=False)
    needs_note: Mapped[bool] = mapped_column(default=False)
    imports_only: Mapped[bool] = mapped_column(default=False)


class Probability(Entry, Base):
    """A choice of the probability menus; any whole number from 0 to 100 may be typed instead."""

    __tablename__ = "probability"
    __table_args__ = (CheckConstraint("percent between 0 and 100", name="percent"), TABLE)
    noun: ClassVar[str] = "probability"

    percent: Mapped[int]


class PrognosisBand(Entry, Base):
    """A band of time until the decision, in days from the day the prognosis was given; the last one is open."""

    __tablename__ = "prognosis_band"
    __table_args__ = (
        CheckConstraint("from_days >= 0 and (to_days is null or to_days >= from_days)", name="days"),
        TABLE,
    )
    noun: ClassVar[str] = "prognosis_band"

    #: What the open band counts as when ordering.
    OPEN_DAYS: ClassVar[int] = 730

    from_days: Mapped[int]
    to_days: Mapped[int | None]

    def window(self, given_on: date) -> tuple[date, date]:
        """First and last day of the window, counted from the day the prognosis was given."""
        last = self.to_days if self.to_days is not None else max(self.OPEN_DAYS, self.from_days)
        return given_on + timedelta(days=self.from_days), given_on + timedelta(days=last)

    def holds(self, days: int) -> bool:
        return self.from_days <= days and (self.to_days is None or days <= self.to_days)


def bands_fit(bands: list[tuple[int, int | None]]) -> None:
    """Raise Overlap unless the (from, to) day bands start at 0, follow one another day by day and end open."""
    expected: int | None = 0
    for first, last in sorted(bands, key=lambda band: band[0]):
        if expected is None:
            raise Overlap("Only the last band may be open; give the others a last day.")
        if first != expected:
            what = "overlap" if first < expected else "leave a gap"
            raise Overlap(f"The bands {what} at day {min(first, expected)}: the next one must start at day {expected}.")
        expected = None if last is None else last + 1
    if expected is not None:
        raise Overlap("The last band must be open, so that every day has a band: leave its last day blank.")


class Process(Entry, Base):
    """A sales process: an ordered row of stages."""

    __tablename__ = "process"
    __table_args__ = (TABLE,)
    noun: ClassVar[str] = "process"

    stages: Mapped[list["Stage"]] = relationship(
        order_by="Stage.position",
        primaryjoin="and_(Stage.process_id == Process.id, Stage.hidden.is_(False))",
        viewonly=True,
    )


class Stage(Entry, Base):
    """A stage of a sales process, with the probability opportunities take while nobody sets one by hand."""

    __tablename__ = "stage"
    __table_args__ = (CheckConstraint("probability between 1 and 99", name="probability"), TABLE)
    noun: ClassVar[str] = "stage"

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    probability: Mapped[int] = mapped_column(info={"kind": "percent"})


class Sequence(Base):
    """The last number given, per kind and year; taken inside the transaction that uses it, so no number is lost."""

    __tablename__ = "sequence"
    __table_args__ = (UniqueConstraint("kind", "year"), TABLE)

    PREFIXES: ClassVar[dict[str, str]] = {"opportunity": "O", "lead": "L", "quotation": "Q", "prospect": "P", "customer": "C"}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)

    @classmethod
    def next(cls, kind: str, year: int) -> str:
        """The next number of a kind, like `O-2026-0001`."""
        row = db.session.scalar(select(cls).where(cls.kind == kind, cls.year == year).with_for_update())
        if row is None:
            row = cls(kind=kind, year=year, last=0)
            db.session.add(row)
        row.last += 1
        return f"{cls.PREFIXES[kind]}-{year}-{row.last:04d}"
