"""Doors of opportunities: the list, the page, developing; deciding and involving have files of their own."""

from typing import Any

from flask import Response, abort, g, request

from p2p.db import db
from p2p.forms import whole
from p2p.listing import answer
from p2p.opportunities.advising.advice import advice_about
from p2p.opportunities.bulk.offered import changes
from p2p.opportunities.doors import address, opportunities
from p2p.opportunities.forms import (
    INLINE,
    OpenForm,
    OpportunityForm,
    ProbabilityForm,
    PrognosisForm,
    StageForm,
    fact_form,
)
from p2p.opportunities.listing import listing
from p2p.opportunities.models import Opportunity
from p2p.processes.queries import checklist
from p2p.processes.running import told
from p2p.setup import queries as setup
from p2p.setup.models import SALES, Stage
from p2p.states import Unmet
from p2p.views import form_about
from p2p.web import asking, changed, found, moved_to, page, repeated, spend_key

# ── The list and the page ───────────────────────────────────────────────────────────────────────────────────────────


@opportunities.get("/")
def index() -> Response:
    """All opportunities: filter, sort, page, export."""
    return answer(listing(), "opportunities/index.html", live="opportunities/_index.html", changes=changes())


@opportunities.get("/<int:id>")
def show(id: int) -> Response:
    """One opportunity: facts, what comes next, who is involved, its timeline."""
    opportunity = found(Opportunity, id)
    context = {"opportunity": opportunity, "stages": opportunity.stage.beside()}
    context |= {"record": opportunity, "checklist": checklist(opportunity)}
    context |= {"advice": advice_about(opportunity), "processes": setup.processes(SALES)}
    return page("opportunities/show.html", live="opportunities/_summary.html", **context)


@opportunities.get("/<int:id>/about")
def about(id: int) -> Response:
    """Its facts, and who is involved: team, contacts, competitors."""
    opportunity = found(Opportunity, id)
    return page("opportunities/about.html", live="opportunities/_about.html", opportunity=opportunity)


@opportunities.route("/new", methods=["GET", "POST"])
def new() -> Response:
    """Open an opportunity."""
    if again := repeated():
        return again
    form = OpenForm(data=_suggested() if request.method == "GET" else None)
    if not form.validate_on_submit():
        return asking("opportunities/new.html", live="opportunities/_new.html", form=form)
    opportunity = form.open(by=g.user)
    spend_key(address(opportunity))
    db.session.commit()
    return moved_to(address(opportunity), f"{opportunity} was opened.")


def _suggested() -> dict[str, Any]:
    party = whole(request.args.get("party"))
    return {"stage_id": setup.stages()[0].id, "owner_id": g.user.id, "party_id": party}


@opportunities.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    """Everything about it on one form."""
    opportunity = found(Opportunity, id)
    form = OpportunityForm(opportunity)
    if not form.validate_on_submit():
        return form_about(opportunity, form, "Edit", "Save")
    try:
        opportunity.edit(form.merged_into(opportunity), by=g.user)
    except Unmet as refusal:
        form.stage_id.errors = [str(refusal)]
        return form_about(opportunity, form, "Edit", "Save")
    db.session.commit()
    return changed(address(opportunity), f"{opportunity} was saved.")


@opportunities.route("/<int:id>/facts/<name>", methods=["GET", "POST"])
def fact(id: int, name: str) -> Response:
    """One fact, edited in place."""
    opportunity = found(Opportunity, id)
    if name not in INLINE:
        abort(404)
    form = fact_form(opportunity, name)
    if not form.validate_on_submit():
        return form_about(opportunity, form, form[name].label.text, "Save")
    opportunity.edit(form.merged_into(opportunity), by=g.user)
    db.session.commit()
    return changed(address(opportunity), f"{opportunity} was saved.")


# ── Developing ──────────────────────────────────────────────────────────────────────────────────────────────────────


@opportunities.post("/<int:id>/stage")
def stage(id: int) -> Response:
    """Move to another stage from the page."""
    opportunity = found(Opportunity, id)
    form = StageForm(opportunity)
    if not form.validate_on_submit():
        return form_about(opportunity, form, "Stage", "Move")
    if form.merged_into(opportunity):
        opportunity.move(db.session.get_one(Stage, form.stage_id.data), by=g.user)
    said = told(opportunity)
    db.session.commit()
    return changed(address(opportunity), said)


@opportunities.route("/<int:id>/probability", methods=["GET", "POST"])
def probability(id: int) -> Response:
    """Estimate the probability by hand."""
    opportunity = found(Opportunity, id)
    form = ProbabilityForm(opportunity)
    if not form.validate_on_submit():
        return form_about(opportunity, form, "Probability", "Save")
    opportunity.steer(form.merged_into(opportunity), by=g.user)
    db.session.commit()
    return changed(address(opportunity), f"{opportunity} is at {opportunity.probability} %.")


@opportunities.post("/<int:id>/probability/from-stage")
def follow_stage(id: int) -> Response:
    """Hand the probability back to the stage."""
    opportunity = found(Opportunity, id)
    opportunity.follow_stage(by=g.user)
    db.session.commit()
    return changed(address(opportunity), f"{opportunity} follows its stage again: {opportunity.probability} %.")


@opportunities.route("/<int:id>/prognosis", methods=["GET", "POST"])
def prognosis(id: int) -> Response:
    """Give a prognosis: a band or a decision date."""
    opportunity = found(Opportunity, id)
    form = PrognosisForm(opportunity)
    if not form.validate_on_submit():
        return form_about(opportunity, form, "Prognosis", "Save")
    opportunity.forecast(form.merged_into(opportunity), by=g.user)
    db.session.commit()
    return changed(address(opportunity), f"The prognosis of {opportunity} was given.")
