"""What a typed row means for a lead: who, how to reach them, status and outcome, as set up today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from p2p.exchange.checking import Complain
from p2p.exchange.opportunities.rules import EARLIEST, LATEST
from p2p.exchange.rows import Row
from p2p.exchange.texts import cut_to, one_line
from p2p.filters import today
from p2p.leads.models import OUTCOMES
from p2p.parties.channels.kinds import spelled
from p2p.parties.models import fold
from p2p.setup import queries as setup
from p2p.setup.entries import folded

SUBJECT = 100
#: Outcome of a closed lead → the outcome its reason explains.
EXPLAINED = {"qualified": OUTCOMES["qualify"], "not_qualified": OUTCOMES["disqualify"]}
DAYS = ("created_on", "closed_on", "wake_on")


@dataclass(frozen=True)
class Rules:
    """The set-up as an import reads it: reasons by outcome and folded name; None is the one for imports only."""

    day: date
    reasons: Mapping[str, Mapping[str | None, int]]
    noted: frozenset[int]  # reasons that need a note

    @classmethod
    def of_today(cls) -> "Rules":
        known = {status: setup.reasons(outcome, "leads", imports=True) for status, outcome in EXPLAINED.items()}
        reasons = {
            status: {None if reason.imports_only else folded(reason.name): reason.id for reason in several}
            for status, several in known.items()
        }
        noted = frozenset(reason.id for several in known.values() for reason in several if reason.needs_note)
        return cls(today(), reasons, noted)

    @property
    def edition(self) -> list[Any]:
        """Differs as soon as anything that rows were judged by is set up otherwise."""
        return [[status, sorted(each.items(), key=str)] for status, each in self.reasons.items()]

    def facts(self, row: Row, complain: Complain) -> dict[str, Any]:
        """The columns of a lead that stand by themselves; what is wrong goes to `complain`."""
        values = row.values
        who = self._who(values)
        subject = one_line(values.get("subject") or "") or _about(who)
        if not subject:
            complain("subject", "the row says neither what it is about nor who it is")
        facts = {"number": one_line(values.get("number") or "") or None, "description": _text(values)}
        facts |= {"subject": subject, "subject_folded": fold(subject)[:120], "imported": row.extra or None} | who
        return facts | self._place(values, complain)

    def _who(self, values: dict[str, Any]) -> dict[str, Any]:
        person = values.get("person") or f"{values.get('first_name') or ''} {values.get('last_name') or ''}"
        facts = {"company_name": one_line(values.get("company") or "") or None}
        facts["person_name"] = cut_to(one_line(person), 100) or None
        for name in ("company", "person"):
            facts[f"{name}_folded"] = fold(facts[f"{name}_name"] or "")[:120] or None
        for kind in ("email", "phone"):
            facts[kind], facts[f"{kind}_key"] = spelled(kind, one_line(values.get(kind) or "") or None)
        return facts

    def _place(self, values: dict[str, Any], complain: Complain) -> dict[str, Any]:
        """Status, and what goes with it. A day in the wrong century is a slip of the pen."""
        days = {name: values.get(name) for name in DAYS}
        for name, day in days.items():
            if day is not None and not EARLIEST <= day <= LATEST:
                complain(name, f"this is not between {EARLIEST.year} and {LATEST.year}")
        status = values.get("status") or "open"
        opened_on, closed_on = days["created_on"], days["closed_on"]
        facts: dict[str, Any] = {"status": status, "wake_on": None, "closed_on": None, "reason_id": None}
        facts |= {"outcome_note": None, "opened_on": opened_on or closed_on or self.day}
        if status == "postponed":
            facts["wake_on"] = days["wake_on"] or self.day
        elif status != "open":
            if opened_on and closed_on and closed_on < opened_on:
                complain("closed_on", "it was closed before it was created")
            facts["closed_on"] = closed_on
            facts |= self._reason(status, one_line(values.get("reason") or ""), complain)
        return facts

    def _reason(self, status: str, told: str, complain: Complain) -> dict[str, Any]:
        """The reason of that name; else the one for imports, and what the file says as a note."""
        known = self.reasons[status]
        if told and folded(told) in known and known[folded(told)] not in self.noted:
            return {"reason_id": known[folded(told)]}
        if None not in known:
            complain("status", "the reason “Not recorded” for leads is missing in the set-up")
        return {"reason_id": known.get(None), "outcome_note": told or None}


def _about(who: dict[str, Any]) -> str:
    """A subject for a row without one."""
    told = who["company_name"] or who["person_name"] or who["email"] or who["phone"]
    return cut_to(f"Interest of {told}", SUBJECT) if told else ""


def _text(values: dict[str, Any]) -> str | None:
    return (values.get("description") or "").replace("\r\n", "\n").strip() or None
