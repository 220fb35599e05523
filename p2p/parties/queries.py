"""Questions about parties."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from p2p.db import db
from p2p.history import nouns
from p2p.listing import Choice, Column, Listing, Text
from p2p.parties import keys
from p2p.parties.channels import queries as channels
from p2p.parties.channels.kinds import region
from p2p.parties.likeness import LIKE_ENOUGH, alike
from p2p.parties.models import KINDS, ROLES, Party, core, fold

CANDIDATES = 300
PRESENT = (Party.hidden.is_(False), Party.archived.is_(False))


# ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def named(text: str) -> list[Party]:
    """The parties of exactly this name, whatever the case and the accents."""
    wanted = select(Party).where(*PRESENT, Party.name_folded == fold(text)).order_by(Party.id)
    return list(db.session.scalars(wanted))


def name_of(id: int) -> str | None:
    """The name of a present party, archived or not."""
    return db.session.scalar(select(Party.name).where(Party.id == id, Party.hidden.is_(False)))


def present(id: int) -> Party | None:
    """The party with this id, unless it was taken away or archived."""
    return db.session.scalar(select(Party).where(*PRESENT, Party.id == id))


@dataclass(frozen=True)
class Name:
    """A party as a menu offers it; `spelled` tells it from others of its name."""

    id: int
    name: str
    city: str | None
    spelled: str


def spelled(name: str, id: int, city: str | None = None) -> str:
    """A name that leads to this party alone, even if others are called the same."""
    return f"{name} (#{id})" + (f" in {city}" if city else "")


def names_like(text: str, limit: int = 12) -> list[Name]:
    """Parties whose name holds the text, those that begin with it first."""
    words = fold(text)
    if not words:
        return []
    holds = Party.name_folded.contains(words, autoescape=True)
    begins = case((Party.name_folded.startswith(words, autoescape=True), 0), else_=1)
    found = select(Party.id, Party.name, Party.city, Party.name_folded).where(*PRESENT, holds)
    rows = list(db.session.execute(found.order_by(begins, Party.name_folded, Party.id).limit(limit)))
    folded = [row.name_folded for row in rows]
    return [
        Name(r.id, r.name, r.city, spelled(r.name, r.id) if folded.count(r.name_folded) > 1 else r.name) for r in rows
    ]


def likely_duplicates(name: str, limit: int = 5) -> list[Name]:
    """Parties that may be meant by this name: the same but for its legal form, or nearly the same letters."""
    wanted = core(name)
    if not wanted:
        return []
    begins = Party.name_folded.startswith(wanted[:3], autoescape=True)
    holds = Party.name_folded.contains(wanted.split()[0], autoescape=True)
    found = select(Party.id, Party.name, Party.city).where(*PRESENT, or_(begins, holds))
    close = [(alike(wanted, core(row.name)), row) for row in db.session.execute(found.limit(CANDIDATES))]
    best = sorted((each for each in close if each[0] >= LIKE_ENOUGH), key=lambda each: (-each[0], each[1].id))
    return [Name(row.id, row.name, row.city, spelled(row.name, row.id)) for _, row in best[:limit]]


# ── Reaching them ───────────────────────────────────────────────────────────────────────────────────────────────────


def with_email(text: str | None) -> list[Party]:
    """The present parties with this mailbox, in any way of writing it; none for what is no mailbox."""
    return _reached("email", keys.mailbox(text))


def with_phone(text: str | None) -> list[Party]:
    """The present parties with this phone number, in any formatting; none for what is no number."""
    return _reached("phone", keys.phone_key(text, region()))


def with_mail_at_domain_of(text: str | None, limit: int = 10) -> list[Party]:
    """The present parties with a mailbox at the company's domain of this one; none where anybody can have one."""
    domain = keys.domain_of(text)
    if domain is None or keys.is_public_domain(domain):
        return []
    wanted = select(Party).where(*PRESENT, Party.id.in_(channels.party_ids_at(domain)))
    return list(db.session.scalars(wanted.order_by(Party.id).limit(limit)))


def _reached(kind: str, key: str | None) -> list[Party]:
    wanted = select(Party).where(*PRESENT, Party.id.in_(channels.party_ids(kind, key)))
    return list(db.session.scalars(wanted.order_by(Party.id))) if key else []


# ── Roles ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _has(role: str) -> ColumnElement[bool]:
    """Whether a party holds a role. Roles are later nouns; their tables are found by name.

    `~hidden` is spelled as the partial index on party_id is, or every row would cost a scan.
    """
    table: Any = nouns[role].__table__  # type: ignore[attr-defined]
    return exists().where(table.c.party_id == Party.id, ~table.c.hidden, ~table.c.archived)


def roles_of(party_id: int) -> dict[str, int]:
    """The roles a party holds: role → id of the record that says so."""
    held = {}
    for role in ROLES:
        table: Any = nouns[role].__table__  # type: ignore[attr-defined]
        holds = select(table.c.id).where(table.c.party_id == party_id, ~table.c.hidden, ~table.c.archived)
        id = db.session.scalar(holds)
        if id is not None:
            held[role] = id
    return held


# ── The list ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _with_words(typed: str) -> ColumnElement[bool]:
    words = fold(typed)
    holds = [Party.name_folded.contains(words, autoescape=True)]
    holds.append(func.lower(Party.city).contains(typed.lower(), autoescape=True))
    return or_(*holds, *channels.reached_by(Party.id, typed))


def _in_role(role: str) -> ColumnElement[bool]:
    return ~or_(*map(_has, ROLES)) if role == "none" else _has(role)


def _every_role() -> dict[int, str]:
    """Roles as one number per set of them, in words."""
    return {
        held: ", ".join(label for place, label in enumerate(ROLES.values()) if held >> place & 1)
        for held in range(1 << len(ROLES))
    }


@cache
def listing() -> Listing:
    """The address book; built when first asked for, because roles are nouns that come later."""
    held: Any = sum(case((_has(role), 1 << place), else_=0) for place, role in enumerate(ROLES))
    return Listing(
        name="parties",
        caption="Parties",
        base=select(Party.id).where(Party.hidden.is_(False)),
        id=Party.id,
        columns=(
            Column("name", "Name", Party.name, sort=Party.name_folded, nullable=False, link=("parties.show", "id")),
            Column("kind", "Kind", Party.kind, words=KINDS, nullable=False, wide=True),
            Column("roles", "Roles", held, words=_every_role(), sortable=False),
            Column("city", "City", Party.city),
            Column("country", "Country", Party.country, wide=True),
            Column("phone", "Phone", Party.phone, kind="phone", sortable=False),
            Column("email", "E-mail", Party.email, kind="email"),
        ),
        sort="name",
        filters=(
            Text("q", "Text", _with_words, hint="Name, city, e-mail, phone"),
            Choice("kind", "Kind", lambda kind: Party.kind == kind, choices=lambda: list(KINDS.items())),
            Choice("role", "Role", _in_role, choices=lambda: [*ROLES.items(), ("none", "No role")]),
        ),
        archived=Party.archived,
        empty=(
            "No parties yet",
            "A party is an organization or a person you deal with. Enter one, or import opportunities.",
        ),
    )
