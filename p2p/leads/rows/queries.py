"""Questions behind the list of leads."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select
from sqlalchemy.orm import aliased, selectinload

from p2p.db import db
from p2p.filters import today
from p2p.identity.models import User
from p2p.leads.indexes import MAY_BE_NEW, NOT_CLOSED
from p2p.leads.models import Lead
from p2p.parties.channels.kinds import spelled
from p2p.parties.models import Party, fold
from p2p.setup.models import QUALIFICATION, Code, Process, Reason, Stage

Owner, Rating, Priority, Source, Kind = aliased(User), aliased(Code), aliased(Code), aliased(Code), aliased(Code)
LONG_AGO = date(1900, 1, 1)


def listed() -> Select[Any]:
    """The present leads as a list needs them: joined to party, owner, codes and reason."""
    ids: tuple[Any, ...] = (Lead.id.label("id"), Lead.version, Lead.party_id, Lead.owner_id)
    rows: Select[Any] = select(
        *ids, Lead.rating_id, Lead.priority_id, Lead.wake_on, Lead.converted, Reason.name.label("reason")
    )
    rows = rows.select_from(Lead).outerjoin(Party, Party.id == Lead.party_id)
    rows = rows.outerjoin(Owner, Owner.id == Lead.owner_id).outerjoin(Reason, Reason.id == Lead.reason_id)
    for code, column in ((Rating, Lead.rating_id), (Priority, Lead.priority_id), (Source, Lead.source_id)):
        rows = rows.outerjoin(code, code.id == column)
    return rows.outerjoin(Kind, Kind.id == Lead.type_id).where(Lead.hidden.is_(False))


def who() -> ColumnElement[str]:
    """Whoever is interested, as far as that is known (`Lead.who`)."""
    return func.coalesce(Party.name, Lead.company_name, Lead.person_name)


def active() -> ColumnElement[bool]:
    """`is_open`, spelled so that the index of what is not closed serves it."""
    return and_(literal_column(f"lead.{NOT_CLOSED}"), or_(Lead.status == "open", Lead.wake_on <= today()))


def unworked() -> ColumnElement[bool]:
    """Active, and nobody logged anything on it yet; again spelled as its index is."""
    awake = or_(Lead.status == "open", Lead.wake_on <= today())
    return and_(literal_column(f"lead.{MAY_BE_NEW}"), awake, Lead.worked.is_(False))


def asleep() -> ColumnElement[bool]:
    """Postponed until a day that has not come.

    The day is wrapped, so that nobody takes the index of days: sorting what it finds costs more than leaving out the
    open ones while reading in order.
    """
    not_closed: ColumnElement[bool] = literal_column(f"lead.{NOT_CLOSED}")
    return and_(not_closed, Lead.status == "postponed", func.coalesce(Lead.wake_on, LONG_AGO) > today())


def waking() -> ColumnElement[bool]:
    """Postponed until today."""
    return and_(Lead.status == "postponed", Lead.wake_on == today())


def with_words(typed: str) -> ColumnElement[bool]:
    """Leads whose subject, company, person or party holds this, or whose e-mail, phone or number it is."""
    words = fold(typed)
    names = (Lead.subject_folded, Lead.company_folded, Lead.person_folded, Party.name_folded)
    found = [column.contains(words, autoescape=True) for column in names]
    found += [Lead.email_key.startswith(typed.casefold(), autoescape=True), Lead.number == typed.upper()]
    if key := spelled("phone", typed)[1]:
        found.append(Lead.phone_key == key)
    return or_(*found)


def stage_names() -> list[tuple[str, str]]:
    """The names of the stages leads go through, as a menu shows them; editions of a process share theirs."""
    names = select(Stage.name).join(Process, Process.id == Stage.process_id).where(Process.kind == QUALIFICATION)
    names = names.where(Stage.hidden.is_(False)).group_by(Stage.name).order_by(func.min(Stage.position), Stage.name)
    return [(name, name) for name in db.session.scalars(names)]


def at_stage(name: str) -> ColumnElement[bool]:
    """Leads at a stage of this name, of whichever process and edition."""
    stages = select(Stage.id).join(Process, Process.id == Stage.process_id)
    return Lead.stage_id.in_(stages.where(Process.kind == QUALIFICATION, Stage.name == name))


# ── Many at once ────────────────────────────────────────────────────────────────────────────────────────────────────


def first_ids(rows: Select[Any], limit: int) -> list[int]:
    """The ids of the first leads of a list."""
    return [row.id for row in db.session.execute(rows.limit(limit))]


def by_id(ids: list[int], *, held: bool = False) -> list[Lead]:
    """The present leads with these ids, in this order, with the names they are told by; `held`: others wait in turn."""
    rows = select(Lead).where(Lead.id.in_(ids), Lead.hidden.is_(False)).order_by(Lead.id)
    rows = rows.options(*(selectinload(each) for each in (Lead.party, Lead.owner, Lead.rating)))
    found = {lead.id: lead for lead in db.session.scalars(rows.with_for_update(of=Lead) if held else rows)}
    return [found[id] for id in ids if id in found]
