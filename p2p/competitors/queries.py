"""Questions about competitors."""

from sqlalchemy import select

from p2p.competitors.models import Competitor
from p2p.db import db
from p2p.parties.models import Party


def choices() -> list[tuple[int, str]]:
    """(id, name) of the competitors in the register, by name."""
    rows = select(Competitor.id, Party.name).join(Party, Party.id == Competitor.party_id)
    rows = rows.where(Competitor.hidden.is_(False), Competitor.archived.is_(False)).order_by(Party.name_folded)
    return [(id, name) for id, name in db.session.execute(rows)]
