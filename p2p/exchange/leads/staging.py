"""Checking leads: rows against the rules and against what is known."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from p2p.exchange import queries
from p2p.exchange.checking import Progress, silently
from p2p.exchange.leads.matching import matched
from p2p.exchange.leads.rules import Rules
from p2p.exchange.making import new_codes
from p2p.exchange.mapping import Mapping
from p2p.exchange.numbered import CheckingNumbered, Numbered
from p2p.exchange.queries import Key
from p2p.exchange.reading import Sheet
from p2p.exchange.rows import Row
from p2p.exchange.texts import one_line
from p2p.leads.models import Lead
from p2p.parties.models import fold

#: Field → the code list its words belong to.
LISTS = {"source": "source", "type": "lead_type", "priority": "lead_priority", "rating": "lead_rating"}


class Checked(NamedTuple):
    """A row that is well: whose it is, its codes in words, its campaign, and its own columns."""

    line: int
    owner: Key | None
    codes: tuple[str | None, ...]  # in the order of LISTS
    campaign: str | None
    facts: dict[str, Any]


@dataclass
class Leads(Numbered):
    """`parties` are those that are known, by line; `codes` and `campaigns` what is to be made, by folded name."""

    rows: list[Checked] = field(default_factory=list)
    parties: dict[int, int] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    campaigns: dict[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        new = {"owners": len(self.owners.new), "campaigns": len(self.campaigns)}
        new["entries"] = sum(map(len, self.codes.values()))
        return super().counts | {"matched": len(self.parties)} | new


def stage(
    sheet: Sheet, mapping: Mapping, *, skip_bad: bool = False, seen: bool = False, progress: Progress = silently
) -> Leads:
    """Check every row; of a file that was imported before, rows without a number are known, too."""
    return _Check(sheet, mapping, skip_bad).run(seen, progress)


class _Check(CheckingNumbered[Leads]):
    cls = Lead
    texts: ClassVar[tuple[str, ...]] = (
        *("number", "subject", "company", "person", "first_name", "last_name", "phone", "owner", "campaign"),
        *("reason", "description", *LISTS),
    )

    def __init__(self, sheet: Sheet, mapping: Mapping, skip_bad: bool) -> None:
        rules = Rules.of_today()
        super().__init__(sheet, mapping, Leads(rules.edition, skip_bad), rules)

    def run(self, seen: bool, progress: Progress) -> Leads:
        staged = self.staged
        staged.rows = self.with_owners(self.without_known(self.good_rows(progress), seen))
        staged.parties = matched({row.line: row.facts for row in staged.rows})
        for place, (name, list_name) in enumerate(LISTS.items()):
            staged.codes[name] = new_codes(list_name, (row.codes[place] for row in staged.rows))
        staged.campaigns = new_campaigns(row.campaign for row in staged.rows)
        staged.problems.sort()
        progress(staged.total, staged.total)
        return staged

    def keep(self, row: Row, facts: dict[str, Any]) -> Checked:
        codes = tuple(_word(row, name) for name in LISTS)
        owner = self.staged.owners.key(row.values.get("owner"))
        return Checked(row.line, owner, codes, _word(row, "campaign"), facts)


def new_campaigns(told: Iterable[str | None]) -> dict[str, str]:
    """Folded name → name of the campaigns nobody knows."""
    names: dict[str, str] = {}
    for name in told:
        if name:
            names.setdefault(fold(name), name)
    known = queries.campaigns(names)
    return {key: name for key, name in names.items() if key not in known}


def _word(row: Row, name: str) -> str | None:
    return one_line(row.values.get(name) or "") or None
