"""Questions about leads."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, select

from p2p.db import db
from p2p.filters import today
from p2p.leads.models import Lead
from p2p.leads.parts import LeadContact


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


def came_of(lead_id: int, pointing: Iterable[tuple[Any, Any, Any]]) -> dict[str, int]:
    """Noun → how many present records point at a lead, through these (noun, column, condition)."""
    found: dict[str, int] = {}
    for other, column, narrowed in pointing:
        table = column.table
        counted = select(func.count()).where(column == lead_id, narrowed, table.c.hidden.is_(False))
        if count := db.session.scalar(counted):
            found[other.noun] = found.get(other.noun, 0) + count
    return found
