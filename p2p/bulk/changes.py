"""What would become of many records: each in a line, or why it stays as it is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from p2p.bulk.selecting import Selection
from p2p.identity import policy

Do = Callable[[Any], None]
NAMED = 3


@dataclass(frozen=True)
class Line:
    """One record of a bulk change: what it would become, in words, and how; else `left` says why it stays as it is."""

    record: Any
    becomes: str = ""
    do: Do | None = None
    left: str = ""


Lines = Callable[[list[Any]], Iterable[Line]]


def each(one: Callable[[Any], Line]) -> Lines:
    """Lines where every record is looked at by itself."""
    return lambda records: [one(record) for record in records]


def look(selection: Selection, lines: Lines, *, by: Any) -> list[Line]:
    """Every chosen record in its order: those that may not be changed, or were meanwhile, are left alone."""
    left = {record.id: why for record in selection.records if (why := why_not(record, selection, by))}
    told = {line.record.id: line for line in lines([each for each in selection.records if each.id not in left])}
    return [told.get(record.id) or Line(record, left=left[record.id]) for record in selection.records]


def why_not(record: Any, selection: Selection, by: Any) -> str:
    if not policy.may(by, policy.OWN, record):
        return f"belongs to {record.owner}; only the owner or a manager changes it together with others"
    return "was changed by somebody else meanwhile" if selection.is_stale(record) else ""


def not_yet(by: Any) -> None:
    """What cannot be done before the form is filled in, but can be told."""
    raise AssertionError("the form was not checked")


def left_alone(lines: list[Line]) -> str:
    """Which records stay as they are, in a sentence for after the change; nothing where there is none."""
    names = [f"“{line.record}” {line.left}" for line in lines if not line.do]
    if not names:
        return ""
    more = f"; and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f" Left alone: {'; '.join(names[:NAMED])}{more}."
