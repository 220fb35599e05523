"""Questions about competitors."""

from sqlalchemy import ColumnElement, func, or_, select

from p2p.competitors.models import Competitor
from p2p.db import db
from p2p.listing import Column, Listing, Text
from p2p.parties.models import Party, fold


def choices() -> list[tuple[int, str]]:
    """(id, name) of the competitors in the register, by name."""
    rows = select(Competitor.id, Party.name).join(Party, Party.id == Competitor.party_id)
    rows = rows.where(Competitor.hidden.is_(False), Competitor.archived.is_(False)).order_by(Party.name_folded)
    return [(id, name) for id, name in db.session.execute(rows)]


def name_of(id: int) -> str | None:
    """The name of a present competitor, archived or not."""
    rows = select(Party.name).join(Competitor, Competitor.party_id == Party.id)
    return db.session.scalar(rows.where(Competitor.id == id, Competitor.hidden.is_(False)))


def competitor_of(party_id: int) -> Competitor | None:
    """The competitor role of a party, archived or not."""
    return db.session.scalar(select(Competitor).where(Competitor.party_id == party_id, Competitor.hidden.is_(False)))


def _with_words(typed: str) -> ColumnElement[bool]:
    told = [
        func.lower(column).contains(typed.lower(), autoescape=True) for column in (Competitor.description, Party.city)
    ]
    return or_(Party.name_folded.contains(fold(typed), autoescape=True), *told)


LISTING = Listing(
    name="competitors",
    caption="Competitors",
    base=select(Competitor.id, Competitor.party_id)
    .join(Party, Party.id == Competitor.party_id)
    .where(Competitor.hidden.is_(False)),
    id=Competitor.id,
    columns=(
        Column("name", "Name", Party.name, sort=Party.name_folded, nullable=False, link=("competitors.show", "id")),
        Column("description", "Description", Competitor.description, sortable=False),
        Column("city", "City", Party.city),
        Column("country", "Country", Party.country, wide=True),
    ),
    sort="name",
    filters=(Text("q", "Text", _with_words, hint="Name, description, city"),),
    archived=Competitor.archived,
    empty=("No competitors yet", "Competitors are named while losing an opportunity, or registered here by a manager."),
)
