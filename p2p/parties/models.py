"""Parties: the entries of the address book. Roles (prospect, customer, competitor) hang off them."""

import unicodedata
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from p2p.archiving import Archivable
from p2p.db import TABLE, Base, db
from p2p.history import verb
from p2p.history.absorbing import Absorbing
from p2p.history.recording import Actor

KINDS = {"organization": "Organization", "person": "Person"}
#: The roles a party can hold: the noun that keeps each, and its word.
ROLES = {"prospect": "Prospect", "customer": "Customer", "competitor": "Competitor"}
#: What tells the legal form and not the name.
LEGAL_FORMS = frozenset(
    "ab ag as bv co company corp corporation eg gmbh inc kg limited llc ltd nv ohg oy plc pty sa sarl se srl".split()
)


def fold(text: str) -> str:
    """Text as it is compared and searched: no case, no accents, the same on both databases."""
    spelled = text.replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("Ø", "O").casefold()
    plain = unicodedata.normalize("NFKD", spelled)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def core(name: str) -> str:
    """A name as likely duplicates are looked for: folded, without punctuation and legal form."""
    words = "".join(c if c.isalnum() else " " for c in fold(name).replace(".", "")).split()
    return " ".join([word for word in words if word not in LEGAL_FORMS] or words)


class Party(Archivable, Absorbing, Base):
    """An organization or a person."""

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
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254), info={"label": "e-mail"})
    website: Mapped[str | None] = mapped_column(String(200), info={"label": "web site"})
    street: Mapped[str | None] = mapped_column(String(200))
    postal_code: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(100))
    country: Mapped[str | None] = mapped_column(String(60))
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
    def enter(cls, facts: dict[str, Any], *, by: Actor | None) -> "Party":
        party = cls(**facts)
        db.session.add(party)
        db.session.flush()
        return party

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        for name, value in facts.items():
            setattr(self, name, value)
