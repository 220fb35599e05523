"""A row of a table as a card, so that people from tables and from vCards go one way."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from p2p.exchange.contacts.fields import ADDRESSES, PARTS, PLACES, REACHES
from p2p.exchange.texts import one_line
from p2p.exchange.vcards.card import LAST, Address, Card, Channel

#: Words by which tables say as what somebody is reached, and the types of vCards for them.
TYPE_WORDS = {
    "work": "work",
    "business": "work",
    "main": "work",
    "work fax": "work fax",
    "home": "home",
    "personal": "home",
    "home fax": "home fax",
    "mobile": "cell",
    "cell": "cell",
    "fax": "fax",
    "pager": "pager",
    "geschäftlich": "work",
    "privat": "home",
    "mobil": "cell",
    **dict.fromkeys(("other", "internet", "smtp", "ex"), ""),
}
_SEVERAL = re.compile(r"\s*:::\s*")  # how Google writes several values into one cell

Values = Mapping[str, Any]


def card_of(line: int, values: Values) -> Card:
    """What a row says about somebody."""
    said = {name: one_line(value or "") for name, value in values.items() if name != "notes"}
    parts = [said.get(name, "") for name in ("prefix", "first_name", "middle_name", "last_name", "suffix")]
    card = Card(line, "")
    card.prefix, card.given, card.additional, card.family, card.suffix = parts
    card.name, card.organization = said.get("name", ""), said.get("company", "")
    card.units = tuple(filter(None, [said.get("department", "")]))
    card.title, card.role = said.get("job_title", ""), said.get("function", "")
    card.nicknames = tuple(filter(None, [said.get("nickname", "")]))
    card.categories = tuple(filter(None, re.split(r"\s*(?:;|:::)\s*", said.get("categories", ""))))
    card.notes = (values.get("notes") or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    card.channels = [*_reached(said), *_addresses(said)]
    return card


def _reached(said: Mapping[str, str]) -> Iterator[Channel]:
    for reach in REACHES:
        types, label, rank = _as_what(said.get(reach.typed, "")) if reach.typed else (reach.types, "", LAST)
        for value in _SEVERAL.split(said.get(reach.name, "")):
            if value:
                yield Channel(reach.kind, value, types, label, rank)


def _addresses(said: Mapping[str, str]) -> Iterator[Channel]:
    for place in ADDRESSES:
        cells = {part: _SEVERAL.split(said.get(f"{place}_{part}", ""))[0] for part in PARTS}
        street = "\n".join(filter(None, (cells[part] for part in ("street", "street_2", "street_3", "box"))))
        address = Address(street, cells["city"], cells["region"], cells["postal_code"], cells["country"])
        if any(address):
            types, label, rank = ((place,), "", LAST) if place in PLACES else _as_what(said.get(f"{place}_type", ""))
            yield Channel("address", address, types, label, rank)


def _as_what(told: str) -> tuple[tuple[str, ...], str, int]:
    """`* Work` is the preferred one for work; what is no word for a type is a label."""
    word = _SEVERAL.split(told)[0]
    rank = 1 if word.startswith("*") else LAST
    word = word.lstrip("* ").strip()
    known = TYPE_WORDS.get(word.casefold())
    return (tuple(known.split()), "", rank) if known is not None else ((), word, rank)
