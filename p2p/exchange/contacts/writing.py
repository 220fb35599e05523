"""Contacts written: people and organizations with their channels, and who acts for whom."""

from typing import Any

from p2p.contacts.models import Contact
from p2p.exchange import bulk
from p2p.exchange.checking import Progress
from p2p.exchange.contacts import queries
from p2p.exchange.contacts.drafts import Draft
from p2p.exchange.contacts.filling import fill, fillings
from p2p.exchange.contacts.known import Known, new_organizations
from p2p.exchange.contacts.staging import PURPOSES, Contacts
from p2p.exchange.making import make_codes
from p2p.exchange.queries import code_ids
from p2p.history import OpenOperation
from p2p.parties.channels.kinds import REPEATED
from p2p.parties.channels.models import Channel
from p2p.parties.models import Party, fold
from p2p.setup.entries import folded


def write(opened: OpenOperation, staged: Contacts, progress: Progress) -> dict[str, int]:
    """Write whoever is still unknown: others went on working since the check."""
    known = Known.of(staged.rows)
    drafts = [draft for draft in staged.rows if known.find(draft) is None]
    lacking = fillings((each.party_id, each.draft) for each in staged.fillings)
    coming = [*drafts, *(each.draft for each in lacking)]
    words = (each.purpose for draft in coming for each in draft.channels)
    purposes, entries = make_codes(opened, PURPOSES, words)
    organizations = _organizations(opened, coming)
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        progress(done, len(drafts))

    parties = [_party(draft) for draft in drafts]
    ids = bulk.create(opened, Party, parties, step=step)
    for draft, id in zip(drafts, ids, strict=True):
        if draft.kind == "organization":
            organizations.setdefault(draft.folded, id)
    channels = [row for draft, id in zip(drafts, ids, strict=True) for row in _channels(draft, id, purposes)]
    bulk.create(opened, Channel, channels, about=_about_its_party)
    people = [(draft, id) for draft, id in zip(drafts, ids, strict=True) if draft.organization]
    functions = code_ids("function")
    bulk.create(opened, Contact, [_contact(draft, id, organizations, functions) for draft, id in people])
    queries.note_marks([(draft.uid, id) for draft, id in zip(drafts, ids, strict=True) if draft.uid])
    fill(lacking, organizations, purposes)
    counts = {"created": len(drafts), "refused": staged.refused, "organizations": len(organizations.new)}
    counts |= {"filled": len(lacking)} if lacking else {}
    return counts | {"purposes": entries, "skipped": staged.total - len(coming) - staged.refused}


def _party(draft: Draft) -> bulk.Facts:
    """The party; its columns repeat the first channel of each kind, which is the primary one."""
    facts: bulk.Facts = {"kind": draft.kind, "name": draft.name, "name_folded": draft.folded}
    if not draft.organization:
        facts["notes"] = draft.notes
    for each in reversed(draft.channels):
        said = each.facts if each.kind == "address" else {each.kind: each.facts["value"]}
        facts |= {name: said[name] for name in REPEATED[each.kind]}
    return facts


def _channels(draft: Draft, party_id: int, purposes: dict[str, int]) -> list[bulk.Facts]:
    rows: list[bulk.Facts] = []
    for each in draft.channels:
        facts = {"party_id": party_id, "kind": each.kind, "is_primary": all(row["kind"] != each.kind for row in rows)}
        purpose = purposes[folded(each.purpose)] if each.purpose else None
        rows.append(facts | each.facts | {"purpose_id": purpose})
    return rows


class _Organizations(dict[str, int]):
    """Ids of organizations by folded name; `new` are those made here."""

    new: dict[str, str]


def _organizations(opened: OpenOperation, drafts: list[Draft]) -> _Organizations:
    found = _Organizations()
    asked = {fold(draft.organization) for draft in drafts if draft.organization}
    for kind, name, id in queries.parties_named(asked):
        if kind == "organization":
            found.setdefault(name, id)
    found.new = new_organizations(drafts)
    rows: list[bulk.Facts] = [{"name": name, "name_folded": key[:120]} for key, name in found.new.items()]
    found |= dict(zip(found.new, bulk.create(opened, Party, rows), strict=True))
    return found


def _contact(draft: Draft, person_id: int, organizations: dict[str, int], functions: dict[str, int]) -> bulk.Facts:
    facts: bulk.Facts = {"person_id": person_id, "party_id": organizations[fold(draft.organization or "")]}
    facts |= {"job_title": draft.job_title, "department": draft.department, "notes": draft.notes}
    return facts | {"function_id": functions[folded(draft.function)] if draft.function else None}


def _about_its_party(facts: dict[str, Any]) -> tuple[str, int]:
    return Party.noun, facts["party_id"]
