"""What stands in the way, in words: of an undo, and of an edit that met somebody else's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from p2p.history import queries
from p2p.history.merging import Clash
from p2p.history.queries import Key
from p2p.history.recording import Recorded, nouns
from p2p.history.telling import NOBODY
from p2p.history.undoing import Standing
from p2p.history.values import encode, recorded_columns
from p2p.history.wording import field_label, in_words, noun_words, place, points_at


@dataclass(frozen=True)
class Obstacle:
    """Why something cannot go back: the record, the field (None: it is used by `stands`), who did that and when."""

    label: str
    url: str | None
    field: str | None
    left: str | None
    stands: str | None
    stands_url: str | None
    who: str | None
    at: datetime | None


def tell_standing(standing: list[Standing], operation_id: int) -> list[Obstacle]:
    """What stands in the way of an undo, in words, with who changed it last."""
    later = queries.later_changes({(each.noun, each.record_id) for each in standing}, operation_id)
    last = {(noun, id, name): (by_id, at) for noun, id, values, by_id, at in later for name in values or {}}
    wanted = {(each.noun, each.record_id) for each in standing} | {("user", by) for by, _ in last.values() if by}
    for each in standing:
        if each.field is None:
            wanted.add((each.left, each.stands))
        elif each.field != "hidden" and (noun := points_at(_column(each))):
            wanted |= {(noun, id) for id in (each.left, each.stands) if id is not None}
    known = queries.records(wanted)
    return [_obstacle(each, last.get((each.noun, each.record_id, each.field or "")), known) for each in standing]


def _column(standing: Standing) -> Any:
    return dict(recorded_columns(nouns[standing.noun]))[standing.field or ""]


def _obstacle(standing: Standing, last: tuple[int | None, datetime] | None, known: dict[Key, Any]) -> Obstacle:
    key = (standing.noun, standing.record_id)
    record = known[key]
    who, at = (str(known.get(("user", last[0] or 0)) or NOBODY), last[1]) if last else (None, None)
    url = None if record.hidden else place(key, record.about())
    if standing.field is None:
        user = known[standing.left, standing.stands]
        used_by = f"{noun_words(standing.left)} “{user}”"
        return Obstacle(str(record), url, None, None, used_by, place((user.noun, user.id), user.about()), None, None)
    if standing.field == "hidden":
        words = {True: "taken away", False: "there"}
        return Obstacle(
            str(record), url, "record", words[bool(standing.left)], words[bool(standing.stands)], None, who, at
        )
    column, currency = _column(standing), getattr(record, "currency", None)
    left, stands = (in_words(column, value, currency, known) for value in (standing.left, standing.stands))
    return Obstacle(str(record), url, field_label(column), left, stands, None, who, at)


@dataclass(frozen=True)
class ToldClash:
    """One field two people changed: as it was, theirs and mine in words (None: not set); `long` where mine is text."""

    field: str
    label: str
    was: str | None
    theirs: str | None
    mine: str | None
    who: str
    at: datetime

    @property
    def long(self) -> bool:
        return bool(self.mine and (len(self.mine) > 80 or "\n" in self.mine))


def tell_clashes(record: Recorded, clashes: list[Clash]) -> list[ToldClash]:
    """Clashes in words, with names resolved in one question per noun."""
    columns = dict(recorded_columns(type(record)))
    wanted: set[Key] = {("user", clash.by_id) for clash in clashes if clash.by_id}
    for clash in clashes:
        if noun := points_at(columns[clash.field]):
            wanted |= {(noun, id) for id in (clash.was, clash.theirs, clash.mine) if id is not None}
    known, currency = queries.records(wanted), getattr(record, "currency", None)
    told = []
    for clash in clashes:
        column = columns[clash.field]
        values = (encode(value) for value in (clash.was, clash.theirs, clash.mine))
        was, theirs, mine = (in_words(column, value, currency, known) for value in values)
        who = str(known.get(("user", clash.by_id or 0)) or NOBODY)
        told.append(ToldClash(clash.field, field_label(column), was, theirs, mine, who, clash.at))
    return told
