"""Which records somebody means: by words that begin so, exact names and numbers first, then the newest."""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, TextClause, bindparam, false, select, text, union_all

from p2p.archiving import Archivable
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Involved
from p2p.prospects.models import Customer, Prospect
from p2p.search.kinds import CONTACT, CUSTOMER, PARTY, PROSPECT, Kind
from p2p.search.words import WHOLE, Wanted

#: So many hits of a kind are looked for; more are not counted.
MOST = 100
#: Several words are looked for in the records that have the rarest of them, the newest first: in so many to begin with,
#: which is enough for words that meet often. Others are looked up all at once, unless even that is too much: then so
#: many records are looked through, and no more.
FEW, FREQUENT, DEPTH = 2000, 20_000, 5000
#: Nothing that begins alike stands behind this.
END = "\U0010ffff"

Ids = dict[int, list[int]]
"""Number of a kind → the ids of its hits, the best first."""


class Hits(NamedTuple):
    """The records that are found; the kinds with more than those, and whether there may be others that nobody sees."""

    ids: Ids
    more: set[int]
    cut: bool


def hits(wanted: Wanted, kinds: Iterable[int], enough: int) -> Hits:
    """The records of these kinds that are found, `enough` of each or all, at most `MOST`.

    Whoever is called so comes first, then those whose name or number begins so, then the others; the newest first.
    """
    best: Best = {}
    more: set[int] = set()
    cut = False
    for terms in wanted.ways:
        values = _values(wanted, terms)
        branches = _branches(terms, tuple(kinds), values)
        _find(best, branches, terms, values)
        full = {each.noun for each in branches if each.full}
        if few := tuple(noun for noun in sorted(full) if len(best.get(noun, ())) < enough):
            branches = _deep_branches(terms, few, values)
            _find(best, branches, terms, values)
            missed = {each.noun for each in branches if each.full and len(best.get(each.noun, ())) < enough}
            full, cut = full - set(few) | missed, cut or bool(missed)
        more |= full
    ids = {noun: sorted(found, key=found.__getitem__) for noun, found in best.items()}
    more |= {noun for noun, found in ids.items() if len(found) > MOST}
    return Hits({noun: found[:MOST] for noun, found in ids.items()}, more, cut)


Best = dict[int, dict[int, tuple[int, int]]]
"""Number of a kind → id → its rank and its place."""


def _find(best: Best, branches: "tuple[Branch, ...]", terms: tuple[str, ...], values: dict[str, str]) -> None:
    if not branches:
        return
    for noun, word, place in db.session.execute(_finding(branches, len(terms)), values):
        rank = (0 if word == values["title"] else 1) if word[0] == WHOLE else 2
        of_kind = best.setdefault(noun, {})
        of_kind[-place] = min(of_kind.get(-place, (9, 0)), (rank, place))


# ── The statements ──────────────────────────────────────────────────────────────────────────────────────────────────


class Branch(NamedTuple):
    """How records of a kind are found: those with the term `by`, the newest `depth`, that hold the other terms.

    `meets` are those of them that are looked up all at once; `full`: there may be more records than that.
    """

    noun: int
    by: int
    meets: tuple[int, ...]
    depth: int
    full: bool


BEGINS = "noun = {noun} and word >= :{name} and word < :{name}_end"
NEWEST = "select {noun} as noun, word, place from found_word where " + BEGINS + " order by word, place limit {limit}"
MEETS = "near{noun}.place in (select place from found_word where " + BEGINS + ")"
HOLDS = (
    "(select words from found_text where noun = {noun} and record_id = -near{noun}.place) like :line{term} escape '!'"
)


def _branches(terms: tuple[str, ...], kinds: tuple[int, ...], values: dict[str, str]) -> tuple[Branch, ...]:
    """One for each kind that can have hits: those that lack one of the terms have none."""
    if len(terms) == 1:
        return tuple(Branch(noun, 0, (), MOST + 1, False) for noun in kinds)
    counts = _counts(terms, kinds, values, FEW)
    rarest = {noun: _rarest(terms, of) for noun, of in counts.items() if all(of.values())}
    return tuple(Branch(noun, by, (), FEW, counts[noun][by] == FEW) for noun, by in rarest.items())


def _deep_branches(terms: tuple[str, ...], kinds: tuple[int, ...], values: dict[str, str]) -> tuple[Branch, ...]:
    """For kinds that have many records with each of the terms."""
    found = []
    for noun, of in _counts(terms, kinds, values, FREQUENT).items():
        by = _rarest(terms, of)
        meets = tuple(term for term, count in of.items() if term != by and count < FREQUENT)
        whole = len(meets) == len(terms) - 1
        found.append(Branch(noun, by, meets, FREQUENT if whole else DEPTH, not whole and of[by] > DEPTH))
    return tuple(found)


def _rarest(terms: tuple[str, ...], counts: dict[int, int]) -> int:
    """The term with the smallest count; the longest of several."""
    return min(counts, key=lambda term: (counts[term], -len(terms[term])))


def _counts(
    terms: tuple[str, ...], kinds: tuple[int, ...], values: dict[str, str], limit: int
) -> dict[int, dict[int, int]]:
    """Kind → term → at how many places words begin so, up to `limit`."""
    found: dict[int, dict[int, int]] = {}
    for noun, term, count in db.session.execute(_counting(len(terms), kinds, limit), values):
        found.setdefault(noun, {})[term] = count
    return found


@lru_cache(maxsize=64)
def _counting(terms: int, kinds: tuple[int, ...], limit: int) -> TextClause:
    counted = "select {noun}, {term}, count(*) from (select 1 from found_word where " + BEGINS + " limit {limit}) t"
    each = ((noun, term) for noun in kinds for term in range(terms))
    parts = [counted.format(noun=noun, term=term, name=f"word{term}", limit=limit) for noun, term in each]
    return text(" union all ".join(parts))


@lru_cache(maxsize=256)
def _finding(branches: tuple[Branch, ...], terms: int) -> TextClause:
    """(kind, word, place): those called so, and those that hold all terms; each the first of an index."""
    parts = []
    for noun, by, meets, depth, _ in branches:
        parts.append(NEWEST.format(noun=noun, name="title", limit=MOST + 1))
        near = NEWEST.format(noun=noun, name=f"word{by}", limit=depth)
        others = [MEETS.format(noun=noun, name=f"word{term}") for term in meets]
        searched = [term for term in range(terms) if term != by and term not in meets]
        others += [HOLDS.format(noun=noun, term=term) for term in searched]
        if others:
            near = f"select * from ({near}) near{noun} where {' and '.join(others)} limit {MOST + 1}"
        parts.append(near)
    return text(" union all ".join(f"select * from ({part}) t{n}" for n, part in enumerate(parts)))


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
    archived = cls.archived if issubclass(cls, Archivable) else false().label("archived")
    rows = select(cls.id, kind.title.label("title"), archived, *kind.facts)
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
