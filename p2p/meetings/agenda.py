"""Why a deal is on the agenda of a meeting, and which come in what order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

#: Reason → what the deals of it are called, in the order they are talked about; a deal stands under its first one.
REASONS = {
    "changed": "Changed since the last meeting",
    "no_step": "No next step",
    "slipping": "Slipping",
    "soon": "Closing soon",
}
OTHERS = "All others"
#: So many days until a decision are *soon*, and so many days back a decision that was put off is one that slips.
SOON, SLIPPED_WITHIN = 30, 30
#: So many deals an agenda holds at most; nobody talks about more in one meeting.
MOST = 500


@dataclass(frozen=True)
class Item:
    """A deal on an agenda: its id, and every reason in order; one without a reason is talked about when all are."""

    id: int
    reasons: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """What it stands under: its first reason."""
        return REASONS[self.reasons[0]] if self.reasons else OTHERS


@dataclass(frozen=True)
class Agenda:
    """The deals of a meeting in the order they are talked about."""

    items: tuple[Item, ...] = ()

    @classmethod
    def read(cls, kept: Sequence[Any], *, whole: bool) -> Self:
        """The agenda as a meeting keeps it: (id, reasons) each; with those that nothing speaks for when it is whole."""
        items = (Item(id, tuple(reasons)) for id, reasons in kept)
        return cls(tuple(item for item in items if whole or item.reasons))

    def without(self, gone: set[int]) -> Self:
        """The same without deals that were taken away since."""
        return type(self)(tuple(item for item in self.items if item.id not in gone))

    @property
    def kept(self) -> list[list[Any]]:
        """As a meeting keeps it."""
        return [[item.id, list(item.reasons)] for item in self.items]

    @property
    def ids(self) -> list[int]:
        return [item.id for item in self.items]

    def groups(self) -> Iterator[tuple[str, list[Item]]]:
        """(what they are called, the deals) of each reason that any deal stands under."""
        for words in (*REASONS.values(), OTHERS):
            if found := [item for item in self.items if item.group == words]:
                yield words, found

    def place(self, id: int) -> int | None:
        """Where a deal stands, from 0; None where it is not on the agenda."""
        return next((place for place, item in enumerate(self.items) if item.id == id), None)

    def beside(self, place: int, step: int) -> int | None:
        """The deal before or behind a place."""
        at = place + step
        return self.items[at].id if 0 <= at < len(self.items) else None

    def next_open(self, discussed: set[int], *, behind: int = -1) -> int | None:
        """The first deal behind a place that was not discussed yet."""
        return next((item.id for item in self.items[behind + 1 :] if item.id not in discussed), None)

    def resumes_at(self, discussed: set[int]) -> int | None:
        """Where a meeting goes on: behind the last deal discussed, else with the first that was left out."""
        last = max((place for place, item in enumerate(self.items) if item.id in discussed), default=-1)
        return self.next_open(discussed, behind=last) or self.next_open(discussed)
