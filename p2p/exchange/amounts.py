"""Amounts and percentages as people write them, read exactly: always Decimal, and a reason where we refuse."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import ClassVar

from babel.core import get_global

SIGNS = {".": "1,234.56", ",": "1.234,56"}
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'", "\u2212": "-", "\u00b4": "'"})
_SYMBOLS = {"€": "EUR", "£": "GBP", "₹": "INR", "US$": "USD", "R$": "BRL", "zł": "PLN", "Kč": "CZK", "Ft": "HUF"}
_SYMBOLS |= {"Fr.": "CHF", "Fr": "CHF", "SFr.": "CHF", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD"}
_SHARED = ("$", "¥", "kr", "kr.")  # the money of several countries: reported as written
_AROUND = r"[^0-9.,'()+\- ][^0-9,'()+\- ]{0,3}"
_AMOUNT = re.compile(
    rf"(?P<open>\()? ?(?P<sign>[-+])? ?(?P<before>{_AROUND})? ?(?P<inner>[-+])? ?"
    rf"(?P<figure>[0-9.,'][0-9.,' ]*?)(?:[.,]-{{1,2}}|[.,][–—])? ?(?P<after>{_AROUND})? ?(?P<behind>-)? ?(?P<close>\))?"
)
_FIGURE = {
    ".": re.compile(
        r"(?:[0-9]{1,3}(?:([,' ])[0-9]{3}(?:\1[0-9]{3})*)|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}|[0-9]+)?(\.[0-9]+)?"
    ),
    ",": re.compile(r"(?:[0-9]{1,3}(?:([.' ])[0-9]{3}(?:\1[0-9]{3})*)|[0-9]+)?(,[0-9]+)?"),
}
_LONGEST = 40  # characters; no amount in any currency needs more


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """Reads one column's numbers; `decimal` is the decimal sign. Groups of three and currencies may be there."""

    decimal: str
    assumed: bool = False
    kind: ClassVar[str] = "number"

    @property
    def code(self) -> str:
        return SIGNS[self.decimal]

    @property
    def words(self) -> str:
        return f"written as {self.code}"

    def parse(self, value: str) -> Decimal:
        """Raises ValueError with the reason in words."""
        return _number(value, self.decimal)[0]


@dataclass(frozen=True, slots=True)
class PercentFormat:
    """Reads one column's percentages into percent points: 35 for 35 %, 35 or, as a fraction, 0.35."""

    decimal: str
    fraction: bool
    assumed: bool = False
    kind: ClassVar[str] = "percent"

    @property
    def code(self) -> str:
        return f"0{self.decimal}35" if self.fraction else f"35{self.decimal}0"

    @property
    def words(self) -> str:
        return f"a fraction, {self.code} is 35 %" if self.fraction else f"percent, written as {self.code}"

    def parse(self, value: str) -> Decimal:
        """Raises ValueError with the reason in words."""
        text = value.strip()
        bare = text.strip("%").strip().translate(_SPACES).strip()
        number, currency = _number(bare, self.decimal)
        if currency:
            raise ValueError("this is an amount of money, not a percentage")
        return number if "%" in text or not self.fraction else number * 100


def currency_of(value: str) -> str:
    """The ISO code of the currency written beside an amount, its sign where several countries share it, or nothing."""
    found = _AMOUNT.fullmatch(value.translate(_SPACES).strip())
    try:
        return _currency(found["before"] or found["after"] or "") if found else ""
    except ValueError:
        return ""


def decimals(values: Iterable[str]) -> tuple[float, tuple[str, ...], bool]:
    """How well the values read as numbers: the share that does, the decimal signs that read most, if it matters."""
    counts = dict.fromkeys(SIGNS, 0)
    total = 0
    telling = False
    for value in values:
        total += 1
        text = value.strip().strip("%").strip()
        readings = {sign: _reads(text, sign) for sign in SIGNS}
        for sign, number in readings.items():
            counts[sign] += number is not None
        telling = telling or readings["."] != readings[","]
    best = max(counts.values())
    return best / max(total, 1), tuple(sign for sign, count in counts.items() if count == best), telling


def is_fraction(values: Iterable[str], decimal: str) -> tuple[bool, bool]:
    """Whether the column holds fractions of one, and whether that is a guess."""
    numbers = [number for value in values if (number := _reads(value.strip().strip("%").strip(), decimal)) is not None]
    if any("%" in value for value in values) or not numbers:
        return False, False
    within = all(-1 <= number <= 1 for number in numbers)
    broken = any(0 < number < 1 for number in numbers)
    return (True, not broken and any(numbers)) if within else (False, broken)


def _reads(text: str, decimal: str) -> Decimal | None:
    try:
        return _number(text, decimal)[0]
    except ValueError:
        return None


def _number(value: str, decimal: str) -> tuple[Decimal, str]:
    text = value.translate(_SPACES).strip()
    found = _AMOUNT.fullmatch(text) if len(text) <= _LONGEST else None
    if not found:
        raise ValueError(_reason(text))
    currency = "".join(_currency(found[side]) for side in ("before", "after") if found[side])
    minus = [found["open"], found["sign"], found["inner"], found["behind"]]
    figure = found["figure"].strip()
    if bool(found["open"]) != bool(found["close"]) or sum(map(bool, minus)) > 1 or (found["before"] and found["after"]):
        raise ValueError("this is not a number")
    if not _FIGURE[decimal].fullmatch(figure):
        raise ValueError(f"this is not a number written as {SIGNS[decimal]}")
    plain = re.sub(
        r"[^0-9.]", "", figure.replace(",", "") if decimal == "." else figure.replace(".", "").replace(",", ".")
    )
    return Decimal(plain) * (-1 if any(mark and mark != "+" for mark in minus) else 1), currency


def _reason(text: str) -> str:
    if text.startswith("#"):
        return "the spreadsheet wrote an error here, not a number"
    if re.fullmatch(r"-?[0-9.,]+[eE][-+]?[0-9]+", text):
        return "the spreadsheet shortened this number; format the column as a plain number and export again"
    return "this is not a number"


@cache
def _currency(mark: str) -> str:
    if mark in _SYMBOLS:
        return _SYMBOLS[mark]
    if mark in _SHARED or (len(mark) == 1 and unicodedata.category(mark) == "Sc"):
        return mark
    if mark.upper() in get_global("all_currencies"):
        return mark.upper()
    if mark:
        raise ValueError("this is not a number")
    return ""
