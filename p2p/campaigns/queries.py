"""Questions about campaigns."""

from sqlalchemy import select

from p2p.campaigns.models import Campaign
from p2p.db import db


def choices(kept: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of the campaigns a menu offers, by name: those put away left out, but for the one `kept`."""
    offered = select(Campaign.id, Campaign.name).where(Campaign.hidden.is_(False))
    offered = offered.where(Campaign.archived.is_(False) | (Campaign.id == kept))
    return [(id, name) for id, name in db.session.execute(offered.order_by(Campaign.name_folded, Campaign.id))]


def name_of(id: int) -> str | None:
    """The name of a present campaign, archived or not."""
    return db.session.scalar(select(Campaign.name).where(Campaign.id == id, Campaign.hidden.is_(False)))
