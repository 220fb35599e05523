"""Doors that ask what the board shall show; their forms lead to an address of the board."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from p2p.board.addresses import View
from p2p.board.cards import FACTS
from p2p.board.columns import ORDERS
from p2p.board.showing import Board
from p2p.listing import Listed
from p2p.listing.sheets import SHEETS
from p2p.opportunities.listing import listing
from p2p.opportunities.narrowing.filters import FILTERS
from p2p.web import page

choosing = Blueprint("choosing", __name__)


@choosing.get("/filter")
def filters() -> Response:
    """Every filter there is."""
    view = View.of(request.args)
    groups = [
        [each for each in FILTERS if not each.rare and each.shown],
        [each for each in FILTERS if each.rare and each.shown],
    ]
    kept = list(view.look.items()) + [(key, typed) for key, typed in view.asked if key == "process"]
    return _page("filter", groups=groups, typed=view.typed, kept=kept, clear=view.cleared_url)


@choosing.get("/cards")
def cards() -> Response:
    """In which order cards stand, and which facts they show."""
    view = View.of(request.args)
    kept = [(name, value) for name, value in view.look.items() if name not in ("order", "facts")]
    shown = {"orders": ORDERS, "order": view.order, "facts": FACTS, "shown": view.shown}
    return _page("cards", kept=kept + list(view.asked), **shown)


@choosing.get("/export")
def export() -> Response:
    """All that is shown, in the order of the board, as a file with the columns of the list."""
    board = Board(View.of(request.args))
    wanted = board.narrowed.conditions(), board.view.layout.sorted_by
    sheet = SHEETS.get(request.args.get("format", ""))
    if sheet is None:
        abort(400)
    listed = Listed(listing(), url_for("opportunities.index"), {"status": "open"})
    return sheet("board", listed.file_columns, listed.all_rows(*wanted))


def _page(name: str, **context: Any) -> Response:
    template = f"board/choosing/{name}.html"
    return page(template, live=f"board/choosing/_{name}.html", action=url_for("board.index"), **context)
