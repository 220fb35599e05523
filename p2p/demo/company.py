"""What the demo's people work with: the team, code lists, currencies, stages, bands and reasons, found or added."""

import math
from functools import cached_property

from p2p.demo import world
from p2p.demo.trades import TRADES
from p2p.filters import exponent, the_format
from p2p.history.recording import Actor
from p2p.identity.models import User
from p2p.identity.queries import user_by_email
from p2p.setup import queries
from p2p.setup.models import Code, Currency, PrognosisBand, Reason, Stage
from p2p.setup.queries import code_named

#: What one unit is worth in Swiss francs, roughly.
WORTH = {"CHF": 1.0, "EUR": 0.94, "GBP": 1.08, "USD": 0.8, "SEK": 0.086, "DKK": 0.126, "NOK": 0.081, "PLN": 0.22}
WORTH |= {"CZK": 0.038, "HUF": 0.0024, "JPY": 0.0054, "CAD": 0.57, "AUD": 0.52}


class Company:
    """Everything that stands before the first opportunity."""

    def __init__(self, *, by: Actor | None) -> None:
        people = [
            user_by_email(email) or User.add(email=email, name=name, role=role, by=by)
            for name, email, role in world.TEAM
        ]
        self.manager, self.sellers = people[0], people[1:-1]
        self.currency = the_format().currency
        self._codes: dict[tuple[str, str], Code] = {}
        self._rates: dict[str, int] = {self.currency: 1_000_000}
        for trade in TRADES:
            self.code("product", trade.product)

    def code(self, list_name: str, name: str) -> int:
        """Id of an entry of a code list; the manager adds it where it is missing."""
        key = list_name, name
        if key not in self._codes:
            found = code_named(list_name, name)
            self._codes[key] = found or Code.add({"list_name": list_name, "name": name}, by=self.manager)
        return self._codes[key].id

    def rate(self, currency: str) -> int | None:
        """Millionths a unit of a currency is worth in the company's; None where we know no rate."""
        if currency not in self._rates and not {currency, self.currency} <= WORTH.keys():
            return None
        if currency not in self._rates:
            listed = next((entry for entry in queries.entries(Currency) if entry.name == currency), None)
            worth = round(WORTH[currency] / WORTH[self.currency], 3)
            facts = {"name": currency, "rate_millionths": round(worth * 1_000_000)}
            listed = listed or Currency.add(facts, by=self.manager)
            self._rates[currency] = listed.rate_millionths
        return self._rates[currency]

    def amount(self, francs: float, currency: str) -> int:
        """Minor units of a round, believable amount in a currency."""
        rough = francs / WORTH.get(currency, 1.0) if currency != self.currency else francs * self._size
        step = 500 * 10 ** max(0, round(-math.log10(WORTH.get(currency, 1.0))))
        return int(round(rough / step) * step * 10 ** exponent(currency))

    @cached_property
    def _size(self) -> int:
        """Amounts of the company's currency: ten or a hundred times as high where a unit is worth little."""
        return int(10 ** max(0, round(-math.log10(WORTH.get(self.currency, 1.0)))))

    @cached_property
    def stages(self) -> list[Stage]:
        return queries.stages()

    def stage(self, place: int) -> Stage:
        return self.stages[min(place, len(self.stages) - 1)]

    @cached_property
    def bands(self) -> list[PrognosisBand]:
        return queries.bands()

    def band(self, place: int) -> PrognosisBand:
        return self.bands[min(place, len(self.bands) - 1)]

    @cached_property
    def _reasons(self) -> dict[str, list[Reason]]:
        return {outcome: queries.reasons(outcome) for outcome in ("won", "lost", "canceled")}

    def reason(self, outcome: str, name: str) -> Reason:
        """The reason of that name, or what the list offers first."""
        offered = self._reasons[outcome]
        return next((reason for reason in offered if reason.name == name), offered[0])
