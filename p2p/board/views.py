"""Doors of the board: the board itself, its cards' form, and quick add."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf

from p2p.board import cards, queries
from p2p.board.addresses import View
from p2p.board.forms import CardForm, QuickAddForm
from p2p.board.past.moments import NoSuchDay, typed_day
from p2p.board.past.showing import PastBoard
from p2p.board.past.walking import walk
from p2p.board.queries import PAGE, Total
from p2p.db import db
from p2p.filters import the_format
from p2p.history.merging import Conflict, changed_since
from p2p.identity import policy
from p2p.identity import queries as people
from p2p.opportunities.estimate import rounded_weight
from p2p.opportunities.models import Opportunity
from p2p.opportunities.narrowing.filters import Narrowed
from p2p.setup import queries as setup
from p2p.states import IllegalMove
from p2p.web import changed, found, page, refused, repeated, same_origin_path, spend_key, wants_part

board = Blueprint("board", __name__)


@board.get("/")
def home() -> Response:
    """The board is the first page until there is a start page."""
    return make_response(redirect(url_for("board.index"), 303))


@board.get("/board")
def index() -> Response:
    """The board; a poll that finds nothing changed is answered 304."""
    view = View.of(request.args)
    if view.as_of:
        return _as_of(view)
    tag = _tag(view)
    if wants_part() and request.headers.get("HX-PTag") == tag:
        return Response(status=304)
    answer = _show(view)
    answer.headers["HX-PTag"] = tag
    return answer


def _as_of(view: View) -> Response:
    """The board as it stood at the end of a day, to read."""
    try:
        past = PastBoard.of(typed_day(view.as_of))
    except NoSuchDay as refusal:
        return _show(replace(view, as_of=""), status=422, message=str(refusal))
    if past.moment.day == the_format().today():
        return make_response(redirect(view.url(as_of=None), 303))
    with past.then():
        model = _board(view, past) | past.told(view)
    return _show(view, model=model, past=past)


@board.post("/board/cards/<int:id>")
def card(id: int) -> Response:
    """A card was moved or estimated: by drag, by key, or by its form."""
    opportunity = found(Opportunity, id)
    form = CardForm(opportunity)
    if not form.validate_on_submit():
        return _refused_card(opportunity, form)
    if changed_since(opportunity, form.from_version).keys() & {"stage_id", "status"}:
        return _true_board(409, f"{opportunity} was moved by somebody else meanwhile. This is where it stands now.")
    try:
        opportunity.steer(form.merged_into(opportunity), by=g.user)
    except (Conflict, IllegalMove) as refusal:
        return _true_board(409, f"{str(refusal).rstrip('.')}. This is how it stands now.")
    said = f"{opportunity}: {opportunity.stage}, {opportunity.probability} %."  # before the commit forgets it all
    db.session.commit()
    return changed(url_for("board.index"), said)


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
    model = _board(shown)
    column = next((column for column in model["columns"] if str(column["id"]) == request.form.get("stage")), None)
    if column is None:
        return _true_board(422, " ".join(said))
    if wants_part():
        context = {"board": model, "column": column, "values": request.form, "errors": said, "asks": form.party.asks}
        return make_response(render_template("board/_quick_add.html", **context), 422)
    column |= {"values": request.form, "errors": said, "asks": form.party.asks}
    return _show(shown, model=model, status=422)


def _refused_card(opportunity: Opportunity, form: CardForm) -> Response:
    """What was typed stays: with htmx in the open menu of the card, else on a page with the card's form alone."""
    said = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return refused("board/card.html", live="_refusal.html", opportunity=opportunity, form=form, message=said)


def _came_from() -> View:
    """The view of the page that sent the form."""
    from urllib.parse import parse_qsl, urlsplit

    shown = same_origin_path(request.headers.get("HX-Current-URL") or request.referrer) or ""
    return replace(View.of(dict(parse_qsl(urlsplit(shown).query))), as_of="")


def _true_board(status: int, message: str) -> Response:
    """The answer to a refused move: why, and the board as it really is."""
    db.session.rollback()
    return _show(_came_from(), status=status, message=message)


def _show(view: View, *, status: int = 200, message: str = "", model: Any = None, past: Any = None) -> Response:
    context: dict[str, Any] = {"board": model or _board(view), "message": message}
    if not wants_part():
        context |= _head(view) | {"days": walk(view, past)}
    return page(
        "board/board.html", live="board/_answer.html" if message else "board/_board.html", status=status, **context
    )


def _tag(view: View) -> str:
    return f"{queries.state()}.{the_format().today():%y%m%d}.{g.user.id}.{hash(view) & 0xFFFFFF:x}"


