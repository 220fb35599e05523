"""The lists a company keeps, each with what it is for."""

from dataclasses import dataclass
from typing import Any

from p2p.db import db
from p2p.history import nouns
from p2p.setup import queries
from p2p.setup.entries import told
from p2p.setup.models import (
    CODE_LISTS,
    LEAD_OUTCOMES,
    OUTCOMES,
    Code,
    Currency,
    Entry,
    Probability,
    Process,
    Reason,
    Stage,
    Step,
)
from p2p.setup.processes import KINDS as KINDS_OF_PROCESSES

#: The kinds of entries that are kept one by one; bands are drawn as a whole.
KINDS = (Code, Currency, Probability, Reason, Process, Stage, Step)
PURPOSES = {
    "currency": ("Currencies", "What amounts may be typed in, and what each is worth."),
    "probability": ("Probabilities", "The percentages menus offer; any whole number may be typed instead."),
    "sales": ("Sales processes", "The stages an opportunity goes through, each with its default probability."),
    "qualification": ("Qualification processes", "What is to be done until a lead is qualified, stage by stage."),
    "qualified": ("Qualified", "Why a lead became an opportunity."),
    "disqualified": ("Disqualified", "Why a lead went no further."),
    "won": ("Won", "Why an opportunity or a quotation was won."),
    "lost": ("Lost", "Why an opportunity or a quotation was lost."),
    "canceled": ("Canceled", "Why nobody decides any more; never counted as lost."),
}


@dataclass(frozen=True)
class EntryList:
    """One list: the kind of its entries, and what they share (`within`: list name, outcome or process id)."""

    kind: type[Entry]
    within: Any
    title: str
    purpose: str

    @property
    def key(self) -> str:
        """Its name in addresses: `code`, `currency`, …"""
        return self.kind.noun

    @property
    def shared(self) -> dict[str, Any]:
        """The facts all its entries have in common."""
        return {self.kind.within: self.within} if self.kind.within else {}

    @property
    def process(self) -> Process | None:
        """The process whose stages, or the steps of one of whose stages, these are."""
        if self.kind is Stage:
            return db.session.get_one(Process, self.within)
        return db.session.get_one(Stage, self.within).process if self.kind is Step else None

    @property
    def ordered(self) -> bool:
        """Whether people put it in order; percentages and currency codes order themselves."""
        return self.kind not in (Currency, Probability)

    def entries(self) -> list[Any]:
        """Its present entries in order, retired ones last."""
        found = queries.entries(self.kind, *(getattr(self.kind, name) == value for name, value in self.shared.items()))
        if self.kind is Probability:
            found.sort(key=lambda entry: (entry.retired, entry.percent))
        elif self.kind is Currency:
            found.sort(key=lambda entry: (entry.retired, not entry.is_the_companys, entry.name))
        return found


def list_of(noun: str, within: str | None = None) -> EntryList | None:
    """The list with this kind of entries, divided by `within`; None where there is none."""
    kind = nouns.get(noun)
    if kind is Code and within in CODE_LISTS:
        return EntryList(Code, within, *CODE_LISTS[within])
    if kind is Reason and within in OUTCOMES:
        return EntryList(Reason, within, *PURPOSES[within])
    if kind is Stage and (within or "").isdecimal() and len(within or "") < 19:
        process = db.session.get(Process, int(within or 0))
        return stages_of(process) if process and not process.hidden else None
    if kind is Step and (within or "").isdecimal() and len(within or "") < 19:
        stage = db.session.get(Stage, int(within or 0))
        return steps_of(stage) if stage and not stage.hidden else None
    if kind is Process and within in KINDS_OF_PROCESSES:
        return EntryList(Process, within, *PURPOSES[within])
    if kind in (Currency, Probability) and within is None:
        return EntryList(kind, None, *PURPOSES[noun])
    return None


def list_with(entry: Entry) -> EntryList:
    """The list an entry stands in."""
    within = getattr(entry, entry.within) if entry.within else None
    found = list_of(entry.noun, None if within is None else str(within))
    assert found is not None
    return found


def reason_lists() -> list[EntryList]:
    """One list of reasons for every outcome."""
    return [EntryList(Reason, outcome, *PURPOSES[outcome]) for outcome in OUTCOMES]


def explains_leads(listed: EntryList) -> bool:
    """Whether this is a list of reasons for what became of leads."""
    return listed.within in LEAD_OUTCOMES


def process_lists() -> list[EntryList]:
    """One list of processes for every kind."""
    return [EntryList(Process, kind, *PURPOSES[kind]) for kind in KINDS_OF_PROCESSES]


def stages_of(process: Process) -> EntryList:
    purpose = "In the order they are gone through." if process.versioned else "In the order of the board’s columns."
    return EntryList(Stage, process.id, f"Stages of {process}", purpose)


def steps_of(stage: Stage) -> EntryList:
    return EntryList(Step, stage.id, f"Steps of {stage}", "What is to be done in this stage.")


def news_of(process: Process | None) -> str:
    """What to say when a change to a process went into a new edition of it."""
    later = process.next_edition if process else None
    if process is None or later is None:
        return ""
    return f" It went into edition {later.edition}; edition {process.edition} goes on for {told(process.used_by())}."
