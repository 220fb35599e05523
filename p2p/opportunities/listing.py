"""The list of opportunities."""

from sqlalchemy import ColumnElement, or_

from p2p.filters import today
from p2p.listing import Choice, Column, Listing
from p2p.opportunities import queries
from p2p.opportunities.estimate import CLOSED
from p2p.opportunities.models import STATUSES, Opportunity
from p2p.opportunities.narrowing.filters import FILTERS
from p2p.parties.models import Party
from p2p.setup.models import Stage

O = Opportunity  # noqa: E741 (in statements, O reads as the table it is)
ASKED = {
    "open": "Open",
    "undecided": "Open or postponed",
    "closed": "Closed",
    "overdue": "Overdue for decision",
} | STATUSES


def _status(asked: str) -> ColumnElement[bool]:
    awake = or_(O.status == "active", (O.status == "postponed") & (O.wake_on <= today()))
    return {
        "open": awake,
        "active": awake,
        "undecided": O.status.not_in(CLOSED),
        "closed": O.status.in_(CLOSED),
        "overdue": awake & (O.decide_by < today()),
        "postponed": (O.status == "postponed") & (O.wake_on > today()),
    }.get(asked, O.status == asked)


def listing() -> Listing:
    """All opportunities that were not put away, soonest decision first."""
    return Listing(
        name="opportunities",
        caption="Opportunities",
        base=queries.listed(),
        id=O.id,
        columns=(
            Column("decide_by", "Decide by", O.decide_by, "date", sort=O.order_day, nullable=False),
            Column("probability", "Probability", queries.counts_as(), "probability", numeric=True, alone=True),
            Column(
                "subject", "Opportunity", O.subject, sort=O.subject_folded, link=("opportunities.show", "id"), wide=True
            ),
            Column("party", "Party", Party.name, sort=Party.name_folded, link=("parties.show", "party_id"), wide=True),
            Column("number", "Number", O.number, "line", alone=True),
            Column("status", "Status", O.status, "status", words=STATUSES),
            Column("stage", "Stage", Stage.name, sort=Stage.position, alone=True),
            Column("revenue", "Revenue", O.revenue_company, "amount", numeric=True),
            Column("weighted", "Weighted", queries.weighted_now(), "amount", numeric=True, alone=True),
            Column("owner", "Owner", queries.Owner.name, "line"),
            Column("opened_on", "Opened", O.opened_on, "date", nullable=False, alone=True),
        ),
        sort="decide_by",
        filters=(
            FILTERS[0],
            Choice("status", "Status", _status, choices=lambda: list(ASKED.items())),
            *FILTERS[1:],
        ),
        archived=O.archived,
        empty=("No opportunities yet", "Open one, import a file, or add them on the board."),
    )
