"""Checking, whatever the kind: every row of a file and all that is wrong with it, before the writer is needed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from p2p.exchange.mapping import Mapping
from p2p.exchange.reading import Sheet
from p2p.exchange.rows import Problem, Row, read_rows
from p2p.exchange.texts import cannot_be_shown

Progress = Callable[[int, int], None]
"""Takes how many rows are done, and how many there are."""
Complain = Callable[[str, str], None]
"""Takes the name of a field and what is wrong with it."""

STEP = 500
UNSHOWABLE = "this holds characters that cannot be shown"


def silently(done: int, total: int) -> None:
    """No progress to be told."""


class CannotImport(Exception):
    """The rows cannot be written as they were checked; the message says why and what to do."""


@dataclass
class Staged:
    """What a file would do. `edition` is the set-up the rows were judged by."""

    edition: list[Any]
    skip_bad: bool = False
    total: int = 0
    rows: list[Any] = field(default_factory=list)
    skipped: int = 0
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # what else is to be known before the word to go

    @property
    def refused(self) -> int:
        """How many rows have something wrong."""
        return len({problem.line for problem in self.problems})

    @property
    def counts(self) -> dict[str, int]:
        """The rows of the file: created + brought back + skipped + refused; and what else is to be made."""
        raise NotImplementedError


S = TypeVar("S", bound=Staged)


class Checking(Generic[S]):
    """One check. A kind says what a row means (`judge`) and, of a good one, what is to be kept (`keep`)."""

    #: Fields of free text, looked through for characters nobody could see.
    texts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, sheet: Sheet, mapping: Mapping, staged: S) -> None:
        self.sheet, self.mapping, self.staged = sheet, mapping, staged
        self.columns = {name: choice.column for name, choice in mapping.choices.items()}
        staged.total = len(sheet.rows)

    def judge(self, row: Row, complain: Complain) -> Any:
        """The facts of a row; what is wrong goes to `complain`."""
        raise NotImplementedError

    def keep(self, row: Row, facts: Any) -> Any:
        """A row that is well, ready to be compared with what is known."""
        raise NotImplementedError

    def rows(self) -> Iterator[Row]:
        return read_rows(self.sheet, self.mapping)

    def good_rows(self, progress: Progress) -> list[Any]:
        """Everything worth keeping, in the order of the file; what is not, is among the problems."""
        good = []
        for count, row in enumerate(self.rows(), 1):
            checked = self._checked(row)
            if checked is not None:
                good.append(checked)
            if count % STEP == 0:
                progress(count, self.staged.total)
        return good

    def refuse(self, line: int, name: str, value: str, reason: str) -> None:
        """A row that is well by itself, but not among the others."""
        self.staged.problems.append(Problem(line, self.columns.get(name, ""), value, reason))

    def _checked(self, row: Row) -> Any:
        problems = row.problems
        if problems and not problems[0].column:
            self.staged.problems += problems
            return None

        def complain(name: str, reason: str) -> None:
            column = self.columns.get(name, "")
            if not any(problem.column == column for problem in problems):
                problems.append(Problem(row.line, column, _said(row, name), reason))

        facts = self.judge(row, complain)
        self._look_through(row, complain)
        if problems:
            self.staged.problems += problems
            return None
        return self.keep(row, facts)

    def _look_through(self, row: Row, complain: Complain) -> None:
        for name in self.texts:
            if cannot_be_shown(row.values.get(name) or ""):
                complain(name, UNSHOWABLE)
        for column, text in row.extra.items():
            if cannot_be_shown(text):
                row.problems.append(Problem(row.line, column, text[:200], UNSHOWABLE))


def _said(row: Row, name: str) -> str:
    """The cell a complaint is about, as it reads."""
    value = row.values.get(name)
    return "" if value is None else str(value)[:200]
