"""What the doors of opportunities share: the blueprint, and forms about one opportunity."""

from typing import Any

from flask import Blueprint, Response, url_for

from p2p.opportunities.models import Opportunity
from p2p.views import archive_doors
from p2p.web import back, page, refused

#: The doors stand in `views.py`, `deciding/views.py` and `involving/views.py`.
opportunities = Blueprint("opportunities", __name__)
archive_doors(opportunities, Opportunity)


def address(opportunity: Opportunity) -> str:
    return url_for("opportunities.show", id=opportunity.id)


def form_about(opportunity: Opportunity, form: Any, title: str, action: str, **context: Any) -> Response:
    """A form about one opportunity, as a page or in the dialog; refused when it was sent."""
    context |= {"opportunity": opportunity, "form": form, "title": title, "action": action}
    context["back_url"] = back(address(opportunity))
    shown = refused if form.is_submitted() else page
    return shown("opportunities/form.html", live="opportunities/_form.html", **context)
