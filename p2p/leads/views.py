"""Doors of leads: the page of one, and changing what is known of it."""

from flask import Response, abort, g

from p2p.db import db
from p2p.leads import queries
from p2p.leads.doors import address, leads
from p2p.leads.forms import LeadForm, SourceForm, fact_form
from p2p.leads.models import Lead
from p2p.processes.queries import checklist
from p2p.views import form_about
from p2p.web import changed, found, page


@leads.get("/<int:id>")
def show(id: int) -> Response:
    """One lead: who it is, where it stands, its timeline."""
    lead = found(Lead, id)
    context = {"lead": lead, "record": lead, "twins": queries.twins(lead), "checklist": checklist(lead)}
    return page("leads/show.html", live="leads/_summary.html", **context)


@leads.get("/<int:id>/about")
def about(id: int) -> Response:
    """Its facts, and the people behind it."""
    lead = found(Lead, id)
    return page("leads/about.html", live="leads/_about.html", lead=lead, twins=queries.twins(lead))


@leads.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    """Everything about it on one form."""
    lead = found(Lead, id)
    return _edited(lead, LeadForm(lead), "Edit")


@leads.route("/<int:id>/facts/<name>", methods=["GET", "POST"])
def fact(id: int, name: str) -> Response:
    """One fact, or the source with what it refers to, edited in place."""
    lead = found(Lead, id)
    form = fact_form(lead, name)
    if form is None:
        abort(404)
    return _edited(lead, form, "Source" if isinstance(form, SourceForm) else form[name].label.text)


def _edited(lead: Lead, form: LeadForm | SourceForm, title: str) -> Response:
    if not form.validate_on_submit():
        return form_about(lead, form, title, "Save")
    lead.edit(form.merged_into(lead), by=g.user)
    db.session.commit()
    return changed(address(lead), f"{lead} was saved.")
