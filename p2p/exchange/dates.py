"""Dates as people and programs write them. The order of day and month belongs to the column, never to one value."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import ClassVar

from babel import Locale

ORDERS = {"dmy": "day, month, year", "mdy": "month, day, year", "ymd": "year, month, day", "serial": "days since 1900"}
LANGUAGES = ("en", "de", "fr", "es", "it")

_TIME = (
    r"(?:(?:T|,? +)[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?"
    r"(?: ?[AaPp]\.?[Mm]\.?)?(?: ?Uhr)?(?: ?(?:Z|UTC|[-+][0-9]{2}:?[0-9]{2}))?)?"
)
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
_WORD = r"(?P<word>[^\W\d_]{3,12})\.?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})(?:([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}})|([0-9]{{2}})([0-9]{{2}})){_TIME}")
_FIGURES = re.compile(rf"([0-9]{{1,2}})([-/.]) ?([0-9]{{1,2}})\2 ?([0-9]{{4}}|[0-9]{{2}}){_TIME}")
_DAY_WORD = re.compile(rf"(?P<day>[0-9]{{1,2}})\.?[-/ ]?(?: ?de )?{_WORD},?[-/ ]?(?: ?de )?{_YEAR}{_TIME}")
_WORD_DAY = re.compile(rf"{_WORD}[- ](?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,?[- ]{_YEAR}{_TIME}")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class DateFormat:
    """Reads one column's dates. The time of day, where there is one, is not kept: the day is the one written."""

    order: str
    assumed: bool = False
    kind: ClassVar[str] = "date"

    @property
    def code(self) -> str:
        return self.order

    @property
    def words(self) -> str:
        return ORDERS[self.order]

    def parse(self, value: str) -> date:
        """Raises ValueError with the reason in words."""
        text = " ".join(value.split())
        if self.order == "serial" and _SERIAL.fullmatch(text):
            return date(1899, 12, 30) + timedelta(days=int(text[:5]))
        try:
            return _day(text, self.order)
        except _NoSuchDay:
            raise ValueError(f"there is no such day, read as {self.words}") from None
        except _NoDate:
            raise ValueError("this is not a date") from None


class _NoDate(ValueError):
    pass


class _NoSuchDay(ValueError):
    pass


def orders(values: Iterable[str]) -> tuple[float, tuple[str, ...], bool]:
    """How well the values read as dates: the share that does, the orders that read most, whether they disagree."""
    counts = {"dmy": 0, "mdy": 0, "ymd": 0}
    total = figures = sure = dotted = serial = 0
    for value in values:
        total += 1
        text = " ".join(value.split())
        found = _FIGURES.fullmatch(text)
        if found:
            figures += 1
            dotted += found[2] == "."
            for order in counts:
                counts[order] += _reads(text, order)
        elif _reads(text, "ymd"):
            sure += 1
        elif _SERIAL.fullmatch(text) and 20_000 < int(text[:5]) < 80_000:
            serial += 1
    if not figures:
        codes = ("serial",) if serial > sure else ("ymd",)
        return (sure + serial * (codes == ("serial",))) / max(total, 1), codes, codes == ("serial",)
    best = max(counts.values())
    options = tuple(order for order, count in counts.items() if count == best)
    if "dmy" in options and dotted == figures:
        options = ("dmy",)  # nobody writes month.day.year
    return (best + sure) / total, options[:2], best < figures


def usual_order(locale: str) -> str:
    pattern = str(Locale.parse(locale, sep="-" if "-" in locale else "_").date_formats["short"].pattern).lower()
    return "".join(sorted("dmy", key=pattern.index)) if pattern[0] in "md" else "dmy"


def _reads(text: str, order: str) -> bool:
    try:
        _day(text, order)
    except ValueError:
        return False
    return True


def _day(text: str, order: str) -> date:
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        return _date(found[1], found[3] or found[5], found[4] or found[6])
    found = _FIGURES.fullmatch(text)
    if found:
        parts = dict(zip(order if order != "serial" else "dmy", (found[1], found[3], found[4]), strict=True))
        return _date(parts["y"], parts["m"], parts["d"])
    found = _DAY_WORD.fullmatch(text) or _WORD_DAY.fullmatch(text)
    month = found and _months().get(_plain(found["word"]))
    if not found or not month:
        raise _NoDate
    return _date(found["year"], str(month), found["day"])


def _date(year: str, month: str, day: str) -> date:
    full = int(year)
    if len(year) <= 2:
        full += 2000 if full < 69 else 1900  # the same turning point as POSIX
    if len(year) == 1 or not 1900 <= full < 2200:
        raise _NoSuchDay
    try:
        return date(full, int(month), int(day))
    except ValueError:
        raise _NoSuchDay from None


@cache
def _months() -> dict[str, int]:
    """Month names and their short forms in every language we read, without accents and full stops."""
    names = {"sept": 9, "mrz": 3, "maerz": 3}
    for language in LANGUAGES:
        locale = Locale(language)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    names[_plain(name)] = number
    return names


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if letter.isalpha())
