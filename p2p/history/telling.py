"""What happened, in words: the sentences of the timeline, of the history page and of conflicts, in one place."""

from collections.abc import Iterable
from typing import Any

from p2p.db import Instant
from p2p.history import queries
from p2p.history.queries import Key
from p2p.history.recording import nouns
from p2p.history.titles import subject_of, taken_back, title_of
from p2p.history.told import Told, ToldChange, ToldField
from p2p.history.wording import (
    ONE_OF_MANY,
    field_label,
    goes_unsaid,
    in_words,
    noun_words,
    place,
    points_at,
    told_columns,
)

NOBODY = "the command line"


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
        title = title_of(root_verb, shown, count) + subject_of(root_verb, parts, known)
        told.append(
            Told(
                id=row.id,
                verb=row.verb,
                title=taken_back(title, steps),
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
