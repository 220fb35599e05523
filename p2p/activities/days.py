"""A day at the end of what is to be done, `Send references @ fri`, read strictly: what may mean two days means none."""

import re
from collections import defaultdict
from datetime import date, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

from p2p.filters import the_format, when

#: What is meant for a day, so that it is refused where it is none, and not kept as words.
MEANT = re.compile(r"\d+[./-][\d./ -]*|(in \w+|next|last|this) (day|week|month|year)s?|yesterday")
AHEAD = re.compile(r"in (an?|\d{1,3}) (day|week)s?")
DAYS_OF = {"day": 1, "week": 7}
ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")
YEAR = r"(?P<year>\d{4}|\d\d)"
DOTTED = re.compile(rf"(?P<day>\d\d?)\. ?(?P<month>\d\d?)(\. ?{YEAR})?")
SLASHED = {
    False: re.compile(rf"(?P<day>\d\d?)/(?P<month>\d\d?)(/{YEAR})?"),
    True: re.compile(rf"(?P<month>\d\d?)/(?P<day>\d\d?)(/{YEAR})?"),
}
NAMED = (
    re.compile(rf"(?P<day>\d\d?)\.? (?P<name>[^\W\d]+)\.?( {YEAR})?"),
    re.compile(rf"(?P<name>[^\W\d]+)\.? (?P<day>\d\d?)(,? {YEAR})?"),
)
#: A day without a year is the next one of its name, as far as nobody can mean the last one.
HALF_A_YEAR = 183


class NoSuchDay(ValueError):
    """What stands for a day is none to plan for; the message says why."""


def taken_out(text: str) -> tuple[str, date] | None:
    """The text before the last ` @` and the day behind it; None where there is none. Raises NoSuchDay."""
    what, _, typed = text.rpartition(" @")
    day = read(typed) if what.strip() else None
    return (what.strip(), day) if day else None


def read(typed: str) -> date | None:
    """The day from today on that somebody typed; None for what is no day. Raises NoSuchDay."""
    typed = typed.strip()
    words = " ".join(typed.casefold().split()).rstrip(".")
    day = _soon(words) or _of_the_calendar(words)
    if day is None and _is_meant(words):
        example = the_format().day(the_format().today() + timedelta(days=40))
        raise NoSuchDay(f"“{typed}” is no day to plan for. Write it like tomorrow, fri, in 2 weeks or {example}.")
    return day


def _is_meant(words: str) -> bool:
    """Whether it can only be meant for a day: these words are not kept as words."""
    first, _, rest = words.partition(" ")
    if first in ("next", "last", "this") and _soon(rest):
        return True
    return bool(MEANT.fullmatch(words) or (_soon(first) and re.search(r"\d", rest)))


def told(day: date) -> str:
    """A planned day in words that can be checked at a glance: `today`, `tomorrow`, `Fri 4 Dec`."""
    short = the_format().day(day)
    return f"{format_date(day, 'EEE', locale='en')} {short}" if (words := when(day)) == short else words


def _soon(words: str) -> date | None:
    today = the_format().today()
    if words in ("today", "tomorrow"):
        return today + timedelta(days=words == "tomorrow")
    if found := AHEAD.fullmatch(words):
        count, unit = found.groups()
        return today + timedelta(days=DAYS_OF[unit] * (int(count) if count.isdecimal() else 1))
    weekday = _number(words, "days")
    return None if weekday is None else today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _of_the_calendar(words: str) -> date | None:
    """A day as it is written, `3.12.` or `4 Dec`; its weekday may stand before it, and must be right."""
    first, _, rest = words.partition(" ")
    if rest and (weekday := _number(first.rstrip(",."), "days")) is not None:
        day = _of_the_calendar(rest)
        return day if day and day.weekday() == weekday else None
    for pattern in (ISO, DOTTED, SLASHED[the_format().month_first], *NAMED):
        found = pattern.fullmatch(words)
        parts = found.groupdict() if found else {}
        month = int(parts["month"]) if "month" in parts else _number(parts.get("name") or "", "months")
        if found and month is not None:
            return _coming(int(parts["day"]), month, parts["year"], words)
    return None


def _coming(day: int, month: int, year: str | None, typed: str) -> date:
    today = the_format().today()
    try:
        meant = date(int(year) + (2000 if len(year) == 2 else 0) if year else today.year, month, day)
        if not year and meant < today:
            meant = meant.replace(year=today.year + 1)
    except ValueError as error:
        raise NoSuchDay(f"There is no day “{typed}”.") from error
    if meant < today:
        raise NoSuchDay(f"“{typed}” is over. What comes next has a day to come.")
    if not year and (meant - today).days > HALF_A_YEAR:
        raise NoSuchDay(f"“{typed}” is over or far away. Please give its year, too.")
    return meant


def _number(word: str, what: str) -> int | None:
    """Which weekday (Monday: 0) or month (January: 1) a word names, in English or as the company writes."""
    known = _names(the_format().locale, what)
    begun = set[int]().union(*(known[name] for name in known if name.startswith(word) and len(word) > 2))
    found = known.get(word, begun)
    return found.copy().pop() if len(found) == 1 else None


@lru_cache
def _names(locale: str, what: str) -> dict[str, set[int]]:
    """Name or its usual abbreviation, folded → the numbers it stands for."""
    found: dict[str, set[int]] = defaultdict(set)
    for written in (Locale("en"), Locale.parse(locale)):
        for width in ("wide", "abbreviated"):
            for number, name in getattr(written, what)["format"][width].items():
                found[name.casefold().rstrip(".")].add(number)
    return dict(found)
