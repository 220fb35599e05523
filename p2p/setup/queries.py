"""Questions about what is set up."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from p2p.db import db, plain_rows
from p2p.filters import Format
from p2p.setup.entries import Entry, folded
from p2p.setup.models import (
    QUALIFICATION,
    SALES,
    Code,
    Company,
    Currency,
    Probability,
    Process,
    PrognosisBand,
    Reason,
    Stage,
    Step,
)

E = TypeVar("E", bound=Entry)

_COMPANY = select(Company.name, Company.currency, Company.zone, Company.locale, Company.qualify_needs_reason).where(
    Company.id == 1
)


def company_row() -> Any:
    """(name, currency, zone, locale, qualify_needs_reason) of the company."""
    return plain_rows(_COMPANY).one()


def company_format(row: Any) -> Format:
    return Format(row.locale, row.zone, row.currency)


def codes(list_name: str, kept: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of a code list as a menu shows it: the retired ones left out, but for the one `kept`."""
    shown = select(Code.id, Code.name).where(Code.list_name == list_name, Code.hidden.is_(False))
    shown = shown.where(Code.retired.is_(False) | (Code.id == kept)).order_by(Code.position, Code.id)
    return [(id, name) for id, name in db.session.execute(shown)]


def all_codes(list_name: str) -> list[int]:
    """The ids of a code list in order, with all that were ever in it."""
    return list(db.session.scalars(select(Code.id).where(Code.list_name == list_name).order_by(Code.position, Code.id)))


def codes_of(list_name: str) -> Callable[[int | None], list[tuple[int, str]]]:
    """The choices of a field that takes an entry of a code list."""
    return lambda kept: codes(list_name, kept)


def code_named(list_name: str, name: str) -> Code | None:
    """The present entry of a list with this name, in any case."""
    rows = db.session.scalars(select(Code).where(Code.list_name == list_name, Code.hidden.is_(False)))
    return next((code for code in rows if code.name.casefold() == name.casefold()), None)


_Later = aliased(Process)
#: Whether a later edition has taken the place of a process: then it stands in no list.
_REPLACED = exists().where(_Later.follows_id == Process.id, _Later.hidden.is_(False))


def entries(cls: Any, *conditions: Any) -> list[Any]:
    """All present entries of a kind of list, retired ones last, in their order."""
    rows = select(cls).where(cls.hidden.is_(False), *conditions).order_by(cls.retired, cls.position, cls.id)
    return list(db.session.scalars(rows.where(~_REPLACED) if cls is Process else rows))


def take_turns() -> None:
    """Nothing; until this is committed, nobody else changes a list, so that what was checked stays true."""
    db.session.execute(select(Company.id).where(Company.id == 1).with_for_update())


def any_amount(columns: Iterable[Any]) -> bool:
    """Whether any of these columns holds an amount other than zero."""
    return any(db.session.scalar(select(exists().where(column > 0))) for column in columns)


def siblings(entry: E) -> list[E]:
    """The present entries of the list this one belongs to, read by one writer at a time, retired ones last."""
    take_turns()
    cls = type(entry)
    same = [getattr(cls, cls.within) == getattr(entry, cls.within)] if cls.within else []
    return entries(cls, *same)


def names_standing_twice(cls: type[Entry]) -> list[str]:
    """Names that more than one present entry of the same list has, in any case."""
    seen: set[tuple[Any, str]] = set()
    twice = []
    for entry in entries(cls):
        key = (getattr(entry, cls.within) if cls.within else None, folded(entry.name))
        twice += [entry.name] if key in seen else []
        seen.add(key)
    return twice


def uses(cls: type[Entry], of: Any = None, *, still_open: bool = False) -> dict[Any, dict[str, int]]:
    """What entries are used by: id (currencies: code) → noun → how many present records, open ones or all."""
    counts = []
    for other, column, narrowed in cls.pointed_at():
        table = column.table
        columns = (literal(other.noun).label("noun"), column.label("key"), func.count().label("count"))
        counted = select(*columns).where(column.is_not(None), narrowed, table.c.hidden.is_(False))
        if of is not None:
            counted = counted.where(column == of)
        if still_open and "closed_on" in table.c:
            counted = counted.where(table.c.closed_on.is_(None))
        counts.append(counted.group_by(column))
    found: dict[Any, dict[str, int]] = {}
    for noun, key, count in db.session.execute(union_all(*counts)) if counts else ():
        nouns = found.setdefault(key, {})
        nouns[noun] = nouns.get(noun, 0) + count
    return found


def uses_of(entry: Entry, *, still_open: bool = False) -> dict[str, int]:
    """Noun → how many present records use this entry."""
    key = getattr(entry, entry.known_by)
    return uses(type(entry), key, still_open=still_open).get(key, {})


def counts() -> dict[str, int]:
    """Name of a code list, or noun of any other list → how many entries menus offer."""
    found: dict[str, int] = {}
    offered = select(Code.list_name, func.count()).where(Code.hidden.is_(False), Code.retired.is_(False))
    found |= {row[0]: row[1] for row in db.session.execute(offered.group_by(Code.list_name))}
    for kind in (Currency, Probability, PrognosisBand, Reason):
        present = select(func.count()).select_from(kind).where(kind.hidden.is_(False), kind.retired.is_(False))
        found[kind.noun] = db.session.scalar(present) or 0
    return found | {"sales_stage": len(stages()), "qualification": len(processes(QUALIFICATION))}


