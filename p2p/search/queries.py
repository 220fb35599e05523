"""Which records somebody means: by words that begin so, exact names and numbers first, then the newest."""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, TextClause, bindparam, select, text, union_all

from p2p.contacts.models import Contact
from p2p.db import db
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Involved
from p2p.prospects.models import Customer, Prospect
from p2p.search.kinds import CONTACT, CUSTOMER, PARTY, PROSPECT, Kind
from p2p.search.words import WHOLE, Wanted

#: So many hits of a kind are looked for; more are not counted.
MOST = 100
#: Several words: one is rare that fewer records have; of frequent ones the newest so many are looked through.
RARE, DEPTH = 1000, 10_000
#: Nothing that begins alike stands behind this.
END = "\U0010ffff"

Ids = dict[int, list[int]]
"""Number of a kind → the ids of its hits, the best first."""


def hits(wanted: Wanted, kinds: Iterable[int]) -> tuple[Ids, bool]:
    """The records of these kinds that are found, up to one more than `MOST` of each; whether there may be others.

    Whoever is called so comes first, then those whose name or number begins so, then the others; the newest first.
    """
    best: dict[int, dict[int, tuple[int, int]]] = {}
    cut = False
    for terms in wanted.ways:
        values = _values(wanted, terms)
        frequent, branches = _branches(terms, tuple(kinds), values)
        if not branches:
            continue
        for noun, word, place in db.session.execute(_finding(branches, len(terms)), values):
            rank = (0 if word == wanted.title else 1) if word[0] == WHOLE else 2
            of_kind = best.setdefault(noun, {})
            of_kind[-place] = min(of_kind.get(-place, (9, 0)), (rank, place))
        deep = tuple((noun, by) for noun, by in frequent if len(best.get(noun, ())) <= MOST)
        cut = cut or bool(deep and db.session.execute(_deeper(deep), values).first())
    return {noun: sorted(found, key=found.__getitem__)[: MOST + 1] for noun, found in best.items()}, cut


# ── The statements ──────────────────────────────────────────────────────────────────────────────────────────────────

#: (number of a kind, which of the terms its records are looked up by), for each kind that can have hits.
Branches = tuple[tuple[int, int], ...]
BEGINS = "noun = {noun} and word >= :{name} and word < :{name}_end"
NEWEST = "select {noun} as noun, word, place from found_word where " + BEGINS + " order by word, place limit {limit}"
HOLDS = (
    "(select words from found_text where noun = {noun} and record_id = -near{noun}.place) like :line{term} escape '!'"
)


def _branches(terms: tuple[str, ...], kinds: tuple[int, ...], values: dict[str, str]) -> tuple[Branches, Branches]:
    """For each kind the rarest of its terms: of those where even that is frequent, and of all.

    Kinds that lack one of several terms have no hits.
    """
    if len(terms) == 1:
        return (), tuple((noun, 0) for noun in kinds)
    counts: dict[int, dict[int, int]] = {}
    for noun, term, count in db.session.execute(_counting(len(terms), kinds), values):
        counts.setdefault(noun, {})[term] = count
    longest_first = sorted(range(len(terms)), key=lambda term: -len(terms[term]))
    rarest = {noun: min(longest_first, key=of.__getitem__) for noun, of in counts.items() if all(of.values())}
    frequent = tuple((noun, by) for noun, by in rarest.items() if counts[noun][by] == RARE)
    return frequent, tuple(rarest.items())


@lru_cache(maxsize=64)
def _counting(terms: int, kinds: tuple[int, ...]) -> TextClause:
    """(kind, term, how many places it has, up to `RARE`)."""
    counted = "select {noun}, {term}, count(*) from (select 1 from found_word where " + BEGINS + " limit {limit}) t"
    return text(
        " union all ".join(
            counted.format(noun=noun, term=term, name=f"word{term}", limit=RARE)
            for noun in kinds
            for term in range(terms)
        )
    )


