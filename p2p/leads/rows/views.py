"""Doors of the list of leads: the list itself, and its rows."""

from flask import Response, g, redirect, url_for

from p2p.db import db
from p2p.history import operation
from p2p.history.merging import Conflict
from p2p.identity.models import User
from p2p.leads.doors import leads
from p2p.leads.models import Lead
from p2p.leads.moving.forms import moved_since
from p2p.leads.rows.answers import refused_move, the_list
from p2p.leads.rows.forms import RowForm
from p2p.leads.rows.menus import ASKING
from p2p.states import IllegalMove
from p2p.web import changed, found


@leads.get("/")
def index() -> Response:
    """The leads: whose, which, in what state; filter, sort, page, export."""
    return the_list()


@leads.post("/<int:id>/row")
def row(id: int) -> Response:
    """What was changed in a row: facts, and a move that needs nothing more; one that does is asked for first."""
    lead = found(Lead, id)
    form = RowForm(lead)
    if not form.validate_on_submit():
        return refused_move(422, " ".join(str(error) for errors in form.errors.values() for error in errors))
    if form.move.data and moved_since(lead, form):
        return refused_move(409, f"{lead} was moved by somebody else meanwhile: it is {lead.status_words.lower()} now.")
    try:
        _change(lead, form)
    except (Conflict, IllegalMove) as refusal:
        return refused_move(409, f"{str(refusal).rstrip('.')}. This is how it stands now.")
    said = f"{lead} was saved." if not form.move.data else f"{lead} is {lead.status_words.lower()}."
    db.session.commit()
    if form.move.data in ASKING:
        return redirect(url_for(ASKING[form.move.data], id=id), 303)  # type: ignore[return-value]
    return changed(url_for("leads.index"), said)


def _change(lead: Lead, form: RowForm) -> None:
    """Set what is different, in one operation."""
    facts, move = form.merged_into(lead), form.move.data
    with operation("lead.edit", by=g.user):
        if "owner_id" in facts:
            owner_id = facts.pop("owner_id")
            lead.assign(db.session.get_one(User, owner_id) if owner_id else None, by=g.user)
        lead.edit(facts, by=g.user)
        if move and move not in ASKING:
            getattr(lead, move)(by=g.user)
        elif move and not lead.may(move):
            lead.go(move)
