"""Questions a timeline asks: its latest operations, and what they did there.

Cheap however much there is. Of each record only the latest entry is looked up, along an index; the latest operations
are those of the few records with the latest entries, so only theirs are read.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, Subquery, bindparam, literal, or_, select, tuple_, union_all

from p2p.db import db
from p2p.history.gathering import belonging, subjects
from p2p.history.log import Change
from p2p.history.queries import CHANGE, OPERATION, Key, counts
from p2p.history.recording import nouns

ACTIVITIES, CHANGES, FILES = "activities", "changes", "files"
#: How entries are found: as what happened about a record, and as what happened to it.
ABOUT, OWN = (Change.about_noun, Change.about_id), (Change.noun, Change.record_id)
WAYS = (ABOUT, OWN)
#: So many records with the latest entries are looked at together, and so many of them one by one.
TOGETHER, ONE_BY_ONE = 60, 6
#: An operation with more changes than this is searched for those that belong here.
SMALL = 12
#: Later than any operation: the largest number both databases take for an id.
NEVER = 2**31 - 1
BEFORE: Any = bindparam("before")
SINCE: Any = bindparam("since")
MOST: Any = bindparam("most")


def kinds(noun: str) -> list[str]:
    """What the timeline of a record of this noun can be narrowed to."""
    return [ACTIVITIES, CHANGES, FILES, *belonging(noun)]


@dataclass(frozen=True)
class Timeline:
    """What happened to a record and all that is its, or one kind of that."""

    noun: str
    id: int
    kind: str | None = None

    @property
    def subjects(self) -> Any:
        """(noun, id) of the records whose history this is; to be asked with `asked`."""
        return subjects(self.noun, self.kind if self.kind in belonging(self.noun) else None)

    @property
    def asked(self) -> dict[str, int]:
        return {"record": self.id}

    # ── Which operations ────────────────────────────────────────────────────────────────────────────────────────────

    def operations(self, *, before: int | None, limit: int) -> list[Any]:
        """Operations as the list gives them, latest first, before one."""
        ids = self._latest(min(before or NEVER, NEVER), limit)
        return list(db.session.execute(OPERATION.where(_ID.in_(ids)).order_by(_ID.desc()))) if ids else []

    def _latest(self, before: int, limit: int) -> list[int]:
        given = self.asked | {"before": before, "most": TOGETHER}
        ends = list(db.session.execute(_latest_of_each(self.subjects, self.kind), given))
        lasts = sorted({end.last for end in ends}, reverse=True)[:limit]
        if not lasts:
            return []
        since = lasts[-1] if len(lasts) == limit or len(ends) == TOGETHER else 0
        ids = self._of_some([end for end in ends if end.last >= since], before, since, limit)
        if len(ids) < limit and since:  # a bulk operation filled the table; what was before it comes next
            ids += self._latest(since, limit - len(ids))
        return ids

    def _of_some(self, ends: list[Any], before: int, since: int, limit: int) -> list[int]:
        """The latest operations of some records, not before `since`: of the first ones none is read any further."""
        given = {"before": before, "since": since, "most": limit}
        each = []
        for end in ends[:ONE_BY_ONE]:
            entries = _entries(WAYS[end.way], self.kind).where(WAYS[end.way][0] == end.noun, WAYS[end.way][1] == end.id)
            each.append(select(_newest(entries).subquery()))
        ids = set(db.session.scalars(union_all(*each), given))
        if rest := ends[ONE_BY_ONE:]:
            given["since"] = max([since, *sorted(ids, reverse=True)[limit - 1 : limit]])
            for number, way in enumerate(WAYS):
                keys = [(end.noun, end.id) for end in rest if end.way == number]
                entries = _entries(way, self.kind).where(tuple_(*way).in_(keys))
                ids |= set(db.session.scalars(_newest(entries), given)) if keys else set()
        return sorted(ids, reverse=True)[:limit]

    # ── What they did ───────────────────────────────────────────────────────────────────────────────────────────────

    def changes(self, operation_ids: list[int], first: int) -> tuple[list[Any], dict[int, dict[tuple[str, str], int]]]:
        """The first few changes of each operation here, and how many of each (noun, kind) it made: here if that is
        all that is shown, else in all."""
        small = _first_of_each(operation_ids, SMALL + 1)
        large = [id for id, rows in small.items() if len(rows) > SMALL]
        here = self._here({key for rows in small.values() for row in rows for key in _keys(row)})
        shown = {id: [row for row in rows if here & set(_keys(row))] for id, rows in small.items()}
        shown |= self._found_in(large, first + 1)
        counted = {id: _counted(rows) for id, rows in shown.items()}
        counted |= counts([id for id in large if len(shown[id]) > first])
        return [row for rows in shown.values() for row in rows[:first]], counted

    def _here(self, keys: set[Key]) -> set[Key]:
        """Which of these records belong on this timeline."""
        if not keys:
            return set()
        subject = self.subjects.subquery()
        wanted = select(subject.c.noun, subject.c.id).where(tuple_(subject.c.noun, subject.c.id).in_(sorted(keys)))
        return {(noun, id) for noun, id in db.session.execute(wanted, self.asked)}

    def _found_in(self, operation_ids: list[int], limit: int) -> dict[int, list[Any]]:
        """The first changes of large operations that belong here."""
        subject = self.subjects.cte("subject")
        here = or_(*(tuple_(*way).in_(select(subject.c.noun, subject.c.id)) for way in WAYS))
        found = {}
        for id in operation_ids:
            rows = CHANGE.where(Change.operation_id == id, here).order_by(Change.id).limit(limit)
            found[id] = list(db.session.execute(rows, self.asked))
        return found


_ID = OPERATION.selected_columns.id


@cache
def _latest_of_each(records: Any, kind: str | None) -> Select[Any]:
    """(way, noun, id, last): the latest operation of each record, the latest of all first."""
    subject = records.cte("subject")
    ends = []
    for number, way in enumerate(WAYS[:1] if kind in (ACTIVITIES, FILES) else WAYS):
        entries = _entries(way, kind).where(way[0] == subject.c.noun, way[1] == subject.c.id)
        newest = entries.where(Change.operation_id < BEFORE).order_by(Change.operation_id.desc()).limit(1)
        last = newest.correlate(subject).scalar_subquery()
        ends.append(select(literal(number).label("way"), subject.c.noun, subject.c.id, last.label("last")))
    end: Subquery = union_all(*ends).subquery()
    return select(end).where(end.c.last.is_not(None)).order_by(end.c.last.desc()).limit(MOST)


def _entries(way: Any, kind: str | None) -> Select[Any]:
    """Ids of operations, of the kind asked for."""
    rows = select(Change.operation_id)
    work = [noun for noun in nouns if noun.partition("_")[0] == "activity"]
    match kind:
        case "activities":
            return rows.where(Change.noun.in_(work))
        case "files":
            return rows.where(Change.noun == "attachment")
        case "changes":
            return rows.where(Change.noun.not_in([*work, "attachment"]))
    return rows


def _newest(entries: Select[Any]) -> Select[Any]:
    rows = entries.where(Change.operation_id >= SINCE, Change.operation_id < BEFORE)
    return rows.distinct().order_by(Change.operation_id.desc()).limit(MOST)


def _first_of_each(operation_ids: list[int], limit: int) -> dict[int, list[Any]]:
    """The first changes of each operation, whatever they are about."""
    found: dict[int, list[Any]] = {id: [] for id in operation_ids}
    firsts = [
        select(CHANGE.where(Change.operation_id == id).order_by(Change.id).limit(limit).subquery())
        for id in operation_ids
    ]
    for row in db.session.execute(union_all(*firsts)) if firsts else ():
        found[row.operation_id].append(row)
    return found


def _keys(change: Any) -> tuple[Key, Key]:
    return (change.noun, change.record_id), (change.about_noun, change.about_id)


def _counted(rows: list[Any]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for row in rows:
        found[row.noun, row.kind] = found.get((row.noun, row.kind), 0) + 1
    return found
