"""Checking: a sheet and its mapping become rows ready to be written, before anybody has to wait for the writer."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from p2p.exchange import queries
from p2p.exchange.mapping import Mapping
from p2p.exchange.queries import Key
from p2p.exchange.reading import Sheet
from p2p.exchange.rows import Problem, Row, read_rows
from p2p.exchange.rules import Rules, cannot_be_shown, one_line
from p2p.identity.models import folded as folded_email
from p2p.parties.models import fold
from p2p.setup.entries import folded

Progress = Callable[[int, int], None]
"""Takes how many rows are done, and how many there are."""

STEP = 500


def silently(done: int, total: int) -> None:
    """No progress to be told."""


class Checked(NamedTuple):
    """A row that is well: who it is for, whose it is, what is sold, and its own columns."""

    line: int
    party: Key
    owner: Key | None
    product: str | None
    facts: dict[str, Any]


class Owner(NamedTuple):
    name: str
    email: str


@dataclass
class Staged:
    """What a file would do. Keys lead to what exists or, if nothing does, to what `parties`,
    `owners` and `products` say is to be made; the write looks them up again. `names` and `spelled` are the parties
    and owners as the file calls them, `edition` is the set-up the rows were judged by."""

    edition: list[Any]
    skip_bad: bool = False
    total: int = 0
    rows: list[Checked] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    skipped: int = 0
    problems: list[Problem] = field(default_factory=list)
    names: dict[Key, str] = field(default_factory=dict)
    spelled: dict[Key, str] = field(default_factory=dict)
    parties: list[Key] = field(default_factory=list)
    owners: dict[Key, Owner] = field(default_factory=dict)
    products: dict[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> int:
        """How many rows have something wrong."""
        return len({problem.line for problem in self.problems})

    @property
    def counts(self) -> dict[str, int]:
        """The rows of the file: created + brought back + skipped + refused."""
        back = sum(row.facts["number"] in self.hidden for row in self.rows)
        counted = {"created": len(self.rows) - back, "brought_back": back, "skipped": self.skipped}
        new = {"parties": len(self.parties), "owners": len(self.owners), "products": len(self.products)}
        return counted | {"refused": self.refused} | new


def stage(
    sheet: Sheet, mapping: Mapping, *, skip_bad: bool = False, seen: bool = False, progress: Progress = silently
) -> Staged:
    """Check every row of the sheet against the rules and what is known; reads only.

    `seen` says that this very file was imported before: its rows without a number are then known, too.
    """
    return _Stage(sheet, mapping, skip_bad).run(seen, progress)


class _Stage:
    def __init__(self, sheet: Sheet, mapping: Mapping, skip_bad: bool) -> None:
        self.sheet, self.mapping = sheet, mapping
        self.rules = Rules.of_today()
        self.staged = Staged(self.rules.edition, skip_bad, len(sheet.rows))
        self.columns = {name: choice.column for name, choice in mapping.choices.items()}
        self.lines: dict[str, int] = {}
        self.names = self.staged.names
        self.spelled = self.staged.spelled
        self.numbers_by_name: dict[str, set[str]] = {}

    def run(self, seen: bool, progress: Progress) -> Staged:
        good = []
        for count, row in enumerate(read_rows(self.sheet, self.mapping), 1):
            checked = self._row(row)
            if checked is not None:
                good.append(checked)
            if count % STEP == 0:
                progress(count, self.staged.total)
        new = self._without_known(good, seen)
        self.staged.rows = list(self._with_people(self._with_parties(new)))
        self._products()
        self.staged.problems.sort()
        progress(self.staged.total, self.staged.total)
        return self.staged

    # One row

    def _row(self, row: Row) -> Checked | None:
        problems = row.problems
        if problems and not problems[0].column:
            self.staged.problems += problems
            return None

        def complain(name: str, reason: str) -> None:
            column = self.columns.get(name, "")
            if not any(problem.column == column for problem in problems):
                problems.append(Problem(row.line, column, self._said(row, name), reason))

        facts = self.rules.facts(row, complain)
        self._texts(row, complain)
        if facts["number"]:
            first = self.lines.setdefault(facts["number"], row.line)
            if first != row.line:
                complain("number", f"line {first} has this number already")
        if problems:
            self.staged.problems += problems
            return None
        return Checked(row.line, self._party(row), self._owner(row), _product(row), facts)

    def _said(self, row: Row, name: str) -> str:
        """The cell a complaint is about, as it reads."""
        value = row.values.get(name)
        return "" if value is None else str(value)

    def _texts(self, row: Row, complain: Callable[[str, str], None]) -> None:
        for name in ("party", "party_number", "subject", "owner", "product"):
            if cannot_be_shown(row.values.get(name) or ""):
                complain(name, "this holds characters that cannot be shown")
        for column, text in row.extra.items():
            if cannot_be_shown(text):
                row.problems.append(Problem(row.line, column, text[:200], "this holds characters that cannot be shown"))

    def _party(self, row: Row) -> Key:
        name, number = one_line(row.values["party"]), one_line(row.values.get("party_number") or "")
        key = ("number", number) if number else ("name", fold(name))
        self.names.setdefault(key, name)
        if number:
            self.numbers_by_name.setdefault(fold(name), set()).add(number)
        return key

    def _owner(self, row: Row) -> Key | None:
        """An e-mail address, or a name."""
        told = one_line(row.values.get("owner") or "")
        if not told:
            return None
        key = ("email", folded_email(told)) if "@" in told else ("name", fold(told))
        self.spelled.setdefault(key, told)
        return key

    # All rows against what is known

    def _without_known(self, rows: list[Checked], seen: bool) -> list[Checked]:
        """Numbers that exist are skipped; those that are hidden, by an undo, come back."""
        known = queries.numbers(row.facts["number"] for row in rows if row.facts["number"])
        self.staged.hidden = {number for number, (_, hidden) in known.items() if hidden}
        new = []
        for row in rows:
            number = row.facts["number"]
            if (number in known and number not in self.staged.hidden) or (seen and not number):
                self.staged.skipped += 1
            else:
                new.append(row)
        return new

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
                self._refuse(row, "party", self.names[key], "several parties have this name: give the account number")
                continue
            if not known.get(key):
                missing[key] = None
            result.append(row._replace(party=key))
        self.staged.parties = list(missing)
        return result

    def _with_people(self, rows: Iterable[Checked]) -> Iterator[Checked]:
        people = queries.people()
        taken = {key[1] for key in people if key[0] == "email"}
        for row in rows:
            found = people.get(row.owner, []) if row.owner else []
            if row.owner and len(found) > 1:
                self._refuse(
                    row, "owner", self.spelled[row.owner], "several people have this name: give the e-mail address"
                )
                continue
            if row.owner and not found and row.owner not in self.staged.owners:
                owner = new_owner(row.owner[0], self.spelled[row.owner], taken)
                taken.add(folded_email(owner.email))
                self.staged.owners[row.owner] = owner
            yield row

    def _products(self) -> None:
        known = queries.products()
        for row in self.staged.rows:
            if row.product and folded(row.product) not in known:
                self.staged.products.setdefault(folded(row.product), row.product)

    def _refuse(self, row: Checked, name: str, value: str, reason: str) -> None:
        self.staged.problems.append(Problem(row.line, self.columns.get(name, ""), value, reason))


def _product(row: Row) -> str | None:
    return one_line(row.values.get("product") or "") or None


def new_owner(kind: str, told: str, taken: set[str]) -> Owner:
    """Somebody new by name gets the address first.last@example.invalid, which by its very name reaches nobody."""
    if kind == "email":
        return Owner(told.partition("@")[0].replace(".", " ").title()[:100] or told[:100], told)
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in fold(told)).split()
    base = ".".join(words)[:60] or "owner"
    email, count = f"{base}@example.invalid", 1
    while email in taken:
        count += 1
        email = f"{base}.{count}@example.invalid"
    return Owner(told, email)
