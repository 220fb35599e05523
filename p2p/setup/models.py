"""What is set up: the company, its code lists, currencies, probabilities, and the numbers it gives.

Bands, processes and reasons live in modules of their own and are found here, too.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, false, select, true
from sqlalchemy.orm import Mapped, mapped_column, validates

from p2p.db import TABLE, Base, db
from p2p.history import Recorded, verb
from p2p.history.recording import Actor, nouns
from p2p.setup.entries import Entry, InUse, NameTaken
from p2p.setup.processes import QUALIFICATION, SALES, Process, Stage
from p2p.setup.prognosis import Drawn, Overlap, PrognosisBand, bands_fit
from p2p.setup.reasons import LEAD_OUTCOMES, OUTCOMES, Reason
from p2p.setup.steps import Step

__all__ = [
    "CODE_LISTS",
    "LEAD_OUTCOMES",
    "OUTCOMES",
    "QUALIFICATION",
    "SALES",
    "Code",
    "Company",
    "Currency",
    "Drawn",
    "Entry",
    "InUse",
    "NameTaken",
    "Overlap",
    "Probability",
    "Process",
    "PrognosisBand",
    "Reason",
    "Sequence",
    "Stage",
    "Step",
    "bands_fit",
]


#: A rate of one, in millionths.
ONE = 1_000_000


class Company(Recorded, Base):
    """The company that uses p2p, one row: its currency, its clock and the way it writes figures."""

    __tablename__ = "company"
    __table_args__ = (CheckConstraint("id = 1", name="single"), {"sqlite_strict": True})
    noun: ClassVar[str] = "company"

    name: Mapped[str] = mapped_column(String(100), default="")
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    zone: Mapped[str] = mapped_column(String(50), default="UTC", info={"label": "time zone"})
    locale: Mapped[str] = mapped_column(String(20), default="en_GB", info={"label": "format"})
    qualify_needs_reason: Mapped[bool] = mapped_column(
        default=False, server_default=false(), info={"label": "a reason to qualify"}
    )

    def __str__(self) -> str:
        return self.name or "the company"

    @verb("set up")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Set name, currency, time zone or format; the currency stands once figures are kept in it."""
        other_currency = facts.get("currency", self.currency) != self.currency
        if other_currency and self.keeps_figures():
            raise InUse(f"Figures are already kept in {self.currency}, so the company currency can no longer change.")
        for name, value in facts.items():
            setattr(self, name, value)
        if other_currency:
            Currency.measure_in(self.currency, by=by)

    def keeps_figures(self) -> bool:
        """Whether any record keeps an amount in the company currency."""
        from p2p.setup import queries

        tables = (cls.__table__ for cls in nouns.values())  # type: ignore[attr-defined]
        return queries.any_amount(c for table in tables for c in table.c if c.info.get("company_currency"))


class Code(Entry, Base):
    """An entry of one of the plain lists (`list_name`): ratings, sources, segments, activity types, …"""

    __tablename__ = "code"
    __table_args__ = (Index("ix_code_list", "list_name", "position"), TABLE)
    noun: ClassVar[str] = "code"
    within: ClassVar[str | None] = "list_name"

    list_name: Mapped[str] = mapped_column(String(40))


#: The plain code lists: key → (title, what it is for).
CODE_LISTS = {
    "activity_type": ("Activity types", "What kind of work was logged or planned."),
    "activity_phase": ("Activity phases", "How far a piece of work is."),
    "activity_outcome": ("Outcomes of actions", "What came of a call, a message or a letter."),
    "campaign_type": ("Campaign types", "What kind of campaign it is: a fair, a mailing, a call round, …"),
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
    "channel_purpose": ("Purposes", "What a phone, an e-mail or postal address or a web site of a party is for."),
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
    known_by: ClassVar[str] = "name"

    rate_millionths: Mapped[int] = mapped_column(default=ONE, info={"label": "rate"})

    @classmethod
    def pointed_at(cls) -> Iterator[tuple[type[Recorded], Any, Any]]:
        """Records keep the code of their currency, so that is what is looked for."""
        for other in nouns.values():
            table = other.__table__  # type: ignore[attr-defined]
            if "currency" in table.c:
                yield other, table.c.currency, true()

    @property
    def is_the_companys(self) -> bool:
        return db.session.get_one(Company, 1).currency == self.name

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Set the rate; the company currency is worth 1 of itself. Records keep the rate they were written at."""
        if facts.get("rate_millionths", ONE) != ONE and self.is_the_companys:
            raise InUse(f"{self.name} is the company currency, so its rate is 1.")
        super().edit(facts, by=by)

    def needs_to_be_spare(self) -> None:
        if self.is_the_companys:
            raise InUse(f"{self.name} is the company currency.")

    @classmethod
    @verb("measured anew")
    def measure_in(cls, code: str, *, by: Actor | None) -> None:
        """Make `code` the measure of all rates. Without a rate between old and new, the others leave the menus."""
        from p2p.setup import queries

        listed = {currency.name: currency for currency in queries.entries(cls)}
        chosen = listed.pop(code, None)
        worth = chosen.rate_millionths if chosen else None
        chosen = chosen or cls.add({"name": code}, by=by)
        chosen.rate_millionths, chosen.retired = ONE, False
        for other in listed.values():
            if worth:
                other.rate_millionths = max(1, (other.rate_millionths * ONE + worth // 2) // worth)
            elif other.used_by():
                other.retired = True
            else:
                other.hidden = True


class Probability(Entry, Base):
    """A choice of the probability menus; any whole number from 0 to 100 may be typed instead."""

    __tablename__ = "probability"
    __table_args__ = (CheckConstraint("percent between 0 and 100", name="percent"), TABLE)
    noun: ClassVar[str] = "probability"

    percent: Mapped[int]

    @validates("percent")
    def _name_it(self, key: str, percent: int) -> int:
        self.name = f"{percent} %"
        return percent

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Set the percentage, by which the entry is named and ordered."""
        if "percent" in facts:
            facts = facts | {"name": f"{facts['percent']} %"}
        super().edit(facts, by=by)


class Sequence(Base):
    """The last number given, per kind and year; taken inside the transaction that uses it, so no number is lost."""

    __tablename__ = "sequence"
    __table_args__ = (UniqueConstraint("kind", "year"), TABLE)

    PREFIXES: ClassVar[dict[str, str]] = {
        "opportunity": "O",
        "lead": "L",
        "quotation": "Q",
        "prospect": "P",
        "customer": "C",
    }

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
        return cls.spelled(kind, year, row.last)

    @classmethod
    def spelled(cls, kind: str, year: int, place: int) -> str:
        return f"{cls.PREFIXES[kind]}-{year}-{place:04d}"
