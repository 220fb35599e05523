"""The list of leads."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, null

from p2p.campaigns.queries import choices as campaigns
from p2p.contacts.queries import name_of as contact_name
from p2p.identity.queries import everybody, owners
from p2p.leads.models import STATUSES, Lead
from p2p.leads.queries import of_contact
from p2p.leads.rows import queries
from p2p.listing import About, Choice, Column, Day, Filter, Listing, Tabs, Text
from p2p.parties.queries import name_of
from p2p.setup.queries import all_codes, codes, reason_name

L = Lead
WHICH = {
    "active": "Active",
    "mine": "Mine",
    "new": "New",
    "postponed": "Postponed",
    "waking": "Waking today",
    "qualified": "Qualified",
    "not_qualified": "Not qualified",
    "all": "All",
}


def _which(asked: str, me: int) -> ColumnElement[bool]:
    return {
        "active": queries.active(),
        "mine": queries.active() & (L.owner_id == me),
        "new": queries.unworked(),
        "postponed": queries.asleep(),
        "waking": queries.waking(),
        "all": L.hidden.is_(False),
    }.get(asked, L.status == asked)


def _owner(asked: str) -> ColumnElement[bool]:
    return L.owner_id.is_(None) if asked == "nobody" else L.owner_id == int(asked)


def _people() -> list[tuple[str, str]]:
    return [("nobody", "nobody's"), *((str(id), name) for id, name in owners())]


def _code(key: str, label: str, column: Any, list_name: str) -> Choice:
    """One of a code list, or none of it."""
    return Choice(
        key,
        label,
        lambda asked: column.is_(None) if asked == "none" else column == asked,
        choices=lambda: [*codes(list_name), ("none", "not set")],
    )


def _filters(me: int) -> tuple[Filter, ...]:
    return (
        Tabs("which", "Which", lambda asked: _which(asked, me), choices=lambda: list(WHICH.items())),
        Text("text", "Text", queries.with_words, hint="Subject, name, e-mail, phone"),
        Choice("owner", "Owner", _owner, choices=_people),
        _code("rating", "Rating", L.rating_id, "lead_rating"),
        _code("priority", "Priority", L.priority_id, "lead_priority"),
        _code("source", "Source", L.source_id, "source"),
        _code("type", "Type", L.type_id, "lead_type"),
        Choice("campaign", "Campaign", lambda id: L.campaign_id == id, choices=lambda: campaigns(archived=True)),
        Choice("stage", "Stage", queries.at_stage, choices=queries.stage_names),
        About("contact", "Contact", of_contact, name=contact_name),
        About("party", "Party", lambda id: L.party_id == id, name=name_of),
        About("reason", "Reason", lambda id: L.reason_id == id, name=reason_name),
        Day("opened_from", "Opened from", lambda day: L.opened_on >= day),
        Day("opened_to", "Opened until", lambda day: L.opened_on <= day),
    )


def _all(list_name: str) -> Callable[[], list[int]]:
    return lambda: all_codes(list_name)


def _columns() -> tuple[Column, ...]:
    rating, priority, source, kind = (
        each.name for each in (queries.Rating, queries.Priority, queries.Source, queries.Kind)
    )
    return (
        Column("number", "Number", L.number, on_page=False, sortable=False),
        Column("subject", "Lead", L.subject, link=("leads.show", "id"), sortable=False),
        Column("who", "Who", queries.who(), on_page=False, sortable=False),
        Column("step", "Next step", null(), sortable=False, in_file=False),
        Column("status", "Status", L.status, "status", words=STATUSES, sortable=False),
        Column("rating", "Rating", rating, sort=L.rating_id, entries=_all("lead_rating"), down_first=True, alone=True),
        Column(
            *("priority", "Priority", priority),
            sort=L.priority_id,
            entries=_all("lead_priority"),
            down_first=True,
            alone=True,
        ),
        Column("owner", "Owner", queries.Owner.name, "line", sort=L.owner_id, entries=everybody),
        Column("source", "Source", source, sortable=False, alone=True, wide=True),
        Column("type", "Type", kind, on_page=False, sortable=False),
        Column("company", "Company", L.company_name, on_page=False, sortable=False),
        Column("person", "Person", L.person_name, on_page=False, sortable=False),
        Column("email", "E-mail", L.email, on_page=False, sortable=False),
        Column("phone", "Phone", L.phone, on_page=False, sortable=False),
        Column("opened_on", "Opened", L.opened_on, "day", nullable=False),
    )


def listing(me: int) -> Listing:
    """The leads that were not put away, newest first; `me` is whose *mine* are."""
    return Listing(
        name="leads",
        caption="Leads",
        base=queries.listed(),
        id=L.id,
        columns=_columns(),
        sort="-opened_on",
        filters=_filters(me),
        archived=L.archived,
        count_up_to=1000,
        empty=(
            "No active leads",
            "Capture whoever shows interest, or look under the other tabs for those that are closed.",
        ),
        empty_beside=("No leads yet", "Capture whoever shows interest."),
    )
