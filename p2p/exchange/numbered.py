"""Checking what carries a number of ours and has an owner: leads and opportunities."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from p2p.exchange import queries
from p2p.exchange.checking import Checking, Complain, Staged
from p2p.exchange.mapping import Mapping
from p2p.exchange.owners import Owners
from p2p.exchange.reading import Sheet
from p2p.exchange.rows import Row


@dataclass
class Numbered(Staged):
    """`hidden` are the numbers that come back, because an undo hid them; `owners` whose the rows are."""

    hidden: set[str] = field(default_factory=set)
    owners: Owners = field(default_factory=Owners)

    @property
    def counts(self) -> dict[str, int]:
        back = sum(row.facts["number"] in self.hidden for row in self.rows)
        counted = {"created": len(self.rows) - back, "brought_back": back, "skipped": self.skipped}
        return counted | {"refused": self.refused}


N = TypeVar("N", bound=Numbered)


class CheckingNumbered(Checking[N]):
    """A check by `rules`, which make the facts of a row; what is kept of one has a line, an owner and facts."""

    #: The noun whose numbers they are.
    cls: ClassVar[type]

    def __init__(self, sheet: Sheet, mapping: Mapping, staged: N, rules: Any) -> None:
        super().__init__(sheet, mapping, staged)
        self.rules = rules
        self.lines: dict[str, int] = {}

    def judge(self, row: Row, complain: Complain) -> dict[str, Any]:
        facts: dict[str, Any] = self.rules.facts(row, complain)
        if facts["number"]:
            first = self.lines.setdefault(facts["number"], row.line)
            if first != row.line:
                complain("number", f"line {first} has this number already")
        return facts

    def without_known(self, rows: list[Any], seen: bool) -> list[Any]:
        """Numbers that exist are skipped, and rows without one where the file was `seen`; what is hidden comes back."""
        known = queries.numbers(self.cls, (row.facts["number"] for row in rows if row.facts["number"]))
        self.staged.hidden = {number for number, (_, hidden) in known.items() if hidden}
        there = known.keys() - self.staged.hidden
        new = [row for row in rows if row.facts["number"] not in there and (row.facts["number"] or not seen)]
        self.staged.skipped = len(rows) - len(new)
        return new

    def with_owners(self, rows: list[Any]) -> list[Any]:
        """Nobody gets a row whose name several people have."""
        owners = self.staged.owners
        torn = owners.look_up(row.owner for row in rows if row.owner)
        for row in rows:
            if row.owner in torn:
                self.refuse(row.line, "owner", owners.spelled[row.owner], owners.AMBIGUOUS)
        return [row for row in rows if row.owner not in torn]
