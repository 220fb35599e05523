"""What is found, kind by kind, as pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from p2p.history.queries import Key, records
from p2p.history.wording import place
from p2p.search import queries
from p2p.search.kinds import KINDS, OPPORTUNITY, Kind
from p2p.search.words import Wanted

#: So many of a kind are shown while somebody types, on the page of all kinds, and on that of one.
AS_TYPED, ON_PAGE = 5, 20


@dataclass(frozen=True)
class Hit:
    """One record: its address, its name, and what tells it from others."""

    address: str
    title: str
    says: str
    archived: bool


@dataclass(frozen=True)
class Group:
    """The hits of a kind, as far as they are shown; `count` of them are known, `more`: there are others."""

    kind: Kind
    hits: list[Hit]
    count: int
    more: bool

    @property
    def count_words(self) -> str:
        return f"{self.count}+" if self.more else str(self.count)


@dataclass(frozen=True)
class Found:
    """What a text finds. `noun` narrows it to one kind."""

    wanted: Wanted
    limit: int
    noun: str | None = None

    @cached_property
    def _found(self) -> queries.Hits:
        return queries.hits(self.wanted, [kind.number for kind in KINDS if self.noun in (None, kind.noun)], self.limit)

    @property
    def cut(self) -> bool:
        """Whether the words are so frequent that there may be other hits."""
        return self._found.cut

    @cached_property
    def groups(self) -> list[Group]:
        """The kinds that have hits."""
        ids = dict(self._found.ids)
        if self.noun is None and ids:
            own = ids.get(OPPORTUNITY, [])
            if len(own) < self.limit and (around := queries.deals_around(ids, self.limit)):
                ids[OPPORTUNITY] = list(dict.fromkeys([*own, *around]))
        groups = (self._group(kind, ids[kind.number]) for kind in KINDS if ids.get(kind.number))
        return [group for group in groups if group.hits]

    @property
    def count(self) -> int:
        """How many hits are shown."""
        return sum(len(group.hits) for group in self.groups)

    def _group(self, kind: Kind, ids: list[int]) -> Group:
        shown = list(_hits(kind, queries.facts(kind, ids[: self.limit])))
        return Group(kind, shown, len(ids), kind.number in self._found.more)


def _hits(kind: Kind, rows: list[Any]) -> Iterable[Hit]:
    """What hangs on something that was taken away is nowhere to be seen."""
    subjects: dict[Key, Any] = records((row.subject_noun, row.subject_id) for row in rows) if kind.hangs else {}
    for row in rows:
        says = [part for part in kind.says(row) if part]
        if kind.hangs:
            subject = subjects.get((row.subject_noun, row.subject_id))
            if subject is None or subject.hidden:
                continue
            says.insert(0, f"on {subject}")
        yield Hit(place((kind.noun, row.id)) or "/", row.title, " · ".join(says), row.archived)
