"""Doors where processes are designed; they are a part of set-up."""

from typing import Any

from flask import Response, g, url_for

from p2p.db import db
from p2p.processes.designing import queries
from p2p.processes.designing.forms import EditStep, NewStep
from p2p.setup import lists
from p2p.setup.doors import complain, setup
from p2p.setup.forms import FORMS, CopyForm
from p2p.setup.models import NameTaken, Process
from p2p.setup.queries import uses as uses_of
from p2p.web import asking, found, moved_to, page, repeated, spend_key

FORMS["step"] = (NewStep, EditStep)


@setup.get("/processes")
def processes() -> Response:
    """The processes of each kind: how many stages and steps, what runs on them."""
    listed = lists.process_lists()
    context: dict[str, Any] = {"lists": listed, "entries": {each.within: each.entries() for each in listed}}
    context |= {"counts": queries.process_counts(), "uses": queries.process_uses()}
    return page("setup/processes.html", live="setup/_processes.html", **context)


@setup.get("/processes/<int:id>")
def process(id: int) -> Response:
    """One process in its latest edition: its stages, their steps, and what runs on it."""
    return _show(queries.latest_edition(found(Process, id)), editable=True)


@setup.get("/processes/<int:id>/edition")
def edition(id: int) -> Response:
    """One edition of a process as it stands, to be read: also one that was replaced."""
    return _show(found(Process, id), editable=False)


def _show(process: Process, *, editable: bool) -> Response:
    uses = queries.process_uses()
    stages = lists.stages_of(process)
    context: dict[str, Any] = {"process": process, "editable": editable, "uses": uses, "used": uses.get(process.id, {})}
    context |= {"stages": stages, "entries": stages.entries(), "stage_uses": uses_of(stages.kind)}
    context |= {"steps": queries.steps_in(process.id), "step_list": lists.steps_of}
    context |= {"earlier": queries.earlier_editions(process), "later": process.next_edition}
    return page("setup/process.html", live="setup/_process.html", **context)


@setup.route("/processes/<int:id>/copy", methods=["GET", "POST"])
def copy(id: int) -> Response:
    """The same stages and steps under another name, to be changed before it is used."""
    if again := repeated():
        return again
    original = found(Process, id)
    form = CopyForm(data={"name": f"{original.name[:94]}, copy"})
    context = {"form": form, "process": original, "place": url_for("setup.process", id=id)}
    if not form.validate_on_submit():
        return asking("setup/copy.html", live="setup/_copy.html", **context)
    try:
        copied = original.copy(form.name.data, by=g.user)
    except NameTaken as error:
        complain(form, error)
        return asking("setup/copy.html", live="setup/_copy.html", **context)
    place = url_for("setup.process", id=copied.id)
    spend_key(place)
    said = f"“{copied}” was made. It is not in use yet."
    db.session.commit()
    return moved_to(place, said)
