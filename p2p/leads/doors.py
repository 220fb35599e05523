"""What the doors of leads share: the blueprint, and the address of one."""

from flask import Blueprint, url_for

from p2p.leads.models import Lead
from p2p.views import archive_doors

#: The doors stand in `views.py` and in the folders of what is done with leads.
leads = Blueprint("leads", __name__)
archive_doors(leads, Lead)


def address(lead: Lead) -> str:
    return url_for("leads.show", id=lead.id)
