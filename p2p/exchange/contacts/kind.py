"""Contacts as a kind of import."""

from typing import Any

from p2p.exchange.contacts.drafts import Draft, Reached
from p2p.exchange.contacts.fields import ABOUT, CONTACT_FIELDS
from p2p.exchange.contacts.staging import Contacts, stage
from p2p.exchange.contacts.writing import write
from p2p.exchange.kind import PREVIEWED, Kind, Made, Shown


def preview(staged: Contacts) -> list[dict[str, Any]]:
    """The first as they will be."""
    return [_previewed(draft) for draft in staged.rows[:PREVIEWED]]


def _previewed(draft: Draft) -> dict[str, Any]:
    told: dict[str, Any] = {"line": draft.line, "name": draft.name, "job_title": draft.job_title}
    told["party"] = "is an organization" if draft.kind == "organization" else draft.organization
    for kind in ("email", "phone", "website", "address"):
        told[kind] = [_said(each) for each in draft.channels if each.kind == kind]
    return told | {"notes": (draft.notes or "").split("\n") if draft.notes else []}


def _said(channel: Reached) -> str:
    facts = channel.facts
    town = " ".join(filter(None, (facts["postal_code"], facts["city"])))
    text = facts["value"] or ", ".join(filter(None, (facts["street"], town, facts["region"], facts["country"])))
    return f"{text} ({channel.purpose})" if channel.purpose else str(text)


def named(staged: Contacts) -> dict[str, list[str]]:
    """What will be made besides."""
    return {"organizations": list(staged.organizations.values()), "purposes": list(staged.purposes.values())}


CONTACTS = Kind(
    name="contacts",
    one="contact",
    fields=CONTACT_FIELDS,
    about=ABOUT,
    needs=("name", "first_name", "last_name", "company", "email"),
    stage=stage,
    write=write,
    shown=(
        Shown("name", "Name"),
        Shown("party", "Acts for", blank="nobody"),
        Shown("job_title", "Job title"),
        Shown("email", "E-mail", "lines"),
        Shown("phone", "Phone", "lines"),
        Shown("website", "Web site", "lines"),
        Shown("address", "Address", "lines"),
        Shown("notes", "Notes", "lines"),
    ),
    preview=preview,
    made=(Made("organizations", "organizations"), Made("purposes", "purposes of channels")),
    named=named,
    place=("contacts.index", "Open the contacts"),
    files="a vCard or CSV",
    fills=True,
)
