"""Questions behind the index: what records say now, what the index says, and whom a change concerns."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, bindparam, delete, select

from p2p.db import chunks, db
from p2p.history.batches import insert_all
from p2p.parties.channels.models import Channel
from p2p.search.kinds import KINDS, Kind
from p2p.search.models import FoundText, FoundWord
from p2p.search.words import all_words, figures_of, whole

CHUNK = 500
WORDS: Table = FoundWord.__table__  # type: ignore[assignment]
TEXTS: Table = FoundText.__table__  # type: ignore[assignment]
CHANNELS = (Channel.value, Channel.key, Channel.street, Channel.postal_code, Channel.city)


def lines(words: Iterable[str]) -> str:
    """Words as `FoundText` keeps them."""
    return "\n" + "".join(f"{word}\n" for word in sorted(words))


# ── What records say ────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _said(kind: Kind) -> Select[Any]:
    """The present records of a kind with ids asked for, and all their words are taken from."""
    columns = [column.label(f"c{place}") for place, column in enumerate(kind.columns)]
    rows = select(kind.cls.id, (kind.reached if kind.reached is not None else kind.cls.id).label("reached"), *columns)
    for own, entity in kind.links:
        rows = rows.outerjoin(entity, entity.id == own)
    return rows.where(kind.cls.id.in_(bindparam("ids", expanding=True)), kind.cls.hidden.is_(False))


def documents(kind: Kind, ids: Iterable[int]) -> dict[int, set[str]]:
    """Id → its words, of those that are there."""
    found: dict[int, set[str]] = {}
    parties: dict[int, list[int]] = {}
    last = len(kind.columns) - len(kind.phones)
    for id, party_id, *said in db.session.execute(_said(kind), {"ids": list(ids)}):
        words = found[id] = all_words(said[:last]) | whole(said[0])
        if kind.code is not None:
            words |= whole(said[1])
        for key in said[last:]:
            words |= figures_of(key)
        parties.setdefault(party_id, []).append(id)
    if kind.reached is not None:
        for party_id, more in _reached(parties):
            for id in parties[party_id]:
                found[id] |= more
    for part, own, texts in kind.parts:
        rows = select(own, *texts).where(own.in_(list(found)), part.hidden.is_(False))
        for id, *said in db.session.execute(rows):
            found[id] |= all_words(said)
    return found


def _reached(party_ids: Iterable[int]) -> Iterator[tuple[int, set[str]]]:
    """(party, words) of each way to reach these parties."""
    rows = select(Channel.party_id, Channel.kind, *CHANNELS)
    rows = rows.where(Channel.party_id.in_(list(party_ids)), Channel.hidden.is_(False))
    for party_id, kind, value, key, *place in db.session.execute(rows):
        if kind == "phone" and key:
            yield party_id, figures_of(key)
        else:
            yield party_id, all_words((key or value,) if kind == "website" else (value, key, *place))


# ── Whom a change concerns ──────────────────────────────────────────────────────────────────────────────────────────


def pointing(kind: Kind, own: Any, ids: Iterable[int]) -> Iterator[int]:
    """The records of a kind whose column `own` holds one of these ids."""
    for chunk in chunks(sorted(ids), CHUNK):
        yield from db.session.scalars(select(kind.cls.id).where(own.in_(chunk)))


def wholes(part: Any, own: Any, ids: Iterable[int]) -> Iterator[int]:
    """What these parts belong to, as their column `own` says."""
    for chunk in chunks(sorted(ids), CHUNK):
        yield from db.session.scalars(select(own).where(part.id.in_(chunk)))


def every_id(kind: Kind) -> list[int]:
    """All records of a kind, hidden or not."""
    return list(db.session.scalars(select(kind.cls.id).order_by(kind.cls.id)))


# ── What the index says ─────────────────────────────────────────────────────────────────────────────────────────────

TEXT_OF = (
    select(FoundText.record_id, FoundText.words)
    .where(FoundText.noun == bindparam("noun"), FoundText.record_id.in_(bindparam("ids", expanding=True)))
    .order_by(FoundText.record_id)
    .with_for_update()  # two people at one record: whoever comes second reads what the first one wrote
)


def known(kind: Kind, ids: Iterable[int]) -> dict[int, set[str]]:
    """Id → its words in the index; nobody else changes them until this unit ends."""
    rows = db.session.execute(TEXT_OF, {"noun": kind.number, "ids": list(ids)})
    return {id: set(words.split("\n")) - {""} for id, words in rows}


def write(kind: Kind, before: dict[int, set[str]], after: dict[int, set[str]]) -> None:
    """Have the index say what is `after` where it says what was `before`, with as few rows as possible."""
    number, connection = kind.number, db.session.connection()
    changed = [id for id in before.keys() | after.keys() if before.get(id) != after.get(id)]
    gone = [(id, word) for id in changed for word in before.get(id, set()) - after.get(id, set())]
    new = [(id, word) for id in changed for word in after.get(id, set()) - before.get(id, set())]
    if gone:
        connection.execute(DELETE_WORD, [{"n": number, "w": word, "p": -id} for id, word in gone])
    if texts := [id for id in changed if id in before]:
        connection.execute(DELETE_TEXT, [{"n": number, "i": id} for id in texts])
    if texts := [id for id in changed if id in after]:
        insert_all(connection, TEXTS, [{"noun": number, "record_id": i, "words": lines(after[i])} for i in texts])
    if new:
        rows = sorted((word, -id) for id, word in new)
        insert_all(connection, WORDS, [{"noun": number, "word": word, "place": place} for word, place in rows])


DELETE_WORD = delete(WORDS).where(
    WORDS.c.noun == bindparam("n"), WORDS.c.word == bindparam("w"), WORDS.c.place == bindparam("p")
)
DELETE_TEXT = delete(TEXTS).where(TEXTS.c.noun == bindparam("n"), TEXTS.c.record_id == bindparam("i"))


def wrong() -> list[tuple[str, int]]:
    """(noun, id) of the records about which the index does not say what they say: none, unless something broke."""
    found: list[tuple[str, int]] = []
    for kind in KINDS:
        texts = dict(_rows(select(FoundText.record_id, FoundText.words).where(FoundText.noun == kind.number)))
        places: dict[int, set[str]] = {}
        for word, place in _rows(select(FoundWord.word, FoundWord.place).where(FoundWord.noun == kind.number)):
            places.setdefault(-place, set()).add(word)
        said: dict[int, set[str]] = {}
        for chunk in chunks(every_id(kind), CHUNK):
            said |= documents(kind, chunk)
        ids = sorted(texts.keys() | places.keys() | said.keys())
        found += [(kind.noun, id) for id in ids if not _agree(texts.get(id), places.get(id), said.get(id))]
    return found


def _agree(text: str | None, places: set[str] | None, said: set[str] | None) -> bool:
    return text == (None if said is None else lines(said)) and (places or set()) == (said or set())


def _rows(wanted: Any) -> Any:
    return db.session.execute(wanted).all()
