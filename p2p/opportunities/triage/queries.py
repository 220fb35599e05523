"""Questions of the triage: which lead comes next, and how many are left."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from sqlalchemy import Select, func, select, tuple_, union_all
from sqlalchemy.orm import joinedload

from p2p.db import db
from p2p.leads.models import Lead
from p2p.leads.queries import is_open
from p2p.leads.rows.queries import with_words
from p2p.parties.models import Party

COUNT_UP_TO = 999


@dataclass(frozen=True)
class Place:
    """Behind which lead the next one is looked for; as an address says it: `2026-11-25.17`."""

    opened_on: date
    id: int

    def __str__(self) -> str:
        return f"{self.opened_on}.{self.id}"

    @classmethod
    def read(cls, typed: str) -> Self | None:
        """The place an address names; None for what names none."""
        day, _, id = typed.partition(".")
        try:
            return cls(date.fromisoformat(day), int(id)) if id.isascii() and id.isdecimal() and len(id) < 16 else None
        except ValueError:
            return None


def _open(owner_id: int | None, after: Place | None, *, everybodys: bool) -> Select[Any]:
    columns: tuple[Any, ...] = (Lead.opened_on, Lead.id)
    rows = select(*columns)
    rows = rows.where(is_open(), Lead.hidden.is_(False), Lead.archived.is_(False))
    if not everybodys:
        rows = rows.where(Lead.owner_id.is_(None) if owner_id is None else Lead.owner_id == owner_id)
    if after is not None:
        rows = rows.where(tuple_(Lead.opened_on, Lead.id) < tuple_(after.opened_on, after.id))
    return rows.order_by(Lead.opened_on.desc(), Lead.id.desc())


def _branches(user_id: int | None, after: Place | None, limit: int) -> Any:
    """The first leads that are open: somebody's and nobody's, each by its index; or everybody's."""
    if user_id is None:
        return _open(None, after, everybodys=True).limit(limit).subquery()
    both = (_open(owner, after, everybodys=False).limit(limit).subquery() for owner in (user_id, None))
    return union_all(*(select(each) for each in both)).subquery()


def next_lead(user_id: int | None, after: Place | None) -> Lead | None:
    """The newest open lead behind a place, of a user and of nobody, or of everybody (None)."""
    first = _branches(user_id, after, 1)
    row = db.session.execute(select(first.c.id).order_by(first.c.opened_on.desc(), first.c.id.desc()).limit(1)).first()
    if row is None:
        return None
    wanted = select(Lead).where(Lead.id == row.id).options(joinedload(Lead.party), joinedload(Lead.campaign))
    return db.session.scalar(wanted)


def left(user_id: int | None, after: Place | None) -> int:
    """How many open leads are behind a place; no more than `COUNT_UP_TO` and one are counted."""
    first = _branches(user_id, after, COUNT_UP_TO + 1)
    return min(db.session.scalar(select(func.count()).select_from(first)) or 0, COUNT_UP_TO + 1)


def others(lead: Lead, words: str, limit: int = 6) -> list[Lead]:
    """The newest present leads but this one that hold these words, of whatever state."""
    rows = select(Lead).outerjoin(Party, Party.id == Lead.party_id).where(with_words(words), Lead.id != lead.id)
    rows = rows.where(Lead.hidden.is_(False), Lead.archived.is_(False)).options(joinedload(Lead.party))
    return list(db.session.scalars(rows.order_by(Lead.opened_on.desc(), Lead.id.desc()).limit(limit)))
