"""Which format a column is written in, found by looking at all its values and, in doubt, at its neighbours."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar, NamedTuple

from babel.core import get_global
from babel.numbers import get_decimal_symbol

from p2p.exchange import amounts, dates
from p2p.exchange.amounts import NumberFormat, PercentFormat
from p2p.exchange.dates import DateFormat
from p2p.exchange.fields import Field
from p2p.exchange.meaning import plain
from p2p.exchange.texts import one_line
from p2p.parties.addresses import email_address

_Judge = Callable[[Iterable[str]], tuple[float, tuple[str, ...], bool]]
SAMPLE = 500  # values that tell whether a column can be read as codes or addresses
_CURRENCY_CODE = re.compile(r"[A-Za-z]{3}")


@dataclass(frozen=True, slots=True)
class TextFormat:
    longest: int = 0
    kind: ClassVar[str] = "text"
    code: ClassVar[str] = ""
    words: ClassVar[str] = "text"
    assumed: ClassVar[bool] = False

    def parse(self, value: str) -> str:
        text = value.strip()
        if self.longest and len(text) > self.longest:
            raise ValueError(f"this has {len(text)} characters, at most {self.longest} fit")
        return text


@dataclass(frozen=True, slots=True)
class CurrencyFormat:
    kind: ClassVar[str] = "currency"
    code: ClassVar[str] = ""
    words: ClassVar[str] = "a currency code such as EUR"
    assumed: ClassVar[bool] = False

    def parse(self, value: str) -> str:
        code = value.strip().upper()
        code = amounts.currency_of(f"{code} 1") or code
        if not _CURRENCY_CODE.fullmatch(code) or code not in get_global("all_currencies"):
            raise ValueError("this is not the code of one currency, such as EUR")
        return code


@dataclass(frozen=True, slots=True)
class EmailFormat:
    kind: ClassVar[str] = "email"
    code: ClassVar[str] = ""
    words: ClassVar[str] = "an e-mail address"
    assumed: ClassVar[bool] = False

    def parse(self, value: str) -> str:
        return email_address(one_line(value))


@dataclass(frozen=True)
class ChoiceFormat:
    meanings: Mapping[str, str]  # plain word → our value
    kind: ClassVar[str] = "choice"
    code: ClassVar[str] = ""
    words: ClassVar[str] = "one of a list"
    assumed: ClassVar[bool] = False

    def parse(self, value: str) -> str:
        try:
            return self.meanings[plain(value)]
        except KeyError:
            known = ", ".join(dict.fromkeys(self.meanings.values()))
            raise ValueError(f"this is none of: {known}") from None


Format = DateFormat | NumberFormat | PercentFormat | TextFormat | CurrencyFormat | EmailFormat | ChoiceFormat


class Habits(NamedTuple):
    """How the people behind the file write dates and numbers: read from the columns that leave no doubt."""

    order: str
    decimal: str


def habits(columns: Iterable[Sequence[str]], locale: str) -> Habits:
    """From the distinct values of every column; what no column tells comes from the locale, such as `en_US` or `de`."""
    order_votes: Counter[str] = Counter()
    decimal_votes: Counter[str] = Counter()
    for values in columns:
        if _worth_a_look(values, dates.orders):
            share, options, _ = dates.orders(values)
            if share > 0.9 and len(options) == 1 and options[0] in ("dmy", "mdy"):
                order_votes[options[0]] += 1
        elif _worth_a_look(values, amounts.decimals):
            share, signs, telling = amounts.decimals(values)
            if share > 0.9 and telling and len(signs) == 1:
                decimal_votes[signs[0]] += 1
    decimal = "," if get_decimal_symbol(locale.replace("-", "_")) == "," else "."
    return Habits(_winner(order_votes, dates.usual_order(locale)), _winner(decimal_votes, decimal))


def find_format(field: Field, values: Sequence[str], customs: Habits) -> Format:
    """The format of a column's distinct values, read as this field's kind; `assumed` where they do not settle it."""
    if field.kind == "date":
        _, options, torn = dates.orders(values)
        order = customs.order if customs.order in options else options[0]
        return DateFormat(order, assumed=torn or len(options) > 1)
    if field.kind in ("number", "money", "percent"):
        _, signs, telling = amounts.decimals(values)
        decimal = customs.decimal if customs.decimal in signs else signs[0]
        # No sign tells the two apart only where there are whole numbers: then nothing is assumed.
        doubt = telling and len(signs) > 1
        if field.kind != "percent":
            return NumberFormat(decimal, assumed=doubt)
        fraction, guessed = amounts.is_fraction(values, decimal)
        return PercentFormat(decimal, fraction, assumed=doubt or guessed)
    return _plain_format(field)


def named_format(field: Field, code: str) -> Format:
    """The format with this code, as somebody chose it. Raises ValueError."""
    for choice in variants(field):
        if choice.code == code:
            return choice
    known = ", ".join(choice.code for choice in variants(field)) or "none, it has one format only"
    raise ValueError(f"{field.label} has no format “{code}”. Formats: {known}")


def variants(field: Field) -> list[Format]:
    """The formats to choose from; empty where there is only one."""
    if field.kind == "date":
        return [DateFormat(order) for order in dates.ORDERS]
    if field.kind in ("number", "money"):
        return [NumberFormat(sign) for sign in amounts.SIGNS]
    if field.kind == "percent":
        return [PercentFormat(sign, fraction) for sign in amounts.SIGNS for fraction in (False, True)]
    return []


def fit(field: Field, values: Sequence[str]) -> float:
    """The share of distinct values that can be read as this field at all."""
    if not values or field.kind == "text":
        return 1.0
    if field.kind == "date":
        return dates.orders(values)[0]
    if field.kind in ("number", "money", "percent"):
        return amounts.decimals(values)[0]
    form = _plain_format(field)
    values = values[:SAMPLE]
    return sum(_reads(form, value) for value in values) / len(values)


def _plain_format(field: Field) -> Format:
    if field.kind == "currency":
        return CurrencyFormat()
    if field.kind == "email":
        return EmailFormat()
    if field.kind == "choice":
        return ChoiceFormat({plain(word): ours for word, ours in field.one_of.items()})
    return TextFormat(field.longest)


def _reads(form: Format, value: str) -> bool:
    try:
        form.parse(value)
    except ValueError:
        return False
    return True


def _worth_a_look(values: Sequence[str], judge: _Judge) -> bool:
    """Most columns are words: a few values tell, and the rest of 20,000 need not be tried."""
    sample = tuple(islice(values, 20))
    return bool(sample) and judge(sample)[0] > 0.5


def _winner(votes: Counter[str], otherwise: str) -> str:
    return votes.most_common(1)[0][0] if votes else otherwise
