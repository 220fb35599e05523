"""The doors of the triage. What else is decided there goes through the doors of leads and of qualifying."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for

from p2p.activities.queries import open_on
from p2p.db import db
from p2p.leads.doors import address
from p2p.leads.models import Lead, NotMerged
from p2p.leads.queries import twins
from p2p.opportunities.qualifying.queries import last_done
from p2p.opportunities.triage import queries
from p2p.opportunities.triage.forms import MergeIntoForm
from p2p.opportunities.triage.queries import Place
from p2p.views import form_about
from p2p.web import changed, found, page

triage = Blueprint("triage", __name__)


@triage.get("/triage")
def show() -> Response:
    """The newest lead that waits for somebody to decide; `after` is the place behind which it is looked for."""
    everybodys = request.args.get("who") == "all"
    after, user_id = Place.read(request.args.get("after", "")), None if everybodys else g.user.id
    lead = queries.next_lead(user_id, after)
    who = "all" if everybodys else None
    context: dict[str, Any] = {"lead": lead, "everybodys": everybodys, "after": after, "counted": queries.COUNT_UP_TO}
    context["own_url"] = url_for("triage.show", after=after, who=who)
    context["start_url"] = url_for("triage.show", who=who)
    if lead:
        context["skip_url"] = url_for("triage.show", after=Place(lead.opened_on, lead.id), who=who)
        context |= {"left": queries.left(user_id, after), "twins": twins(lead)}
        context |= {"planned": open_on(lead.noun, lead.id), "done": last_done(lead)}
    return page("triage/triage.html", live="triage/_triage.html", **context)


@triage.route("/<int:id>/merging", methods=["GET", "POST"])
def merge_into(id: int) -> Response:
    """The same as another lead, which stays and takes over everything."""
    lead = found(Lead, id)
    form = MergeIntoForm(lead)
    if not form.validate_on_submit() or form.survivor is None:
        return form_about(lead, form, "Merge into", "Merge")
    survivor: Lead = found(Lead, form.survivor.id)
    try:
        survivor.absorb([lead], form.filling, by=g.user)
    except NotMerged as refusal:
        form.refuse(str(refusal))
        return form_about(lead, form, "Merge into", "Merge")
    db.session.commit()
    return changed(address(survivor), f"{lead} was merged into {survivor.number}.")
