"""What the doors of opportunities share: the blueprint, and the address of one."""

from flask import Blueprint, url_for

from p2p.opportunities.models import Opportunity
from p2p.views import archive_doors

#: The doors stand in `views.py`, `deciding/views.py` and `involving/views.py`.
opportunities = Blueprint("opportunities", __name__)
archive_doors(opportunities, Opportunity)


def address(opportunity: Opportunity) -> str:
    return url_for("opportunities.show", id=opportunity.id)
