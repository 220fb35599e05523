"""The door that takes back what one did last on the board, one after the other."""

from datetime import datetime, time
from typing import Any

from flask import g, redirect, url_for

from p2p.activities.models import Activity
from p2p.board.views import board
from p2p.filters import the_format, today
from p2p.history import queries
from p2p.history.recording import verbs
from p2p.opportunities.models import Opportunity
from p2p.web import page

#: So far back is looked.
STEPS = 200


@board.post("/board/undo")
def undo() -> Any:
    """Take back my latest action of today that still stands; the one before it the next time."""
    begun = datetime.combine(today(), time(), the_format().tzinfo)
    for row in queries.standing_of(g.user.id, begun, STEPS):
        if _on_the_board(row.verb):
            return redirect(url_for("history.undo", id=row.id), 307)
    context = {
        "title": "Nothing to undo",
        "message": "Nothing of yours from today is left to undo.",
        "status_code": 409,
    }
    return page("error.html", live="_refusal.html", status=409, **context)


def _on_the_board(verb: str) -> bool:
    """Whether it is an action on deals, their parts or their activities, and goes back."""
    noun = verb.partition(".")[0]
    return verbs[verb].undoable and (noun.startswith(Opportunity.noun) or noun == Activity.noun)
