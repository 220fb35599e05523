"""What a typed row means for an opportunity: stage, estimate, prognosis, value and outcome, as set up today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from p2p.exchange.checking import UNSHOWABLE, Complain
from p2p.exchange.meaning import plain
from p2p.exchange.opportunities.fields import STATUS_WORDS, stage_key
from p2p.exchange.rows import Row
from p2p.exchange.texts import cannot_be_shown, cut_to, one_line
from p2p.filters import exponent, the_format, today
from p2p.opportunities.estimate import CLOSED, company_money
from p2p.parties.models import fold
from p2p.setup import queries as setup
from p2p.setup.models import PrognosisBand, Stage

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
MOST = 10**15
SUBJECT = 100
#: Currencies that share a sign.
SHARED = {
    "$": "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP".split(),
    "¥": ["JPY", "CNY"],
    "kr": ["SEK", "NOK", "DKK", "ISK"],
    "kr.": ["DKK", "ISK"],
}
_ENDS = {plain(word).replace(" ", ""): status for word, status in STATUS_WORDS.items() if status in CLOSED}


@dataclass(frozen=True)
class Rules:
    """The set-up as an import reads it; `rates` are those of the currencies amounts may be in."""

    day: date
    currency: str
    stages: Mapping[str, Stage]
    bands: list[PrognosisBand]
    reasons: Mapping[str, int]
    rates: Mapping[str, int]

    @classmethod
    def of_today(cls) -> "Rules":
        stages: dict[str, Stage] = {}
        for stage in setup.stages():
            stages.setdefault(stage_key(stage.name), stage)
        recorded = {outcome: [r for r in setup.reasons(outcome, imports=True) if r.imports_only] for outcome in CLOSED}
        rates = {currency.name: currency.rate_millionths for currency in setup.currencies()}
        return cls(
            day=today(),
            currency=the_format().currency,
            stages=stages,
            bands=setup.bands(),
            reasons={outcome: reasons[0].id for outcome, reasons in recorded.items() if reasons},
            rates=rates | {the_format().currency: 1_000_000},
        )

    @property
    def edition(self) -> list[Any]:
        """Differs as soon as anything that rows were judged by is set up otherwise."""
        stages = [(key, stage.id, stage.probability) for key, stage in self.stages.items()]
        bands = [(band.id, band.from_days, band.to_days) for band in self.bands]
        return [self.currency, stages, bands, sorted(self.reasons.items()), sorted(self.rates.items())]

    def facts(self, row: Row, complain: Complain) -> dict[str, Any]:
        """The columns of an opportunity that stand by themselves; what is wrong goes to `complain`."""
        values = row.values
        status, stage = self._place(values, complain)
        opened_on, closing = self._days(values, status, complain)
        number, subject = one_line(values.get("number") or "") or None, _subject(values)
        facts: dict[str, Any] = {"number": number, "subject": subject, "subject_folded": fold(subject)[:120]}
        facts |= {"status": status, "opened_on": opened_on, "imported": row.extra or None}
        facts["wake_on"] = (closing or self.day) if status == "postponed" else None
        if cannot_be_shown(number or ""):
            complain("number", UNSHOWABLE)
        return (
            facts | self._estimate(values, stage) | self._end(status, opened_on, closing) | self._value(row, complain)
        )

    def _place(self, values: dict[str, Any], complain: Complain) -> tuple[str, Stage]:
        """Status and stage. Some systems know only stages, whose last ones (`Closed Won`) are outcomes."""
        known = list(self.stages.values())
        status, word = values.get("status") or "active", values.get("stage") or ""
        stage = self.stages.get(stage_key(word)) if word else known[0]
        if stage is None and "status" not in values and plain(word).replace(" ", "") in _ENDS:
            status = _ENDS[plain(word).replace(" ", "")]
            stage = known[-1] if status == "won" else known[0]
        if stage is None:
            complain("stage", f"there is no such stage; there are: {', '.join(each.name for each in known)}")
        if status in CLOSED and status not in self.reasons:
            complain("status", f"the reason “Not recorded” for {status} is missing in the set-up")
        return status, stage or known[0]

    def _days(self, values: dict[str, Any], status: str, complain: Complain) -> tuple[date, date | None]:
        created, closing = values.get("created_on"), values.get("close_date")
        for name, day in (("created_on", created), ("close_date", closing)):
            if day is not None and not EARLIEST <= day <= LATEST:
                complain(name, f"this is not between {EARLIEST.year} and {LATEST.year}")
                return self.day, None
        if status not in CLOSED:
            return created or self.day, closing
        if closing is None:
            complain("close_date", f"it is {status}, so the day it was closed is needed")
        elif created and closing < created:
            complain("close_date", f"it is {status}, but closed before it was created")
        return created or closing or self.day, closing

    def _estimate(self, values: dict[str, Any], stage: Stage) -> dict[str, Any]:
        told = values.get("probability")
        percent = stage.probability if told is None else int(told.to_integral_value(ROUND_HALF_UP))
        manual = percent != stage.probability
        return {"stage_id": stage.id, "probability": percent, "probability_manual": manual}

    def _end(self, status: str, opened_on: date, closing: date | None) -> dict[str, Any]:
        """The prognosis of an open one, the closing of a closed one."""
        empty = (
            "prognosis_id",
            "prognosis_given_on",
            "window_from",
            "window_to",
            "decide_by",
            "reason_id",
            "closed_on",
        )
        facts: dict[str, Any] = dict.fromkeys(empty)
        if status in CLOSED:
            return facts | {"reason_id": self.reasons.get(status), "closed_on": closing}
        if closing is None:
            return facts
        days = max((closing - opened_on).days, 0)
        band = next(band for band in self.bands if band.holds(days))
        first, last = band.window(opened_on)
        facts |= {"prognosis_id": band.id, "prognosis_given_on": opened_on, "decide_by": closing}
        return facts | {"window_from": first, "window_to": last}

    def _value(self, row: Row, complain: Complain) -> dict[str, Any]:
        amount: Decimal | None = row.values.get("revenue")
        currency = self._currency(row, complain)
        rate = self.rates.get(currency, 1_000_000)
        minor = None
        if amount is not None:
            scaled = amount.scaleb(exponent(currency))
            minor = int(scaled)
            if minor != scaled:
                complain("revenue", f"this is too exact, {currency} has {exponent(currency)} decimals")
            elif minor > MOST:
                complain("revenue", "this is too much, amounts stay below ten trillion")
        value = company_money(minor, currency, rate)
        return {"revenue": minor, "currency": currency, "rate_millionths": rate, "revenue_company": value}

    def _currency(self, row: Row, complain: Complain) -> str:
        """What the file says, else the company's. A sign that several share means the one that is set up."""
        told = row.values.get("currency") or row.currencies.get("revenue")
        if not told or told in self.rates:
            return told or self.currency
        where = "currency" if row.values.get("currency") else "revenue"
        if told in SHARED:
            meant = [code for code in SHARED[told] if code in self.rates]
            if self.currency in meant or len(meant) == 1:
                return self.currency if self.currency in meant else meant[0]
        complain(where, f"{told} is not one of the currencies set up: {', '.join(self.rates)}")
        return self.currency


def _subject(values: dict[str, Any]) -> str:
    """What it is about; where the file does not say, the product and who for."""
    told = one_line(values.get("subject") or "")
    party, product = one_line(values.get("party") or ""), one_line(values.get("product") or "")
    subject = told or (f"{product} for {party}" if product else party)
    return cut_to(subject, SUBJECT)
