"""The index of Find follows whatever is done: every operation tells what it changed, in one place and in its unit.

Whoever writes around operations (a migration, the bench) has it filled.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import inspect

from p2p.db import chunks
from p2p.history.recording import OpenOperation, Record, followers
from p2p.parties.channels.models import Channel
from p2p.search.indexing import queries
from p2p.search.kinds import KINDS, Kind

Changed = dict[str, dict[int, Record]]
"""Noun → id → what was done to it."""


def follow(opened: OpenOperation) -> None:
    """Have the index say what is so after an operation."""
    changed: Changed = defaultdict(dict)
    for (noun, id), done in opened.records.items():
        changed[noun][id] = done
    reached = _wholes(Channel, Channel.party_id, changed)
    for kind in KINDS:
        ids = set(_of_itself(kind, changed[kind.noun]))
        for own, entity in kind.links:
            ids |= set(queries.pointing(kind, own, _touched(kind, entity, changed)))
        if kind.reached is not None:
            ids |= set(queries.pointing(kind, kind.reached, reached))
        for part, own, _ in kind.parts:
            ids |= _wholes(part, own, changed)
        renew(kind, ids)


followers.append(follow)


def _of_itself(kind: Kind, changed: dict[int, Record]) -> Iterable[int]:
    watched = kind.watched[kind.cls]
    return (id for id, done in changed.items() if done.kind == "created" or not watched.isdisjoint(done.values))


def _touched(kind: Kind, entity: Any, changed: Changed) -> Iterable[int]:
    """The records of what a kind points at whose facts that count were changed; nobody points at new ones yet."""
    cls: Any = inspect(entity).class_
    watched = kind.watched[cls]
    told = changed[cls.noun].items()
    return (id for id, done in told if done.kind != "created" and not watched.isdisjoint(done.values))


def _wholes(part: Any, own: Any, changed: Changed) -> set[int]:
    """What changed parts belong to, and what they were taken from."""
    done = changed[part.noun]
    before = {value for each in done.values() for value in each.values.get(own.key, ()) if value is not None}
    return before | set(queries.wholes(part, own, done))


def renew(kind: Kind, ids: Iterable[int]) -> None:
    """Have the index say what these records say now."""
    for chunk in chunks(sorted(ids), queries.CHUNK):
        before = queries.known(kind, chunk)
        queries.write(kind, before, queries.documents(kind, chunk))


def fill(kinds: Iterable[Kind] = KINDS) -> None:
    """Index all records of these kinds, for those that came around operations."""
    for kind in kinds:
        renew(kind, queries.every_id(kind))
