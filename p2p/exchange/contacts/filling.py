"""What a file knows of people we know, and we do not: only blanks are filled, nothing is overwritten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from p2p.contacts.models import Contact
from p2p.db import db
from p2p.exchange.contacts import queries
from p2p.exchange.contacts.drafts import Draft, Reached
from p2p.parties.channels.models import Channel
from p2p.parties.models import Party, fold
from p2p.setup.entries import folded

FACTS = ("job_title", "department", "notes")


@dataclass
class Filling:
    """Ways to reach a party that it lacks; facts its contact lacks, or (`contact_id` None) a contact that is new."""

    party_id: int
    draft: Draft
    channels: list[Reached]
    contact_id: int | None
    facts: dict[str, Any]

    @property
    def is_nothing(self) -> bool:
        new = self.draft.organization and self.contact_id is None
        return not (self.channels or self.facts or new)


def fillings(known: Iterable[tuple[int, Draft]]) -> list[Filling]:
    """What of these drafts the parties they mean lack."""
    drafts = dict(reversed(list(known)))  # of several the first
    has = queries.channels_of(drafts)
    contacts = queries.contacts_of(drafts)
    found = [_filling(id, draft, has.get(id, set()), contacts) for id, draft in reversed(drafts.items())]
    return [each for each in found if not each.is_nothing]


def _filling(id: int, draft: Draft, has: set[tuple[Any, ...]], contacts: Mapping[tuple[int, str], Any]) -> Filling:
    channels = [each for each in draft.channels if each.same not in has]
    contact = contacts.get((id, fold(draft.organization))) if draft.organization else None
    told = {name: getattr(draft, name) for name in FACTS if getattr(draft, name)}
    if contact is None:
        return Filling(id, draft, channels, None, told if draft.organization else {})
    lacking = {name: value for name, value in told.items() if not getattr(contact, name)}
    return Filling(id, draft, channels, contact.id, lacking)


def fill(wanted: Iterable[Filling], organizations: Mapping[str, int], purposes: Mapping[str, int]) -> None:
    """Fill in, by the verbs everybody uses."""
    for each in wanted:
        party = db.session.get_one(Party, each.party_id)
        told = [(way.kind, way.facts | {"purpose_id": _id(way.purpose, purposes)}) for way in each.channels]
        Channel.add_several(party, told, by=None)
        if each.contact_id is not None:
            db.session.get_one(Contact, each.contact_id).edit(each.facts, by=None)
        elif each.draft.organization:
            organization = db.session.get_one(Party, organizations[fold(each.draft.organization)])
            Contact.enter(organization, each.facts, person=party, by=None)


def _id(word: str | None, ids: Mapping[str, int]) -> int | None:
    return ids[folded(word)] if word else None
