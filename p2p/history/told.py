"""What is told of what happened: operations, their changes, and the fields of those, in words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from p2p.history.queries import Key
from p2p.history.recording import verbs
from p2p.history.wording import NAME_FIRST, ONE_OF_MANY, noun_words


@dataclass(frozen=True)
class ToldField:
    """One field: what it is called, and what it was and is in words (None: not set).

    `plain` ones need no telling in a list: they follow from the rest, a new record has them by default, or its title
    says them. `home` ones name the record on whose timeline this is told.
    """

    label: str
    before: str | None
    after: str | None
    plain: bool = False
    home: bool = False


@dataclass(frozen=True)
class ToldChange:
    """What happened to one record; `erased` when its values were blanked on request."""

    id: int
    noun: str
    label: str
    url: str | None
    kind: str
    fields: list[ToldField]
    erased: bool
    record: Any

    @property
    def part(self) -> str | None:
        """What a part of something is, where its name alone does not say it: `contact on a lead`."""
        return noun_words(self.noun) if f"{self.noun}." in NAME_FIRST else None

    @property
    def follows(self) -> bool:
        """Whether all that changed merely follows from what was done to another record."""
        return self.kind == "changed" and bool(self.fields) and all(field.plain for field in self.fields)


@dataclass
class Told:
    """One operation: who, when, a title without a subject (“Moved Palletiser”), its changes; `more` are not shown."""

    id: int
    verb: str
    title: str
    who: str
    at: datetime
    changes: list[ToldChange]
    more: int = 0
    undone: bool = False
    undoes_id: int | None = None
    root_verb: str = ""
    root_title: str = ""
    steps: int = 0
    about: list[tuple[Key, Key]] = field(default_factory=list)
    known: dict[Key, Any] = field(default_factory=dict)

    @property
    def lines(self) -> list[ToldChange]:
        """The changes a list tells of: those that follow from others go unsaid."""
        said = [change for change in self.changes if not change.follows]
        return said or (self.changes[:1] if self.root_verb.startswith(ONE_OF_MANY) else self.changes)

    @property
    def can_go_back(self) -> bool:
        """Whether an undo may be offered: not undone, and of a kind that goes back."""
        known = verbs.get(self.verb)
        return bool(known and known.undoable) and not self.undone

    @property
    def is_undo(self) -> bool:
        """Whether this took something back, so that undoing it does the thing again."""
        return self.steps % 2 == 1
