"""Our contacts as cards: what the import of them gives again."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Engine

from p2p.db import chunks
from p2p.engine import only_reading
from p2p.exchange.contacts import queries
from p2p.exchange.contacts.drafts import PURPOSES
from p2p.exchange.vcards.card import LAST, Address, Card, Channel
from p2p.exchange.vcards.writing import written

BATCH = 200
#: The word a channel's purpose is told with in cards; any other one is a label.
TYPES = {word: type for type, word in PURPOSES.items()}


def cards(connection: Connection, ids: Iterable[int]) -> Iterator[Card]:
    """The cards of contacts, in the order of their ids as given."""
    for chunk in chunks(ids, BATCH):
        rows = {row.id: row for row in connection.execute(queries.contact_rows(chunk))}
        people = [row.person_id for row in rows.values()]
        channels: dict[int, list[Channel]] = {}
        for row in connection.execute(queries.channel_rows(people)):
            channels.setdefault(row.party_id, []).append(channel_of(row))
        uids = {row.party_id: row.uid for row in connection.execute(queries.mark_rows(people))}
        for id in chunk:
            if id in rows:
                person = rows[id].person_id
                yield card_of(rows[id], channels.get(person, []), uids.get(person, ""))


def streamed(engine: Engine, wanted: Any, version: str) -> Iterator[str]:
    """The text of many cards. Read by a connection of its own in one snapshot, because the request is over by then."""
    with engine.connect() as connection:
        with only_reading():
            ids = list(connection.scalars(wanted))
        for card in cards(connection, ids):
            yield written(card, version)


def card_of(row: Any, channels: list[Channel], uid: str = "") -> Card:
    """The card of a contact, of its row and the channels of its person."""
    card = Card(0, "", name=row.name, organization=row.organization, title=row.job_title or "")
    card.units = (row.department,) if row.department else ()
    card.role, card.uid, card.channels = row.function or "", uid, channels
    card.notes = "\n".join(filter(None, (row.notes, row.person_notes)))
    return card


def channel_of(row: Any) -> Channel:
    """A channel as cards tell it."""
    value: str | Address = row.value or ""
    if row.kind == "address":
        value = Address(*(getattr(row, part) or "" for part in Address._fields))
    type = TYPES.get(row.purpose or "")
    label = row.purpose if row.purpose and not type else ""
    return Channel(row.kind, value, (type,) if type else (), label, 1 if row.is_primary else LAST)
