"""The door of copying a lead."""

from flask import Response, g, request

from p2p.db import db
from p2p.leads.copying.copies import copy as copied
from p2p.leads.copying.copies import what_there_is
from p2p.leads.copying.forms import CopyForm
from p2p.leads.doors import address, leads
from p2p.leads.models import Lead
from p2p.views import form_about
from p2p.web import found, moved_to, repeated, spend_key


@leads.route("/<int:id>/copy", methods=["GET", "POST"])
def copy(id: int) -> Response:
    """A new lead like this one, with what was ticked."""
    if again := repeated():
        return again
    lead = found(Lead, id)
    form = CopyForm(what_there_is(lead), data={"subject": lead.subject} if request.method == "GET" else None)
    if not form.validate_on_submit():
        return form_about(lead, form, "Copy", "Copy it")
    made = copied(lead, str(form.subject.data), form.parts, by=g.user)
    spend_key(address(made))
    db.session.commit()
    return moved_to(address(made), f"{lead} was copied to {made.number}.")
