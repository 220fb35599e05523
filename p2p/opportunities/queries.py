"""Questions about opportunities."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased

from p2p.activities.agenda.pursued import pursue
from p2p.contacts.models import Contact
from p2p.db import chunks, db
from p2p.filters import today
from p2p.identity.models import User
from p2p.opportunities.estimate import COUNTS_AS
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.models import Process, Stage

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


def with_number(number: str) -> Opportunity | None:
    """The opportunity with this number, taken away or not."""
    return db.session.scalar(select(Opportunity).where(Opportunity.number == number))


def open_out_of_sight(ids: list[int]) -> list[tuple[str, str]]:
    """(subject, stage) of those open opportunities whose stage, or its process, no menu offers."""
    rows = select(Opportunity.subject, Stage.name).join(Stage, Stage.id == Opportunity.stage_id)
    rows = rows.join(Process, Process.id == Stage.process_id)
    rows = rows.where(Opportunity.hidden.is_(False), Opportunity.closed_on.is_(None))
    rows = rows.where(or_(Stage.hidden, Stage.retired, Process.hidden, Process.retired))
    found: list[tuple[str, str]] = []
    for chunk in chunks(ids, 500):
        found += [(subject, stage) for subject, stage in db.session.execute(rows.where(Opportunity.id.in_(chunk)))]
    return found


def contacts_of(party_id: int) -> list[tuple[int, str]]:
    """(id, name) of the people who act for a party, but for the inactive ones."""
    rows = select(Contact.id, Party.name).join(Party, Party.id == Contact.person_id)
    rows = rows.where(Contact.party_id == party_id, Contact.hidden.is_(False), Contact.archived.is_(False))
    rows = rows.where(Contact.inactive.is_(False))
    return [(id, name) for id, name in db.session.execute(rows.order_by(Party.name_folded))]


def _open() -> tuple[ColumnElement[bool], ...]:
    """Active, or postponed and awake again, each by an index."""
    awake = (Opportunity.status == "postponed") & (Opportunity.wake_on <= today())
    return Opportunity.live.is_(True), awake


pursue(Opportunity.noun, _open, first=Opportunity.order_day)
