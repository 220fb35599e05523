"""Doors of the board: the board itself, its cards' form, and quick add."""

from collections.abc import Set
from dataclasses import replace
from typing import Any
from urllib.parse import SplitResult, urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for

from p2p.activities.models import Activity
from p2p.board.addresses import View, untidy, view_of
from p2p.board.forms import CardForm, QuickAddForm
from p2p.board.live.news import with_news
from p2p.board.moving import moved, stands_in
from p2p.board.past.moments import NoSuchDay, typed_day
from p2p.board.past.showing import PastBoard
from p2p.board.past.walking import walk
from p2p.board.saved import queries as saved
from p2p.board.saved.menu import menu as saved_menu
from p2p.board.showing import MENU, Board, tag
from p2p.db import db
from p2p.engine import only_reading
from p2p.errors import told_conflict
from p2p.filters import the_format
from p2p.forms import whole
from p2p.history.merging import Conflict, changed_since
from p2p.opportunities.models import Opportunity
from p2p.setup import queries as setup
from p2p.setup.models import SALES
from p2p.states import IllegalMove
from p2p.web import asking, changed, changed_here, found, page, repeated, same_origin_path, spend_key, wants_part

board = Blueprint("board", __name__)


@board.get("/")
def home() -> Response:
    """The board is the first page until there is a start page."""
    return make_response(redirect(url_for("board.index"), 303))


@board.get("/board")
def index() -> Response:
    """The board; a poll that finds nothing changed is answered 304."""
    view = View.of(request.args)
    if not wants_part() and (elsewhere := _elsewhere(view)):
        return make_response(redirect(elsewhere, 303))
    if view.as_of:
        return _as_of(view)
    ptag = tag(view)
    if wants_part() and request.headers.get("HX-PTag") == ptag:
        return Response(status=304)
    answer = _show(view)
    answer.headers["HX-PTag"] = ptag
    return with_news(answer)


def _elsewhere(view: View) -> str | None:
    """Where a bare address leads that opens a saved view, and one that a form wrote with blanks in it."""
    if not request.args:
        first = saved.first_of(g.user)
        return view_of(first.query).url() if first else None
    return view.url() if untidy(request.args) else None


def _as_of(view: View) -> Response:
    """The board as it stood at the end of a day, to read."""
    try:
        past = PastBoard.of(typed_day(view.as_of))
    except NoSuchDay as refusal:
        return _show(replace(view, as_of=""), status=422, message=str(refusal))
    if past.moment.day == the_format().today():
        return make_response(redirect(view.url(as_of=None), 303))
    with past.then():
        model = Board(view, past).model | past.told(view)
    return _show(view, model=model, past=past)


@board.get("/board/cards/<int:id>/menu")
def menu(id: int) -> Any:
    """All that can be done with a card; `key` gives a field of its form the focus, or leads to the door it opens."""
    opportunity = found(Opportunity, id)
    leads_to = MENU.get(request.args.get("key", ""), "")
    if leads_to == "activities.append":
        return redirect(url_for(leads_to, noun=opportunity.noun, id=id), 303)
    if "." in leads_to:
        return redirect(url_for(leads_to, id=id), 303)
    form = CardForm(opportunity)
    if leads_to:
        form[leads_to].render_kw = {"autofocus": True}
        form.again.data = leads_to
    return _menu(opportunity, form)


@board.post("/board/cards/<int:id>")
def card(id: int) -> Response:
    """A card was moved or estimated: by drag, by key, or by its form. What is not sent stays as it is."""
    opportunity = found(Opportunity, id)
    form = CardForm(opportunity)
    if not form.validate_on_submit():
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _true_board(422, said) if _dragged() else _menu(opportunity, form)
    board, since = Board(_came_from()), changed_since(opportunity, whole(form.version.data) or 0)
    left = stands_in(board, opportunity)
    try:
        if "status" in since:
            raise IllegalMove(opportunity, opportunity.status, "move", [])
        facts = form.merged_into(opportunity)
        again = form.again.data == "prognosis"
        opportunity.steer(facts, again=again, by=g.user)
    except Conflict as clash:
        return _choice(clash)
    except IllegalMove as refusal:
        if wants_part() and not _dragged():
            raise
        return _true_board(409, f"{str(refusal).rstrip('.')}. This is how it stands now.")
    # Before the commit forgets it all.
    said, came_to = (
        _told(opportunity, facts.keys() | ({"decide_by"} if again else set())),
        stands_in(board, opportunity),
    )
    db.session.commit()
    with only_reading():
        shown = moved(board, id, left, came_to) if wants_part() and _on_the_board() else None
    return changed(url_for("board.index"), said) if shown is None else changed_here("board/_moved.html", said, **shown)


