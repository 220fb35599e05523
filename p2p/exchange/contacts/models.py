"""Marks by which other address books know their cards, so that a card is recognized when it comes again."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from p2p.db import TABLE, Base


class CardMark(Base):
    """The UID of an imported card and the party made of it. It only recognizes: an undone party is no match."""

    __tablename__ = "card_mark"
    __table_args__ = (Index("ix_card_mark_uid", "uid"), Index("ix_card_mark_party", "party_id"), TABLE)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(200))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
