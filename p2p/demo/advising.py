"""What the demo's people made of limits and suggestions: what they set, and what they do not want to read again."""

from p2p.demo.company import Company
from p2p.demo.days import Script
from p2p.demo.deal import Deal
from p2p.opportunities.advising.advice import advice_about
from p2p.opportunities.advising.models import Dismissal

#: Place of a stage → days without activity, where too few were won to know better.
LIMITS = {2: 35, 3: 20}
#: The rules some of whose suggestions were dismissed, and how many of them.
DISMISSED = {"rival_without_price": 2, "sure_without_decider": 1, "no_prognosis": 2}


class Advising:
    """Both of it, put into the script."""

    def __init__(self, script: Script, company: Company, deals: list[Deal]) -> None:
        self.script, self.company, self.deals = script, company, deals

    def schedule(self) -> None:
        self.script.add(90, self._limits)
        self.script.add(1, self._dismiss)

    def _limits(self) -> None:
        for place, days in LIMITS.items():
            self.company.stage(place).edit({"stale_after": days}, by=self.company.manager)

    def _dismiss(self) -> None:
        left = dict(DISMISSED)
        for deal in self.deals:
            for said in advice_about(deal.opportunity).standing if deal.plot.ending == "active" else ():
                if left.get(said.rule):
                    left[said.rule] -= 1
                    Dismissal.dismiss(deal.opportunity, said, by=deal.owner)