@lru_cache(maxsize=256)
def _finding(branches: Branches, terms: int) -> TextClause:
    """(kind, word, place): those called so, and those that hold all terms; each the first of an index."""
    parts = []
    for noun, by in branches:
        parts.append(NEWEST.format(noun=noun, name="title", limit=MOST + 1))
        near = NEWEST.format(noun=noun, name=f"word{by}", limit=MOST + 1 if terms == 1 else DEPTH)
        if terms > 1:
            others = " and ".join(HOLDS.format(noun=noun, term=term) for term in range(terms) if term != by)
            near = f"select * from ({near}) near{noun} where {others} limit {MOST + 1}"
        parts.append(near)
    return text(" union all ".join(f"select * from ({part}) t{n}" for n, part in enumerate(parts)))


@lru_cache(maxsize=64)
def _deeper(branches: Branches) -> TextClause:
    """A row, if any of these words stands at more places than were looked through."""
    there = "select 1 from (select 1 from found_word where " + BEGINS + " limit 1 offset {limit}) t{noun}"
    return text(" union all ".join(there.format(noun=noun, name=f"word{by}", limit=DEPTH) for noun, by in branches))


def _values(wanted: Wanted, terms: tuple[str, ...]) -> dict[str, str]:
    """What the statements ask with: where words begin and end, and lines of `FoundText`."""
    values = {f"word{number}": term for number, term in enumerate(terms)} | {"title": wanted.title or WHOLE}
    values |= {f"{name}_end": begins + END for name, begins in values.items()}
    return values | {f"line{number}": f"%\n{_literal(term)}%" for number, term in enumerate(terms)}


def _literal(term: str) -> str:
    return term.replace("!", "!!").replace("%", "!%").replace("_", "!_")


# ── What hits say ───────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _rows(kind: Kind) -> Select[Any]:
    cls = kind.cls
    rows = select(cls.id, kind.title.label("title"), cls.archived, *kind.facts)
    if kind.hangs:
        rows = rows.add_columns(cls.subject_noun, cls.subject_id)
    for own, entity in kind.links:
        rows = rows.outerjoin(entity, entity.id == own)
    return rows.where(cls.id.in_(bindparam("ids", expanding=True)), cls.hidden.is_(False))


def facts(kind: Kind, ids: Iterable[int]) -> list[Any]:
    """What is shown of these records, in this order."""
    wanted = list(ids)
    found = {row.id: row for row in db.session.execute(_rows(kind), {"ids": wanted})}
    return [found[id] for id in wanted if id in found]


# ── Deals of whom was found ─────────────────────────────────────────────────────────────────────────────────────────

#: So many deals that are not live are looked through for postponed ones.
NOT_LIVE = 200


def deals_around(found: Ids, most: int) -> list[int]:
    """The open opportunities of the parties and contacts that were found first, the soonest decision first."""
    contacts, parties = found.get(CONTACT, [])[:most], set(found.get(PARTY, [])[:most])
    holders = ((Contact, CONTACT), (Customer, CUSTOMER), (Prospect, PROSPECT))
    asked = [select(cls.party_id).where(cls.id.in_(found[n][:most])) for cls, n in holders if n in found]
    if asked:
        parties |= set(db.session.scalars(union_all(*asked)))
    ids: list[int] = []
    if contacts:
        on = select(Opportunity.id).join(Involved, Involved.opportunity_id == Opportunity.id)
        on = on.where(Involved.contact_id.in_(contacts), Involved.hidden.is_(False), Opportunity.live.is_(True))
        ids += db.session.scalars(on.order_by(Opportunity.order_day, Opportunity.id).limit(most)).all()
    if parties:
        own = Opportunity.party_id.in_(parties)
        live = select(Opportunity.id).where(own, Opportunity.live.is_(True))
        ids += db.session.scalars(live.order_by(Opportunity.order_day, Opportunity.id).limit(most)).all()
        ids += db.session.scalars(_asleep(own).limit(most)).all()
    return list(dict.fromkeys(ids))[:most]


def _asleep(own: Any) -> Select[Any]:
    rest = select(Opportunity.id, Opportunity.status, Opportunity.hidden, Opportunity.archived)
    rest = rest.where(own, Opportunity.live.is_(False)).limit(NOT_LIVE)
    few = rest.subquery()
    return select(few.c.id).where(few.c.status == "postponed", ~few.c.hidden, ~few.c.archived)
