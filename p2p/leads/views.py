"""Doors of leads: the page of one."""

from flask import Response

from p2p.leads.doors import leads
from p2p.leads.models import Lead
from p2p.web import found, page


@leads.get("/<int:id>")
def show(id: int) -> Response:
    """One lead: who it is, where it stands, its timeline."""
    return page("leads/show.html", live="leads/_summary.html", lead=found(Lead, id))


@leads.get("/<int:id>/about")
def about(id: int) -> Response:
    """Its facts, and the people behind it."""
    return page("leads/about.html", live="leads/_about.html", lead=found(Lead, id))
