"""What an undo puts back may point at records that went since: the merged ones became others."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, select

from p2p.db import chunks, db
from p2p.history.holding import pointers
from p2p.history.recording import nouns

CHUNK = 500
Back = dict[str, dict[int, dict[str, Any]]]


def follow(back: Back) -> Iterator[Any]:
    """Have what points at a merged record point at the survivor; yields the records that are gone for good."""
    tables: dict[Table, str] = {cls.__table__: noun for noun, cls in nouns.items()}  # type: ignore[attr-defined]
    for table, places in _pointing(back).items():
        noun = tables[table]
        for id in _gone(table, places):
            if back.get(noun, {}).get(id, {}).get("hidden") is False:
                continue  # it comes back along with this
            survivor = _survivor(noun, id)
            if survivor is None:
                yield db.session.get(nouns[noun], id)
            for wanted, name in places[id]:
                wanted[name] = survivor


def _pointing(back: Back) -> dict[Table, dict[int, list[tuple[dict[str, Any], str]]]]:
    """Table → id → where it is to be put back: the values of a record that stays or comes back, and the field."""
    found: dict[Table, dict[int, list[tuple[dict[str, Any], str]]]] = {}
    for noun, records in back.items():
        cls: Any = nouns[noun]
        named = pointers(cls)
        for wanted in records.values():
            for name, value in wanted.items():
                if name in named and value is not None and not wanted.get("hidden"):
                    found.setdefault(named[name], {}).setdefault(value, []).append((wanted, name))
    return found


def _gone(table: Table, ids: Any) -> Iterator[int]:
    for chunk in chunks(sorted(ids), CHUNK):
        yield from db.session.scalars(select(table.c.id).where(table.c.id.in_(chunk), table.c.hidden.is_(True)))


def _survivor(noun: str, id: int) -> int | None:
    """The present record that this one became, perhaps through others."""
    from p2p.history.absorbing import became

    following = became(noun, id)
    while following is not None and db.session.get_one(nouns[noun], following).hidden:
        following = became(noun, following)
    return following
