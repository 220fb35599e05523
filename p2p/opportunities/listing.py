"""The list of opportunities."""

from sqlalchemy import ColumnElement, func, or_

from p2p.campaigns.queries import choices as campaign_choices
from p2p.competitors.queries import name_of as competitor_name
from p2p.filters import today
from p2p.identity.queries import owners
from p2p.listing import About, Choice, Column, Filter, Listing, Text
from p2p.opportunities import queries
from p2p.opportunities.estimate import CLOSED
from p2p.opportunities.models import STATUSES, Opportunity
from p2p.parties.models import Party, fold
from p2p.parties.queries import name_of
from p2p.setup.models import Stage
from p2p.setup.queries import bands, codes, stages

O = Opportunity  # noqa: E741 (in statements, O reads as the table it is)
ASKED = {"open": "Open", "closed": "Closed", "overdue": "Overdue for decision"} | STATUSES


def _status(asked: str) -> ColumnElement[bool]:
    awake = or_(O.status == "active", (O.status == "postponed") & (O.wake_on <= today()))
    return {
        "open": awake,
        "active": awake,
        "closed": O.status.in_(CLOSED),
        "overdue": awake & (O.decide_by < today()),
        "postponed": (O.status == "postponed") & (O.wake_on > today()),
    }.get(asked, O.status == asked)


def _words(text: str) -> ColumnElement[bool]:
    words = fold(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found = [column.like(f"%{words}%", escape="\\") for column in (O.subject_folded, Party.name_folded)]
    return or_(*found, func.lower(O.number).like(f"%{words}%", escape="\\"))


def _owner(asked: str) -> ColumnElement[bool]:
    return O.owner_id.is_(None) if asked == "nobody" else O.owner_id == int(asked)


def _people() -> list[tuple[str, str]]:
    return [("nobody", "nobody's"), *((str(id), name) for id, name in owners())]


def _filters() -> tuple[Filter, ...]:
    return (
        Text("text", "Text", _words, hint="Subject, party, number"),
        Choice("status", "Status", _status, choices=lambda: list(ASKED.items())),
        Choice("stage", "Stage", lambda id: O.stage_id == id, choices=lambda: [(s.id, s.name) for s in stages()]),
        Choice(
            "prognosis",
            "Prognosis",
            lambda id: O.prognosis_id == id,
            choices=lambda: [(b.id, b.name) for b in bands()],
        ),
        Choice("owner", "Owner", _owner, choices=_people),
        Choice("source", "Source", lambda id: O.source_id == id, choices=lambda: codes("source")),
        Choice("campaign", "Campaign", lambda id: O.campaign_id == id, choices=lambda: campaign_choices(archived=True)),
        About("party", "Party", lambda id: O.party_id == id, name=name_of),
        About("competitor", "Competitor", queries.bid_on_by, name=competitor_name),
    )


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
        filters=_filters(),
        archived=O.archived,
        empty=("No opportunities yet", "Open one, import a file, or add them on the board."),
    )
