"""Competitors: parties we bid against."""

from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.archiving import Archivable
from p2p.db import TABLE, Base, db, unique_while_present
from p2p.history import verb
from p2p.history.recording import Actor
from p2p.parties.models import Party


class AlreadyRegistered(Exception):
    """The party is in the register of competitors already; the message says so."""


class Competitor(Archivable, Base):
    """The role of a party that bids for the same work."""

    __tablename__ = "competitor"
    __table_args__ = (unique_while_present("competitor", "party_id"), Index("ix_competitor_party", "party_id"), TABLE)
    noun: ClassVar[str] = "competitor"
    same_by: ClassVar[tuple[str, ...]] = ("party_id",)

    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    description: Mapped[str | None] = mapped_column(String(200))
    strengths: Mapped[str | None] = mapped_column(String(4000))
    prices: Mapped[str | None] = mapped_column(String(4000), info={"label": "prices and products"})
    notes: Mapped[str | None] = mapped_column(String(4000))

    party: Mapped[Party] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return self.party.name

    @property
    def name(self) -> str:
        return self.party.name

    @classmethod
    @verb("registered")
    def register(cls, party: Party, facts: dict[str, Any], *, by: Actor | None) -> "Competitor":
        """Enter a party into the register of competitors."""
        from p2p.competitors import queries

        if known := queries.competitor_of(party.id):
            raise AlreadyRegistered(f"{party} is in the register already{', archived' if known.archived else ''}.")
        return cls._add(party, facts)

    @classmethod
    @verb("named")
    def name_while_losing(cls, name: str, *, by: Actor | None) -> "Competitor":
        """A competitor by name only: whoever may lose an opportunity may name who won it."""
        return cls._add(Party.enter({"name": name}, by=by), {})

    @classmethod
    def _add(cls, party: Party, facts: dict[str, Any]) -> "Competitor":
        competitor = cls(party_id=party.id, **facts)
        db.session.add(competitor)
        db.session.flush()
        return competitor

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        for name, value in facts.items():
            setattr(self, name, value)
