"""Doors of qualifying: the dialog that asks once, and what leads and opportunities say of each other."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for

from p2p.attachments import queries as attachments
from p2p.db import db
from p2p.errors import on_illegal_move
from p2p.leads.bulk.selecting import chosen
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.opportunities.qualifying import queries
from p2p.opportunities.qualifying.bulk import SeveralForm
from p2p.opportunities.qualifying.forms import QualifyForm
from p2p.opportunities.qualifying.plan import Outcome
from p2p.opportunities.qualifying.several import carry_out
from p2p.prospects.models import Taken
from p2p.states import IllegalMove
from p2p.web import back, changed, found, heard, moved_to, page, refused, repeated, spend_key

#: Its doors stand under the addresses of leads and opportunities.
qualifying = Blueprint("qualifying", __name__)

#: So many files and activities of a lead are shown on the opportunity; all of them stand on its own page.
MOST = 20


@qualifying.route("/leads/<int:id>/qualification", methods=["GET", "POST"])
def qualify(id: int) -> Response:
    """Worth pursuing: party, contact and opportunity, each new, one that exists, or none."""
    if again := repeated():
        return again
    lead = found(Lead, id)
    if not lead.may("qualify"):
        return _too_late(lead)
    form = QualifyForm(lead, needs_reason=g.company.qualify_needs_reason)
    if not form.validate_on_submit() or form.looks:
        return _asking(lead, form)
    try:
        outcome = form.plan().carry_out(lead, by=g.user)
    except Taken as taken:
        form.account_number.errors = [*form.account_number.errors, str(taken)]
        return _asking(lead, form)
    spend_key(url_for("leads.show", id=id))
    db.session.commit()
    return changed(url_for("leads.show", id=id), told(lead, outcome))


def _too_late(lead: Lead) -> Response:
    """It was decided already; what htmx shows of it beneath is fetched anew."""
    refusal = IllegalMove(lead, lead.status, "qualify", list(lead.moves[lead.status]))
    return heard(on_illegal_move(refusal), stay=True)


def _asking(lead: Lead, form: QualifyForm) -> Response:
    shown: Any = refused if form.is_submitted() and not form.looks else page
    context = {"lead": lead, "form": form, "back_url": back(url_for("leads.show", id=lead.id))}
    return shown("qualifying/qualify.html", live="qualifying/_qualify.html", **context)


def told(lead: Lead, outcome: Outcome) -> str:
    """What a lead became, in one sentence."""
    made = outcome.opportunity
    if made is None:
        return f"{lead} is qualified."
    return f"{lead} is qualified: {made.number} for {outcome.party}."


@qualifying.route("/leads/qualification", methods=["GET", "POST"])
def several() -> Response:
    """Several leads at once, each through its best match: first what will and will not change, then all as one."""
    if again := ("go" in request.form and repeated()):
        return again
    selection = chosen(request.values, me=g.user.id, held="go" in request.form)
    form = SeveralForm(selection, needs_reason=g.company.qualify_needs_reason)
    if "go" not in request.form or not form.validate_on_submit():
        shown: Any = refused if "go" in request.form else page
        return shown("qualifying/several.html", live="qualifying/_several.html", form=form)
    count = carry_out(form.lines, form.shares, form.reason, form.note.data, by=g.user)
    spend_key(url_for("leads.index"))
    db.session.commit()
    return moved_to(url_for("leads.index"), f"{count} leads are qualified." if count != 1 else "One lead is qualified.")


@qualifying.get("/opportunities/<int:id>/origins")
def origins(id: int) -> Response:
    """The leads an opportunity came from, with what they knew."""
    opportunity = found(Opportunity, id)
    leads = queries.origins(id)
    context: dict[str, Any] = {"opportunity": opportunity, "leads": leads}
    context["done"] = {lead.id: queries.last_done(lead, MOST) for lead in leads}
    context["files"] = {lead.id: attachments.on(lead.noun, lead.id, limit=MOST) for lead in leads}
    return page("qualifying/origins.html", live="qualifying/_origins.html", **context)


@qualifying.get("/leads/<int:id>/outcome")
def outcome(id: int) -> Response:
    """The opportunity a lead led to."""
    lead = found(Lead, id)
    return page("qualifying/outcome.html", live="qualifying/_outcome.html", lead=lead, opportunity=queries.became(id))
