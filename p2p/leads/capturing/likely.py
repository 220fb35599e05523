"""Who may be meant by what somebody types of a new lead: parties, contacts and leads, each with the reason in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from p2p.contacts import queries as contacts
from p2p.leads import queries
from p2p.leads.queries import Twin
from p2p.parties import queries as parties
from p2p.parties.channels.kinds import spelled
from p2p.parties.likeness import SAME
from p2p.parties.models import Party, core, fold

CHOSEN = "chosen"
MOST = 6


@dataclass(frozen=True)
class Match:
    """A record that may be meant: what it is called, where it is found, and why it is shown."""

    id: int
    name: str
    where: str
    why: str
    asked: bool = True  # False: it is merely offered, nothing that was typed speaks for it


@dataclass(frozen=True)
class Typed:
    """What is known of a lead so far."""

    company: str | None = None
    person: str | None = None
    email: str | None = None
    phone: str | None = None
    party_id: int | None = None
    contact_ids: tuple[int, ...] = ()

    @property
    def channels(self) -> dict[str, str | None]:
        return {"email": self.email, "phone": self.phone}


@dataclass
class Likely:
    """The parties, contacts and open leads that may be meant; `party` and `chosen` are what somebody picked."""

    party: Party | None = None
    chosen: list[int] = field(default_factory=list)
    parties: list[Match] = field(default_factory=list)
    contacts: list[Match] = field(default_factory=list)
    leads: list[Twin] = field(default_factory=list)

    @property
    def asked(self) -> set[str]:
        """What somebody has to have seen before a lead of this name is captured, as words that forms can hold."""
        found = [f"lead:{twin.lead.id}" for twin in self.leads]
        if not self.chosen:
            found += [f"contact:{match.id}" for match in self.contacts if match.asked]
            found += [f"party:{match.id}" for match in self.parties if match.asked and not self.party]
        return set(found)

    def __bool__(self) -> bool:
        return bool(self.parties or self.contacts or self.leads)


def likely(typed: Typed) -> Likely:
    """Everybody who may be meant, those that were chosen first."""
    chosen = [known for id in typed.contact_ids if (known := contacts.with_id(id))]
    party = parties.present(typed.party_id) if typed.party_id else None
    found = Likely(party, [each.id for each in chosen])
    here = [Match(party.id, party.name, party.city or "", CHOSEN, asked=False)] if party else []
    found.parties = _once(here, [*_reached_parties(typed), *_named_parties(typed), *_at_the_domain(typed)])
    mine = [_contact(each, CHOSEN, asked=False) for each in chosen]
    acting = contacts.acting_for(party.id, MOST) if party else []
    offered = [_contact(each, f"acts for {party}", asked=False) for each in acting]
    found.contacts = _once(mine, [*_reached_contacts(typed), *_named_contacts(typed), *offered])
    found.leads = _open_leads(typed)
    return found


def _once(chosen: Iterable[Match], others: list[Match]) -> list[Match]:
    """Each record once, for the first reason there is, those that were chosen first."""
    reasons = {match.id: match for match in reversed(others)}
    first = {match.id: reasons.get(match.id, match) for match in chosen}
    return list((first | {match.id: reasons[match.id] for match in others}).values())[: len(first) + MOST]


def _contact(named: contacts.Name, why: str, *, asked: bool = True) -> Match:
    return Match(named.id, named.name, ", ".join(filter(None, (named.job_title, named.party))), why, asked)


def _party(party: Any, why: str) -> Match:
    return Match(party.id, party.name, party.city or "", why)


def _reached(typed: Typed) -> Iterator[tuple[Party, str]]:
    """The parties with this e-mail address or phone number."""
    yield from ((party, SAME["email"]) for party in parties.with_email(typed.email))
    yield from ((party, SAME["phone"]) for party in parties.with_phone(typed.phone))


def _reached_parties(typed: Typed) -> list[Match]:
    """Organizations reached so, and persons who act for nobody."""
    return [_party(party, why) for party, why in _reached(typed) if not contacts.acting_as(party.id)]


def _reached_contacts(typed: Typed) -> list[Match]:
    return [_contact(each, why) for party, why in _reached(typed) for each in contacts.acting_as(party.id)]


def _named_parties(typed: Typed) -> list[Match]:
    alike = parties.likely_duplicates(typed.company) if typed.company else []
    return [_party(each, _called(each.name, typed.company)) for each in alike]


def _at_the_domain(typed: Typed) -> Iterator[Match]:
    """Companies with a mailbox at the domain typed, their own or that of somebody who acts for them."""
    for party in parties.with_mail_at_domain_of(typed.email):
        acting = contacts.acting_as(party.id)
        if party.kind == "organization" and not acting:
            yield _party(party, "same e-mail domain")
        for each in acting:
            yield Match(each.party_id, each.party, "", f"same e-mail domain as {each.name}")


def _named_contacts(typed: Typed) -> list[Match]:
    """People of this name, or nearly; those of the party first."""
    if not typed.person:
        return []
    people = {each.id: each.name for each in parties.likely_duplicates(typed.person)}
    found = [each for id in people for each in contacts.acting_as(id)]
    return [_contact(each, _called(each.name, typed.person)) for each in found]


def _called(name: str, typed: str | None) -> str:
    if fold(name) == fold(typed or ""):
        return SAME["name"]
    return SAME["core" if core(name) == core(typed or "") else "like"]


def _open_leads(typed: Typed) -> list[Twin]:
    """Leads under way that share an e-mail address, a phone number or the party."""
    shared: dict[str, Any] = {f"{kind}_key": spelled(kind, value)[1] for kind, value in typed.channels.items()}
    shared["party_id"] = typed.party_id
    return queries.leads_with(shared, queries.is_open(), limit=3)
