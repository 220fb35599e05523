"""A file of vCards as the importer takes it: one card, one row."""

from dataclasses import dataclass, field

from p2p.exchange.reading import Limits, Line, Sheet, Unreadable
from p2p.exchange.vcards.card import Card
from p2p.exchange.vcards.reading import read as read_cards

LIMITS = Limits()
#: Cards that are no contacts, in words.
NO_CONTACTS = {"group": "distribution list", "location": "place"}


@dataclass(frozen=True)
class Cards(Sheet):
    """A sheet without columns; `cards` belong to its rows."""

    cards: list[Card] = field(default_factory=list)


def read(data: bytes, encoding: str | None) -> Cards:
    """The cards of a file, and in words what of it is left out. Raises Unreadable."""
    if len(data) > LIMITS.size:
        raise Unreadable(f"The file has {len(data):,} bytes, the limit is {LIMITS.size:,}. Export fewer cards at once.")
    found = read_cards(data, encoding, most=LIMITS.rows + 1)
    if len(found) > LIMITS.rows:
        raise Unreadable(f"The file has more than {LIMITS.rows:,} cards. Export fewer of them at once.")
    kept = [card for card in found if card.kind not in NO_CONTACTS]
    if not kept:
        raise Unreadable("The file holds no cards of people or companies.")
    code = encoding or "utf-8"
    rows = [Line(card.line, ()) for card in kept]
    return Cards([], rows, code, "", notes=_notes(found, kept), cards=kept)


def _notes(found: list[Card], kept: list[Card]) -> list[str]:
    versions = sorted({card.version for card in found})
    said = "This is one vCard" if len(found) == 1 else f"These are {len(found):,} vCards"
    notes = [f"{said}, version {', '.join(versions)}."]
    if any(card.guessed for card in found):
        words = "Some letters are no UTF-8 and were read as Windows Western European (cp1252)"
        notes.append(f"{words}; look at the accents in the preview.")
    if len(found) > len(kept):
        words = ", ".join(dict.fromkeys(NO_CONTACTS[card.kind] for card in found if card.kind in NO_CONTACTS))
        notes.append(f"{len(found) - len(kept):,} of them ({words}) are no contacts and are left out.")
    left_out = sum((card.left_out for card in kept), start=type(kept[0].left_out)())
    if left_out:
        told = ", ".join(f"{words} ({count:,})" for words, count in sorted(left_out.items()))
        notes.append(f"Left out, because it is private or has no place here: {told}.")
    return notes
