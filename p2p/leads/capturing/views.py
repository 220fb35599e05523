"""Doors of capturing leads: the form, and who may be meant while somebody types."""

from typing import Any

from flask import Response, g, request, url_for

from p2p.contacts.models import Contact
from p2p.db import db
from p2p.forms import whole
from p2p.leads.capturing.forms import KEPT, CaptureForm
from p2p.leads.doors import address, leads
from p2p.prospects.models import Prospect
from p2p.web import asking, moved_to, page, repeated, spend_key


@leads.route("/new", methods=["GET", "POST"])
def new() -> Response:
    """Capture a lead; where somebody known may be meant who was not shown yet, that is asked first."""
    if again := repeated():
        return again
    form = CaptureForm(data=_asked() if request.method == "GET" else None)
    if not form.validate_on_submit():
        return _capturing(form)
    if form.question():
        return _capturing(form, question=True)
    lead = form.capture(by=g.user)
    spend_key(address(lead))
    db.session.commit()
    return moved_to(_next(form) if "again" in request.form else address(lead), f"{lead} was captured.")


def _capturing(form: CaptureForm, **context: Any) -> Response:
    return asking("leads/new.html", live="leads/_new.html", form=form, likely=form.likely, **context)


@leads.get("/likely")
def likely() -> Response:
    """Who may be meant by what is typed: a part of the form, nothing around it."""
    form = CaptureForm(formdata=request.args, meta={"csrf": False})
    return page("leads/_likely.html", form=form, likely=form.likely)


def _asked() -> dict[str, Any]:
    """What the link to the form says already: a contact, a party, a prospect, and what the lead before left."""
    known: dict[str, Any] = {name: whole(request.args.get(name.removesuffix("_id"))) for name in (*KEPT, "party_id")}
    known |= {"source_note": request.args.get("source_note", "")[:200] or None}
    known["owner_id"] = known["owner_id"] or g.user.id
    contact, prospect = (_named(cls) for cls in (Contact, Prospect))
    if contact:
        known |= {"contact_ids": [contact.id], "party_id": contact.party_id}
    return known | ({"party_id": prospect.party_id} if prospect else {})


def _named(cls: Any) -> Any:
    """The present record that a link names by its noun."""
    id = whole(request.args.get(cls.noun))
    record = db.session.get(cls, id) if id else None
    return None if record is None or record.hidden else record


def _next(form: CaptureForm) -> str:
    """The form for the next one, with the same source; leaving it leads where leaving this one did."""
    kept = {name.removesuffix("_id"): form[name].data for name in KEPT if form[name].data}
    return url_for("leads.new", **kept, next=form.next.data or None)
