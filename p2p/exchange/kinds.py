"""The kinds of records there are, and which of them a file holds."""

from collections.abc import Mapping as Map
from pathlib import Path

from p2p.exchange.contacts.cards import read as read_cards
from p2p.exchange.contacts.kind import CONTACTS
from p2p.exchange.encoding import Unreadable
from p2p.exchange.kind import Kind
from p2p.exchange.leads.kind import LEADS
from p2p.exchange.mapping import propose
from p2p.exchange.meaning import tokens
from p2p.exchange.opportunities.kind import OPPORTUNITIES
from p2p.exchange.reading import Sheet
from p2p.exchange.reading import read as read_table
from p2p.exchange.vcards.lines import is_vcards

#: In the order in which a file that fits several is taken for one.
KINDS: dict[str, Kind] = {kind.name: kind for kind in (OPPORTUNITIES, LEADS, CONTACTS)}


def read(source: Path, kind: str, how: Map[str, str], locale: str) -> tuple[Kind, Sheet]:
    """The file, and its kind: the one that was said, else what its content says. Raises Unreadable."""
    encoding = how.get("encoding") or None
    with source.open("rb") as opened:
        cards = is_vcards(opened.read(400))
    if not cards:
        sheet = read_table(source, encoding=encoding, delimiter=how.get("delimiter") or None)
        return KINDS.get(kind) or guess(sheet, locale), sheet
    if kind not in ("", CONTACTS.name):
        raise Unreadable(f"These are vCards: they hold contacts, no {kind}. Say so, and check the file again.")
    return CONTACTS, read_cards(source.read_bytes(), encoding)


def guess(sheet: Sheet, locale: str) -> Kind:
    """The kind whose fields the headings name best: that none is missing counts first, then how surely they fit."""

    def fit(kind: Kind) -> tuple[bool, float]:
        proposed = propose(sheet, kind.fields, about=kind.about, locale=locale)
        named = sum(bool(kind.about.intersection(tokens(column))) for column in sheet.columns)
        sure = sum(choice.confidence for choice in proposed.choices.values())
        return not kind.missing(proposed), sure + named

    return max(KINDS.values(), key=fit)
