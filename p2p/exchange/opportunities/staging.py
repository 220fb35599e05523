"""Checking opportunities: rows against the rules and against what is known."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from p2p.exchange import queries
from p2p.exchange.checking import Progress, silently
from p2p.exchange.making import new_codes
from p2p.exchange.mapping import Mapping
from p2p.exchange.numbered import CheckingNumbered, Numbered
from p2p.exchange.opportunities.rules import Rules
from p2p.exchange.queries import Key
from p2p.exchange.reading import Sheet
from p2p.exchange.rows import Row
from p2p.exchange.texts import one_line
from p2p.opportunities.models import Opportunity
from p2p.parties.models import fold


class Checked(NamedTuple):
    """A row that is well: who it is for, whose it is, what is sold, and its own columns."""

    line: int
    party: Key
    owner: Key | None
    product: str | None
    facts: dict[str, Any]


@dataclass
class Opportunities(Numbered):
    """Keys lead to what exists or, if nothing does, to what `parties`, `owners` and `products` say is to be made; the
    write looks them up again. `names` are the parties as the file calls them."""

    rows: list[Checked] = field(default_factory=list)
    names: dict[Key, str] = field(default_factory=dict)
    parties: list[Key] = field(default_factory=list)
    products: dict[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        new = {"parties": len(self.parties), "owners": len(self.owners.new), "products": len(self.products)}
        return super().counts | new


def stage(
    sheet: Sheet, mapping: Mapping, *, skip_bad: bool = False, seen: bool = False, progress: Progress = silently
) -> Opportunities:
    """Check every row; of a file that was imported before, rows without a number are known, too."""
    return _Check(sheet, mapping, skip_bad).run(seen, progress)


class _Check(CheckingNumbered[Opportunities]):
    cls = Opportunity
    texts: ClassVar[tuple[str, ...]] = ("party", "party_number", "subject", "owner", "product")

    def __init__(self, sheet: Sheet, mapping: Mapping, skip_bad: bool) -> None:
        rules = Rules.of_today()
        super().__init__(sheet, mapping, Opportunities(rules.edition, skip_bad), rules)
        self.numbers_by_name: dict[str, set[str]] = {}

    def run(self, seen: bool, progress: Progress) -> Opportunities:
        new = self.without_known(self.good_rows(progress), seen)
        self.staged.rows = self.with_owners(self._with_parties(new))
        self.staged.products = new_codes("product", (row.product for row in self.staged.rows))
        self.staged.problems.sort()
        progress(self.staged.total, self.staged.total)
        return self.staged

    # One row

    def keep(self, row: Row, facts: dict[str, Any]) -> Checked:
        product = one_line(row.values.get("product") or "") or None
        return Checked(row.line, self._party(row), self.staged.owners.key(row.values.get("owner")), product, facts)

    def _party(self, row: Row) -> Key:
        name, number = one_line(row.values["party"]), one_line(row.values.get("party_number") or "")
        key = ("number", number) if number else ("name", fold(name))
        self.staged.names.setdefault(key, name)
        if number:
            self.numbers_by_name.setdefault(fold(name), set()).add(number)
        return key

    # All rows against what is known

    def _with_parties(self, rows: list[Checked]) -> list[Checked]:
        """Parties without a number go by their name: one that is known, one that the file numbers, or a new one."""
        known = queries.parties({row.party for row in rows})
        settled: dict[Key, Key] = {}
        for key in {row.party for row in rows if row.party[0] == "name" and not known.get(row.party)}:
            numbers = self.numbers_by_name.get(key[1], set())
            settled[key] = ("number", min(numbers)) if len(numbers) == 1 else key
        known |= queries.parties(set(settled.values()) - known.keys())
        result, missing = [], dict[Key, None]()
        for row in rows:
            key = settled.get(row.party, row.party)
            if len(known.get(key, ())) > 1:
                reason = "several parties have this name: give the account number"
                self.refuse(row.line, "party", self.staged.names[key], reason)
                continue
            if not known.get(key):
                missing[key] = None
            result.append(row._replace(party=key))
        self.staged.parties = list(missing)
        return result
