"""Doors of history: what happened, to everything and to one record, and taking it back."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, g, redirect, request, url_for

from p2p.activities import queries as activities
from p2p.activities.models import SUBJECTS
from p2p.db import db
from p2p.errors import problem
from p2p.filters import the_format
from p2p.history import Operation, queries, telling, timelines, undoing, wording
from p2p.history.recording import nouns, verbs
from p2p.history.standing import tell_standing
from p2p.history.titles import title_on_own_page
from p2p.history.told import Told
from p2p.identity import taking_back
from p2p.web import back, changed, found, moved_to, page, same_origin_path

history = Blueprint("history", __name__)

PER_PAGE = 25
CHANGES_PER_PAGE = 100
#: So many changes of an operation are shown in the list.
FIRST = 4
#: So much of what is planned stands above a timeline that tells everything, and above one that was narrowed.
PLANNED, ALL_PLANNED = 10, 100


def _number(name: str) -> int | None:
    """A positive whole number of the address, else None."""
    typed = request.args.get(name, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 16 else None


def _offer_undo(operations: list[Told]) -> set[int]:
    return {told.id for told in operations if taking_back.may_undo_told(g.user, told)}


@history.get("/timeline/<noun>/<int:id>")
def timeline(noun: str, id: int) -> Response:
    """What was done on a record and all that is its, newest first, and what is planned; `kind` narrows it."""
    if noun not in SUBJECTS:
        abort(404)
    record: Any = found(nouns[noun], id)
    kinds, asked = timelines.kinds(noun), request.args.get("kind")
    line, before = timelines.Timeline(noun, id, asked if asked in kinds else None), _number("before")
    rows = line.operations(before=before, limit=PER_PAGE + 1)
    changes, counted = line.changes([row.id for row in rows[:PER_PAGE]], FIRST)
    told = telling.tell(rows[:PER_PAGE], changes, counted=counted)
    return page(
        "history/timeline.html",
        live="history/_timeline.html",
        noun=noun,
        record=record,
        place=wording.place((noun, id), record.about()),
        kind=line.kind,
        kinds=[(each, wording.kind_words(each)) for each in kinds],
        before=before,
        entries=[(each, title_on_own_page(each, (noun, id))) for each in told],
        older=rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else None,
        undoable=_offer_undo(told),
        **_planned(line, before),
    )


def _planned(line: timelines.Timeline, before: int | None) -> dict[str, Any]:
    """What is still to be done there, on the first page; all of it where activities are asked for."""
    if before or line.kind in (timelines.CHANGES, timelines.FILES):
        return {"planned": [], "more_planned": False, "subjects": {}}
    limit = PLANNED if line.kind is None else ALL_PLANNED
    planned = activities.planned_on(line.subjects, line.asked, limit + 1)
    return {
        "planned": planned[:limit],
        "more_planned": len(planned) > limit,
        "subjects": activities.subjects(planned),
    }


@history.get("/")
def index() -> Response:
    """What was done, by everybody to everything, latest first."""
    asked = _asked()
    rows = queries.operations(asked, before=_number("before"), limit=PER_PAGE + 1)
    shown = rows[:PER_PAGE]
    ids = [row.id for row in shown]
    told = telling.tell(shown, queries.first_changes(ids, FIRST), counted=queries.counts(ids))
    words = wording.verb_alone(asked.verbs[0]) if asked.verbs else None
    filters: dict[str, Any] = {"by": asked.by_id, "noun": asked.noun, "verb": words, "day": asked.day}
    return page(
        "history/index.html",
        live="history/_index.html",
        operations=told,
        undoable=_offer_undo(told),
        filters=filters,
        own_url=url_for("history.index", before=_number("before"), **filters),
        newest_url=url_for("history.index", **filters) if _number("before") else None,
        older_url=url_for("history.index", before=ids[-1], **filters) if len(rows) > PER_PAGE else None,
        people=queries.people(),
        noun_choices=sorted((wording.noun_words(noun), noun) for noun in nouns),
        verb_choices=sorted({wording.verb_alone(name) for name in verbs}),
    )


def _asked() -> queries.Asked:
    """What the address narrows the list to; what makes no sense narrows nothing."""
    typed = request.args.get("day", "")
    try:
        day = date.fromisoformat(typed) if typed else None
    except ValueError:
        day = None
    noun, verb = request.args.get("noun", ""), request.args.get("verb", "")
    if verb in verbs:  # a verb of one noun, as links name it: what the menus say is its words and that noun
        noun, verb = noun or verb.partition(".")[0], wording.verb_alone(verb)
    return queries.Asked(
        _number("by"),
        noun if noun in nouns else None,
        tuple(wording.verbs_called(verb)) or None,
        day if day and 1990 <= day.year < 2200 else None,
        the_format().tzinfo,
    )


def _told(id: int, after: int, limit: int) -> tuple[Told, bool]:
    """An operation with its changes after one, and whether there are more; else 404."""
    row = queries.operation_row(id) if 0 < id < 2**63 else None
    if row is None:
        abort(404)
    changes = queries.changes(id, after=after, limit=limit + 1)
    told = telling.tell([row], changes[:limit], counted=queries.counts([id]))[0]
    return told, len(changes) > limit


@history.get("/<int:id>")
def show(id: int) -> Response:
    """One operation with all its changes."""
    after = _number("after") or 0
    told, further = _told(id, after, CHANGES_PER_PAGE)
    more = url_for("history.show", id=id, after=told.changes[-1].id) if further else None
    undoable = id in _offer_undo([told])
    return page(
        "history/show.html", live="history/_show.html", told=told, more_url=more, after=after, undoable=undoable
    )


@history.route("/<int:id>/undo", methods=["GET", "POST"])
def undo(id: int) -> Any:
    """Take an operation back, or say field by field what stands in the way. Coming back here shows the operation."""
    told, _ = _told(id, 0, FIRST)
    if request.method != "POST":
        return redirect(url_for("history.show", id=id))
    if not taking_back.may_undo_all(g.user, told.root_verb, id):
        abort(403, "Undoing needs the right to what was done, on every record it touched.")
    try:
        undoing.undo(db.session.get_one(Operation, id), by=g.user, the_rest=request.form.get("the_rest") == "1")
    except undoing.CannotUndo as refusal:
        db.session.rollback()
        return _stands_in_the_way(told, refusal)
    except undoing.NotUndoable as refusal:
        return problem(409, "That cannot be undone", str(refusal))
    db.session.commit()
    return _answer(told)


def _answer(told: Told) -> Response:
    """Back where the button was, unless that page went away with what was undone."""
    shown = request.headers.get("HX-Current-URL") or request.values.get("next") or request.referrer
    here = urlsplit(same_origin_path(shown) or "").path
    again = "Undo" if told.is_undo else "Redo"
    for key, record in told.known.items():
        gone = {wording.place(key), url_for("history.timeline", noun=key[0], id=key[1])}
        if here in gone and record.hidden:
            return moved_to(url_for("history.show", id=told.id), _undone_words(told), undo_label=again)
    return changed(url_for("history.show", id=told.id), _undone_words(told), undo_label=again)


def _undone_words(told: Told) -> str:
    word = "Redone" if told.is_undo else "Undone"
    return f"{word}: {wording.uncapitalized(told.root_title)}."


def _stands_in_the_way(told: Told, refusal: undoing.CannotUndo) -> Response:
    context = {
        "told": told,
        "obstacles": tell_standing(refusal.standing[:CHANGES_PER_PAGE], told.id),
        "more": len(refusal.standing[CHANGES_PER_PAGE:]),
        "rest": refusal.rest,
        "leave_url": back(url_for("history.show", id=told.id)),
    }
    return page("history/standing.html", live="history/_standing.html", status=409, **context)
