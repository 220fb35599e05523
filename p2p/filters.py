"""How figures and dates are written: in the format the company chose, quickly enough for a board of 200 cards."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import date as Date
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, get_currency_precision, parse_decimal, parse_pattern

from p2p.db import now

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class NotANumber(ValueError):
    """What was typed is no number in the company's format; the message shows one that is."""


@lru_cache(maxsize=400)
def exponent(currency: str) -> int:
    """Decimals of a currency: 2 for CHF, 0 for JPY, 3 for KWD (CLDR)."""
    return get_currency_precision(currency)


@dataclass(frozen=True)
class Format:
    """The company's way to write: locale (`de_CH`), time zone, currency."""

    locale: str = "en_GB"
    zone: str = "UTC"
    currency: str = "EUR"

    @cached_property
    def babel(self) -> Locale:
        return Locale.parse(self.locale)

    @cached_property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def _thousands(self) -> str | None:
        """The grouping mark where groups are plain threes, which Python's own formatting does fast."""
        pattern = parse_pattern(self.babel.decimal_formats[None].pattern)
        return self.babel.number_symbols["latn"]["group"] if pattern.grouping == (3, 3) else None

    @cached_property
    def month_first(self) -> bool:
        pattern = self.babel.date_formats["short"].pattern
        return bool(pattern.index("M") < pattern.index("d"))

    @cached_property
    def _decimal(self) -> str:
        return str(self.babel.number_symbols["latn"]["decimal"])

    def number(self, value: int | Decimal, decimals: int = 0) -> str:
        """A number with grouping marks and exactly `decimals` decimals."""
        if self._thousands is None:
            grouped = self.babel.decimal_formats[None].pattern.partition(".")[0]
            return str(format_decimal(value, f"{grouped}.{'0' * decimals}".rstrip("."), locale=self.babel))
        whole, _, rest = f"{value:,.{decimals}f}".partition(".")
        whole = whole.replace(",", self._thousands)
        return f"{whole}{self._decimal}{rest}" if rest else whole

    def amount(self, minor: int | None, currency: str | None = None, *, cents: bool = False) -> str:
        """Money without its currency: whole units, or to the cent. Blank for None."""
        if minor is None:
            return ""
        places = exponent(currency or self.currency)
        if cents:
            return self.number(Decimal(minor).scaleb(-places), places)
        whole = minor if places == 0 else (minor + (10**places) // 2) // 10**places
        return self.number(whole)

    def money(self, minor: int | None, currency: str | None = None) -> str:
        """Money to the cent with its currency code: `CHF 1’250.00`."""
        return "" if minor is None else f"{currency or self.currency} {self.amount(minor, currency, cents=True)}"

    def date(self, day: Date | None) -> str:
        return "" if day is None else _date(day, self.locale)

    def day(self, day: Date | None) -> str:
        """A day, short: `14 Jan` or `Jan 14` as the company orders it, with the year when it is not this one.

        The months are English, as all words on the screens are.
        """
        if day is None:
            return ""
        year, month = "" if day.year == self.today().year else str(day.year), MONTHS[day.month - 1]
        if self.month_first:
            return f"{month} {day.day}, {year}" if year else f"{month} {day.day}"
        return f"{day.day} {month} {year}".rstrip()

    def instant(self, moment: datetime | None) -> str:
        return "" if moment is None else str(format_datetime(moment, "short", tzinfo=self.tzinfo, locale=self.babel))

    def today(self) -> Date:
        """The calendar day in the company's time zone."""
        return now().astimezone(self.tzinfo).date()

    def parse_number(self, typed: str) -> Decimal:
        """A number as people type it here, read strictly; raises NotANumber with an example that works."""
        folded = typed.strip().replace("'", "’").replace("\u00a0", " ").replace("\u202f", " ")
        group = str(self._thousands or "")
        for mark in ("’", " "):
            if group.replace("\u00a0", " ").replace("\u202f", " ") != mark and mark in folded and mark != self._decimal:
                folded = folded.replace(mark, "")
        folded = folded.replace(" ", group) if group in ("\u00a0", "\u202f") else folded
        try:
            value = parse_decimal(folded, locale=self.babel, strict=True)
        except (InvalidOperation, ValueError) as error:
            example = self.number(Decimal("1250.50"), 2)
            raise NotANumber(f"“{typed}” is not a number as it is written here, like {example}.") from error
        if not value.is_finite():
            raise NotANumber(f"“{typed}” is not a number.")
        return value

    def parse_money(self, typed: str, currency: str | None = None) -> int:
        """Minor units of what was typed; refuses more decimals than the currency has."""
        places = exponent(currency or self.currency)
        minor = self.parse_number(typed).scaleb(places)
        if minor != minor.to_integral_value():
            raise NotANumber(f"{currency or self.currency} has {places} decimals, so “{typed}” is too exact.")
        return int(minor)


@lru_cache(maxsize=4000)
def _date(day: Date, locale: str) -> str:
    return str(format_date(day, "medium", locale=locale))


_format: ContextVar[Format] = ContextVar("format", default=Format())  # noqa: B039 (frozen)


def use_format(chosen: Format) -> None:
    _format.set(chosen)


def the_format() -> Format:
    """The format in use: the company's within a request or a command."""
    return _format.get()


def today() -> Date:
    return the_format().today()


def week_of(day: Date) -> tuple[Date, Date]:
    """First and last day of the week of a day, as weeks begin where the company is."""
    first = day - timedelta(days=(day.weekday() - the_format().babel.first_week_day) % 7)
    return first, first + timedelta(days=6)


def ago(moment: datetime | None) -> str:
    """How long ago, in words: `5 minutes ago`, `yesterday`, then the date."""
    if moment is None:
        return "never"
    seconds = (now() - moment.astimezone(UTC)).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return plural(int(seconds // 60), "minute") + " ago"
    days = (today() - moment.astimezone(the_format().tzinfo).date()).days
    if days == 0:
        return plural(int(seconds // 3600), "hour") + " ago"
    return "yesterday" if days == 1 else the_format().day(moment.astimezone(the_format().tzinfo).date())


def several(thing: str) -> str:
    """More than one of a thing: `parties`, `days`, `addresses`."""
    if thing.endswith("y") and thing[-2:-1] not in "aeiou":
        return f"{thing[:-1]}ies"
    return f"{thing}es" if thing.endswith("s") else f"{thing}s"


def plural(count: int, word: str) -> str:
    """`1 lead`, `3 opportunities`."""
    return f"{count} {word if count == 1 else several(word)}"


def when(day: Date | None) -> str:
    """A planned day in words: today, tomorrow, yesterday, else short."""
    if day is None:
        return ""
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - today()).days) or the_format().day(day)


def file_size(size: int) -> str:
    """Bytes as people read them: `870 bytes`, `14 kB`, `2.4 MB`."""
    if size < 1000:
        return f"{size} bytes" if size != 1 else "1 byte"
    # In the powers of 1024 that the limits are set in.
    kilobytes = Decimal(size) / 1024
    if kilobytes < 1000:
        return f"{the_format().number(max(kilobytes, Decimal(1)))} kB"
    megabytes = kilobytes / 1024
    return f"{the_format().number(megabytes, 0 if megabytes >= 10 or megabytes == int(megabytes) else 1)} MB"


FILTERS = {
    "amount": lambda minor, currency=None, cents=False: the_format().amount(minor, currency, cents=cents),
    "money": lambda minor, currency=None: the_format().money(minor, currency),
    "number": lambda value, decimals=0: the_format().number(value, decimals),
    "date": lambda day: the_format().date(day),
    "day": lambda day: the_format().day(day),
    "instant": lambda moment: the_format().instant(moment),
    "plural": plural,
    "ago": ago,
    "file_size": file_size,
    "when": when,
}
