"""Leads and opportunities: rows with a number of ours and an owner, checked and written."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from p2p.exchange import bulk, queries
from p2p.exchange.checking import CannotImport, Checking, Complain, Progress, Staged
from p2p.exchange.mapping import Mapping
from p2p.exchange.owners import Owners
from p2p.exchange.reading import Sheet
from p2p.exchange.rows import Row
from p2p.filters import today
from p2p.history import OpenOperation


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
    cls: ClassVar[Any]

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


class WritingNumbered(Generic[N]):
    """One write. Everything is looked up again, because others went on working since the check."""

    cls: ClassVar[Any]
    #: The set-up that rows are judged by.
    rules: ClassVar[Any]

    def __init__(self, opened: OpenOperation, staged: N, progress: Progress) -> None:
        self.opened, self.staged, self.progress = opened, staged, progress
        self.done = self.total = 0

    def make(self, rows: list[Any]) -> dict[str, int]:
        """Make what the rows need besides their owners; how many of each."""
        raise NotImplementedError

    def facts(self, row: Any) -> dict[str, Any]:
        """The columns of a row, now that all it needs is there."""
        raise NotImplementedError

    def run(self) -> dict[str, int]:
        if self.rules.of_today().edition != self.staged.edition:
            raise CannotImport("The set-up was changed since the file was checked. Check it again.")
        known = queries.numbers(self.cls, (row.facts["number"] for row in self.staged.rows if row.facts["number"]))
        there = {number for number, (_, hidden) in known.items() if not hidden}
        rows = [row for row in self.staged.rows if row.facts["number"] not in there]
        self.total = len(rows)
        owners, new_owners = self.staged.owners.write(self.opened, (row.owner for row in rows))
        made = self.make(rows) | {"owners": new_owners}
        back: dict[int, dict[str, Any]] = {}
        created: list[dict[str, Any]] = []
        for row in rows:
            facts = self.facts(row) | {"owner_id": owners[row.owner] if row.owner else None}
            if facts["number"] in known:
                back[known[facts["number"]][0]] = facts
            else:
                created.append(facts)
        self._number(created)
        bulk.create(self.opened, self.cls, created, step=self._step)
        bulk.bring_back(self.opened, self.cls, back, step=self._step)
        counts = {"created": len(created), "brought_back": len(back), "refused": self.staged.refused}
        return counts | made | {"skipped": self.staged.total - len(rows) - self.staged.refused}

    def _number(self, rows: list[dict[str, Any]]) -> None:
        """Rows without a number take the next ones of the sequence, in the order of the file."""
        unnumbered = [row for row in rows if not row["number"]]
        given = (row["number"] for row in rows if row["number"])
        numbers = queries.new_numbers(self.cls.noun, len(unnumbered), today().year, given)
        for row, number in zip(unnumbered, numbers, strict=True):
            row["number"] = number

    def _step(self, count: int) -> None:
        self.done += count
        self.progress(self.done, self.total)
