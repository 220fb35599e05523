"""Questions about opportunities."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased

from p2p.contacts.models import Contact
from p2p.db import db
from p2p.identity.models import User
from p2p.opportunities.estimate import COUNTS_AS
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Rival
from p2p.parties.models import Party
from p2p.setup.models import Stage

Owner = aliased(User)


def listed() -> Select[Any]:
    """The present opportunities as a list needs them: joined to party, stage and owner."""
    ids: tuple[Any, ...] = (Opportunity.id.label("id"), Opportunity.party_id.label("party_id"))
    rows = select(*ids).join(Party, Party.id == Opportunity.party_id).join(Stage, Stage.id == Opportunity.stage_id)
    return rows.outerjoin(Owner, Owner.id == Opportunity.owner_id).where(Opportunity.hidden.is_(False))


def counts_as() -> ColumnElement[int]:
    """The probability that figures use: closing decides it (`Developed.counts_as`)."""
    return case(COUNTS_AS, value=Opportunity.status, else_=Opportunity.probability)


def weighted_now() -> ColumnElement[int]:
    """Revenue weighted with what the probability counts as, in minor units (`Developed.weighted_now`)."""
    return (func.coalesce(Opportunity.revenue_company, 0) * counts_as() + 50) // 100


def bid_on_by(competitor_id: int) -> ColumnElement[bool]:
    """Whether a competitor bids on an opportunity, too."""
    lines = select(Rival.opportunity_id).where(Rival.competitor_id == competitor_id, Rival.hidden.is_(False))
    return Opportunity.id.in_(lines)


def contacts_of(party_id: int) -> list[tuple[int, str]]:
    """(id, name) of the people who act for a party."""
    rows = select(Contact.id, Party.name).join(Party, Party.id == Contact.person_id)
    rows = rows.where(Contact.party_id == party_id, Contact.hidden.is_(False), Contact.archived.is_(False))
    return [(id, name) for id, name in db.session.execute(rows.order_by(Party.name_folded))]
