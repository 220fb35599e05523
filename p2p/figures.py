"""Fields for figures as people write them here: percentages, amounts of money, rates."""

from decimal import Decimal
from typing import Any

from flask import request
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation

from p2p.filters import NotANumber, the_format


def percent(
    label: str, *, required: bool = False, kind: "type[PercentField] | None" = None, **kw: Any
) -> "PercentField":
    """A whole percentage from 0 to 100."""
    limits = NumberRange(0, 100, "Please give a whole number from 0 to 100.")
    rules = [InputRequired("Please give a whole number from 0 to 100.")] if required else [Optional()]
    return (kind or PercentField)(
        label, [*rules, limits], render_kw={"inputmode": "numeric", "min": 0, "max": 100}, **kw
    )


class PercentField(IntegerField):
    """Whole numbers only; says so itself when it gets something else."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = (valuelist[0] if valuelist else "").strip().removesuffix("%").strip()
        if not typed:
            self.data = None
        elif typed.isascii() and typed.isdecimal() and len(typed) < 10:
            self.data = int(typed)
        else:
            self.data = None
            raise ValueError("Please give a whole number from 0 to 100.")

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation  # said once, not again by the limits


class MoneyField(StringField):
    """An amount as people write it here; data is minor units of the currency chosen beside it (`currency_from`), else
    of the one its form is about (`money_in`, which its label then names), else of the company's."""

    def __init__(self, label: str, *, currency_from: str | None = None, **kw: Any) -> None:
        kw.setdefault("validators", [Optional()])
        about: str | None = getattr(kw.get("_form"), "money_in", None)
        if about and about != the_format().currency:
            label = f"{label} {about}"
        super().__init__(label, render_kw={"inputmode": "decimal", "autocomplete": "off"}, **kw)
        self.currency_from = currency_from
        self.currency = about

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        return the_format().amount(self.data, self.currency, cents=True)

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not typed:
            return
        currency = (request.form.get(self.currency_from) if self.currency_from else None) or self.currency
        try:
            self.data = the_format().parse_money(typed, currency)
        except NotANumber as error:
            raise ValueError(str(error)) from error
        if not 0 <= self.data <= 10**15:
            raise ValueError("An amount must be zero or more, and less than ten trillion.")


def rate_text(millionths: int) -> str:
    """A rate with as many decimals as it has."""
    rate = Decimal(millionths).scaleb(-6).normalize()
    return the_format().number(rate, max(-int(rate.as_tuple().exponent), 0))


class RateField(StringField):
    """What one unit is worth in the company currency, with at most six decimals; data is millionths, None if blank."""

    data: int | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else rate_text(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not typed:
            return
        try:
            millionths = the_format().parse_number(typed).scaleb(6)
        except NotANumber as error:
            raise ValueError(str(error)) from error
        if millionths != millionths.to_integral_value():
            raise ValueError("At most six decimals.")
        if not 0 < millionths <= 10**12:
            raise ValueError("A rate must be more than zero and at most a million.")
        self.data = int(millionths)
