"""Filters from one value to another, either end open: `25..75`, `25..`, `..75`; forms send `key.from` and `key.to`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from p2p.filters import the_format
from p2p.listing.declaring import Filter

#: From and to, both included; None where that end is open.
Ends = tuple[Any, Any]


def within(value: Any, ends: Ends) -> bool:
    """Whether a value lies in a range; one that is not set lies in none."""
    low, high = ends
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


def between(column: Any, ends: Ends) -> Any:
    """`within`, for a column."""
    low, high = ends
    if low is None or high is None:
        return column <= high if low is None else column >= low
    return column.between(low, high)


@dataclass(frozen=True)
class Range(Filter):
    """The value is (from, to), both included, None where that end is open; ends in the wrong order are put right."""

    field: ClassVar[str] = "range"
    #: The attributes of its two inputs.
    input: ClassVar[Mapping[str, str | int]] = {"type": "number", "min": 0, "step": 1}

    def asked(self, args: Mapping[str, str]) -> str:
        low, high = (args.get(f"{self.key}.{end}", "").strip() for end in ("from", "to"))
        return f"{low}..{high}" if low or high else super().asked(args)

    def ends(self, typed: str) -> tuple[str, str]:
        """The two ends as typed; what stands in the two fields of a form."""
        low, found, high = typed.partition("..")
        return (low.strip(), high.strip()) if found else (typed, typed)

    def read(self, typed: str) -> Ends:
        low, high = (self.end(each) if each else None for each in self.ends(super().read(typed)))
        if low is None and high is None:
            raise ValueError(typed)
        return (high, low) if low is not None and high is not None and high < low else (low, high)

    def end(self, typed: str) -> Any:
        """One end; raises ValueError for what makes no sense."""
        raise NotImplementedError

    def words(self, end: Any) -> str:
        return str(end)

    def chip(self, value: Any) -> str:
        low, high = (None if end is None else self.words(end) for end in value)
        if low is None or high is None:
            return f"{self.label} up to {high}" if low is None else f"{self.label} from {low}"
        return f"{self.label} {low}" if low == high else f"{self.label} {low} – {high}"


@dataclass(frozen=True)
class Percents(Range):
    """Whole percentages from 0 to 100."""

    def end(self, typed: str) -> int:
        percent = typed.removesuffix("%").strip()
        if not (percent.isascii() and percent.isdecimal() and len(percent) < 4 and int(percent) <= 100):
            raise ValueError(typed)
        return int(percent)

    def words(self, end: Any) -> str:
        return f"{end} %"


@dataclass(frozen=True)
class Amounts(Range):
    """Money of the company currency as people type it here; the value is minor units."""

    def end(self, typed: str) -> int:
        minor = the_format().parse_money(typed)
        if not 0 <= minor <= 10**15:
            raise ValueError(typed)
        return minor

    def words(self, end: Any) -> str:
        return the_format().amount(end)


@dataclass(frozen=True)
class Days(Range):
    """Calendar days, or a word for some of them (`this-month`), which then is the value: what it means changes daily.

    `called` gives (word, its label) for the menu; the chip says the label.
    """

    input: ClassVar[Mapping[str, str | int]] = {"type": "date"}
    called: Callable[[], Iterable[tuple[str, str]]] = tuple

    def ends(self, typed: str) -> tuple[str, str]:
        return ("", "") if typed in dict(self.called()) else super().ends(typed)

    def read(self, typed: str) -> Any:
        return typed if typed in dict(self.called()) else super().read(typed)

    def end(self, typed: str) -> date:
        return date.fromisoformat(typed)

    def words(self, end: Any) -> str:
        return the_format().day(end)

    def chip(self, value: Any) -> str:
        return dict(self.called())[value] if isinstance(value, str) else super().chip(value)
