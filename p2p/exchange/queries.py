"""Questions of the import: what is known already, and under which ids."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import aliased

from p2p.campaigns.models import Campaign
from p2p.contacts.models import Contact
from p2p.db import chunks, db
from p2p.identity.models import User
from p2p.parties.channels.models import Channel
from p2p.parties.models import Party, fold
from p2p.prospects.models import Customer
from p2p.setup.entries import folded
from p2p.setup.models import Code, Sequence

Key = tuple[str, str]
"""How a file names somebody: ("number", "AN-1"), ("name", folded) or ("email", folded)."""

CHUNK = 500


# ── What is known ───────────────────────────────────────────────────────────────────────────────────────────────────


def numbers(cls: Any, asked: Iterable[str]) -> dict[str, tuple[int, bool]]:
    """Number → (id, hidden) of the records of a noun that have one of these."""
    found: dict[str, tuple[int, bool]] = {}
    for chunk in chunks(asked, CHUNK):
        rows = select(cls.number, cls.id, cls.hidden).where(cls.number.in_(chunk))
        found |= {number: (id, hidden) for number, id, hidden in db.session.execute(rows)}
    return found


def parties(asked: Iterable[Key]) -> dict[Key, list[int]]:
    """The ids of the present parties with these account numbers and, of those without a number, these names."""
    asked = list(asked)
    found: dict[Key, list[int]] = {}
    for chunk in chunks((word for kind, word in asked if kind == "number"), CHUNK):
        rows = select(Customer.number, Party.id).join(Party, Party.id == Customer.party_id)
        rows = rows.where(Customer.number.in_(chunk), Customer.hidden.is_(False), Party.hidden.is_(False))
        found |= {("number", number): [id] for number, id in db.session.execute(rows)}
    for chunk in chunks((word for kind, word in asked if kind == "name"), CHUNK):
        named = select(Party.name_folded, Party.id).where(Party.name_folded.in_(chunk), Party.hidden.is_(False))
        for name, id in db.session.execute(named.order_by(Party.id)):
            found.setdefault(("name", name), []).append(id)
    return found


def reached_by(kind: str, asked: Iterable[str]) -> dict[str, dict[int, str]]:
    """Key of an e-mail address or phone number → the parties behind it, by id their names: organizations, and those
    that a person of that address acts for."""
    found: dict[str, dict[int, str]] = {}
    organization = aliased(Party)
    for chunk in chunks(sorted(asked), CHUNK):
        rows = select(Channel.key, Party.id, Party.name, Party.kind, organization.id, organization.name)
        rows = rows.join(Party, Party.id == Channel.party_id)
        rows = rows.outerjoin(Contact, (Contact.person_id == Party.id) & Contact.hidden.is_(False))
        rows = rows.outerjoin(organization, (organization.id == Contact.party_id) & organization.hidden.is_(False))
        rows = rows.where(Channel.kind == kind, Channel.key.in_(chunk), Channel.hidden.is_(False))
        for key, id, name, party_kind, acts_for, acts_name in db.session.execute(rows.where(Party.hidden.is_(False))):
            if party_kind == "person" and acts_for is not None:
                id, name = acts_for, acts_name
            found.setdefault(str(key), {})[id] = name
    return found


def party_names(ids: Iterable[int]) -> dict[int, str]:
    """Names by id."""
    return {row[0]: row[1] for row in db.session.execute(select(Party.id, Party.name).where(Party.id.in_(list(ids))))}


def campaigns(asked: Iterable[str]) -> dict[str, int]:
    """Folded name → id of the present campaigns with these names, the oldest of several."""
    found: dict[str, int] = {}
    for chunk in chunks(asked, CHUNK):
        rows = select(Campaign.name_folded, Campaign.id).where(Campaign.name_folded.in_(chunk))
        for name, id in db.session.execute(rows.where(Campaign.hidden.is_(False)).order_by(Campaign.id)):
            found.setdefault(name, id)
    return found


class Account(NamedTuple):
    """A customer role that an undo hid; `free` unless its party has another account by now."""

    id: int
    party_id: int
    party_hidden: bool
    free: bool


def hidden_accounts(asked: Iterable[str]) -> dict[str, Account]:
    """The undone accounts with these numbers."""
    found: dict[str, Account] = {}
    present = aliased(Customer)
    other = select(present.id).where(present.party_id == Party.id, present.hidden.is_(False)).correlate(Party).exists()
    for chunk in chunks(asked, CHUNK):
        rows = select(Customer.number, Customer.id, Party.id, Party.hidden, Customer.hidden.is_(False) | ~other)
        rows = rows.join(Party, Party.id == Customer.party_id).where(Customer.number.in_(chunk))
        hidden = rows.where(Customer.hidden.is_(True) | Party.hidden.is_(True))
        found |= {row[0]: Account(row[1], row[2], row[3], row[4]) for row in db.session.execute(hidden)}
    return found


def people() -> dict[Key, list[int]]:
    """Everybody by e-mail and by name; of several with one name the active ones."""
    rows = select(User.id, User.name, User.email_folded, User.active).where(User.hidden.is_(False))
    found: dict[Key, list[int]] = {}
    inactive: dict[Key, list[int]] = {}
    for id, name, email, active in db.session.execute(rows.order_by(User.id)):
        found[("email", email)] = [id]
        (found if active else inactive).setdefault(("name", fold(name)), []).append(id)
    return inactive | found


def code_names(list_name: str) -> dict[str, str]:
    """Folded name → name of the entries of a code list, retired ones too."""
    rows = select(Code.name).where(Code.list_name == list_name, Code.hidden.is_(False)).order_by(Code.id.desc())
    return {folded(name): name for name in db.session.scalars(rows)}


def code_ids(list_name: str) -> dict[str, int]:
    """Folded name → id of every entry of a code list, retired ones too."""
    rows = select(Code.name, Code.id).where(Code.list_name == list_name, Code.hidden.is_(False))
    return {folded(name): id for name, id in db.session.execute(rows.order_by(Code.id.desc()))}


def hidden_people() -> dict[str, int]:
    """Folded e-mail → id of those an undo took away, who never could sign in."""
    rows = select(User.email_folded, User.id).where(User.hidden.is_(True), User.password_hash.is_(None))
    return {row[0]: row[1] for row in db.session.execute(rows.order_by(User.id))}


def hidden_codes(list_name: str) -> dict[str, int]:
    """Folded name → id of the entries that were taken away."""
    rows = select(Code.name, Code.id).where(Code.list_name == list_name, Code.hidden.is_(True))
    return {folded(name): id for name, id in db.session.execute(rows.order_by(Code.id))}


def last_position(list_name: str) -> int:
    """The position of the last entry of a code list."""
    last = select(func.max(Code.position)).where(Code.list_name == list_name, Code.hidden.is_(False))
    return db.session.scalar(last) or 0


def rows_by_id(table: Table, ids: Iterable[int]) -> dict[int, Any]:
    """The rows of a table with these ids, as they stand."""
    rows = db.session.execute(select(table).where(table.c.id.in_(list(ids))))
    return {row.id: row._mapping for row in rows}


# ── What is to be given out: only while writing ─────────────────────────────────────────────────────────────────────


def new_ids(table: Table, count: int) -> Iterable[int]:
    """So many ids nobody else will get."""
    if count == 0:
        return range(0)
    if db.engine.dialect.name == "sqlite":
        # One writer at a time, and explicit ids move AUTOINCREMENT along by themselves.
        given = text("select seq from sqlite_sequence where name = :name").bindparams(name=table.name)
        first = max(db.session.scalar(given) or 0, db.session.scalar(select(func.max(table.c.id))) or 0) + 1
        return range(first, first + count)
    sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
    return list(db.session.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, count))))


def new_numbers(noun: str, count: int, year: int, given: Iterable[str]) -> list[str]:
    """The next numbers of a noun's sequence; it steps over those a file brings of its own."""
    prefix = Sequence.PREFIXES[noun]
    ours = re.compile(rf"{prefix}-(\d{{4}})-(\d{{1,9}})")
    highest: dict[int, int] = {year: 0} if count else {}
    for match in filter(None, map(ours.fullmatch, given)):
        highest[int(match[1])] = max(highest.get(int(match[1]), 0), int(match[2]))
    last = 0
    for each, number in sorted(highest.items()):
        row = db.session.scalar(select(Sequence).where(Sequence.kind == noun, Sequence.year == each).with_for_update())
        if row is None:
            row = Sequence(kind=noun, year=each, last=0)
            db.session.add(row)
        row.last = max(row.last, number)
        if each == year:
            last, row.last = row.last, row.last + count
    return [f"{prefix}-{year}-{number:04d}" for number in range(last + 1, last + count + 1)]


def wait_for_other_writers() -> None:
    """On PostgreSQL: take at once what every change of an opportunity takes later, so that nobody waits in a circle."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("lock table column_total in share row exclusive mode"))
