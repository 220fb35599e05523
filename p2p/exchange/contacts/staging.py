"""Checking contacts: cards or rows, each against the address book and against those before it in the file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from p2p.exchange import queries
from p2p.exchange.checking import Checking, Complain, Progress, Staged, silently
from p2p.exchange.contacts.cards import Cards
from p2p.exchange.contacts.drafts import Draft, drafted
from p2p.exchange.contacts.filling import Filling, fillings
from p2p.exchange.contacts.known import Known, new_organizations
from p2p.exchange.contacts.rows import card_of
from p2p.exchange.making import new_codes
from p2p.exchange.mapping import Mapping
from p2p.exchange.reading import Sheet
from p2p.exchange.rows import Row
from p2p.parties.models import fold

PURPOSES = "channel_purpose"
NAMED = 10
#: What complaints about a card are told with.
PROPERTIES = {"name": "FN", "company": "ORG", "department": "ORG", "job_title": "TITLE", "notes": "NOTE"}
PROPERTIES |= dict.fromkeys(("street", "city", "region", "postal_code", "country"), "ADR")


@dataclass
class Contacts(Staged):
    """`organizations` and `purposes` are what is to be made, by folded name; `known` whom the address book has,
    `fillings` what of them it lacks (only where that was asked for)."""

    rows: list[Draft] = field(default_factory=list)
    organizations: dict[str, str] = field(default_factory=dict)
    purposes: dict[str, str] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    fillings: list[Filling] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        counted = {"created": len(self.rows), "skipped": self.skipped, "refused": self.refused}
        new = {"organizations": len(self.organizations), "purposes": len(self.purposes)}
        return counted | new | ({"filled": len(self.fillings)} if self.fillings else {})


def stage(
    sheet: Sheet,
    mapping: Mapping,
    *,
    skip_bad: bool = False,
    seen: bool = False,
    progress: Progress = silently,
    fill: bool = False,
) -> Contacts:
    """Check every row; of a file that was imported before, everybody is known. `fill`: their blanks are filled in."""
    return _Check(sheet, mapping, skip_bad).run(seen, progress, fill)


class _Check(Checking[Contacts]):
    texts: ClassVar[tuple[str, ...]] = ()  # drafts judge their own

    def __init__(self, sheet: Sheet, mapping: Mapping, skip_bad: bool) -> None:
        super().__init__(sheet, mapping, Contacts([], skip_bad))
        if isinstance(sheet, Cards):
            self.columns = dict(PROPERTIES)
        self.purposes, self.functions = queries.code_names(PURPOSES), queries.code_names("function")

    def run(self, seen: bool, progress: Progress, fill: bool) -> Contacts:
        staged = self.staged
        drafts = self._of_known_parties(self.good_rows(progress))
        known = Known.of(drafts)
        met: list[tuple[int, Draft]] = []
        for draft in drafts:
            id = known.find(draft)
            if id is not None or seen:
                staged.known.append(draft.name)
                met += [(id, draft)] if id is not None and id > 0 else []
            else:
                known.add(draft)
                staged.rows.append(draft)
        staged.fillings = fillings(met) if fill else []
        staged.skipped = len(staged.known) - len(staged.fillings)
        coming = [*staged.rows, *(each.draft for each in staged.fillings)]
        staged.organizations = new_organizations(coming)
        words = (each.purpose for draft in coming for each in draft.channels)
        staged.purposes = new_codes(PURPOSES, words)
        staged.remarks = list(_remarks(staged))
        staged.problems.sort()
        progress(staged.total, staged.total)
        return staged

    def rows(self) -> Iterator[Row]:
        if isinstance(self.sheet, Cards):
            return (Row(card.line, {"card": card}, {}) for card in self.sheet.cards)
        return super().rows()

    def judge(self, row: Row, complain: Complain) -> Draft:
        card = row.values.get("card") or card_of(row.line, row.values)
        row.values = {"name": card.name, "company": card.organization, "job_title": card.title} | row.values
        return drafted(card, self.purposes, self.functions, complain)

    def keep(self, row: Row, facts: Draft) -> Draft:
        return facts

    def _of_known_parties(self, drafts: list[Draft]) -> list[Draft]:
        """Nobody acts for a party that might be one of several."""
        told = {("name", fold(draft.organization)) for draft in drafts if draft.organization}
        several = {key[1] for key, ids in queries.parties(told).items() if len(ids) > 1}
        for draft in drafts:
            if draft.organization and fold(draft.organization) in several:
                reason = "several parties have this name: rename one of them, or merge them"
                self.refuse(draft.line, "company", draft.organization, reason)
        return [draft for draft in drafts if not draft.organization or fold(draft.organization) not in several]


def _remarks(staged: Contacts) -> Iterator[str]:
    alone = [draft.name for draft in staged.rows if draft.kind == "person" and not draft.organization]
    if alone:
        yield f"They act for nobody, so they become people of the address book and no contacts: {_names(alone)}."
    if staged.known:
        end = "of some of them, blanks are filled in" if staged.fillings else "skipped"
        yield f"Known already, or told of before in this file, and {end}: {_names(staged.known)}."


def _names(names: list[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
