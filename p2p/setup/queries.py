"""Questions about what is set up."""

from typing import Any

from sqlalchemy import select

from p2p.db import db
from p2p.filters import Format
from p2p.setup.models import Code, Company, Currency, PrognosisBand, Probability, Process, Reason, Stage

_COMPANY = select(Company.name, Company.currency, Company.zone, Company.locale).where(Company.id == 1)


def company_row() -> Any:
    """(name, currency, zone, locale) of the company."""
    return db.session.execute(_COMPANY).one()


def company_format(row: Any) -> Format:
    return Format(row.locale, row.zone, row.currency)


def codes(list_name: str, kept: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of a code list as a menu shows it: the retired ones left out, but for the one `kept`."""
    shown = select(Code.id, Code.name).where(Code.list_name == list_name, Code.hidden.is_(False))
    shown = shown.where(Code.retired.is_(False) | (Code.id == kept)).order_by(Code.position, Code.id)
    return [(id, name) for id, name in db.session.execute(shown)]


def code_named(list_name: str, name: str) -> Code | None:
    """The present entry of a list with this name, in any case."""
    rows = db.session.scalars(select(Code).where(Code.list_name == list_name, Code.hidden.is_(False)))
    return next((code for code in rows if code.name.casefold() == name.casefold()), None)


def entries(cls: Any, *conditions: Any) -> list[Any]:
    """All present entries of a kind of list, retired ones last, in their order."""
    rows = select(cls).where(cls.hidden.is_(False), *conditions).order_by(cls.retired, cls.position, cls.id)
    return list(db.session.scalars(rows))


def currencies() -> list[Currency]:
    """Currencies amounts may be typed in."""
    return [entry for entry in entries(Currency) if not entry.retired]


def bands() -> list[PrognosisBand]:
    """The prognosis bands in order of days."""
    rows = select(PrognosisBand).where(PrognosisBand.hidden.is_(False), PrognosisBand.retired.is_(False))
    return list(db.session.scalars(rows.order_by(PrognosisBand.from_days)))


def band_for(days: int) -> PrognosisBand | None:
    """The band that holds so many days from now; what is past counts as day 0."""
    return next((band for band in bands() if band.holds(max(days, 0))), None)


def process() -> Process:
    """The sales process in use: the first that is not retired."""
    return entries(Process, Process.retired.is_(False))[0]  # type: ignore[no-any-return]


def stages() -> list[Stage]:
    """The stages of the sales process, in order, those that new opportunities can be in."""
    rows = select(Stage).join(Process, Process.id == Stage.process_id)
    rows = rows.where(Stage.hidden.is_(False), Stage.retired.is_(False), Process.retired.is_(False))
    return list(db.session.scalars(rows.order_by(Process.position, Process.id, Stage.position, Stage.id)))


def probabilities() -> list[int]:
    """The percentages menus offer."""
    rows = select(Probability.percent).where(Probability.hidden.is_(False), Probability.retired.is_(False))
    return list(db.session.scalars(rows.order_by(Probability.percent)))


def reasons(outcome: str, *, imports: bool = False) -> list[Reason]:
    """Why an opportunity ended so: reasons of that outcome that menus offer (`imports`: those of imports, too)."""
    rows = select(Reason).where(Reason.outcome == outcome, Reason.for_opportunities.is_(True), Reason.hidden.is_(False))
    rows = rows.where(Reason.retired.is_(False)).order_by(Reason.position, Reason.id)
    return [reason for reason in db.session.scalars(rows) if imports or not reason.imports_only]