def currencies() -> list[Currency]:
    """Currencies amounts may be typed in."""
    return [entry for entry in entries(Currency) if not entry.retired]


def rate_of(currency: str) -> int | None:
    """What one unit of a currency that is set up is worth in the company's, in millionths."""
    return next((entry.rate_millionths for entry in currencies() if entry.name == currency), None)


def bands(kept: int | None = None) -> list[PrognosisBand]:
    """The prognosis bands in order of days: the retired ones left out, but for the one `kept`."""
    offered = PrognosisBand.retired.is_(False) | (PrognosisBand.id == kept)
    rows = select(PrognosisBand).where(PrognosisBand.hidden.is_(False), offered)
    return list(db.session.scalars(rows.order_by(PrognosisBand.from_days, PrognosisBand.id)))


def band_choices(kept: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of the bands as a menu shows them."""
    return [(band.id, band.name) for band in bands(kept)]


def all_bands() -> list[PrognosisBand]:
    """The present bands by days, retired ones last."""
    rows = select(PrognosisBand).where(PrognosisBand.hidden.is_(False))
    return list(db.session.scalars(rows.order_by(PrognosisBand.retired, PrognosisBand.from_days, PrognosisBand.id)))


def bands_edition() -> int:
    """Grows with every change of any band: what a form for all of them is made from."""
    return db.session.scalar(select(func.coalesce(func.sum(PrognosisBand.version), 0))) or 0


def band_for(days: int) -> PrognosisBand | None:
    """The band that holds so many days from now; what is past counts as day 0."""
    return next((band for band in bands() if band.holds(max(days, 0))), None)


def process() -> Process:
    """The sales process in use: the first that is not retired."""
    return processes(SALES)[0]


def processes(kind: str) -> list[Process]:
    """The processes of a kind that are offered, in order; the first is the one that is taken by itself."""
    return entries(Process, Process.kind == kind, Process.retired.is_(False))


def qualification() -> Process | None:
    """The process new leads start on: the first active one, if there is any."""
    return next(iter(processes(QUALIFICATION)), None)


def qualification_choices(kept: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of the qualification processes as a menu shows them, and the one `kept` in its own edition."""
    offered = [(each.id, each.name) for each in processes(QUALIFICATION)]
    if kept is not None and kept not in dict(offered):
        stays = db.session.get_one(Process, kept)
        offered.append((kept, f"{stays.name}, edition {stays.edition}"))
    return offered


def edition_after(process: Process) -> Process | None:
    """The next edition of a process, if there is one."""
    return db.session.scalar(select(Process).where(Process.follows_id == process.id, Process.hidden.is_(False)))


def stages(kept: int | None = None) -> list[Stage]:
    """The stages of the sales process, in order: those that new opportunities can be in, and the one `kept`."""
    return list(db.session.scalars(_of_sales(Stage, kept=kept)))


def _of_sales(*told: Any, kept: Any) -> Select[*tuple[Any, ...]]:
    offered = Stage.retired.is_(False) & Process.retired.is_(False) & (Process.kind == SALES) | (Stage.id == kept)
    rows = select(*told).select_from(Stage).join(Process, Process.id == Stage.process_id)
    rows = rows.where(Stage.hidden.is_(False), offered)
    return rows.order_by(Process.position, Process.id, Stage.position, Stage.id)


def stage_choices(kept: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of the stages as a menu shows them; where there are several sales processes, it says of which."""
    offered = plain_rows(_STAGE_CHOICES, {"kept": kept}).all()
    several = len({process_id for _, _, process_id, _ in offered}) > 1
    return [(id, f"{process}: {name}" if several else name) for id, name, _, process in offered]


_STAGE_CHOICES = _of_sales(Stage.id, Stage.name, Process.id, Process.name, kept=bindparam("kept", type_=Stage.id.type))


def stages_of(process_id: int) -> list[Stage]:
    """The present stages of a process in order, retired ones last."""
    return entries(Stage, Stage.process_id == process_id)


def steps_of(stage_id: int) -> list[Step]:
    """The present steps of a stage in order, retired ones last."""
    return entries(Step, Step.stage_id == stage_id)


def probabilities() -> list[int]:
    """The percentages menus offer."""
    return list(plain_rows(_PROBABILITIES).scalars())


_IN_MENUS = Probability.hidden.is_(False), Probability.retired.is_(False)
_PROBABILITIES = select(Probability.percent).where(*_IN_MENUS).order_by(Probability.percent)


def reason_name(id: int) -> str | None:
    """The name of a present reason."""
    return db.session.scalar(select(Reason.name).where(Reason.id == id, Reason.hidden.is_(False)))


def reasons(outcome: str, what: str = "opportunities", *, imports: bool = False) -> list[Reason]:
    """Why one of `what` (leads, opportunities) ended so: what menus offer (`imports`: what imports give, too)."""
    applies = getattr(Reason, f"for_{what}")
    rows = select(Reason).where(Reason.outcome == outcome, applies.is_(True), Reason.hidden.is_(False))
    rows = rows.where(Reason.retired.is_(False)).order_by(Reason.position, Reason.id)
    return [reason for reason in db.session.scalars(rows) if imports or not reason.imports_only]
