"""Doors of saved views: the list, opening, saving, changing, and which one opens first."""

from flask import Blueprint, Response, abort, g, make_response, redirect, request, url_for

from p2p.board.addresses import View, view_of
from p2p.board.saved import queries
from p2p.board.saved.forms import BoardViewForm, SaveForm
from p2p.board.saved.models import BoardView
from p2p.db import db
from p2p.forms import whole
from p2p.identity import policy
from p2p.identity.models import User
from p2p.views import edited, form_page
from p2p.web import changed, found, moved_to, page, repeated, spend_key

saved_views = Blueprint("saved_views", __name__)


@saved_views.get("/")
def index() -> Response:
    """The views one can open, and what can be done with them."""
    rows = [(view, view_of(view.query), may_change(view)) for view in queries.offered(g.user)]
    return page("board/saved/index.html", live="board/saved/_index.html", rows=rows)


@saved_views.get("/<int:id>")
def show(id: int) -> Response:
    """The board as it was saved."""
    return make_response(redirect(view_of(_open_to_me(id).query).url(), 303))


@saved_views.route("/new", methods=["GET", "POST"])
def new() -> Response:
    """Keep what the address shows under a name."""
    if again := repeated():
        return again
    form = SaveForm(data=None if request.method == "POST" else {"asked": View.of(request.args).query})
    if not form.validate_on_submit():
        return form_page(form, "Save this view", "Save", form.view.url())
    view, is_new = form.save(by=g.user)
    if form.first.data:
        db.session.get_one(User, g.user.id).open_first(view.id, by=g.user)
    spend_key(view_of(view.query).url())
    said = f"{view} was saved." if is_new else f"{view} shows this now."
    db.session.commit()
    return moved_to(form.view.url(), said)


@saved_views.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    """Its name, and for whom it is."""
    view = _mine_to_change(id)
    return edited(view, BoardViewForm(view), f"Edit view {view}")


@saved_views.post("/<int:id>/remove")
def remove(id: int) -> Response:
    """Take it away."""
    view = _mine_to_change(id)
    view.remove(by=g.user)
    said = f"{view} was removed."
    db.session.commit()
    return changed(url_for("saved_views.index"), said)


@saved_views.post("/first")
def first() -> Response:
    """The view that opens first for me, or none."""
    wanted = whole(request.form.get("view"))
    view = _open_to_me(wanted) if wanted else None
    db.session.get_one(User, g.user.id).open_first(view.id if view else None, by=g.user)
    said = f"{view} opens first now." if view else "The whole board opens first now."
    db.session.commit()
    return changed(url_for("saved_views.index"), said, undo=False)


def may_change(view: BoardView) -> bool:
    """One's own, and those for all to whoever may edit."""
    return view.belongs_to(g.user.id) or (view.shared and policy.may(g.user, policy.EDIT))


def _open_to_me(id: int) -> BoardView:
    view: BoardView = found(BoardView, id)
    if not view.shared and not view.belongs_to(g.user.id):
        abort(404)
    return view


def _mine_to_change(id: int) -> BoardView:
    view = _open_to_me(id)
    if not may_change(view):
        abort(403)
    return view
