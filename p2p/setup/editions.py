"""Editions: what leads run on is never changed. A change goes into a copy, which new leads start on."""

from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar, cast

from p2p.db import db
from p2p.history import verb
from p2p.history.recording import Actor, PutBack
from p2p.history.values import recorded_columns
from p2p.setup.entries import Entry, InUse, told

if TYPE_CHECKING:
    from p2p.setup.processes import Process

E = TypeVar("E", bound=Entry)


class Replaced(InUse):
    """A later edition has taken the place of what was to be changed; the message says which."""


class Edition(NamedTuple):
    """The edition of a process that a change goes into, and what each part of the one before is in it."""

    process: "Process"
    copies: dict[Entry, Entry]

    def of(self, part: E) -> E:
        """A part as it is in this edition."""
        return cast("E", self.copies.get(part, part))


def twin(entry: E, own: dict[str, Any]) -> E:
    """A new entry that says the same but for `own`."""
    same = {key: getattr(entry, key) for key, _ in recorded_columns(type(entry))}
    copied = type(entry)(**same | own)
    db.session.add(copied)
    db.session.flush()
    return copied


def nothing_runs_on(process: "Process") -> None:
    """Raise ValueError where an undo would change what leads run on."""
    uses = process.used_by() if process.versioned else {}
    if uses:
        raise ValueError(f"“{process.name}” is what {told(uses)} run on by now, and that is never changed under them.")


class Part(Entry):
    """A part of a process. A change goes where its process says: here, or to the same part in a new edition."""

    @property
    def in_process(self) -> "Process":
        raise NotImplementedError

    def _to_change(self, by: Actor | None) -> Self:
        return self.in_process.edition_for_changes(by=by).of(self)

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        if facts:
            Entry.edit(self._to_change(by), facts, by=by)

    @verb("moved up")
    def move_up(self, *, by: Actor | None) -> bool:
        return self._has_neighbour(-1) and Entry.move_up(self._to_change(by), by=by)

    @verb("moved down")
    def move_down(self, *, by: Actor | None) -> bool:
        return self._has_neighbour(1) and Entry.move_down(self._to_change(by), by=by)

    @verb("retired")
    def retire(self, *, by: Actor | None) -> None:
        self.needs_to_be_spare()
        Entry.retire(self._to_change(by), by=by)

    @verb("brought back")
    def bring_back(self, *, by: Actor | None) -> None:
        Entry.bring_back(self._to_change(by), by=by)

    @verb("deleted")
    def delete(self, *, by: Actor | None) -> None:
        """Take a part away that nothing needs; where the process is in use, a new edition begins without it."""
        if self.in_process.versioned:
            self.needs_to_be_spare()
        edition = self.in_process.edition_for_changes(without=self, by=by)
        if edition.process is self.in_process:
            Entry.delete(self, by=by)
            self.take_away()

    def take_away(self) -> None:
        """Hide it with what it is made of."""
        self.hidden = True

    def _has_neighbour(self, step: int) -> bool:
        row = [entry for entry in self.siblings() if not entry.retired]
        return self in row and 0 <= row.index(self) + step < len(row)

    @classmethod
    def hold_together(cls, back: PutBack) -> None:
        super().hold_together(back)
        for part in (db.session.get_one(cls, id) for id in back):
            nothing_runs_on(part.in_process)
