"""Taking an operation back: what was *before* is put back where *after* still stands. Itself an operation."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, cast

from sqlalchemy import Table, exists, select, true
from sqlalchemy.exc import IntegrityError

from p2p.db import chunks, db
from p2p.history.batches import update_all
from p2p.history.following import follow
from p2p.history.log import Change, Operation
from p2p.history.recording import Actor, OpenOperation, Recorded, name_verb, nouns, operation, verbs
from p2p.history.values import decode, encode, recorded_columns

UNDO = name_verb("history.undo", "undid")
CHUNK = 500


@dataclass(frozen=True)
class Standing:
    """Why one field, or a whole record, cannot go back: what stands there now instead of what the operation left."""

    noun: str
    record_id: int
    field: str | None
    left: Any
    stands: Any


class CannotUndo(Exception):
    """Something was built upon what is to be undone; `standing` says what, field by field.

    `rest` tells whether anything else could still go back.
    """

    def __init__(self, standing: list[Standing], *, rest: bool) -> None:
        super().__init__("This was changed again since, so it cannot simply be undone.")
        self.standing, self.rest = standing, rest


class NotUndoable(Exception):
    """Operations that never can be taken back (passwords, sessions), or were already."""


@dataclass
class Plan:
    """What an undo would do: field values per record to put back, and what stands in the way."""

    back: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    standing: list[Standing] = field(default_factory=list)


def can_be_undone(undone: Operation) -> bool:
    known = verbs.get(undone.verb)
    return bool(known and known.undoable) and not undone_already(undone.id)


def undone_already(operation_id: int) -> bool:
    """Whether an undo of this operation stands (an undo that was itself undone does not)."""
    latest = db.session.scalar(
        select(Operation.id).where(Operation.undoes_id == operation_id).order_by(Operation.id.desc()).limit(1)
    )
    return latest is not None and not undone_already(latest)


def plan(undone: Operation, *, lock: bool = False) -> Plan:
    """Compare what the operation left with what stands now; `lock` keeps others from changing it until the commit."""
    made = Plan()
    changes = db.session.execute(
        select(Change.noun, Change.record_id, Change.kind, Change.version, Change.values)
        .where(Change.operation_id == undone.id)
        .order_by(Change.noun, Change.id)
    )
    made_there: dict[str, set[int]] = {}
    for noun, rows in groupby(changes, key=lambda row: row.noun):
        if noun not in nouns:
            continue
        created: set[int] = set()
        for chunk in chunks(rows, CHUNK):
            _plan_chunk(made, nouns[noun], chunk, lock)
            created |= {row.record_id for row in chunk if row.kind == "created"}
        made_there[noun] = created
    for noun, created in made_there.items():
        for used, column in _used_elsewhere(noun, created, undone.id):
            # What goes back itself points elsewhere, or nowhere, afterwards.
            by_name = nouns[used.left].attached_by or ()  # of another noun, the same number is another record
            columns = {column, "hidden"} | (set(by_name) if column in by_name else set())
            if not made.back.get(used.left, {}).get(used.stands, {}).keys() & columns:
                made.standing.append(used)
                made.back[noun].pop(used.record_id, None)
    return made


def _plan_chunk(made: Plan, cls: type[Recorded], rows: tuple[Any, ...], lock: bool) -> None:
    columns = dict(recorded_columns(cls))
    table = cls.__table__  # type: ignore[attr-defined]
    ids = [row.record_id for row in rows]
    standing = select(table).where(table.c.id.in_(ids)).order_by(table.c.id)
    now_there = {row.id: row for row in db.session.execute(standing.with_for_update() if lock else standing)}
    back = made.back.setdefault(cls.noun, {})
    for row in rows:
        stands = now_there[row.record_id]._mapping
        values = dict(row.values or {})
        wanted = {name: decode(columns[name], before) for name, (before, _) in values.items() if name in columns}
        if row.kind == "created":
            values, wanted = values | {"hidden": [True, False]}, {"hidden": True}
        stuck = {
            name: Standing(cls.noun, row.record_id, name, left, encode(stands[columns[name]]))
            for name, (_, left) in values.items()
            if name in columns and encode(stands[columns[name]]) != left
        }
        if row.kind == "created" and stuck:
            wanted = {}
        made.standing += _hold_back(wanted, stuck, columns)
        if wanted:
            back[row.record_id] = wanted


def _hold_back(wanted: dict[str, Any], stuck: dict[str, Standing], columns: dict[str, Any]) -> list[Standing]:
    """Take what is stuck out of what goes back; returns what to tell about it.

    Fields that mean something only together (`info["together"]` names their group) stay together, told as one. A
    derived field never parts from its sources (`info["derived"]` names them, or is just True), and is only told when
    none of them is.
    """
    derived = {name: columns[name].info["derived"] for name in stuck if columns[name].info.get("derived")}
    told = _once_a_group([standing for name, standing in stuck.items() if name not in derived], columns)
    groups = {_group(columns[name]) for name in stuck}
    for name in [name for name in wanted if name in stuck or _group(columns[name]) in groups - {None}]:
        del wanted[name]
    for name, sources in derived.items():
        if sources is True and not told:
            wanted.clear()
            told.append(stuck[name])
        elif sources is not True:
            for source in sources:
                wanted.pop(source, None)
            told += [] if stuck.keys() & set(sources) else [stuck[name]]
    return told


def _group(column: Any) -> str | None:
    return cast("str | None", column.info.get("together"))


def _once_a_group(stuck: list[Standing], columns: dict[str, Any]) -> list[Standing]:
    """One field speaks for its group: the first that people set themselves, else the first."""
    told: dict[str, Standing] = {}
    for each in sorted(stuck, key=lambda each: bool(columns[each.field or ""].info.get("follows"))):
        told.setdefault(_group(columns[each.field or ""]) or each.field or "", each)
    return [each for each in stuck if each in told.values()]


def _used_elsewhere(noun: str, ids: set[int], operation_id: int) -> Iterator[tuple[Standing, str]]:
    """Records that came later and point at what would be hidden, by which column; found through foreign keys."""
    if not ids:
        return
    made_together = select(Change.record_id).where(Change.operation_id == operation_id, Change.kind == "created")
    for other, column, narrowed in pointing_at(noun):
        table = column.table
        for chunk in chunks(sorted(ids), CHUNK):
            using = select(table.c.id, column).where(
                column.in_(chunk),
                narrowed,
                table.c.hidden.is_(False),
                table.c.id.not_in(made_together.where(Change.noun == other.noun)),
                # What no entry tells of came with a migration, out of what was there: nobody built it upon this.
                exists().where(Change.noun == other.noun, Change.record_id == table.c.id, Change.kind == "created"),
            )
            for row in db.session.execute(using):
                yield Standing(noun, row[1], None, other.noun, row[0]), column.key


def pointing_at(noun: str) -> Iterator[tuple[type[Recorded], Any, Any]]:
    """Every (noun, column, condition) whose column holds ids of `noun`: foreign keys, attachments by name."""
    target: Table = nouns[noun].__table__  # type: ignore[attr-defined]
    for other in nouns.values():
        table: Table = other.__table__  # type: ignore[attr-defined]
        for column in table.c:
            if any(key.column.table is target for key in column.foreign_keys):
                yield other, column, true()
        if other.attached_by:
            name, number = (table.c[key] for key in other.attached_by)
            yield other, number, name == noun


def undo(undone: Operation, *, by: Actor | None, the_rest: bool = False) -> OpenOperation:
    """Take an operation back. Where something stands in the way: CannotUndo, or with `the_rest` all but that.

    Raises NotUndoable for operations that never go back, are undone already, or would break a rule if undone.
    """
    if not can_be_undone(undone):
        raise NotUndoable("That cannot be undone, or was undone already.")
    todo = plan(undone, lock=True)
    rest = any(todo.back.values())
    if todo.standing and not (the_rest and rest):
        raise CannotUndo(todo.standing, rest=rest)
    if not rest:
        raise NotUndoable("All of this was changed again since, so nothing is left to undo.")
    if gone := next(follow(todo.back), None):
        raise NotUndoable(f"“{gone}”, which this named before, was taken away since. Bring that back first.")
    try:
        with operation(UNDO, by=by, undoes_id=undone.id) as opened:
            for noun, records in todo.back.items():
                nouns[noun].make_way(records)
            for noun, records in todo.back.items():
                for chunk in chunks(records.items(), CHUNK):
                    _put_back(opened, nouns[noun], dict(chunk))
            db.session.expire_all()
            _hold_together(todo)
    except IntegrityError as error:  # what the database holds together, whatever verbs came between
        raise NotUndoable("What stands now does not fit with what was before. Nothing was undone.") from error
    return opened


def _hold_together(todo: Plan) -> None:
    """What verbs take care of across records must hold after an undo, too."""
    for noun, back in todo.back.items():
        try:
            nouns[noun].hold_together(back)
        except ValueError as error:
            raise NotUndoable(f"Undoing this would break a rule: {error}") from error


def _put_back(opened: OpenOperation, cls: type[Recorded], records: dict[int, dict[str, Any]]) -> None:
    table: Table = cls.__table__  # type: ignore[attr-defined]
    entities = {this.id: this for this in db.session.scalars(select(cls).where(cls.id.in_(records)))}
    by_fields: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for record_id, wanted in records.items():
        this = entities[record_id]
        values = {name: [encode(getattr(this, name)), encode(value)] for name, value in wanted.items()}
        opened.record(cls.noun, record_id, "changed", this.version + 1, this.about(), values)
        by_fields.setdefault(tuple(wanted), []).append({"id": record_id} | wanted)
    for rows in by_fields.values():
        update_all(db.session.connection(), table, rows)