def _board(view: View, asked: Any = queries) -> dict[str, Any]:
    """Everything `_board.html` shows, as ready text; `asked` answers as `p2p.board.queries` does."""
    narrowed, fmt = view.narrowed(), the_format()
    stages = asked.stages()
    limits = {stage.id: PAGE for stage in stages}
    limits |= {id: min(count, 1000) for id, count in view.more if id in limits}
    awake = asked.woken(narrowed)
    totals = asked.totals(narrowed)
    for stage_id, total in queries.woken_totals(awake).items():
        totals[stage_id] = totals.get(stage_id, Total()) + total
    rows = asked.columns(limits, narrowed, awake, g.user.id)
    today, decides = fmt.today(), _decides()
    columns = [
        _column(view, stage, totals.get(stage.id, Total()), len(rows[stage.id]), limits[stage.id])
        | {"cards": [cards.card(row, today, fmt, decides) for row in rows[stage.id]]}
        for stage in stages
    ]
    return {"columns": columns, "figures": _figures(totals, stages), "drawer": _drawer(view, narrowed)} | _menus(
        view, stages
    )


def _menus(view: View, stages: list[Any]) -> dict[str, Any]:
    stage_rows = tuple((id, name) for id, name in stages)
    bands = queries.bands()
    return {
        "url": view.url(),
        "ptag": _tag(view),
        "field": "stage",
        "editable": policy.may(g.user, policy.EDIT),
        "csrf": generate_csrf(),
        "key": secrets.token_urlsafe(9),
        "stage_options": {id: cards.options(stage_rows, id) for id, _ in stage_rows},
        "band_options": {id: _band_menu(bands, id) for id in (None, *(id for id, *_ in bands))},
    }


def _band_menu(bands: list[Any], chosen: int | None) -> Any:
    """The options of a card's prognosis: a retired band is offered where it is the one chosen."""
    offered = ((id, name) for id, name, retired in bands if not retired or id == chosen)
    return cards.options(((None, "no prognosis"), *offered), chosen)


def _column(view: View, stage: Any, total: Total, shown: int, limit: int) -> dict[str, Any]:
    fmt = the_format()
    rest = total.count - shown
    return {
        "id": stage.id,
        "name": stage.name,
        "count": fmt.number(total.count),
        "revenue": fmt.amount(total.revenue),
        "weighted": fmt.amount(rounded_weight(total.weighted)),
        "steps": None,
        "more_url": view.url(**{f"show.{stage.id}": limit + PAGE}) if rest > 0 else None,
        "more_count": fmt.number(min(rest, PAGE)),
        "quick_add_url": url_for("board.add"),
    }


def _decides() -> Callable[[int | None, bool], bool]:
    """Whether the person may decide a card: everybody's for managers, one's own, the team's and nobody's for others."""
    if policy.may(g.user, policy.OWN):
        return lambda owner_id, on_team: True
    if not policy.may(g.user, policy.EDIT):
        return lambda owner_id, on_team: False
    me = g.user.id
    return lambda owner_id, on_team: on_team or owner_id is None or owner_id == me


def _figures(totals: dict[int, Total], stages: list[Any]) -> list[tuple[str, str, str | None, str]]:
    shown = [totals.get(stage.id, Total()) for stage in stages]
    whole = sum(shown, Total())
    fmt = the_format()
    return [
        ("Open", fmt.number(whole.count), None, ""),
        (f"Pipeline {fmt.currency}", fmt.amount(whole.revenue), None, ""),
        ("Weighted", fmt.amount(rounded_weight(whole.weighted)), None, ""),
    ]


def _drawer(view: View, narrowed: Narrowed) -> list[tuple[str, str, str]]:
    asleep, closed = queries.put_away(narrowed)
    rows = (("Postponed", asleep, "postponed"), ("Closed", closed, "closed"))
    return [
        (label, f"{count}+" if count >= 1000 else str(count), view.at("opportunities.index", status=status))
        for label, count, status in rows
    ]


def _head(view: View) -> dict[str, Any]:
    """The page around the board: whose it is, the filter and its chips."""
    typed, chips = view.typed, view.chips
    names = dict(people.owners())
    choices = (("", "everybody"), ("me", "me"), ("nobody", "nobody"), *((str(id), name) for id, name in names.items()))
    return {
        "views": [],
        "people": [
            {"label": "Everybody", "href": view.url(owner=""), "current": "owner" not in typed},
            {"label": "Mine", "href": view.url(owner="me"), "current": typed.get("owner") == "me"},
        ],
        "filter": {
            "action": url_for("board.index"),
            "open": bool(chips),
            "owner_options": cards.options(choices, typed.get("owner", "")),
            "party": typed.get("party", ""),
            "text": typed.get("text", ""),
            "hidden": [],
        },
        "chips": chips,
        "probabilities": setup.probabilities(),
    }
