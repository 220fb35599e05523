"""Doors that move a lead: postponed, disqualified, and back again."""

from typing import Any

from flask import Response, g

from p2p.db import db
from p2p.filters import the_format
from p2p.leads.doors import address, leads
from p2p.leads.models import Lead
from p2p.leads.moving.forms import DisqualifyForm, PostponeForm, moved_since
from p2p.leads.rows.answers import refused_move
from p2p.states import IllegalMove
from p2p.views import form_about
from p2p.web import changed, found


@leads.route("/<int:id>/postponement", methods=["GET", "POST"])
def postpone(id: int) -> Response:
    """Out of the way until a day."""
    lead = found(Lead, id)
    form = PostponeForm(lead)
    if not form.validate_on_submit():
        return form_about(lead, form, "Postpone", "Postpone")
    if refusal := _refusal(lead, form, "postpone"):
        return refusal
    lead.postpone(form.until, note=form.note.data, by=g.user)
    said = f"{lead} sleeps until {the_format().date(lead.wake_on)}."
    db.session.commit()
    return changed(address(lead), said)


@leads.route("/<int:id>/disqualification", methods=["GET", "POST"])
def disqualify(id: int) -> Response:
    """Not worth pursuing, for a reason."""
    lead = found(Lead, id)
    form = DisqualifyForm(lead)
    if not form.validate_on_submit():
        return form_about(lead, form, "Disqualify", "Disqualify")
    if refusal := _refusal(lead, form, "disqualify"):
        return refusal
    lead.disqualify(form.reason, note=form.note.data, finish_open=form.finishes, by=g.user)
    db.session.commit()
    return changed(address(lead), f"{lead} is not qualified.")


@leads.post("/<int:id>/resumption")
def resume(id: int) -> Response:
    """Open again before its day."""
    return _back_to_open(id, "resume")


@leads.post("/<int:id>/reactivation")
def reactivate(id: int) -> Response:
    """Open again, while nothing came of it."""
    return _back_to_open(id, "reactivate")


def _back_to_open(id: int, move: str) -> Response:
    lead = found(Lead, id)
    try:
        getattr(lead, move)(by=g.user)
    except IllegalMove as refusal:
        return refused_move(409, str(refusal))
    db.session.commit()
    return changed(address(lead), f"{lead} is open again.")


def _refusal(lead: Lead, form: Any, move: str) -> Response | None:
    """Why a move is not made: somebody else was first, or it is not legal any more."""
    if lead.may(move) and not moved_since(lead, form):
        return None
    return refused_move(409, f"{lead} was moved by somebody else meanwhile: it is {lead.status_words.lower()} now.")
