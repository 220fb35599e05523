"""Questions about leads."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import joinedload

from p2p.activities.agenda.pursued import pursue
from p2p.db import db
from p2p.filters import today
from p2p.leads.models import Lead
from p2p.leads.parts import LeadContact
from p2p.parties.likeness import SAME


def is_open() -> ColumnElement[bool]:
    """Open, or postponed and awake again (`Lead.is_open`)."""
    return (Lead.status == "open") | ((Lead.status == "postponed") & (Lead.wake_on <= today()))


def with_number(number: str) -> Lead | None:
    """The lead with this number, taken away or not."""
    return db.session.scalar(select(Lead).where(Lead.number == number))


def contact_line(lead_id: int, contact_id: int) -> LeadContact | None:
    """The line that says that a contact is behind a lead."""
    lines = select(LeadContact).where(LeadContact.lead_id == lead_id, LeadContact.contact_id == contact_id)
    return db.session.scalar(lines.where(LeadContact.hidden.is_(False)))


def of_contact(contact_id: int) -> ColumnElement[bool]:
    """Whether a contact is behind a lead."""
    lines = select(LeadContact.lead_id).where(LeadContact.contact_id == contact_id, LeadContact.hidden.is_(False))
    return Lead.id.in_(lines)


# ── Leads that may be about the same ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Twin:
    """Another lead that may be about the same, and why, in words."""

    lead: Lead
    why: str


def twins(lead: Lead, limit: int = 5) -> list[Twin]:
    """Other leads with the e-mail address, the phone number or the party of this one, newest first."""
    keys = {"email_key": lead.email_key, "phone_key": lead.phone_key, "party_id": lead.party_id}
    return leads_with(keys, Lead.id != lead.id, limit=limit)


#: What two leads may share, and how that is said; the first that fits is said.
SHARED = {"email_key": SAME["email"], "phone_key": SAME["phone"], "party_id": SAME["party"]}


def leads_with(keys: dict[str, Any], *conditions: ColumnElement[bool], limit: int) -> list[Twin]:
    """The leads that share any of these values, newest first, each with what it shares; blanks never match."""
    alike = [getattr(Lead, name) == value for name, value in keys.items() if value is not None]
    rows = select(Lead).where(or_(false(), *alike), Lead.hidden.is_(False), Lead.archived.is_(False), *conditions)
    rows = rows.options(joinedload(Lead.party)).order_by(Lead.opened_on.desc(), Lead.id.desc())
    found = db.session.scalars(rows.limit(limit))
    return [Twin(lead, _shared(lead, keys)) for lead in found]


def _shared(lead: Lead, keys: dict[str, Any]) -> str:
    return next(words for name, words in SHARED.items() if keys.get(name) and getattr(lead, name) == keys[name])


def came_of(lead_id: int, pointing: Iterable[tuple[Any, Any, Any]]) -> dict[str, int]:
    """Noun → how many present records point at a lead, through these (noun, column, condition)."""
    found: dict[str, int] = {}
    for other, column, narrowed in pointing:
        table = column.table
        counted = select(func.count()).where(column == lead_id, narrowed, table.c.hidden.is_(False))
        if count := db.session.scalar(counted):
            found[other.noun] = found.get(other.noun, 0) + count
    return found


def _open() -> tuple[ColumnElement[bool], ...]:
    """`is_open` in two parts, each by an index."""
    return Lead.status == "open", (Lead.status == "postponed") & (Lead.wake_on <= today())


pursue(Lead.noun, _open, first=Lead.opened_on.desc())
