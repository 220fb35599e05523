"""Questions about the opportunities of a bulk change."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from p2p.db import db
from p2p.opportunities.models import Opportunity


def first_ids(rows: Select[Any], limit: int) -> list[int]:
    """The ids of the first opportunities of a list."""
    return [row.id for row in db.session.execute(rows.limit(limit))]


def by_id(ids: list[int], *, held: bool = False) -> list[Opportunity]:
    """The present opportunities with these ids, in this order, with what tells of them; `held`: others wait in turn."""
    O = Opportunity  # noqa: E741 (in statements, O reads as the table it is)
    rows = select(O).where(O.id.in_(ids), O.hidden.is_(False)).order_by(O.id)
    rows = rows.options(*(selectinload(each) for each in (O.party, O.owner, O.stage, O.prognosis, O.team)))
    found = {deal.id: deal for deal in db.session.scalars(rows.with_for_update(of=O) if held else rows)}
    return [found[id] for id in ids if id in found]
