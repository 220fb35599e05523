"""The totals that triggers keep, and the same counted anew from the opportunities."""

from collections import Counter
from typing import Any

from sqlalchemy import select

from p2p.db import db
from p2p.opportunities.models import Opportunity
from p2p.opportunities.totals import ColumnTotal
from p2p.setup.models import Stage

Totals = dict[tuple[Any, ...], tuple[int, int, int]]


def kept(kind: str | None = None) -> Totals:
    """(kind, whose, process, value, next day) → count, revenue, weighted; what nothing is left of goes unsaid."""
    rows = select(ColumnTotal).execution_options(populate_existing=True)
    return {
        (t.kind, t.whose, t.process_id, t.value, t.next_on): (t.count, t.revenue, t.weighted)
        for t in db.session.scalars(rows if kind is None else rows.where(ColumnTotal.kind == kind))
        if t.count
    }


def recounted(kind: str | None = None) -> Totals:
    """What `kept` should say."""
    found: dict[tuple[Any, ...], Counter[int]] = {}
    rows = select(Opportunity, Stage.process_id).join(Stage, Stage.id == Opportunity.stage_id)
    for deal, process_id in db.session.execute(rows.where(Opportunity.live).execution_options(populate_existing=True)):
        owner = deal.owner_id or 0
        month = deal.decide_by.year * 100 + deal.decide_by.month if deal.decide_by else 0
        values = {"stage": deal.stage_id, "prognosis": deal.prognosis_id or 0, "month": month}
        columns = [(name, whose, value) for name, value in values.items() for whose in (ColumnTotal.EVERYBODY, owner)]
        for name, whose, value in (*columns, ("owner", ColumnTotal.EVERYBODY, owner)):
            if kind in (None, name):
                key = name, whose, process_id, value, deal.next_on or ColumnTotal.NEVER
                found.setdefault(key, Counter()).update({0: 1, 1: deal.revenue_company or 0, 2: deal.weighted})
    return {key: (sums[0], sums[1], sums[2]) for key, sums in found.items()}
