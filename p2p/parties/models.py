"""Parties: the entries of the address book. Roles (prospect, customer, competitor) hang off them."""

import unicodedata
from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from p2p.archiving import Archivable
from p2p.db import TABLE, Base, db
from p2p.history import verb
from p2p.history.absorbing import Absorbing
from p2p.history.recording import Actor, PutBack
from p2p.parties.channels.kinds import REPEATED, spelled
from p2p.parties.channels.models import Channel, Facts
from p2p.parties.channels.settling import give_way, settle

KINDS = {"organization": "Organization", "person": "Person"}
#: The roles a party can hold: the noun that keeps each, and its word.
ROLES = {"prospect": "Prospect", "customer": "Customer", "competitor": "Competitor"}
#: What tells the legal form and not the name.
LEGAL_FORMS = frozenset(
    "ab ag as bv co company corp corporation eg gmbh inc kg limited llc ltd nv ohg oy plc pty sa sarl se srl".split()
)


def fold(text: str) -> str:
    """Text as it is compared and searched: no case, no accents, the same on both databases."""
    if text.isascii():
        return " ".join(text.lower().split())
    spelled = text.replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("Ø", "O").casefold()
    plain = unicodedata.normalize("NFKD", spelled)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def core(name: str) -> str:
    """A name as likely duplicates are looked for: folded, without punctuation and legal form."""
    words = "".join(c if c.isalnum() else " " for c in fold(name).replace(".", "")).split()
    return " ".join([word for word in words if word not in LEGAL_FORMS] or words)


#: The columns that repeat primary channels: set by the verbs of channels alone, put back by an undo with them.
REACH = tuple(name for columns in REPEATED.values() for name in columns)


def _repeats(name: str, length: int, label: str | None = None) -> Any:
    told = {"label": label} if label else {}
    return mapped_column(String(length), info={"derived": (name,), "follows": True} | told)


class Party(Archivable, Absorbing, Base):
    """An organization or a person. `phone`, `email`, `website`, `street` … are those of the primary channels."""

    __tablename__ = "party"
    __table_args__ = (
        CheckConstraint("kind in ('organization', 'person')", name="kind"),
        Index("ix_party_name", "name_folded", "id"),
        TABLE,
    )
    noun: ClassVar[str] = "party"

    kind: Mapped[str] = mapped_column(String(20), default="organization")
    name: Mapped[str] = mapped_column(String(100))
    name_folded: Mapped[str] = mapped_column(String(120), info={"derived": True})
    phone: Mapped[str | None] = _repeats("phone", 254)
    email: Mapped[str | None] = _repeats("email", 254, "e-mail")
    website: Mapped[str | None] = _repeats("website", 254, "web site")
    street: Mapped[str | None] = _repeats("street", 200)
    postal_code: Mapped[str | None] = _repeats("postal_code", 20)
    city: Mapped[str | None] = _repeats("city", 100)
    country: Mapped[str | None] = _repeats("country", 60)
    notes: Mapped[str | None] = mapped_column(String(4000))

    @validates("name")
    def _fold_name(self, key: str, name: str) -> str:
        self.name_folded = fold(name)
        return name

    def __str__(self) -> str:
        return self.name

    def belongs_to(self, user_id: int) -> bool:
        """Parties belong to nobody in particular, so they count as everybody's own."""
        return True

    @classmethod
    @verb("entered")
    def enter(cls, facts: dict[str, Any], *, channels: Iterable[tuple[str, Facts]] = (), by: Actor | None) -> "Party":
        """A new party; `phone`, `email`, `street` … become its primary channels, `channels` are (kind, facts) more.

        Raises SeveralPrimaries where more than one of a kind is marked as the primary one.
        """
        said = {kind: spelled(kind, facts[kind])[0] for kind in REPEATED if kind in facts}
        party = cls(**facts | said)
        db.session.add(party)
        db.session.flush()
        Channel.add_several(party, [*_channels_in(facts), *channels], by=by)
        return party

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Set facts; `phone`, `email`, `street` … change the primary channel, or remove it where nothing is left."""
        for name, value in facts.items():
            if name not in REACH:
                setattr(self, name, value)
        self._reach(facts, by=by)

    def _reach(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        for kind, columns in REPEATED.items():
            told = {name: facts[name] for name in columns if name in facts}
            if told:
                Channel.put(self, kind, told if kind == "address" else {"value": told[kind]}, by=by)

    def make_room_for(self, other: "Party") -> None:
        """Of each kind of channel the survivor's primary one stays it."""
        give_way(other.id, to=self.id)

    @verb("merged")
    def absorb(self, others: Iterable["Party"], facts: dict[str, Any], *, by: Actor | None) -> None:
        """Become one with `others`: their channels are further ones of this party, the same ones are kept once."""
        super().absorb(others, {}, by=by)
        settle([self.id])
        super().absorb([], facts, by=by)

    @classmethod
    def hold_together(cls, back: PutBack) -> None:
        """What was recorded before parties had channels goes back to them, too."""
        for id, fields in back.items():
            told = {name: value for name, value in fields.items() if name in REACH}
            party = db.session.get_one(cls, id) if told else None
            if party and not party.hidden:
                party._reach({name: value for name, value in told.items() if getattr(party, name) == value}, by=None)


def _channels_in(facts: dict[str, Any]) -> Iterable[tuple[str, Facts]]:
    """The primary channels that plain facts of a party tell of."""
    for kind, columns in REPEATED.items():
        told = {name: facts[name] for name in columns if facts.get(name)}
        if told:
            yield kind, {"is_primary": True} | (told if kind == "address" else {"value": told[kind]})
