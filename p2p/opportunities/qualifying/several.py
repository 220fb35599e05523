"""Qualifying several leads at once: what becomes of each through its best match, and what will not change, and why."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from p2p.forms import whole
from p2p.history import operation
from p2p.history.recording import Actor
from p2p.identity.models import User
from p2p.leads.models import Lead
from p2p.opportunities.qualifying import queries
from p2p.opportunities.qualifying.plan import Plan, held_back
from p2p.opportunities.qualifying.rules import NEW, NONE, ticked
from p2p.parties import queries as parties
from p2p.parties.models import Party, core
from p2p.setup.models import Reason

SKIP = "skip"
#: What may be done with leads that mean nobody of the address book.
UNMATCHED = {
    NONE: "Qualify them without party and opportunity",
    NEW: "Enter the company and the person they name",
    SKIP: "Leave them as they are",
}


@dataclass
class Line:
    """One lead: what becomes of it, in words; without a plan it stays as it is. `joins` is the twin it goes with."""

    lead: Lead
    words: str
    plan: Plan | None = None
    joins: Lead | None = None
    twins: list[Lead] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        return self.plan is not None or self.joins is not None


def foresee(leads: Iterable[Lead], unmatched: str, left: Callable[[Lead], str]) -> list[Line]:
    """What will become of each lead; twins become one opportunity together. Nothing is written.

    `left` says why a lead is not to be changed, or nothing.
    """
    lines: list[Line] = []
    first: dict[str, Line] = {}
    for lead in leads:
        keys = [key for key in (lead.email_key, lead.phone_key) if key]
        twin = next((first[key] for key in keys if key in first), None)
        if why := left(lead):
            line = Line(lead, f"stays as it is: it {why}")
        elif lead.may("qualify") and twin is not None and not held_back(lead):
            twin.twins.append(lead)
            line = Line(lead, f"joins the opportunity of {twin.lead.number} {twin.lead}", joins=twin.lead)
        else:
            line = _alone(lead, unmatched)
            if line.plan and line.plan.opportunity is not None:
                first |= dict.fromkeys(keys, line)
        lines.append(line)
    return lines


def _alone(lead: Lead, unmatched: str) -> Line:
    """What becomes of one lead by itself."""
    if not lead.may("qualify"):
        return Line(lead, f"stays as it is: it is {lead.status_words.lower()}")
    if missing := held_back(lead):
        return Line(lead, f"stays as it is: its process requires first {', '.join(missing)}")
    meant = ticked(queries.party_candidates(lead), NEW)
    if meant is None:
        return Line(lead, "stays as it is: several parties may be meant, so it is qualified by itself")
    if meant == NEW:
        return _unmatched(lead, unmatched)
    party = parties.present(whole(meant) or 0)
    known = ticked(queries.person_candidates(lead, party.id if party else None), NONE)
    person = parties.present(whole(known) or 0) if known else None
    with_whom = f" with {person}" if person else ""
    return Line(lead, f"becomes an opportunity of {party}{with_whom}", Plan(party, person, {}, prospect=True))


def _unmatched(lead: Lead, unmatched: str) -> Line:
    name = lead.company_name or lead.person_name
    if unmatched == SKIP or (unmatched == NEW and not name):
        why = "nobody of the address book is meant" if name else "it names nobody"
        return Line(lead, f"stays as it is: {why}")
    if unmatched == NONE:
        return Line(lead, "is qualified, and nothing comes of it: nobody of the address book is meant", Plan())
    reached = {"phone": lead.phone, "email": lead.email}
    if not lead.company_name:
        facts: Any = {"kind": "person", "name": name} | reached
        return Line(lead, f"becomes an opportunity of {name}, who is new", Plan(facts, None, {}, prospect=True))
    person: Any = {"name": lead.person_name} | reached if lead.person_name else None
    facts = {"name": name} | ({} if person else reached)
    with_whom = f" with {lead.person_name}" if person else ""
    return Line(
        lead, f"becomes an opportunity of {name}{with_whom}, who is new", Plan(facts, person, {}, prospect=True)
    )


def share_out(leads: Iterable[Lead], people: list[User], *, force: bool) -> Mapping[Lead, User]:
    """Who gets which lead, in turns; a lead that has an owner keeps him unless forced."""
    taken = [lead for lead in leads if people and (force or lead.owner_id is None)]
    return {lead: people[turn % len(people)] for turn, lead in enumerate(taken)}


def carry_out(
    lines: list[Line], shares: Mapping[Lead, User], reason: Reason | None, note: str | None, *, by: Actor | None
) -> int:
    """Do what was foreseen, as one operation; returns how many leads were qualified."""
    entered: dict[str, Party] = {}
    with operation("lead.qualify", by=by):
        for lead, owner in shares.items():
            lead.assign(owner, by=by)
        for line in lines:
            if line.plan is not None:
                party = line.plan.party
                name = core(party["name"]) if isinstance(party, dict) and party.get("kind") != "person" else None
                plan = replace(line.plan, twins=tuple(line.twins), reason=reason, note=note)
                if name in entered:
                    plan = replace(plan, party=entered[name])
                outcome = plan.carry_out(line.lead, by=by)
                if name and outcome.party:
                    entered[name] = outcome.party
    return sum(line.changes for line in lines)
