"""Opportunities as a kind of import."""

from typing import Any

from p2p.exchange.kind import PREVIEWED, Kind, Made, Shown
from p2p.exchange.opportunities.fields import ABOUT, OPPORTUNITY_FIELDS
from p2p.exchange.opportunities.staging import Checked, Opportunities, stage
from p2p.exchange.opportunities.writing import write
from p2p.opportunities.models import STATUSES
from p2p.setup import queries as setup


def preview(staged: Opportunities) -> list[dict[str, Any]]:
    """The first rows as they will be."""
    stages = {stage.id: stage.name for stage in setup.stages()}
    return [_previewed(row, staged, stages) for row in staged.rows[:PREVIEWED]]


def _previewed(row: Checked, staged: Opportunities, stages: dict[int, str]) -> dict[str, Any]:
    facts = row.facts
    plain = {name: facts[name] for name in ("number", "subject", "probability", "revenue", "currency")}
    days = {name: facts[name].isoformat() if facts[name] else None for name in ("opened_on", "decide_by", "closed_on")}
    owner = staged.owners.spelled[row.owner] if row.owner else None
    told = {"line": row.line, "party": staged.names.get(row.party), "owner": owner}
    told |= {"status": facts["status"], "status_words": STATUSES[facts["status"]], "stage": stages[facts["stage_id"]]}
    return plain | days | told


def named(staged: Opportunities) -> dict[str, list[str]]:
    """Who and what will be made."""
    owners = list(map(str, staged.owners.new.values()))
    parties = [staged.names[key] + (f" ({key[1]})" if key[0] == "number" else "") for key in staged.parties]
    return {"parties": parties, "owners": owners, "products": list(staged.products.values())}


OPPORTUNITIES = Kind(
    name="opportunities",
    one="opportunity",
    fields=OPPORTUNITY_FIELDS,
    about=ABOUT,
    stage=stage,
    write=write,
    shown=(
        Shown("number", "Number", blank="next number"),
        Shown("subject", "Subject"),
        Shown("party", "Party"),
        Shown("owner", "Owner", blank="nobody"),
        Shown("status", "Status", "status"),
        Shown("stage", "Stage"),
        Shown("probability", "Probability", "percent"),
        Shown("revenue", "Revenue", "money"),
        Shown("opened_on", "Created", "date"),
        Shown("decide_by", "Decide by", "date"),
        Shown("closed_on", "Closed", "date"),
    ),
    preview=preview,
    made=(
        Made("parties", "parties"),
        Made("owners", "owners", "representatives without a password"),
        Made("products", "products"),
    ),
    named=named,
    place=("board.index", "Open the board"),
    keeps_rest=True,
)
