"""Dates and numbers are read as their column writes them, exactly, or refused with a reason."""

from datetime import date
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from hypothesis import given, settings
from hypothesis import strategies as some

from p2p.exchange.amounts import NumberFormat, PercentFormat, currency_of
from p2p.exchange.dates import DateFormat
from p2p.exchange.fields import Field
from p2p.exchange.formats import Format, find_format, habits

DAY = Field("day", "Day", "date")
AMOUNT = Field("amount", "Amount", "money")
CHANCE = Field("chance", "Chance", "percent")


def _found(field: Field, values: list[str], others: list[list[str]] | None = None, locale: str = "en_US") -> Format:
    return find_format(field, values, habits([values, *(others or [])], locale))


@pytest.mark.parametrize(
    ("values", "code", "assumed"),
    [
        (["2021-12-31", "2022-01-02T10:20:30Z"], "ymd", False),
        (["31.12.2021", "1.2.2022"], "dmy", False),
        (["01.02.2022"], "dmy", False),
        (["31/12/2021", "01/02/2022"], "dmy", False),
        (["12/31/21", "01/02/22 12:00:00 AM"], "mdy", False),
        (["31-12-2021", "1-2-2022 08:15"], "dmy", False),
        (["31 Dec 2021", "Feb 1, 2022"], "ymd", False),
        (["01/02/2022", "03/04/2022"], "mdy", True),
        (["44561", "44562"], "serial", True),
        (["31/12/2021", "30/11/2021", "12/31/2021"], "dmy", True),
    ],
)
def test_the_order_of_dates_comes_from_all_values(values: list[str], code: str, assumed: bool) -> None:
    found = _found(DAY, values)
    assert (found.code, found.assumed) == (code, assumed)


def test_dates_in_doubt_follow_their_neighbours_then_the_locale() -> None:
    doubtful = ["01/02/2022"]
    assert _found(DAY, doubtful, [["25/12/2021"]]).code == "dmy"
    assert _found(DAY, doubtful, locale="en_GB").code == "dmy"
    assert _found(DAY, doubtful, [["25/12/2021"]]).assumed


@pytest.mark.parametrize(
    "value",
    [
        "31.12.2021",
        "31. Dezember 2021",
        "31 Dec 2021",
        "Dec 31, 2021",
        "31-Dec-21",
        "31 décembre 2021",
        "2021/12/31",
        "31 de diciembre de 2021",
        "31 dic 2021",
        "December 31st, 2021",
        "20211231",
        "31.12.21 14:30 Uhr",
        " 31/12/2021 ",
    ],
)
def test_one_day_in_many_words(value: str) -> None:
    assert DateFormat("dmy").parse(value) == date(2021, 12, 31)


@pytest.mark.parametrize(
    "value", ["31.02.2021", "2021-13-01", "1.1.0021", "tomorrow", "", "1.2/2021", "31.12.2021 25h"]
)
def test_what_is_no_day_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"no such day|not a date"):
        DateFormat("dmy").parse(value)


@pytest.mark.parametrize(
    ("values", "code", "assumed"),
    [
        (["1,234.56", "5"], "1,234.56", False),
        (["1.234,56", "5"], "1.234,56", False),
        (["1'234.56"], "1,234.56", False),
        (["1 234,56"], "1.234,56", False),
        (["4545", "12"], "1,234.56", False),
        (["1,234", "5,678"], "1,234.56", True),
        (["1,234", "5,678", "0,5"], "1.234,56", False),
        (["1.234.567"], "1.234,56", False),
    ],
)
def test_the_decimal_sign_comes_from_all_values(values: list[str], code: str, assumed: bool) -> None:
    found = _found(AMOUNT, values)
    assert (found.code, found.assumed) == (code, assumed)


def test_numbers_in_doubt_follow_their_neighbours_then_the_locale() -> None:
    assert _found(AMOUNT, ["1,234"], [["0,5", "7,25"]]).parse("1,234") == Decimal("1.234")
    assert _found(AMOUNT, ["1.234"], locale="de").parse("1.234") == 1234


@pytest.mark.parametrize(
    ("value", "amount", "currency"),
    [
        ("€ 1.234,56", "1234.56", "EUR"),
        ("1.234,56 €", "1234.56", "EUR"),
        ("EUR -1.234,56", "-1234.56", "EUR"),
        ("(1.234,56)", "-1234.56", ""),
        ("1.234,56-", "-1234.56", ""),
        ("\u22121\u202f234,56", "-1234.56", ""),
        ("CHF 1’234,50", "1234.50", "CHF"),
        ("1.234,- kr", "1234", "kr"),
        ("$5", "5", "$"),
    ],
)
def test_amounts_as_people_write_them(value: str, amount: str, currency: str) -> None:
    assert (NumberFormat(",").parse(value), currency_of(value)) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "abc",
        "NaN",
        "Infinity",
        "1e5",
        "1,2345,6",
        "12.34.56",
        "1.23,4",
        "--5",
        "(5",
        "5 apples",
        "#REF!",
        "1" * 60,
        "٣",
        "5 €$",
        "-(5)",
        "1.234 567",
    ],
)
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"number|spreadsheet"):
        NumberFormat(",").parse(value)


@pytest.mark.parametrize(
    ("values", "value", "percent", "assumed"),
    [
        (["0.1", "0.35", "1.0"], "0.35", "35", False),
        (["10", "35", "100"], "35", "35", False),
        (["35 %", "1 %"], "1 %", "1", False),
        (["35%", "0.5%"], "0.5%", "0.5", False),
        (["0", "1"], "1", "100", True),
        (["0", "0"], "0", "0", False),
        (["0.1", "50"], "50", "50", True),
    ],
)
def test_percent_or_fraction(values: list[str], value: str, percent: str, assumed: bool) -> None:
    found = _found(CHANCE, values)
    assert isinstance(found, PercentFormat)
    assert (found.parse(value), found.assumed) == (Decimal(percent), assumed)


_amounts = some.decimals(min_value=-(10**12), max_value=10**12, places=2)


@settings(max_examples=200)
@given(_amounts, some.sampled_from(["en_US", "en_GB", "en_IN", "de", "de_CH", "fr", "es", "it", "pl", "sv", "pt_BR"]))
def test_an_amount_formatted_in_a_locale_is_read_back(amount: Decimal, locale: str) -> None:
    decimal = "." if locale in ("en_US", "en_GB", "en_IN", "de_CH") else ","
    assert NumberFormat(decimal).parse(format_decimal(amount, "#,##0.00", locale=locale)) == amount
    assert NumberFormat(decimal).parse(format_currency(amount, "EUR", locale=locale)) == amount


@settings(max_examples=200)
@given(some.dates(date(1970, 1, 1), date(2068, 12, 31)), some.sampled_from(["en_US", "en_GB", "de", "fr", "es", "it"]))
def test_a_date_formatted_in_a_locale_is_read_back(day: date, locale: str) -> None:
    order = "mdy" if locale == "en_US" else "dmy"
    for width in ("short", "medium", "long"):
        assert DateFormat(order).parse(format_date(day, width, locale=locale)) == day
