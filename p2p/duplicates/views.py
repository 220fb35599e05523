"""Doors of duplicates: the pairs that were found, a search for more, and merging side by side."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for

from p2p.db import db, now
from p2p.duplicates import jobs, queries
from p2p.duplicates.models import KINDS, SEARCHING, Distinction, DuplicateSearch
from p2p.duplicates.pairing import twins_of
from p2p.duplicates.sides import Sides
from p2p.forms import whole
from p2p.history import queries as history
from p2p.history.recording import nouns
from p2p.history.wording import noun_words, place
from p2p.identity import policy
from p2p.leads.models import NotMerged
from p2p.web import changed, found, moved_to, page

duplicates = Blueprint("duplicates", __name__)

#: So many records at most become one at once.
MOST = 10


def _kind(noun: str) -> str:
    if noun not in KINDS:
        abort(404)
    return noun


def _number(typed: str | None) -> int:
    return whole(typed) or 0


@duplicates.get("/")
@duplicates.get("/<noun>/")
def index(noun: str = "party") -> Response:
    """The pairs that may be one, the surest first, and the latest search."""
    _kind(noun)
    rows = queries.page_of(noun, _number(request.args.get("after")))
    shown, more = rows[: queries.PAGE], len(rows) > queries.PAGE
    records = history.records((noun, id) for pair in shown for id in (pair.left_id, pair.right_id))
    # At hand when the page names them, in one question.
    history.records(("party", id) for record in records.values() if (id := getattr(record, "party_id", None)))
    search = queries.latest_search(noun)
    return page(
        "duplicates/index.html",
        live="duplicates/_index.html",
        noun=noun,
        kinds=KINDS,
        pairs=shown,
        records=records,
        place=lambda id: place((noun, id)),
        search=search,
        progress=jobs.progress(search.id) if search else (0, 0),
        waiting={kind: queries.waiting(kind) for kind in KINDS},
        next_url=url_for("duplicates.index", noun=noun, after=shown[-1].id) if more else None,
    )


@duplicates.post("/<noun>/search")
def search(noun: str) -> Response:
    """Look through the whole book."""
    latest = queries.latest_search(_kind(noun))
    if latest is not None and latest.status == SEARCHING and jobs.at_work(latest.id):
        return moved_to(url_for("duplicates.index", noun=noun), "A search is under way already.")
    started = DuplicateSearch(noun=noun, by_id=g.user.id, started_at=now())
    db.session.add(started)
    db.session.commit()
    jobs.start(started.id, noun)
    return moved_to(url_for("duplicates.index", noun=noun))


@duplicates.get("/<noun>/<int:id>")
def around(noun: str, id: int) -> Response:
    """What may be the same as one record, with the reasons."""
    record = found(nouns[_kind(noun)], id)
    closed = request.args.get("closed") == "1"
    own = queries.entries(noun, ids=[id], closed=True)
    others = queries.entries(noun, ids=queries.near(noun, id), closed=closed)
    apart = queries.told_apart_from(noun, id)
    twins = [pair for pair in twins_of(own[0], others) if pair.right not in apart] if own else []
    records = history.records((noun, pair.right) for pair in twins)
    context = {"noun": noun, "record": record, "twins": twins, "records": records, "closed": closed}
    return page("duplicates/around.html", live="duplicates/_around.html", place=lambda id: place((noun, id)), **context)


@duplicates.post("/<noun>/<int:id>/apart/<int:other_id>")
def apart(noun: str, id: int, other_id: int) -> Response:
    """These two are two."""
    one, other = (found(nouns[_kind(noun)], each) for each in (id, other_id))
    if one is other:
        abort(404)
    Distinction.tell_apart(one, other, by=g.user)
    db.session.commit()
    return changed(
        url_for("duplicates.index", noun=noun), f"{one} and {other} are two. They are not asked about again."
    )


@duplicates.route("/<noun>/<int:id>/merge/<others>", methods=["GET", "POST"])
def merge(noun: str, id: int, others: str) -> Response:
    """Records side by side (`others`: numbers with commas), and making them one."""
    sides = Sides(_theirs(noun, [id, *map(_number, others.split(","))]), request.form)
    if request.method != "POST":
        return _shown(sides)
    if sides.outdated:
        return _shown(sides, 409, "Somebody changed one of them meanwhile. Look again, then merge.")
    try:
        sides.merge(by=g.user)
    except NotMerged as error:
        return _shown(sides, 422, str(error))
    db.session.commit()
    there = place((noun, sides.survivor.id)) or url_for("duplicates.index", noun=noun)
    return moved_to(there, f"{len(sides.records)} {noun_words(noun, 2)} are one now: {sides.survivor}.")


def _theirs(noun: str, ids: list[int]) -> list[Any]:
    """The records asked for, if whoever asks may merge each."""
    records = [found(nouns[_kind(noun)], id) for id in sorted(set(ids))]
    if not 2 <= len(records) <= MOST:
        abort(422, f"Choose two to {MOST} {noun_words(noun, 2)} that are one.")
    for record in records:
        if not policy.may(g.user, f"{noun}.absorb", record):
            abort(403, f"{record} is not yours, so you may not merge it.")
    return records


def _shown(sides: Sides, status: int = 200, told: str = "") -> Response:
    if status != 200:
        db.session.rollback()
    noun = sides.survivor.noun
    context = {"noun": noun, "kind": noun_words(noun, 2), "sides": sides, "told": told}
    context["place"] = lambda id: place((noun, id))
    return page("duplicates/merge.html", live="duplicates/_merge.html", status=status, **context)
