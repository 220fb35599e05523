"""Questions about leads as reports ask them: counted, never listed. What they count is what the list shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from p2p.db import db
from p2p.leads.models import Lead
from p2p.leads.queries import is_open
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Origin

#: State as the list names its tabs.
STATES = {"active": "Open", "postponed": "Postponed", "qualified": "Qualified", "not_qualified": "Not qualified"}

_NARROWS: dict[str, Any] = {
    "opened_from": lambda day: Lead.opened_on >= day,
    "opened_to": lambda day: Lead.opened_on <= day,
    "owner": lambda id: Lead.owner_id == id,
    "source": lambda id: Lead.source_id == id,
    "campaign": lambda id: Lead.campaign_id == id,
    "type": lambda id: Lead.type_id == id,
}


#: What reports divide leads by: filter of the list → (title, column, noun of its values, the filter's word for none).
DIMENSIONS: dict[str, tuple[str, Any, str, str]] = {
    "owner": ("Owner", Lead.owner_id, "user", "nobody"),
    "rating": ("Rating", Lead.rating_id, "code", "none"),
    "priority": ("Priority", Lead.priority_id, "code", "none"),
    "type": ("Type", Lead.type_id, "code", "none"),
    "source": ("Source", Lead.source_id, "code", "none"),
}


def _asked(narrowed: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    there = [Lead.hidden.is_(False), Lead.archived.is_(False)]
    return there + [_NARROWS[name](value) for name, value in narrowed.items()]


def _state() -> Any:
    """The tab of the list that shows a lead; one that woke up counts as open."""
    return case((is_open(), "active"), else_=Lead.status)


def count_by(narrowed: Mapping[str, Any], *columns: Any) -> dict[tuple[Any, ...], int]:
    """(state, …) → how many leads, for the given columns beside the state."""
    state = _state().label("state")
    rows = select(state, *columns, func.count()).where(*_asked(narrowed)).group_by(state, *columns)
    return {tuple(row[:-1]): row[-1] for row in db.session.execute(rows)}


def by_reason(narrowed: Mapping[str, Any]) -> dict[int | None, int]:
    """Reason → how many leads were not qualified for it."""
    rows = select(Lead.reason_id, func.count()).where(*_asked(narrowed), Lead.status == "not_qualified")
    return {row[0]: row[1] for row in db.session.execute(rows.group_by(Lead.reason_id))}


def days_to_close(narrowed: Mapping[str, Any]) -> tuple[int, float | None]:
    """(how many were closed, the median of the days that took)."""
    rows = select(Lead.opened_on, Lead.closed_on, func.count()).where(*_asked(narrowed), Lead.closed_on.is_not(None))
    taken: list[int] = []
    for opened_on, closed_on, count in db.session.execute(rows.group_by(Lead.opened_on, Lead.closed_on)):
        taken += [((closed_on or opened_on) - opened_on).days] * count
    return len(taken), median(taken) if taken else None


def opened_by_day(narrowed: Mapping[str, Any]) -> dict[date, int]:
    """Day → how many leads were opened."""
    rows = select(Lead.opened_on, func.count()).where(*_asked(narrowed)).group_by(Lead.opened_on)
    return {row[0]: row[1] for row in db.session.execute(rows)}


@dataclass(frozen=True)
class Came:
    """What came of the leads of one source: opportunities, those won, and what they brought in the company currency."""

    opportunities: int = 0
    won: int = 0
    revenue: int = 0


def came_by_source(narrowed: Mapping[str, Any]) -> dict[int | None, Came]:
    """Source → what came of its leads. An opportunity that several leads of a source led to counts once."""
    pairs = select(Lead.source_id, Origin.opportunity_id).join(Origin, Origin.lead_id == Lead.id)
    distinct = pairs.where(*_asked(narrowed), Origin.hidden.is_(False)).distinct().subquery()
    won = Opportunity.status == "won"
    figures = func.count(), func.sum(case((won, 1), else_=0))
    revenue = func.sum(case((won, func.coalesce(Opportunity.revenue_company, 0)), else_=0))
    rows = select(distinct.c.source_id, *figures, revenue)
    rows = rows.join(Opportunity, Opportunity.id == distinct.c.opportunity_id).where(Opportunity.hidden.is_(False))
    found = db.session.execute(rows.group_by(distinct.c.source_id))
    return {source: Came(count, int(wins), int(sum_)) for source, count, wins, sum_ in found}
