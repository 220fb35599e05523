"""Questions about records that may be one."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select
from sqlalchemy.orm import aliased

from p2p.contacts.models import Contact
from p2p.db import chunks, db
from p2p.duplicates.models import SEARCHING, Distinction, DuplicatePair, DuplicateSearch
from p2p.duplicates.pairing import Entry
from p2p.history import nouns
from p2p.leads.models import Lead
from p2p.leads.qualifying import CLOSED
from p2p.leads.queries import twins
from p2p.parties.channels.models import Channel
from p2p.parties.keys import domain_of, is_public_domain
from p2p.parties.models import Party, core, fold

CHUNK = 500
PAGE = 50
#: Records with a like name that one record is compared with at most.
NEAR = 200
#: So many letters at the beginning of a name are the same where two are compared one by one.
BEGINNING = 3


# ── Records as they are compared ────────────────────────────────────────────────────────────────────────────────────


def entries(noun: str, *, ids: Iterable[int] | None = None, closed: bool = False) -> list[Entry]:
    """All present records of a noun, or those named, ready to be compared; closed leads only on demand."""
    if ids is None:
        return _READERS[noun](None, closed)
    return [entry for chunk in chunks(ids, CHUNK) for entry in _READERS[noun](list(chunk), closed)]


def _among(rows: Any, column: Any, ids: list[int] | None) -> Any:
    return rows if ids is None else rows.where(column.in_(ids))


def _keys(kind: str, ids: list[int] | None, *, domains: bool) -> dict[int, list[tuple[str, str]]]:
    """Party → its keys by kind; `domains`: company mail domains, too."""
    rows = select(Channel.party_id, Channel.kind, Channel.key).join(Party, Party.id == Channel.party_id)
    rows = rows.where(Party.kind == kind, Channel.hidden.is_(False), Channel.key.is_not(None))
    found: dict[int, list[tuple[str, str]]] = {}
    for party_id, channel, key in db.session.execute(_among(rows, Channel.party_id, ids)):
        found.setdefault(party_id, []).append((channel, key))
        if domains and channel == "email":
            found[party_id] += _domain(key)
    return found


def _domain(email: str | None) -> list[tuple[str, str]]:
    domain = domain_of(email)
    return [] if domain is None or is_public_domain(domain) else [("domain", domain)]


def _organizations(ids: list[int] | None, closed: bool) -> list[Entry]:
    rows = select(Party.id, Party.name).where(Party.kind == "organization", *_present(Party)).order_by(Party.id)
    keys = _keys("organization", ids, domains=True)
    found = db.session.execute(_among(rows, Party.id, ids))
    return [Entry(id, core(name), tuple(keys.get(id, ()))) for id, name in found]


def _persons(ids: list[int] | None, closed: bool) -> list[Entry]:
    """Contacts by the person behind them; two contacts of one person are no duplicates but two jobs."""
    rows = select(Contact.id, Contact.person_id, Contact.party_id, Party.name)
    rows = rows.join(Party, Party.id == Contact.person_id).where(*_present(Contact)).order_by(Contact.id)
    found = list(db.session.execute(_among(rows, Contact.id, ids)))
    people = None if ids is None else [row.person_id for row in found]
    keys = _keys("person", people, domains=False)
    first: dict[int, Any] = {}
    within: dict[int, set[int]] = {}
    for row in found:
        within.setdefault(row.person_id, set()).add(row.party_id)
        first.setdefault(row.person_id, row)
    return [
        Entry(row.id, core(row.name), tuple(keys.get(person, ())), frozenset(within[person]), alone=False)
        for person, row in first.items()
    ]


def _leads(ids: list[int] | None, closed: bool) -> list[Entry]:
    rows = select(Lead.id, Lead.company_name, Lead.person_name, Lead.email_key, Lead.phone_key, Party.name)
    rows = rows.outerjoin(Party, Party.id == Lead.party_id).where(*_present(Lead)).order_by(Lead.id)
    if not closed:
        rows = rows.where(Lead.status.not_in(CLOSED))
    made = []
    for id, company, person, email, phone, party in db.session.execute(_among(rows, Lead.id, ids)):
        keys = [(kind, key) for kind, key in (("email", email), ("phone", phone)) if key] + _domain(email)
        name = f"{core(party or company or '')} {fold(person or '')}".strip()
        made.append(Entry(id, name, tuple(keys)))
    return made


_READERS = {"party": _organizations, "contact": _persons, "lead": _leads}


def _present(cls: Any) -> tuple[ColumnElement[bool], ...]:
    return cls.hidden.is_(False), cls.archived.is_(False)


# ── Around one record ───────────────────────────────────────────────────────────────────────────────────────────────


def near(noun: str, id: int) -> list[int]:
    """Records that share a key with one, or whose name begins like its: what is worth comparing with it."""
    if noun == "lead":
        return sorted(twin.lead.id for twin in twins(db.session.get_one(Lead, id), limit=NEAR))
    return sorted(set(db.session.scalars(_NEAR[noun](id))) - {id})


def _sharing_a_key(party_id: Any) -> Select[Any]:
    """The parties that share a channel with a party."""
    own, other = aliased(Channel), aliased(Channel)
    same = and_(other.kind == own.kind, other.key == own.key, other.party_id != own.party_id, ~other.hidden)
    return select(other.party_id).select_from(own).join(other, same).where(own.party_id == party_id, ~own.hidden)


def _begins_like(party_id: Any) -> Select[Any]:
    named = select(func.substr(Party.name_folded, 1, BEGINNING)).where(Party.id == party_id).scalar_subquery()
    like = select(Party.id).where(Party.name_folded >= named, Party.name_folded < named + "\U0010ffff")
    return like.where(*_present(Party)).order_by(Party.name_folded).limit(NEAR)


def _near_party(id: int) -> Select[Any]:
    return _sharing_a_key(id).union(select(_begins_like(id).subquery().c.id))  # type: ignore[return-value]


def _near_contact(id: int) -> Select[Any]:
    mine = select(Contact.person_id).where(Contact.id == id).scalar_subquery()
    company = select(Contact.party_id).where(Contact.id == id).scalar_subquery()
    sharing = select(Contact.id).where(Contact.person_id.in_(_sharing_a_key(mine)), *_present(Contact))
    beside = select(Contact.id).where(Contact.party_id == company, *_present(Contact)).limit(NEAR)
    return sharing.union(select(beside.subquery().c.id))  # type: ignore[return-value]


_NEAR = {"party": _near_party, "contact": _near_contact}


# ── What the search found ───────────────────────────────────────────────────────────────────────────────────────────


def _undecided(noun: str) -> Select[Any]:
    """The pairs of the latest search whose records are both there and were not told apart."""
    table: Any = nouns[noun].__table__  # type: ignore[attr-defined]
    rows = select(DuplicatePair).where(DuplicatePair.noun == noun)
    for side in (DuplicatePair.left_id, DuplicatePair.right_id):
        rows = rows.where(exists().where(table.c.id == side, ~table.c.hidden, ~table.c.archived))
    told = exists().where(
        Distinction.subject_noun == noun,
        Distinction.subject_id == DuplicatePair.left_id,
        Distinction.other_id == DuplicatePair.right_id,
        Distinction.hidden.is_(False),
    )
    return rows.where(~told)


def page_of(noun: str, after: int) -> list[DuplicatePair]:
    """A page of pairs and one more, the surest first."""
    rows = _undecided(noun).where(DuplicatePair.id > after).order_by(DuplicatePair.id).limit(PAGE + 1)
    return list(db.session.scalars(rows))


def waiting(noun: str, up_to: int = 1000) -> int:
    """How many pairs wait for somebody to decide, counted up to a limit."""
    limited = _undecided(noun).with_only_columns(DuplicatePair.id).limit(up_to).subquery()
    return db.session.scalar(select(func.count()).select_from(limited)) or 0


def distinction(noun: str, one: int, other: int) -> Distinction | None:
    """What says that these two are two."""
    told = select(Distinction).where(Distinction.subject_noun == noun, Distinction.hidden.is_(False))
    return db.session.scalar(told.where(Distinction.subject_id == one, Distinction.other_id == other))


def told_apart_from(noun: str, id: int) -> set[int]:
    """The records that somebody told apart from this one."""
    rows = select(Distinction.subject_id, Distinction.other_id).where(Distinction.subject_noun == noun)
    rows = rows.where(or_(Distinction.subject_id == id, Distinction.other_id == id), Distinction.hidden.is_(False))
    return {each for pair in db.session.execute(rows) for each in pair} - {id}


def latest_search(noun: str) -> DuplicateSearch | None:
    """The latest search over a noun."""
    rows = select(DuplicateSearch).where(DuplicateSearch.noun == noun).order_by(DuplicateSearch.id.desc())
    return db.session.scalar(rows.limit(1))


def unfinished() -> list[DuplicateSearch]:
    """Searches that say that they are at work."""
    return list(db.session.scalars(select(DuplicateSearch).where(DuplicateSearch.status == SEARCHING)))


def forget(noun: str) -> None:
    """Take away what an earlier search found."""
    db.session.execute(delete(DuplicatePair).where(DuplicatePair.noun == noun))
