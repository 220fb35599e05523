"""Questions of the import of contacts: who is known by what."""

from collections.abc import Iterable, Iterator

from sqlalchemy import insert, select
from sqlalchemy.orm import aliased

from p2p.contacts.models import Contact
from p2p.db import chunks, db
from p2p.exchange.contacts.models import CardMark
from p2p.parties.channels.models import Channel
from p2p.parties.models import Party

CHUNK = 500
Acts = tuple[str, str, int]


def uids(asked: Iterable[str]) -> dict[str, int]:
    """Mark of a card → id of the present party that an earlier import made of it."""
    found: dict[str, int] = {}
    for chunk in chunks(asked, CHUNK):
        rows = select(CardMark.uid, Party.id).join(Party, Party.id == CardMark.party_id)
        rows = rows.where(CardMark.uid.in_(chunk), Party.hidden.is_(False))
        found |= {row[0]: row[1] for row in db.session.execute(rows)}
    return found


def people_reached(kind: str, asked: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    """(Key, id, folded name) of the present persons behind e-mail addresses or phone numbers."""
    for chunk in chunks(sorted(asked), CHUNK):
        rows = select(Channel.key, Party.id, Party.name_folded).join(Party, Party.id == Channel.party_id)
        rows = rows.where(Channel.kind == kind, Channel.key.in_(chunk), Channel.hidden.is_(False))
        rows = rows.where(Party.hidden.is_(False), Party.kind == "person")
        for key, id, name in db.session.execute(rows.order_by(Party.id)):
            yield str(key), id, name


def parties_named(asked: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """(Kind, folded name, id) of the present parties with these names."""
    for chunk in chunks(sorted(asked), CHUNK):
        rows = select(Party.kind, Party.name_folded, Party.id).where(Party.name_folded.in_(chunk))
        yield from db.session.execute(rows.where(Party.hidden.is_(False)).order_by(Party.id))


def acting(asked: Iterable[str]) -> Iterator[Acts]:
    """(Folded name, folded name of the party they act for, id) of the present persons with these names."""
    organization = aliased(Party)
    for chunk in chunks(sorted(asked), CHUNK):
        rows = select(Party.name_folded, organization.name_folded, Party.id)
        rows = rows.join(Contact, Contact.person_id == Party.id).join(organization, organization.id == Contact.party_id)
        rows = rows.where(Party.name_folded.in_(chunk), Party.hidden.is_(False), Contact.hidden.is_(False))
        rows = rows.where(organization.hidden.is_(False)).order_by(Party.id.desc())
        yield from db.session.execute(rows)


def note_marks(marks: list[tuple[str, int]]) -> None:
    """Remember by which marks cards came, and what became of them; only while writing."""
    if marks:
        db.session.execute(insert(CardMark), [{"uid": uid, "party_id": id} for uid, id in marks])