def _dragged() -> bool:
    """Whether it is the board that sent it, for a card that was put somewhere, and not a form."""
    return wants_part() and request.headers.get("HX-Target", "").endswith("#board")


def _menu(opportunity: Opportunity, form: CardForm) -> Response:
    step = db.session.get(Activity, opportunity.next_id) if opportunity.next_id else None
    context = {"opportunity": opportunity, "step": step, "processes": setup.processes(SALES)}
    return asking("board/menu.html", live="board/_menu.html", form=form, **context)


def _told(opportunity: Opportunity, facts: Set[str]) -> str:
    """Where a card is now, and what else was set."""
    said = [f"{opportunity}: {opportunity.stage}", f"{opportunity.probability} %"]
    if facts & {"prognosis_id", "decide_by"}:
        day = opportunity.decide_by
        said.append(f"by {the_format().day(day)}" if day else "no prognosis")
    if "owner_id" in facts:
        said.append(f"owner {opportunity.owner or 'nobody'}")
    return f"{', '.join(said)}."


@board.post("/board/opportunities")
def add() -> Response:
    """Quick add in a column."""
    if again := repeated():
        return again
    form = QuickAddForm()
    if not form.validate_on_submit():
        return _refused_quick_add(form)
    opportunity = form.open(by=g.user)
    said = f"{opportunity} was added."
    spend_key(url_for("opportunities.show", id=opportunity.id))
    db.session.commit()
    return changed(url_for("board.index"), said)


def _refused_quick_add(form: QuickAddForm) -> Response:
    db.session.rollback()
    said = [str(error) for errors in form.errors.values() for error in errors]
    shown = _came_from()
    model = Board(shown).model
    column = next((column for column in model["columns"] if _is_meant(column)), None)
    if column is None:
        return _true_board(422, " ".join(said))
    refusal = {"values": request.form, "errors": said, "asks": form.party.asks, "twins": form.party.likely}
    if wants_part():
        return make_response(render_template("board/_quick_add.html", board=model, column=column, **refusal), 422)
    column |= refusal
    return _show(shown, model=model, status=422)


def _is_meant(column: dict[str, Any]) -> bool:
    """Whether a quick add was sent from this column."""
    return all(request.form.get(name) == value for name, value in column["sets"])


def _sent_from() -> SplitResult:
    return urlsplit(same_origin_path(request.headers.get("HX-Current-URL") or request.referrer) or "")


def _on_the_board() -> bool:
    """Whether the form was sent from an open board: of today, that is, and not from a page that fills the window."""
    return _sent_from().path == url_for("board.index")


def _came_from() -> View:
    """The view of the page that sent the form."""
    return replace(view_of(_sent_from().query), as_of="")


def _choice(clash: Conflict) -> Response:
    """Both values and the choice between them: in the dialog above the true board, else on a page of its own."""
    if not _dragged():
        raise clash
    db.session.rollback()
    there = f"{clash.record} was moved by somebody else meanwhile. This is where it stands now."
    moved = any(each.field == "stage_id" for each in clash.clashes)
    said = there if moved else "You both changed the same. Choose what stands."
    return _true_board(409, said, **told_conflict(clash))


def _true_board(status: int, message: str, **clash: Any) -> Response:
    """The answer to a refused move: why, and the board as it really is."""
    db.session.rollback()
    return _show(_came_from(), status=status, message=message, **clash)


def _show(
    view: View, *, status: int = 200, message: str = "", model: Any = None, past: Any = None, **clash: Any
) -> Response:
    board = Board(view)
    context: dict[str, Any] = {"board": model or board.model, "message": message} | clash
    if not wants_part():
        context |= board.page | {"days": walk(view, past), "viewing": saved_menu(view)}
    return page(
        "board/board.html", live="board/_answer.html" if message else "board/_board.html", status=status, **context
    )
