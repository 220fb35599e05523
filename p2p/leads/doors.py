"""What the doors of leads share: the blueprint, and forms about one lead."""

from typing import Any

from flask import Blueprint, Response, url_for

from p2p.leads.models import Lead
from p2p.views import archive_doors
from p2p.web import back, page, refused

#: The doors stand in `views.py` and in the folders of what is done with leads.
leads = Blueprint("leads", __name__)
archive_doors(leads, Lead)


def address(lead: Lead) -> str:
    return url_for("leads.show", id=lead.id)


def form_about(lead: Lead, form: Any, title: str, action: str, **context: Any) -> Response:
    """A form about one lead, as a page or in the dialog; refused when it was sent."""
    context |= {"lead": lead, "form": form, "title": title, "action": action}
    context["back_url"] = back(address(lead))
    shown = refused if form.is_submitted() else page
    return shown("leads/form.html", live="leads/_form.html", **context)
