"""Recording: verbs open operations, one listener sees what they change, the end of the outermost seals them."""

import functools
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Concatenate, ParamSpec, Protocol, TypeVar, cast

from sqlalchemy import Boolean, Table, event, insert, select, update
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from p2p.db import db, now
from p2p.history.holding import refuse_what_went
from p2p.history.log import Change, Head, Operation, Values, chained, change_digest

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")


class Actor(Protocol):
    """Whoever acts: a user, known here only by id."""

    @property
    def id(self) -> Any: ...


PutBack = Mapping[int, Mapping[str, Any]]
"""What an undo put back: record → field → value."""


class UnrecordedChange(RuntimeError):
    """Something tried to change a recorded noun outside an operation."""


# ── Recorded nouns and their verbs ──────────────────────────────────────────────────────────────────────────────────

nouns: dict[str, type["Recorded"]] = {}


class Recorded:
    """Mix in to have every change remembered. `hidden` is set by undoing a creation or taking something away."""

    noun: ClassVar[str] = ""
    #: Columns (noun, id) by which this hangs on any other noun; None where ordinary foreign keys tell.
    attached_by: ClassVar[tuple[str, str] | None] = None
    #: Columns that make two records say the same thing: when what they point at is merged, so are they.
    same_by: ClassVar[tuple[str, ...]] = ()

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    hidden: Mapped[bool] = mapped_column(Boolean, default=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        if "noun" not in cls.__dict__:
            return
        nouns[cls.noun] = cls
        for base in cls.__mro__:
            for key, member in base.__dict__.items():
                told = getattr(getattr(member, "__func__", member), "verb_words", None)
                if told:
                    name_verb(f"{cls.noun}.{key}", told[0], undoable=told[1])

    @classmethod
    def make_way(cls, back: PutBack) -> None:
        """Move what stands where an undo puts these values; asked before it does."""

    @classmethod
    def hold_together(cls, back: PutBack) -> None:
        """Raise ValueError where a rule that spans records is broken, and set what follows from these values.

        Asked after an undo put them back.
        """

    @classmethod
    def settle(cls, changed: Mapping[int, Values]) -> None:
        """Bring up to date what is kept beside the log; asked when an operation that touched these is in it."""

    def make_room_for(self, other: Any) -> None:
        """Before another record of this noun becomes this one: settle what only one of them can have."""

    def about(self) -> tuple[str, int]:
        """The record whose timeline tells of changes to this one; itself unless it is a part of something."""
        return self.noun, self.id


@dataclass(frozen=True)
class Verb:
    """A named action of a noun: the words history tells it with, and whether it can be taken back."""

    words: str
    undoable: bool = True


verbs: dict[str, Verb] = {}


def name_verb(name: str, words: str, *, undoable: bool = True) -> str:
    """Register an operation that is no method of one noun (an import, an undo)."""
    verbs[name] = Verb(words, undoable)
    return name


def verb(
    words: str, *, undoable: bool = True
) -> Callable[[Callable[Concatenate[S, P], R]], Callable[Concatenate[S, P], R]]:
    """Make a method the verb of its noun: what it changes becomes one operation, told with `words`.

    The method takes `by` (who acts) by name. Inside another verb it joins that operation.
    """

    def decorate(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
        @functools.wraps(method)
        def acted(this: S, *args: P.args, **kw: P.kwargs) -> R:
            noun = this.noun  # type: ignore[attr-defined]
            with operation(f"{noun}.{method.__name__}", by=kw["by"]):  # type: ignore[arg-type]
                return method(this, *args, **kw)

        acted.verb_words = (words, undoable)  # type: ignore[attr-defined]
        return cast("Callable[Concatenate[S, P], R]", acted)

    return decorate


@event.listens_for(Recorded, "mapper_configured", propagate=True)
def _know_the_value_before(mapper: Any, cls: type[Recorded]) -> None:
    """Setting an attribute that was not loaded must load it first, or its *before* would be lost."""
    for attribute in mapper.column_attrs:
        getattr(cls, attribute.key).impl.active_history = True


# ── Operations ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Record:
    """What the open operation has done to one record so far."""

    kind: str
    version: int
    about: tuple[str, int]
    values: Values = field(default_factory=dict)


@dataclass
class OpenOperation:
    """An operation while it runs; `id` is known once it is sealed (None: nothing changed)."""

    verb: str
    by_id: int | None
    at: datetime
    undoes_id: int | None = None
    id: int | None = None
    records: dict[tuple[str, int], Record] = field(default_factory=dict)

    def record(
        self, noun: str, record_id: int, kind: str, version: int, about: tuple[str, int], values: Values
    ) -> None:
        """Remember a change; several to one record become one, from the first *before* to the last *after*."""
        known = self.records.get((noun, record_id))
        if known is None:
            self.records[noun, record_id] = Record(kind, version, about, values)
            return
        known.version, known.about = version, about
        for name, (before, after) in values.items():
            known.values[name] = [known.values[name][0] if name in known.values else before, after]


#: Called when an operation ends, within its unit, with all that it did: whatever is derived from records follows here.
followers: list[Callable[[OpenOperation], None]] = []


@contextmanager
def operation(verb: str, *, by: Actor | None, undoes_id: int | None = None) -> Iterator[OpenOperation]:
    """Everything recorded inside is one operation, sealed at the end; inside another one it joins that."""
    session = db.session()
    outer: OpenOperation | None = session.info.get("operation")
    if outer is not None:
        yield outer
        return
    session.flush()
    opened = OpenOperation(verb, by.id if by else None, now(), undoes_id)
    session.info["operation"] = opened
    try:
        yield opened
        session.flush()
        _seal(session, opened)
        for follow in followers:
            follow(opened)
        session.info["sealed"] = opened
    finally:
        session.info.pop("operation", None)


def last_operation_id() -> int | None:
    """The operation this session sealed last, for the undo that is offered with the answer."""
    sealed = db.session().info.get("sealed")
    return sealed.id if sealed else None


_LAST = select(Head.operation_id, Head.digest).with_for_update()
_OPERATION, _CHANGES = (insert(cast(Table, each.__table__)) for each in (Operation, Change))
_NEW_LAST = update(cast(Table, Head.__table__))


def _seal(session: Session, opened: OpenOperation) -> None:
    rows = []
    for (noun, record_id), done in opened.records.items():
        values = {k: v for k, v in done.values.items() if v[0] != v[1]}
        if values or done.kind == "created":
            rows.append(_change_row(noun, record_id, done, values))
    if not rows:
        return
    if opened.undoes_id is None:
        refuse_what_went((nouns[noun], done.values) for (noun, _), done in opened.records.items())
    connection = session.connection()
    last, digest = connection.execute(_LAST).one()
    opened.id = last + 1
    digest = chained(
        digest, opened.id, opened.verb, opened.by_id, opened.at, opened.undoes_id, [r["digest"] for r in rows]
    )
    connection.execute(
        _OPERATION,
        {"id": opened.id, "verb": opened.verb, "by_id": opened.by_id, "at": opened.at, "undoes_id": opened.undoes_id}
        | {"digest": digest},
    )
    for row in rows:
        row["operation_id"] = opened.id
    connection.execute(_CHANGES, rows)
    connection.execute(_NEW_LAST, {"operation_id": opened.id, "digest": digest})
    _settle(rows)


def _settle(rows: list[dict[str, Any]]) -> None:
    """Nobody else seals meanwhile, so whatever is counted from the log is counted one operation after another."""
    by_noun: dict[str, dict[int, Values]] = {}
    for row in rows:
        by_noun.setdefault(row["noun"], {})[row["record_id"]] = row["values"]
    for noun, changed in by_noun.items():
        nouns[noun].settle(changed)


def _change_row(noun: str, record_id: int, done: Record, values: Values) -> dict[str, Any]:
    salt = secrets.token_hex(8)
    row = {"noun": noun, "record_id": record_id, "about_noun": done.about[0], "about_id": done.about[1]}
    row |= {"kind": done.kind, "version": done.version, "values": values, "salt": salt}
    return row | {"digest": change_digest(noun, record_id, done.about, done.kind, done.version, values, salt)}
