"""The door of one card: beside the board, or as a page."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Response, request, url_for

from p2p.activities.models import Activity
from p2p.activities.queries import next_on
from p2p.board.views import board
from p2p.db import db
from p2p.opportunities.advising.advice import advice_about
from p2p.opportunities.models import Opportunity
from p2p.web import found, page, same_origin_path, wants_part


@board.get("/board/cards/<int:id>")
def sheet(id: int) -> Response:
    """Facts, next step, what is logged and planned, competitors; the board's address then names the card."""
    deal = found(Opportunity, id)
    step = next_on(deal.noun, [id]).get(id)
    beside = _board_beside()
    alone = beside is None or not wants_part()
    shown = page(
        "board/sheet.html",
        live="board/_sheet.html",
        opportunity=deal,
        advice=advice_about(deal),
        step=db.session.get(Activity, step.id) if step else None,
        board_url=_with(beside, None),
        alone=alone,
        opened=request.headers.get("HX-Target", "").endswith("#sheet"),  # and not drawn anew
    )
    if not alone:
        shown.headers["HX-Replace-Url"] = _with(beside, id)
    return shown


def _board_beside() -> dict[str, str] | None:
    """What the address of the board asks for that the card is opened from; None where there is no board."""
    shown = urlsplit(same_origin_path(request.headers.get("HX-Current-URL") or request.referrer) or "")
    return dict(parse_qsl(shown.query)) if shown.path == url_for("board.index") else None


def _with(asked: dict[str, str] | None, card: int | None) -> str:
    """The address of that board with a card beside it, or none."""
    rest = {key: value for key, value in (asked or {}).items() if key != "card"} | ({"card": str(card)} if card else {})
    return url_for("board.index") + (f"?{urlencode(rest)}" if rest else "")
