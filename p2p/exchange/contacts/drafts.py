"""What a card becomes here: a person or an organization, with ways to reach them and whom they act for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from p2p.exchange.checking import Complain
from p2p.exchange.texts import cannot_be_shown, one_line
from p2p.exchange.vcards.card import Address, Card, Channel
from p2p.parties.addresses import email_address, web_address
from p2p.parties.channels.kinds import spelled
from p2p.parties.models import fold
from p2p.setup.entries import folded

NAME, TITLE, NOTES = 100, 100, 4000
#: So many ways to reach one person or organization; its page shows them all.
WAYS = 100
SIZES = {"street": 200, "city": 100, "region": 100, "postal_code": 20, "country": 60}
#: What a channel is for, by the first of its types that says so.
PURPOSES = {"fax": "Fax", "pager": "Pager", "cell": "Mobile", "work": "Work", "home": "Home"}
WORDS = {"email": "E-mail", "phone": "Phone", "website": "Web site", "address": "Address"}
#: Lists every address book has, which say nothing.
EVERYBODY = ("my contacts", "mycontacts", "* mycontacts", "contacts")


class Reached(NamedTuple):
    """A channel to be: its kind, its columns, and the word for what it is for."""

    kind: str
    facts: dict[str, Any]
    purpose: str | None

    @property
    def same(self) -> tuple[Any, ...]:
        """What it says; two that are equal here say the same."""
        return (self.kind, self.facts.get("key") or tuple(self.facts.values()))


@dataclass
class Draft:
    """Somebody to be entered. `organization` is whom a person acts for; `job_title` and `function` are what as."""

    line: int
    kind: str
    name: str
    organization: str | None = None
    job_title: str | None = None
    department: str | None = None
    function: str | None = None
    notes: str | None = None
    uid: str | None = None
    channels: list[Reached] = field(default_factory=list)

    @property
    def folded(self) -> str:
        return fold(self.name)[:120]

    def keys(self, kind: str) -> list[str]:
        return [each.facts["key"] for each in self.channels if each.kind == kind and each.facts["key"]]


def drafted(card: Card, purposes: Mapping[str, str], functions: Mapping[str, str], complain: Complain) -> Draft:
    """The draft of a card; `purposes` and `functions` are the names there are, by folded name.

    What has no place of its own goes to the notes, so that nothing is lost.
    """
    kind, name, organization = _who(card)
    draft = Draft(card.line, kind, name, organization, uid=card.uid[:200] or None)
    remarks = list(_remarks(card, organization is not None, functions))
    draft.channels = list(_channels(card, purposes, remarks, complain))
    draft.job_title = card.title or (None if card.role and folded(card.role) in functions else card.role) or None
    if organization:
        draft.department = " / ".join(card.units) or None
    draft.function = functions.get(folded(card.role)) if card.role else None
    draft.notes = "\n".join(filter(None, (card.notes, *remarks))) or None
    _judge(draft, complain)
    return draft


def _who(card: Card) -> tuple[str, str, str | None]:
    """Kind, name, and whom a person acts for."""
    parts = (card.prefix, card.given, card.additional, card.family, card.suffix)
    name = card.name or one_line(" ".join(parts))
    of_itself = not (card.given or card.family) and (not name or fold(name) == fold(card.organization))
    if card.kind == "org" or (card.organization and of_itself):
        return "organization", card.organization or name, None
    reached = (str(each.value) for kind in ("email", "phone") for each in card.of_kind(kind))
    name = name or next(iter(card.nicknames), "") or next(reached, "")
    return "person", name, card.organization or None


def _remarks(card: Card, acts: bool, functions: Mapping[str, str]) -> Iterator[str]:
    categories = [word for word in card.categories if word.casefold() not in EVERYBODY]
    if card.nicknames and card.name:
        yield f"Nickname: {', '.join(card.nicknames)}"
    if card.units and not acts:
        yield f"Department: {' / '.join(card.units)}"
    if card.role and card.title and folded(card.role) not in functions:
        yield f"Role: {card.role}"
    if card.other_organizations:
        yield f"Also of: {', '.join(card.other_organizations)}"
    if categories:
        yield f"Categories: {', '.join(categories)}"


def _judge(draft: Draft, complain: Complain) -> None:
    if not draft.name:
        complain("name", "the card says neither a name nor a way to reach anybody")
    if len(draft.channels) > WAYS:
        complain("name", f"the card tells of {len(draft.channels):,} ways to reach somebody, at most {WAYS} fit")
    lengths = {"name": (draft.name, NAME), "company": (draft.organization, NAME), "job_title": (draft.job_title, TITLE)}
    lengths |= {"department": (draft.department, TITLE), "notes": (draft.notes, NOTES)}
    for name, (text, longest) in lengths.items():
        if text and len(text) > longest:
            complain(name, f"this has {len(text):,} characters, at most {longest:,} fit")
        if text and cannot_be_shown(text):
            complain(name, "this holds characters that cannot be shown")


# ── Channels ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _channels(card: Card, purposes: Mapping[str, str], remarks: list[str], complain: Complain) -> Iterator[Reached]:
    """Each said once, the primary one of a kind first: the preferred, and a fax only where there is nothing else."""
    said: set[tuple[Any, ...]] = set()
    for kind in WORDS:
        for each in sorted(card.of_kind(kind), key=lambda each: (each.rank, bool({"fax", "pager"} & {*each.types}))):
            try:
                facts = _facts(each, complain)
            except ValueError:
                remarks.append(f"{WORDS[kind]}{_as_what(each)}: {each.value}")
                continue
            purpose = _purpose(each, purposes)
            reached = Reached(kind, facts, purpose)
            if reached.same not in said:
                said.add(reached.same)
                yield reached
                if each.label and not purpose:
                    remarks.append(f"{facts['value'] or facts['street'] or facts['city']}: {each.label}")


def _facts(channel: Channel, complain: Complain) -> dict[str, Any]:
    """The columns of a channel. Raises ValueError for what is none of its kind."""
    blank: dict[str, Any] = dict.fromkeys(("value", "key", *SIZES))
    if isinstance(channel.value, Address):
        said = channel.value._replace(street=channel.value.street.replace("\n", ", "))._asdict()
        for name, longest in SIZES.items():
            if len(said[name]) > longest:
                complain(name, f"this has {len(said[name])} characters, at most {longest} fit")
            if cannot_be_shown(said[name]):
                complain(name, "this holds characters that cannot be shown")
        return blank | {name: value or None for name, value in said.items()}
    if len(channel.value) > 254 or cannot_be_shown(channel.value):
        raise ValueError(channel.value)
    value = channel.value
    if channel.kind == "email":
        value = email_address(one_line(value))
    elif channel.kind == "website":
        value = web_address(one_line(value))
    elif not any(letter.isdecimal() for letter in value):
        raise ValueError(value)
    shown, key = spelled(channel.kind, value)
    return blank | {"value": shown, "key": key}


def _purpose(channel: Channel, purposes: Mapping[str, str]) -> str | None:
    """The purpose of that name; what a label of their own says counts only where there is such a purpose."""
    if channel.label:
        return purposes.get(folded(channel.label))
    word = next((word for kind, word in PURPOSES.items() if kind in channel.types), None)
    return purposes.get(folded(word), word) if word else None


def _as_what(channel: Channel) -> str:
    words = channel.label or ", ".join(word for word in channel.types if word in PURPOSES)
    return f" ({words})" if words else ""
