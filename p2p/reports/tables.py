"""Figures in rows and columns, each with the address of the list that shows what it counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from p2p.history import queries as history
from p2p.reports.queries import STATES, Came

Address = Callable[..., str]
"""Filters of the list of leads → its address, within what the report is asked about."""


@dataclass(frozen=True)
class Cell:
    """A figure and where it leads; without an address where there is nothing to list."""

    count: int
    href: str | None = None


@dataclass
class Line:
    """A row: what it is about, its figures by state and in all, and what came of its leads."""

    label: str
    cells: dict[str, Cell]
    came: Came = field(default_factory=Came)

    @property
    def total(self) -> int:
        return self.cells["all"].count

    @property
    def closed(self) -> int:
        return self.cells["qualified"].count + self.cells["not_qualified"].count

    @property
    def qualified(self) -> float | None:
        """Of those that were closed, how many per cent were qualified; None while none was."""
        return share(self.cells["qualified"].count, self.closed)

    @property
    def converted(self) -> float | None:
        """Opportunities per hundred leads; None without leads."""
        return share(self.came.opportunities, self.total)


def share(part: int, whole: int) -> float | None:
    """Per cent, None of nothing."""
    return 100 * part / whole if whole else None


def labels(noun: str, ids: Sequence[int | None], none: str = "not set") -> dict[int | None, str]:
    """The names of these records, in the order of their lists, else of the alphabet; none of them last."""
    known = history.records((noun, id) for id in ids if id is not None)
    ordered = sorted(known.items(), key=lambda each: (getattr(each[1], "position", 0), str(each[1]).casefold()))
    return {id: str(record) for (_, id), record in ordered} | ({None: none} if None in ids else {})


def by_state(
    counts: Mapping[tuple[Any, ...], int], names: Mapping[int | None, str], at: Callable[[int | None], Address]
) -> list[Line]:
    """A line per value of the column beside the state; `at` gives the address of a value's leads."""
    lines = []
    for value, label in names.items():
        found = {state: counts.get((state, value), 0) for state in STATES} | {
            "all": sum(count for (_, each), count in counts.items() if each == value)
        }
        address = at(value)
        cells = {state: Cell(count, address(which=state) if count else None) for state, count in found.items()}
        lines.append(Line(label, cells))
    return lines


def in_all(lines: Sequence[Line], address: Address) -> Line:
    """The sum of lines."""
    cells = {}
    for state in (*STATES, "all"):
        count = sum(line.cells[state].count for line in lines)
        cells[state] = Cell(count, address(which=state) if count else None)
    came = Came(*(sum(getattr(line.came, name) for line in lines) for name in ("opportunities", "won", "revenue")))
    return Line("All", cells, came)
