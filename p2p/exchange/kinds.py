"""The kinds of records there are, and which of them a file holds."""

from p2p.exchange.kind import Kind
from p2p.exchange.mapping import Mapping, propose
from p2p.exchange.opportunities.kind import OPPORTUNITIES
from p2p.exchange.reading import Sheet

#: In the order in which a file that fits several is taken for one.
KINDS: dict[str, Kind] = {kind.name: kind for kind in (OPPORTUNITIES,)}


def guess(sheet: Sheet, locale: str) -> Kind:
    """The kind whose fields the headings name best: that none is missing counts first, then how surely they fit."""

    def fit(kind: Kind) -> tuple[bool, float]:
        proposed = propose(sheet, kind.fields, about=kind.about, locale=locale)
        return not proposed.missing, _sureness(proposed)

    return max(KINDS.values(), key=fit)


def _sureness(mapping: Mapping) -> float:
    return sum(choice.confidence for choice in mapping.choices.values())
