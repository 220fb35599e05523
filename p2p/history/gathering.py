"""Whose history a timeline tells: a record's own, that of what it took in or came from, for a party of all its own."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, bindparam, literal, select, union

from p2p.history.absorbing import Merger
from p2p.history.recording import nouns

#: Nouns on whose timeline stands what happened to everything that belongs to their records.
GATHERING = ("party",)
#: The id of the record whose timeline it is; statements are built once and given it when asked.
RECORD: Any = bindparam("record")


@dataclass(frozen=True)
class Source:
    """Records on a timeline: their noun, their ids by a column and a condition, and `through` which noun they came."""

    noun: str
    id: Any
    where: ColumnElement[bool]
    through: str

    def ids(self) -> Select[Any]:
        """(noun, id) of the records."""
        return select(literal(self.noun).label("noun"), self.id.label("id")).where(self.where)


@cache
def belonging(noun: str) -> tuple[str, ...]:
    """The nouns whose records belong to records of this one."""
    if noun not in GATHERING:
        return ()
    others = [other for other in nouns if other != noun and "archived" in _table(other).c]
    return tuple(other for other in others if _pointing(other, noun))


@cache
def subjects(noun: str, through: str | None = None) -> CompoundSelect[Any]:
    """(noun, id) of all whose history stands on the timeline of a record; or of what came through one noun.

    Found through foreign keys. What can be put away and points at a party belongs to it, unless that column merely
    `mentions` it. A column that is `same_as` another record points at the same thing in another role: the person a
    contact is.
    """
    table, gone = _table(noun), _table(Merger.noun)
    was = and_(gone.c.subject_noun == noun, gone.c.subject_id == RECORD, ~gone.c.hidden)
    found = [Source(noun, table.c.id, table.c.id == RECORD, noun), Source(noun, gone.c.gone_id, was, noun)]
    found += _same(noun, table.c.id == RECORD)
    found += _before(noun)
    for other in belonging(noun):
        for column in _pointing(other, noun):
            found.append(Source(other, _table(other).c.id, column == RECORD, other))
            found += _same(other, column == RECORD)
    return union(*(source.ids() for source in found if through in (None, source.through)))


def _same(noun: str, where: ColumnElement[bool]) -> list[Source]:
    columns = [column for column in _table(noun).c if column.info.get("same_as")]
    return [Source(column.info["same_as"], column, where, noun) for column in columns]


def _before(noun: str) -> list[Source]:
    """What went on in a record: lines of some noun say so, by a column that `goes_on_in` what another one points at."""
    found = []
    for line in nouns:
        table = _table(line)
        for column in table.c:
            into = table.c.get(column.info.get("goes_on_in", ""))
            if into is not None and _leads_to(into, noun):
                was = next(other for other in nouns if _leads_to(column, other))
                found.append(Source(was, column, and_(into == RECORD, ~table.c.hidden), noun))
    return found


def _leads_to(column: Any, noun: str) -> bool:
    return any(key.column.table is _table(noun) for key in column.foreign_keys)


def _pointing(noun: str, target: str) -> list[Any]:
    """The columns of a noun by which its records belong to records of another."""
    return [column for column in _table(noun).c if not column.info.get("mentions") and _leads_to(column, target)]


def _table(noun: str) -> Any:
    return nouns[noun].__table__  # type: ignore[attr-defined]
