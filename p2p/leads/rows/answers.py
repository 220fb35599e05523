"""The list of leads as an answer: to a visit, and to a change that was refused."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Response, g, make_response, render_template, request, url_for

from p2p.activities.queries import next_on
from p2p.db import db
from p2p.filters import today
from p2p.identity.queries import owners
from p2p.leads.listing import listing
from p2p.leads.models import Lead
from p2p.leads.rows.menus import Menu, Moves
from p2p.listing import Listed, answer
from p2p.setup.queries import codes
from p2p.web import heard, same_origin_path, wants_part

#: What many leads can be changed in at once; the doors of other rooms take the same selection (`bulk/selecting.py`).
CHANGES = {"assign": "Assign", "disqualify": "Disqualify", "postpone": "Postpone", "rate": "Rate"}


def the_list(asked: Mapping[str, str] | None = None, *, status: int = 200, message: str = "") -> Response:
    """The list as an address asks for it: the page, its living part, or the file."""
    return answer(
        listing(g.user.id),
        "leads/index.html",
        live="leads/_index.html",
        asked=asked,
        path=url_for("leads.index"),
        status=status,
        beside=_beside,
        message=message,
    )


def _beside(listed: Listed) -> dict[str, Any]:
    """What a row shows and offers beside its own columns."""
    return {
        "steps": next_on(Lead.noun, [row["id"] for row in listed.rows]),
        "menus": {
            "owner": Menu("nobody", owners()),
            "rating": Menu("—", codes("lead_rating")),
            "priority": Menu("—", codes("lead_priority")),
        },
        "moves": Moves(),
        "today": today(),
        "changes": [
            *((words, url_for("leads.bulk", change=change)) for change, words in CHANGES.items()),
            ("Qualify", url_for("qualifying.several")),
        ],
    }


def refused_move(status: int, message: str) -> Response:
    """Why a change was not made, and the true rows: htmx fetches them, a plain form gets the list as it is."""
    db.session.rollback()
    if not wants_part():
        shown = urlsplit(same_origin_path(request.referrer) or "")
        return the_list(dict(parse_qsl(shown.query)), status=status, message=message)
    return heard(make_response(render_template("_refusal.html", message=message), status), message=message)
