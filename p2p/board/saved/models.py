"""A saved view: an address of the board under a name."""

from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.db import TABLE, Base, db
from p2p.history import Recorded, verb
from p2p.history.recording import Actor
from p2p.identity.models import User

#: So long an address may get: what stands behind its question mark.
LONGEST = 2000


class BoardView(Recorded, Base):
    """What the board shows and how, kept by one person for themselves or for all."""

    __tablename__ = "board_view"
    __table_args__ = (Index("ix_board_view_owner", "owner_id"), TABLE)
    noun: ClassVar[str] = "board_view"

    name: Mapped[str] = mapped_column(String(60))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info={"label": "kept by"})
    shared: Mapped[bool] = mapped_column(default=False, info={"label": "for all"})
    query: Mapped[str] = mapped_column(String(LONGEST), info={"label": "what it shows"})

    owner: Mapped[User | None] = relationship()

    def __str__(self) -> str:
        return self.name

    def belongs_to(self, user_id: int) -> bool:
        return self.owner_id == user_id

    @classmethod
    @verb("saved")
    def save(cls, facts: dict[str, Any], *, by: Actor | None) -> "BoardView":
        """Keep an address; needs name and query, and is for oneself unless it is shared."""
        view = cls(**({"owner_id": by.id if by else None} | facts))
        db.session.add(view)
        db.session.flush()
        return view

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        for name, value in facts.items():
            setattr(self, name, value)

    @verb("removed")
    def remove(self, *, by: Actor | None) -> None:
        self.hidden = True
