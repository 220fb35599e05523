"""The door of bulk changes of opportunities, from the list and from the board."""

from flask import Response, request

from p2p.bulk.views import Bulk
from p2p.opportunities.bulk.changes import stands
from p2p.opportunities.bulk.forms import FORMS
from p2p.opportunities.bulk.selecting import chosen
from p2p.opportunities.doors import opportunities

DEALS = Bulk(
    noun="opportunity",
    blueprint="opportunities",
    forms=FORMS,
    chosen=lambda held: chosen(request.values, held=held),
    stands=stands,
    beside=lambda deal: str(deal.party),
)


@opportunities.route("/bulk/<change>", methods=["GET", "POST"])
def bulk(change: str) -> Response:
    """What would become of the chosen opportunities; sent without `look`, it is done."""
    return DEALS.change(change)
