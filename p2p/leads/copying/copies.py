"""What a copy of a lead takes along: always who it is, the rest where it was asked for."""

from collections.abc import Collection
from typing import Any

from p2p.activities.models import Activity
from p2p.activities.queries import open_on
from p2p.attachments import queries as attachments
from p2p.attachments.models import Attachment
from p2p.history import name_verb, operation
from p2p.history.recording import Actor
from p2p.leads.models import Lead

COPY = name_verb("lead.copy", "copied")
MOST_FILES = 500

#: Facts that every copy has, and those that belong to what can be asked for. Number, owner, status and what closed
#: the lead are never copied.
WHO = ("party_id", "company_name", "person_name", "email", "phone")
FACTS = {
    "source": ("source_id", "source_party_id", "source_user_id", "source_note", "campaign_id"),
    "classification": ("type_id", "priority_id", "rating_id"),
    "description": ("description",),
}
OF_WORK = (
    *("category", "type_id", "phase_id", "purpose", "notes", "due_on", "starts", "ends", "all_day", "location"),
    *("priority", "direction", "remind", "responsible_id"),
)
OF_FILE = ("name", "media_type", "size", "digest", "note")


def work_of(lead: Lead) -> list[Activity]:
    """Its open activities, but for those its process planned: the process of the copy plans its own."""
    return [activity for activity in open_on(lead.noun, lead.id) if activity.step_id is None]


def what_there_is(lead: Lead) -> dict[str, int]:
    """What can be asked for of this lead → how much of it there is; facts that are set count."""
    found = {part: sum(getattr(lead, name) is not None for name in names) for part, names in FACTS.items()}
    found |= {"contacts": len(lead.contacts), "activities": len(work_of(lead))}
    found["files"] = len(attachments.on(lead.noun, lead.id, limit=MOST_FILES))
    return {part: count for part, count in found.items() if count}


def copy(lead: Lead, subject: str, parts: Collection[str], *, by: Actor | None) -> Lead:
    """Capture a new lead for the same people, with these parts of the one there is; whoever copies owns it."""
    names = [*WHO, *(name for part, names in FACTS.items() if part in parts for name in names)]
    facts: dict[str, Any] = {name: getattr(lead, name) for name in names}
    people = [line.contact for line in lead.contacts] if "contacts" in parts else []
    with operation(COPY, by=by):
        made = Lead.capture(facts | {"subject": subject}, contacts=people, by=by)
        for activity in work_of(lead) if "activities" in parts else ():
            work = {name: getattr(activity, name) for name in OF_WORK}
            Activity.plan(made, work | {"attending": activity.attending}, by=by)
        if "files" in parts and (files := attachments.on(lead.noun, lead.id, limit=MOST_FILES)):
            Attachment.attach(made, [{name: getattr(file, name) for name in OF_FILE} for file in files], by=by)
    return made
