"""How a board became another one: what every deal did between two days, so that the figures add up exactly.

Each deal has a place at both ends: on the board, outside the filter, not there yet, won, lost, canceled, postponed,
archived, taken back. Only the two ends count, not the way between: what was moved there and back did nothing.

- On the board at both ends: it was *raised* or *lowered* by what its amount changed, and by what its weighted amount
  changed; the two are judged each for itself, and change no count.
- On it at the opening alone: it left with its opening amount, by the place it went to (*won*, *lost*, *canceled*,
  *postponed*, *archived*, *taken back*, or *out of the filter*).
- On it at the closing alone: it came with its closing amount, from the place it was in (*new*, *reactivated* from won,
  lost or canceled, *resumed* from postponed or woken by its day, *restored* from archived or taken back, or *into the
  filter*).
- On it at neither end, but decided in between (or new, or reactivated): it came and left with its closing amount, so
  that a deal that is new and won is told with both. It has to fit the filter as it stands at the closing.

So for counts, amounts and weighted amounts alike: opening + all effects = closing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

BOARD, OUTSIDE, ABSENT, TAKEN_BACK, ARCHIVED = "board", "outside", "absent", "taken_back", "archived"
WON, LOST, CANCELED, POSTPONED = "won", "lost", "canceled", "postponed"
DECIDED = (WON, LOST, CANCELED)

#: What brings a deal to the board, by the place it was in, and takes it away, by the place it went to.
COMES = {ABSENT: "new", **dict.fromkeys(DECIDED, "reactivated"), POSTPONED: "resumed", ARCHIVED: "restored"}
COMES |= {TAKEN_BACK: "restored", OUTSIDE: "into_filter"}
LEAVES = {place: place for place in (*DECIDED, POSTPONED, ARCHIVED, TAKEN_BACK)} | {OUTSIDE: "out_of_filter"}

#: Movement → its words, in the order they are told.
MOVEMENTS = {
    "new": "New",
    "reactivated": "Reactivated",
    "resumed": "Resumed",
    "restored": "Restored",
    "raised": "Raised",
    "lowered": "Lowered",
    "won": "Won",
    "lost": "Lost",
    "canceled": "Canceled",
    "postponed": "Postponed",
    "archived": "Archived",
    "taken_back": "Taken back",
    "into_filter": "Came into the filter",
    "out_of_filter": "Left the filter",
}


@dataclass(frozen=True)
class Sum:
    """Count, amount (minor units) and weighted amount (hundredths of a minor unit)."""

    count: int = 0
    amount: int = 0
    weighted: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.count + other.count, self.amount + other.amount, self.weighted + other.weighted)

    def __neg__(self) -> "Sum":
        return Sum(-self.count, -self.amount, -self.weighted)

    def __bool__(self) -> bool:
        return bool(self.count or self.amount or self.weighted)


@dataclass(frozen=True)
class Stand:
    """One deal at one end: where it is, whether the filter lets it through, and what it is worth."""

    place: str
    fits: bool = True
    worth: Sum = Sum()

    @property
    def counted(self) -> Sum:
        """What it adds to the board."""
        return self.worth if self.place == BOARD else Sum()


def place_of(facts: Mapping[str, Any] | None, day: date, fits: bool) -> str:
    """Where a deal with these facts is on a day; None: it does not exist yet."""
    if facts is None:
        return ABSENT
    if facts["hidden"]:
        return TAKEN_BACK
    if facts["status"] in DECIDED:
        return str(facts["status"])
    if facts["archived"]:
        return ARCHIVED
    if facts["status"] == POSTPONED and facts["wake_on"] and facts["wake_on"] > day:
        return POSTPONED
    return BOARD if fits else OUTSIDE


def effects(opening: Stand, closing: Stand) -> Iterator[tuple[str, Sum]]:
    """What one deal did between its two ends: movements, and what each adds to the board."""
    if opening.place == closing.place == BOARD:
        yield from _valued(opening.worth, closing.worth)
    elif opening.place == BOARD:
        yield LEAVES[closing.place], -opening.worth
    elif closing.place == BOARD:
        yield COMES[opening.place], closing.worth
    elif _passed_through(opening, closing):
        yield COMES[opening.place], closing.worth
        yield LEAVES[closing.place], -closing.worth


def _valued(before: Sum, after: Sum) -> Iterator[tuple[str, Sum]]:
    amount, weighted = after.amount - before.amount, after.weighted - before.weighted
    raised = Sum(0, max(amount, 0), max(weighted, 0))
    lowered = Sum(0, min(amount, 0), min(weighted, 0))
    if raised:
        yield "raised", raised
    if lowered:
        yield "lowered", lowered


def _passed_through(opening: Stand, closing: Stand) -> bool:
    if opening.place == closing.place or not closing.fits or closing.place in (ABSENT, OUTSIDE, TAKEN_BACK):
        return False
    return closing.place in DECIDED or opening.place in (ABSENT, *DECIDED)


def summed(deals: Iterable[tuple[Stand, Stand]]) -> dict[str, tuple[int, Sum]]:
    """Movement → how many deals took part in it, and what it adds to the board, in the order they are told."""
    found = {movement: (0, Sum()) for movement in MOVEMENTS}
    for opening, closing in deals:
        for movement, effect in effects(opening, closing):
            count, total = found[movement]
            found[movement] = count + 1, total + effect
    return found
