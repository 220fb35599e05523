"""What happened, in words: the sentences of the timeline, of the history page and of conflicts, in one place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from p2p.db import Instant
from p2p.filters import the_format
from p2p.history import queries
from p2p.history.queries import Key
from p2p.history.recording import nouns, verbs
from p2p.history.wording import (
    JOINED_BY,
    NAME_FIRST,
    NAMED_WITH_SUBJECT,
    ONE_OF_MANY,
    capitalized,
    field_label,
    goes_unsaid,
    in_words,
    noun_words,
    place,
    points_at,
    told_columns,
    uncapitalized,
    verb_alone,
    verb_words,
)

NOBODY = "the command line"


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


def wanted_by(changes: Iterable[Any]) -> set[Key]:
    """Every record whose name is needed to tell these changes."""
    wanted: set[Key] = set()
    for change in changes:
        wanted |= {(change.noun, change.record_id), (change.about_noun, change.about_id)}
        if change.noun not in nouns or not change.values:
            continue
        for name, column in told_columns(change.noun):
            noun = points_at(column)
            if noun and name in change.values:
                wanted |= {(noun, id) for id in change.values[name] if id is not None}
    return wanted


def tell_change(change: Any, known: dict[Key, Any]) -> ToldChange:
    """One change in words; `known` holds the records it names."""
    key, about = (change.noun, change.record_id), (change.about_noun, change.about_id)
    record = known.get(key)
    label = str(record) if record is not None else f"{noun_words(change.noun)} {change.record_id}"
    gone = bool(record is not None and record.hidden)
    url = None if gone else place(key, about)
    fields = _tell_fields(change, record, known.get(about), known) if change.values and change.noun in nouns else []
    return ToldChange(change.id, change.noun, label, url, change.kind, fields, change.values is None, record)


def _tell_fields(change: Any, record: Any, about: Any, known: dict[Key, Any]) -> list[ToldField]:
    values, told = change.values, []
    now = getattr(record, "currency", None) or getattr(about, "currency", None)
    currencies = values.get("currency", (now, now))
    for name, column in told_columns(change.noun):
        if name in values:
            before, after = (
                in_words(column, value, currency or now, known)
                for value, currency in zip(values[name], currencies, strict=True)
            )
            new, raw = change.kind == "created", values[name][1]
            plain = goes_unsaid(change.noun, column, new=new) or (
                new and (_goes_without_saying(column, raw) or after == str(record))
            )
            home = new and (points_at(column), raw) == (change.about_noun, change.about_id)
            told.append(ToldField(field_label(column), before, after, plain, home))
    return told


def _goes_without_saying(column: Any, value: Any) -> bool:
    """Whether a new record simply has what all new ones have."""
    if value is False or isinstance(column.type, Instant):
        return True
    return column.default is not None and column.default.is_scalar and value == column.default.arg


def tell(
    operations: list[Any], changes: list[Any], *, counted: dict[int, dict[tuple[str, str], int]] | None = None
) -> list[Told]:
    """Operations with their changes in words: a fixed number of questions, however many there are.

    `counted` says how many changes each has in all, when not all are given.
    """
    ids = [row.id for row in operations]
    by_operation: dict[int, list[Any]] = {id: [] for id in ids}
    for change in changes:
        by_operation[change.operation_id].append(change)
    roots = queries.roots([row.id for row in operations if row.undoes_id is not None])
    undone = queries.undone(ids)
    known = queries.records(wanted_by(changes) | {("user", row.by_id) for row in operations if row.by_id})
    told = []
    for row in operations:
        parts, (_, root_verb, steps) = by_operation[row.id], roots.get(row.id, (row.id, row.verb, 0))
        shown, count = [tell_change(change, known) for change in parts], (counted or {}).get(row.id, {})
        if root_verb.startswith(ONE_OF_MANY):
            shown, count = _the_one_first(root_verb, shown, undone=steps % 2 == 1), {}
        title = _title(root_verb, shown, count) + _subject(root_verb, parts, known)
        told.append(
            Told(
                id=row.id,
                verb=row.verb,
                title=_taken_back(title, steps),
                who=str(known.get(("user", row.by_id)) or NOBODY),
                at=row.at,
                changes=shown,
                more=max(sum(count.values()) - len(shown), 0),
                undone=row.id in undone,
                undoes_id=row.undoes_id,
                root_verb=root_verb,
                root_title=title,
                steps=steps,
                about=[((each.noun, each.record_id), (each.about_noun, each.about_id)) for each in parts],
                known=known,
            )
        )
    return told


def _the_one_first(verb: str, changes: list[ToldChange], *, undone: bool) -> list[ToldChange]:
    """Of a verb that moves others of its kind aside: the record it was about before those that gave way."""
    gave_way = "yes" if undone else "no"

    def aside(change: ToldChange) -> tuple[bool, bool, bool]:
        other = change.noun != verb.partition(".")[0]
        return other, change.follows, any(field.after == gave_way for field in change.fields)

    return sorted(changes, key=aside)


def _taken_back(title: str, steps: int) -> str:
    if not steps:
        return title
    return f"{'Undid' if steps % 2 else 'Redid'}: {uncapitalized(title)}"


def _title(verb: str, changes: list[ToldChange], counted: dict[tuple[str, str], int]) -> str:
    """`Moved Palletiser relocation`; of many records, how many: `Imported 20’000 opportunities`."""
    words = verb_words(verb)
    own = [change for change in changes if change.noun == verb.partition(".")[0]] or changes
    total: dict[str, int] = {}
    for (noun, _), count in counted.items():
        total[noun] = total.get(noun, 0) + count
    main = own[0].noun if own else ""
    if verb.partition(".")[0] not in nouns and sum(total.values()) > 1:
        parts = [
            f"{the_format().number(n)} {noun_words(noun, n)}" for noun, n in sorted(total.items(), key=lambda t: -t[1])
        ]
        return capitalized(f"{words} {', '.join(parts)}")
    if (meant := verb.partition(".")[0]) in total:  # what it was about may stand behind the changes that are shown
        main = meant
    if total.get(main, 0) > 1 or (main in total and main not in {change.noun for change in changes}):
        return capitalized(f"{words} {the_format().number(total[main])} {noun_words(main, total[main])}")
    label = own[0].label if own else ""
    return capitalized(f"{label} {words}" if verb.startswith(NAME_FIRST) else f"{words} {label}".strip())


def _subject(verb: str, changes: list[Any], known: dict[Key, Any]) -> str:
    """` on Palletiser relocation`, where one thing was done that says little by itself."""
    own = [change for change in changes if change.noun == verb.partition(".")[0]]
    if len(own) != 1 or own[0].noun not in NAMED_WITH_SUBJECT:
        return ""
    subject = known.get((own[0].about_noun, own[0].about_id))
    return f" {JOINED_BY.get(verb, 'on')} {subject}" if subject is not None else ""


def is_undo(told: Told) -> bool:
    """Whether this took something back, so that undoing it does the thing again."""
    return told.steps % 2 == 1


def title_on_own_page(told: Told, key: Key) -> str:
    """The title where the record needs no naming: `Moved`, `Gave a prognosis`, `Planned Call`."""
    done_to_it = told.root_verb.partition(".")[0] == key[0] and any(own == key for own, _ in told.about)
    if not done_to_it or told.undoes_id is not None:
        return told.title.removesuffix(f" {JOINED_BY.get(told.root_verb, 'on')} {told.known.get(key)}")
    return verb_alone(told.root_verb)
