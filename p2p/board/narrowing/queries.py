"""Narrowing to an owner, parties and words; statements are built once per shape, so a request only binds values."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select

from p2p.db import db
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party, fold

NOBODY = 0

#: What a board is narrowed by: an owner (True) or nobody (False), parties, words. Statements are built once per shape.
Shape = tuple[bool | None, bool, bool]


@dataclass(frozen=True)
class Narrowed:
    """What the board is narrowed to: an owner (0: nobody), parties, words."""

    owner_id: int | None = None
    party_ids: tuple[int, ...] | None = None
    text: str | None = None

    @property
    def plain(self) -> bool:
        """Whether the running totals answer for it."""
        return self.party_ids is None and self.text is None

    @property
    def shape(self) -> Shape:
        owned = None if self.owner_id is None else self.owner_id != NOBODY
        return owned, self.party_ids is not None, self.text is not None

    @property
    def values(self) -> dict[str, Any]:
        """What the statements of this shape are to be given."""
        found: dict[str, Any] = {}
        if self.owner_id is not None:
            found["owner"] = self.owner_id
        if self.party_ids is not None:
            found["parties"] = self.party_ids
        if self.text is not None:
            found["like"] = f"%{_escaped(fold(self.text))}%"
        return found


def conditions(shape: Shape) -> list[ColumnElement[bool]]:
    """What narrows a statement about opportunities to a shape."""
    O = Opportunity  # noqa: E741
    owned, of_parties, with_words = shape
    found: list[ColumnElement[bool]] = []
    if owned is not None:
        found.append(O.owner_id == bindparam("owner") if owned else O.owner_id.is_(None))
    if of_parties:
        found.append(O.party_id.in_(bindparam("parties", expanding=True)))
    if with_words:
        like: Any = bindparam("like")
        parties = select(Party.id).where(Party.name_folded.like(like, escape="\\"))
        words = O.subject_folded.like(like, escape="\\")
        found.append(or_(words, func.lower(O.number).like(like, escape="\\"), O.party_id.in_(parties)))
    return found


def parties_like(text: str) -> tuple[int, ...]:
    """Ids of the parties a typed name means: the one of that very name, else all that contain it (at most 200)."""
    folded = fold(text)
    exact = tuple(db.session.scalars(select(Party.id).where(Party.name_folded == folded, Party.hidden.is_(False))))
    if exact:
        return exact
    like = Party.name_folded.like(f"%{_escaped(folded)}%", escape="\\")
    return tuple(db.session.scalars(select(Party.id).where(like, Party.hidden.is_(False)).limit(200)))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
