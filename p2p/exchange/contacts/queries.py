"""Questions of the import of contacts: who is known by what."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import aliased

from p2p.contacts.models import Contact
from p2p.contacts.queries import LISTING
from p2p.db import chunks, db
from p2p.exchange.contacts.models import CardMark
from p2p.history.absorbing import Merger
from p2p.listing import Listed
from p2p.parties.channels.models import Channel
from p2p.parties.models import Party
from p2p.setup.models import Code

CHUNK = 500
Acts = tuple[str, str, int]


def uids(asked: Iterable[str]) -> dict[str, int]:
    """Mark of a card → id of the present party that an earlier import made of it, or that one became since."""
    found: dict[str, int] = {}
    gone = (Merger.subject_noun == "party") & (Merger.gone_id == CardMark.party_id) & Merger.hidden.is_(False)
    for chunk in chunks(asked, CHUNK):
        rows = select(CardMark.uid, Party.id).outerjoin(Merger, gone)
        rows = rows.join(Party, Party.id == func.coalesce(Merger.subject_id, CardMark.party_id))
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


def channels_of(party_ids: Iterable[int]) -> dict[int, set[tuple[Any, ...]]]:
    """Party → what its channels say, as `Reached.same` tells it."""
    found: dict[int, set[tuple[Any, ...]]] = {}
    places = (Channel.street, Channel.city, Channel.region, Channel.postal_code, Channel.country)
    for chunk in chunks(party_ids, CHUNK):
        rows = select(Channel.party_id, Channel.kind, Channel.key, Channel.value, *places)
        for row in db.session.execute(rows.where(Channel.party_id.in_(chunk), Channel.hidden.is_(False))):
            said = (row.value, row.key, row.street, row.city, row.region, row.postal_code, row.country)
            found.setdefault(row.party_id, set()).add((row.kind, row.key or said))
    return found


def contacts_of(person_ids: Iterable[int]) -> dict[tuple[int, str], Any]:
    """(Person, folded name of whom they act for) → id, job title, department and notes of the contact."""
    found: dict[tuple[int, str], Any] = {}
    for chunk in chunks(person_ids, CHUNK):
        rows = select(Contact.id, Contact.person_id, Contact.job_title, Contact.department, Contact.notes)
        rows = rows.add_columns(Party.name_folded).join(Party, Party.id == Contact.party_id)
        rows = rows.where(Contact.person_id.in_(chunk), Contact.hidden.is_(False), Party.hidden.is_(False))
        found |= {(row.person_id, row.name_folded): row for row in db.session.execute(rows)}
    return found


def note_marks(marks: list[tuple[str, int]]) -> None:
    """Remember by which marks cards came, and what became of them; only while writing."""
    if marks:
        db.session.execute(insert(CardMark), [{"uid": uid, "party_id": id} for uid, id in marks])


# ── What is exported ────────────────────────────────────────────────────────────────────────────────────────────────


def contact_rows(ids: Iterable[int]) -> Any:
    """A statement: what cards tell of these contacts, their people and whom they act for."""
    organization, function = aliased(Party), aliased(Code)
    rows = select(
        *(Contact.id, Contact.job_title, Contact.department, Contact.notes, Contact.person_id, Party.name),
        *(Party.notes.label("person_notes"), organization.name.label("organization"), function.name.label("function")),
    )
    rows = rows.join(Party, Party.id == Contact.person_id).join(organization, organization.id == Contact.party_id)
    rows = rows.outerjoin(function, function.id == Contact.function_id)
    return rows.where(Contact.id.in_(list(ids)), Contact.hidden.is_(False), Party.hidden.is_(False))


def channel_rows(party_ids: Iterable[int]) -> Any:
    """A statement: the channels of these parties, with the word for what each is for, the primary ones first."""
    reach = (Channel.value, Channel.street, Channel.city, Channel.region, Channel.postal_code, Channel.country)
    rows = select(Channel.party_id, Channel.kind, *reach, Channel.is_primary, Code.name.label("purpose"))
    rows = rows.outerjoin(Code, Code.id == Channel.purpose_id)
    rows = rows.where(Channel.party_id.in_(list(party_ids)), Channel.hidden.is_(False))
    return rows.order_by(Channel.is_primary.desc(), Channel.id)


def mark_rows(party_ids: Iterable[int]) -> Any:
    """A statement: by which marks cards of these parties came."""
    return select(CardMark.party_id, CardMark.uid).where(CardMark.party_id.in_(list(party_ids))).order_by(CardMark.id)


def filtered(asked: Mapping[str, str]) -> Any:
    """A statement: the ids of the contacts that the list shows for these parameters, in its order.

    Raises NoSuchList."""
    shown = Listed(LISTING, "", asked)
    return shown.ordered().with_only_columns(LISTING.id, maintain_column_froms=True)
