"""The saved views of the demo: two for all, one of the manager's own."""

from typing import Any

from p2p.board.saved.models import BoardView
from p2p.demo.company import Company

VIEWS: tuple[dict[str, Any], ...] = (
    {"name": "Closing this quarter", "shared": True, "query": "decide_by=this-quarter"},
    {
        "name": "Forecast by month",
        "shared": True,
        "query": "by=month&facts=probability.party.amount.owner.stage",
    },
    {"name": "Big ones without a next step", "shared": False, "query": "step=none&amount=100000..&order=amount"},
)


def save_views(company: Company) -> None:
    for facts in VIEWS:
        BoardView.save(facts, by=company.manager)
