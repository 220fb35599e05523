"""Leads as a kind of import."""

from typing import Any

from p2p.exchange import queries
from p2p.exchange.kind import PREVIEWED, Kind, Made, Shown
from p2p.exchange.leads.fields import ABOUT, LEAD_FIELDS
from p2p.exchange.leads.staging import LISTS, Checked, Leads, stage
from p2p.exchange.leads.writing import write
from p2p.leads.models import STATUSES


def preview(staged: Leads) -> list[dict[str, Any]]:
    """The first rows as they will be."""
    rows = staged.rows[:PREVIEWED]
    names = queries.party_names(staged.parties[row.line] for row in rows if row.line in staged.parties)
    return [_previewed(row, staged, names) for row in rows]


def _previewed(row: Checked, staged: Leads, names: dict[int, str]) -> dict[str, Any]:
    facts = row.facts
    party = names.get(staged.parties.get(row.line, 0))
    told = {name: facts[name] for name in ("number", "subject", "email", "phone", "status")}
    told |= {"line": row.line, "person": facts["person_name"], "opened_on": facts["opened_on"].isoformat()}
    told |= {"party": f"{party} (known)" if party else facts["company_name"]}
    told |= {"status_words": STATUSES[facts["status"]], "source": row.codes[0], "campaign": row.campaign}
    return told | {"owner": staged.owners.spelled[row.owner] if row.owner else None}


def named(staged: Leads) -> dict[str, list[str]]:
    """Who and what will be made."""
    owners = list(map(str, staged.owners.new.values()))
    entries = [f"{entry} ({name})" for name in LISTS for entry in staged.codes[name].values()]
    return {"owners": owners, "campaigns": list(staged.campaigns.values()), "entries": entries}


LEADS = Kind(
    name="leads",
    one="lead",
    fields=LEAD_FIELDS,
    about=ABOUT,
    needs=("subject", "company", "person", "last_name", "email"),
    stage=stage,
    write=write,
    shown=(
        Shown("number", "Number", blank="next number"),
        Shown("subject", "Subject"),
        Shown("party", "Party"),
        Shown("person", "Person"),
        Shown("email", "E-mail"),
        Shown("phone", "Phone"),
        Shown("source", "Source"),
        Shown("campaign", "Campaign"),
        Shown("owner", "Owner", blank="nobody"),
        Shown("status", "Status", "status"),
        Shown("opened_on", "Created", "date"),
    ),
    preview=preview,
    made=(
        Made("owners", "owners", "representatives without a password"),
        Made("campaigns", "campaigns"),
        Made("entries", "list entries"),
    ),
    named=named,
    place=("leads.index", "Open the leads"),
    keeps_rest=True,
)
