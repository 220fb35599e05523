"""Cards as text: 4.0 (RFC 6350) or 3.0 (RFC 2426), for any program that reads one of them."""

import re
from collections.abc import Iterable, Iterator

from p2p.exchange.vcards.card import Address, Card, Channel

VERSIONS = ("4.0", "3.0")
NAMES = {"email": "EMAIL", "phone": "TEL", "website": "URL", "address": "ADR"}
LONGEST = 75  # bytes of a line, without its end


def written(card: Card, version: str = "4.0") -> str:
    """The card with its line ends (CRLF), folded at 75 bytes and never inside a letter."""
    lines = ["BEGIN:VCARD", f"VERSION:{version}", *_who(card, version), *_reach(card, version), "END:VCARD"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _who(card: Card, version: str) -> Iterator[str]:
    if version == "4.0" and card.kind != "individual":
        yield f"KIND:{card.kind}"
    if card.kind == "org":
        yield "X-ABShowAs:COMPANY"
    yield f"FN:{_text(card.name)}"
    parts = (card.family, card.given, card.additional, card.prefix, card.suffix)
    if any(parts) or version == "3.0":
        yield f"N:{';'.join(map(_text, parts))}" if any(parts) else f"N:{_cut(card)}"
    if card.organization or card.units:
        yield f"ORG:{';'.join(map(_text, (card.organization, *card.units)))}"
    for name, value in (("TITLE", card.title), ("ROLE", card.role), ("NOTE", card.notes), ("UID", card.uid)):
        if value:
            yield f"{name}:{_text(value)}"
    for name, words in (("NICKNAME", card.nicknames), ("CATEGORIES", card.categories)):
        if words:
            yield f"{name}:{','.join(map(_text, words))}"


def _cut(card: Card) -> str:
    """3.0 wants the parts of a name; of people the last word is taken for the family's."""
    given, _, family = card.name.rpartition(" ") if card.kind == "individual" else (card.name, "", "")
    return ";".join(map(_text, (family, given, "", "", "")))


def _reach(card: Card, version: str) -> Iterator[str]:
    for number, channel in enumerate(card.channels, 1):
        group = f"item{number}." if channel.label else ""
        yield f"{group}{NAMES[channel.kind]}{_params(channel, version)}:{_value(channel)}"
        if channel.label:
            yield f"{group}X-ABLabel:{_text(channel.label)}"


def _params(channel: Channel, version: str) -> str:
    types = list(channel.types)
    preferred = channel.rank <= 100
    if version == "3.0" and preferred:
        types.append("pref")
    told = f";TYPE={','.join(types)}" if types else ""
    return told + (f";PREF={channel.rank}" if version == "4.0" and preferred else "")


def _value(channel: Channel) -> str:
    if isinstance(channel.value, Address):
        street, city, region, postal_code, country = map(_text, channel.value)
        return f";;{street};{city};{region};{postal_code};{country}"
    return channel.value if channel.kind == "website" else _text(channel.value)


def _text(value: str) -> str:
    return re.sub(r"\r\n?|\n", r"\\n", re.sub(r"([\\;,])", r"\\\1", value))


def _folded(line: str) -> Iterable[str]:
    """Pieces of at most 75 bytes; all but the first begin with a blank."""
    piece, size = "", 0
    for letter in line:
        wide = len(letter.encode())
        if size + wide > LONGEST:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + wide
    yield piece
