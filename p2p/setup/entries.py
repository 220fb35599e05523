"""Entries of lists: added, renamed, put in order, retired. Whatever is used can be retired but never deleted."""

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from p2p.db import db
from p2p.history import Recorded, verb
from p2p.history.recording import Actor, PutBack
from p2p.history.undoing import pointing_at
from p2p.history.wording import noun_words


class InUse(Exception):
    """Something still needed cannot be taken away; the message says by what, and what to do instead."""


class NameTaken(ValueError):
    """Another entry of the same list has this name already, in any case."""


def told(uses: dict[str, int]) -> str:
    """Counts in words: `3 opportunities, 1 prospect`."""
    return ", ".join(f"{count} {noun_words(noun, count)}" for noun, count in uses.items())


def folded(name: str) -> str:
    """A name as it is compared: no case, no doubled blanks."""
    return " ".join(name.casefold().split())


class Entry(Recorded):
    """An entry of a list: shown in menus until it is retired, kept for ever on what uses it."""

    #: The column that divides this kind into lists of their own.
    within: ClassVar[str | None] = None
    #: What records keep to point here: the id, or (currencies) the name.
    known_by: ClassVar[str] = "id"

    name: Mapped[str] = mapped_column(String(100))
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)

    def __str__(self) -> str:
        return self.name

    @classmethod
    @verb("added")
    def add(cls, facts: dict[str, Any], *, by: Actor | None) -> Self:
        """A new entry at the end of its list; raises NameTaken."""
        entry = cls(**facts)
        siblings = entry.siblings()
        entry._name_is_free(entry.name, siblings)
        if "position" not in facts:
            entry.position = entry._next_position(siblings)
        db.session.add(entry)
        db.session.flush()
        return entry

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Set facts; raises NameTaken."""
        if "name" in facts:
            self._name_is_free(facts["name"], self.siblings())
        for name, value in facts.items():
            setattr(self, name, value)

    @verb("moved up")
    def move_up(self, *, by: Actor | None) -> bool:
        """Before its neighbour; says whether there was one."""
        return self._swap(-1)

    @verb("moved down")
    def move_down(self, *, by: Actor | None) -> bool:
        """Behind its neighbour; says whether there was one."""
        return self._swap(1)

    @verb("retired")
    def retire(self, *, by: Actor | None) -> None:
        """Out of the menus; what uses it keeps it. Raises InUse where the list could not do without it."""
        self.needs_to_be_spare()
        self.retired = True

    @verb("brought back")
    def bring_back(self, *, by: Actor | None) -> None:
        self.retired = False

    @verb("deleted")
    def delete(self, *, by: Actor | None) -> None:
        """Take an entry away that nothing uses; raises InUse otherwise."""
        uses = self.used_by()
        if uses:
            raise InUse(f"“{self.name}” is used by {told(uses)}, so it cannot be deleted.")
        self.needs_to_be_spare()
        self.hidden = True

    def needs_to_be_spare(self) -> None:
        """Raise InUse while menus cannot do without this entry. Plain lists may be empty."""

    @classmethod
    def pointed_at(cls) -> Iterator[tuple[type[Recorded], Any, Any]]:
        """Every (noun, column, condition) whose column points at this kind of entry."""
        return pointing_at(cls.noun)

    def used_by(self, *, still_open: bool = False) -> dict[str, int]:
        """Noun → how many present records point here; `still_open` leaves out those that were closed."""
        from p2p.setup import queries

        return queries.uses_of(self, still_open=still_open)

    def siblings(self) -> list[Self]:
        """The present entries of the same list in order, retired ones last."""
        from p2p.setup import queries

        return queries.siblings(self)

    @classmethod
    def hold_together(cls, back: PutBack) -> None:
        """Names stand once in each list."""
        from p2p.setup import queries

        for name in queries.names_standing_twice(cls):
            raise NameTaken(f"“{name}” would be in this list twice.")

    def _name_is_free(self, name: str, siblings: list[Self]) -> None:
        for other in siblings:
            if other is not self and folded(other.name) == folded(name):
                instead = " It is retired: bring it back instead." if other.retired else ""
                raise NameTaken(f"“{other.name}” is in this list already.{instead}")

    def _next_position(self, siblings: list[Self]) -> int:
        return max((entry.position for entry in siblings), default=0) + 1

    def _swap(self, step: int) -> bool:
        row = [entry for entry in self.siblings() if not entry.retired]
        places = [entry.position for entry in row]
        if len(set(places)) < len(places):
            places = list(range(1, len(row) + 1))
        here = row.index(self) if self in row else -1
        there = here + step
        if here < 0 or not 0 <= there < len(row):
            return False
        row[here], row[there] = row[there], row[here]
        for entry, place in zip(row, places, strict=True):
            entry.position = place
        return True
