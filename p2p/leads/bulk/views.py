"""The door of bulk changes: look at what would change, then change it in one operation."""

from flask import Response, abort, g, request, url_for

from p2p.db import db
from p2p.history import operation
from p2p.leads.bulk.changes import Line, look
from p2p.leads.bulk.forms import FORMS
from p2p.leads.bulk.selecting import Selection
from p2p.leads.bulk.telling import bulk_page, left_alone
from p2p.leads.doors import leads
from p2p.web import back, moved_to


@leads.route("/bulk/<change>", methods=["GET", "POST"])
def bulk(change: str) -> Response:
    """What would become of the chosen leads; sent without `look`, it is done."""
    form = FORMS[change]() if change in FORMS else abort(404)
    looks = request.method != "POST" or "look" in request.form
    selection = Selection.of(request.values, me=g.user.id, held=not looks)
    lines = look(selection, form.lines, by=g.user)
    if looks or not form.validate() or not any(line.do for line in lines):
        return bulk_page(form, selection, lines, sent=not looks)
    location, left = back(url_for("leads.index")), left_alone(lines)
    said = f"{_do(form.verb, lines)} {form.done}.{left}"
    db.session.commit()
    return moved_to(location, said)


def _do(verb: str, lines: list[Line]) -> str:
    """Do what the lines say, as one operation; tells how many leads were changed."""
    done = 0
    with operation(verb, by=g.user):
        for line in lines:
            if line.do:
                line.do(g.user)
                done += 1
    return "1 lead was" if done == 1 else f"{done} leads were"
