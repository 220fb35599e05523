"""Questions about how parties are reached."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from p2p.db import db
from p2p.history import nouns
from p2p.parties import keys
from p2p.parties.channels.kinds import KINDS, region
from p2p.parties.channels.models import Channel

PRESENT = Channel.hidden.is_(False)


def of_party(party_id: int, kind: str | None = None) -> list[Channel]:
    """The channels of a party, those of one kind together, the primary one first, then as they came."""
    wanted = select(Channel).where(PRESENT, Channel.party_id == party_id)
    if kind is not None:
        wanted = wanted.where(Channel.kind == kind)
    found = list(db.session.scalars(wanted.order_by(Channel.id)))
    return sorted(found, key=lambda each: (list(KINDS).index(each.kind), not each.is_primary))


def by_kind(party_id: int) -> list[tuple[str, str, list[Channel]]]:
    """(kind, its words, the channels of that kind) of a party, for every kind."""
    found = of_party(party_id)
    return [(kind, words, [each for each in found if each.kind == kind]) for kind, words in KINDS.items()]


def of_parties(party_ids: Iterable[int]) -> list[Channel]:
    """The channels of several parties in order of number."""
    wanted = select(Channel).where(PRESENT, Channel.party_id.in_(list(party_ids)))
    return list(db.session.scalars(wanted.order_by(Channel.id)))


def owners(party_ids: Iterable[int]) -> list[Any]:
    """These parties, hidden or not; the noun comes after this one, so it is found by name."""
    party: Any = nouns["party"]
    return list(db.session.scalars(select(party).where(party.id.in_(list(party_ids))).order_by(party.id)))


def numbered(ids: Iterable[int]) -> list[Channel]:
    """These channels, hidden or not."""
    return list(db.session.scalars(select(Channel).where(Channel.id.in_(list(ids))).order_by(Channel.id)))


def party_ids(kind: str, key: str | None) -> Any:
    """A statement for the ids of parties that are reached by exactly this key; for none where there is no key."""
    return select(Channel.party_id).where(PRESENT, Channel.kind == kind, Channel.key == key, Channel.key.is_not(None))


def party_ids_at(domain: str) -> Any:
    """A statement for the ids of parties with a mailbox at a domain, or whose web site it is."""
    mailbox = (Channel.kind == "email") & Channel.key.endswith(f"@{domain}", autoescape=True)
    return select(Channel.party_id).where(PRESENT, or_(mailbox, (Channel.kind == "website") & (Channel.key == domain)))


def reached_by(party_id: Any, typed: str) -> list[ColumnElement[bool]]:
    """Conditions for a search box: the party has an e-mail address that holds the text, or the phone number it is."""
    letters = "".join(typed.rpartition("<")[2].partition(">")[0].casefold().split())
    found = []
    if letters:
        found.append((Channel.kind == "email") & Channel.key.contains(letters, autoescape=True))
    number = keys.phone_key(typed, region())
    if number is not None and not any(c.isalpha() for c in typed):
        figures = number.lstrip("+0")
        exact = Channel.key.startswith(number, autoescape=True)
        found.append((Channel.kind == "phone") & (exact if number[0] == "+" else Channel.key.contains(figures)))
    return [party_id.in_(select(Channel.party_id).where(PRESENT, or_(*found)))] if found else []
