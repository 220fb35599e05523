"""Making several records one: whatever points at the others points at the survivor then. One operation, one undo."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from sqlalchemy import Index, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from p2p.db import TABLE, Base, chunks, db
from p2p.history.holding import hold
from p2p.history.recording import Actor, Recorded, nouns, verb
from p2p.history.undoing import pointing_at
from p2p.history.values import recorded_columns

CHUNK = 500


class Merger(Recorded, Base):
    """That a record became another one; the one that is gone is found by it."""

    __tablename__ = "merger"
    __table_args__ = (
        Index("ix_merger_subject", "subject_noun", "subject_id"),
        Index("ix_merger_gone", "subject_noun", "gone_id"),
        TABLE,
    )
    noun: ClassVar[str] = "merger"
    attached_by: ClassVar[tuple[str, str] | None] = ("subject_noun", "subject_id")

    subject_noun: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    gone_id: Mapped[int]

    def __str__(self) -> str:
        return str(db.session.get(nouns[self.subject_noun], self.gone_id))

    def about(self) -> tuple[str, int]:
        return self.subject_noun, self.subject_id


class Absorbing(Recorded):
    """Mix into nouns of which two records may turn out to be one."""

    @verb("merged")
    def absorb(self, others: Iterable[Any], facts: dict[str, Any], *, by: Actor | None) -> None:
        """Become one with `others` of the same noun, who leave every list; `facts` are what was chosen of theirs."""
        for other in others:
            absorb(self, other)
        self.edit(facts, by=by)  # type: ignore[attr-defined]


def absorb(survivor: Any, other: Any) -> None:
    """Point at `survivor` whatever points at `other`, and hide that one; within an open operation."""
    if survivor is other or other.hidden or survivor.hidden:
        raise ValueError(f"{other} cannot be merged into {survivor}.")
    hold(survivor, other)
    survivor.make_room_for(other)
    db.session.flush()
    for cls, column, rows in _pointing(survivor.noun, other.id):
        for row in rows:
            _hand_over(cls, column, row, survivor)
    other.hidden = True
    db.session.add(Merger(subject_noun=survivor.noun, subject_id=survivor.id, gone_id=other.id))
    db.session.flush()


def _pointing(noun: str, id: int) -> Iterator[tuple[Any, str, list[Any]]]:
    """(noun, column, present records) of all that points at a record, in portions."""
    for cls, column, narrowed in pointing_at(noun):
        table: Any = column.table
        ids = select(table.c.id).where(column == id, narrowed, table.c.hidden.is_(False)).order_by(table.c.id)
        for chunk in chunks(list(db.session.scalars(ids)), CHUNK):
            entity: Any = cls
            yield cls, column.key, list(db.session.scalars(select(entity).where(entity.id.in_(chunk))))


def _hand_over(cls: Any, column: str, row: Any, survivor: Any) -> None:
    if (cls.noun, row.id) == (survivor.noun, survivor.id):
        setattr(row, column, None)  # it would point at itself
        return
    if twin := _twin(cls, column, row, survivor.id):
        _fill_blanks(twin, row)
        absorb(twin, row)
        return
    setattr(row, column, survivor.id)


def _twin(cls: Any, column: str, row: Any, survivor_id: int) -> Any:
    """The present record that would say the same as `row` does once it points at the survivor."""
    if column not in cls.same_by:
        return None
    wanted = {name: survivor_id if name == column else getattr(row, name) for name in cls.same_by}
    if None in wanted.values():
        return None
    same = select(cls).where(*(getattr(cls, name) == value for name, value in wanted.items()))
    return db.session.scalar(same.where(cls.hidden.is_(False), cls.id != row.id).order_by(cls.id).limit(1))


def _fill_blanks(twin: Any, row: Any) -> None:
    """What only the one knew, the other knows too; what both say stays as the survivor says it."""
    for name, _ in recorded_columns(type(twin)):
        if getattr(twin, name) is None and getattr(row, name) is not None:
            setattr(twin, name, getattr(row, name))
    if getattr(row, "archived", True) is False:
        twin.archived = False


def became(noun: str, id: int) -> int | None:
    """The record that a merged one became."""
    merged = select(Merger.subject_id).where(Merger.subject_noun == noun, Merger.gone_id == id)
    return db.session.scalar(merged.where(Merger.hidden.is_(False)).order_by(Merger.id.desc()).limit(1))


def moves_with(noun: str, id: int) -> dict[str, int]:
    """Noun → how many present records point at this one, and would at the survivor of a merge."""
    found: dict[str, int] = {}
    for cls, column, narrowed in pointing_at(noun):
        table: Any = column.table
        pointing = select(func.count()).where(column == id, narrowed, table.c.hidden.is_(False))
        if count := db.session.scalar(pointing):
            found[cls.noun] = found.get(cls.noun, 0) + count
    return found
