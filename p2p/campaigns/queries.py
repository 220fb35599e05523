"""Questions about campaigns."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from p2p.campaigns.models import STATUSES, Campaign
from p2p.db import db
from p2p.history import nouns
from p2p.identity.models import User
from p2p.identity.queries import owners
from p2p.listing import Choice, Column, Listing, Text
from p2p.parties.models import fold
from p2p.setup.models import Code
from p2p.setup.queries import codes


def choices(kept: int | None = None, *, archived: bool = False) -> list[tuple[int, str]]:
    """(id, name) of the campaigns a menu offers, by name: those put away only where asked for, or the one `kept`."""
    offered = select(Campaign.id, Campaign.name).where(Campaign.hidden.is_(False))
    if not archived:
        offered = offered.where(Campaign.archived.is_(False) | (Campaign.id == kept))
    return [(id, name) for id, name in db.session.execute(offered.order_by(Campaign.name_folded, Campaign.id))]


# ── What came of them ───────────────────────────────────────────────────────────────────────────────────────────────


def _table(noun: str) -> Any:
    """Leads and opportunities are later nouns; their tables are found by name."""
    return nouns[noun].__table__  # type: ignore[attr-defined]


def _count(noun: str) -> Any:
    """How many present leads or opportunities came from a campaign."""
    table = _table(noun)
    counted = select(func.count()).where(table.c.campaign_id == Campaign.id, ~table.c.hidden)
    return counted.correlate(Campaign).scalar_subquery()


@dataclass(frozen=True)
class Results:
    """What came of a campaign: counts, and the revenue won in minor units of the company currency."""

    leads: int
    qualified: int
    opportunities: int
    won: int
    revenue: int


def results(campaign_id: int) -> Results:
    """What came of a campaign so far."""
    lead, deal = _table("lead"), _table("opportunity")
    qualified = func.coalesce(func.sum(case((lead.c.status == "qualified", 1), else_=0)), 0)
    of_leads = select(func.count(), qualified).where(lead.c.campaign_id == campaign_id, ~lead.c.hidden)
    won = case((deal.c.status == "won", 1), else_=0)
    sums = (func.coalesce(func.sum(each), 0) for each in (won, won * func.coalesce(deal.c.revenue_company, 0)))
    of_deals = select(func.count(), *sums).where(deal.c.campaign_id == campaign_id, ~deal.c.hidden)
    first, second = db.session.execute(of_leads).one(), db.session.execute(of_deals).one()
    return Results(*(int(figure) for figure in (*first, *second)))


# ── The list ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _with_words(typed: str) -> ColumnElement[bool]:
    return Campaign.name_folded.contains(fold(typed), autoescape=True)


@cache
def listing() -> Listing:
    """The campaigns that were not put away, latest first; built when first asked for, because leads come later."""
    base = select(Campaign.id).outerjoin(Code, Code.id == Campaign.type_id)
    return Listing(
        name="campaigns",
        caption="Campaigns",
        base=base.outerjoin(User, User.id == Campaign.owner_id).where(Campaign.hidden.is_(False)),
        id=Campaign.id,
        columns=(
            Column(
                "name", "Name", Campaign.name, sort=Campaign.name_folded, nullable=False, link=("campaigns.show", "id")
            ),
            Column("type", "Type", Code.name, wide=True),
            Column("status", "Status", Campaign.status, words=STATUSES, nullable=False),
            Column("starts_on", "From", Campaign.starts_on, "day"),
            Column("ends_on", "Until", Campaign.ends_on, "day"),
            Column("cost", "Cost", Campaign.cost, "amount", numeric=True),
            Column("leads", "Leads", _count("lead"), "number", numeric=True, sortable=False),
            Column("opportunities", "Opportunities", _count("opportunity"), "number", numeric=True, sortable=False),
            Column("owner", "Owner", User.name, "line", wide=True),
        ),
        sort="-starts_on",
        filters=(
            Text("text", "Text", _with_words, hint="Name"),
            Choice(
                "status", "Status", lambda status: Campaign.status == status, choices=lambda: list(STATUSES.items())
            ),
            Choice("type", "Type", lambda id: Campaign.type_id == id, choices=lambda: codes("campaign_type")),
            Choice("owner", "Owner", lambda id: Campaign.owner_id == id, choices=owners),
        ),
        archived=Campaign.archived,
        empty=(
            "No campaigns yet",
            "A campaign is what was done to be asked: a fair, a mailing, a round of calls. Leads say which they "
            "came from, so that its cost can be weighed against what came of it.",
        ),
    )
