"""The door of bulk changes of leads."""

from flask import Response, g, request

from p2p.bulk.views import Bulk
from p2p.leads.bulk.forms import FORMS
from p2p.leads.bulk.selecting import chosen
from p2p.leads.doors import leads

LEADS = Bulk(
    noun="lead",
    blueprint="leads",
    forms=FORMS,
    chosen=lambda held: chosen(request.values, me=g.user.id, held=held),
    stands=lambda lead: str(lead.status_words),
    beside=lambda lead: str(lead.who or ""),
)


@leads.route("/bulk/<change>", methods=["GET", "POST"])
def bulk(change: str) -> Response:
    """What would become of the chosen leads; sent without `look`, it is done."""
    return LEADS.change(change)
