"""Rows in the order of a short list (ratings, people): one entry after the other, each the first rows of an index."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, Select, case, literal

from p2p.db import db


def rank(column: Any, keys: Sequence[int], *, descending: bool) -> Any:
    """Where in the list a row's entry stands, as an expression; rows without one come last either way."""
    last = literal(-1 if descending else len(keys), Integer)
    return case({key: position for position, key in enumerate(keys)}, value=column, else_=last) if keys else last


def first_ids(
    matching: Select[Any],
    id: Any,
    column: Any,
    keys: Sequence[int],
    *,
    descending: bool,
    backwards: bool,
    after: tuple[int, int] | None,
    limit: int,
) -> list[int]:
    """The ids of the first rows behind `after` (rank, id), in list order: no entry is read further than needed."""
    entries: list[tuple[int, int | None]] = list(enumerate(keys))
    if descending:
        entries.reverse()
    entries.append((-1 if descending else len(keys), None))
    if backwards:
        entries.reverse()
    down = descending != backwards
    found: list[int] = []
    started = after is None
    for position, key in entries:
        here = after is not None and position == after[0]
        started = started or here
        if not started or len(found) >= limit:
            continue
        rows = matching.with_only_columns(id).where(column.is_(None) if key is None else column == key)
        if here and after is not None:
            rows = rows.where(id < after[1] if down else id > after[1])
        rows = rows.order_by(None).order_by(id.desc() if down else id.asc()).limit(limit - len(found))
        found += db.session.scalars(rows)
    return found
