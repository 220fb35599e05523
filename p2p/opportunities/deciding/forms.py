"""What we accept when an opportunity is postponed or decided."""

from typing import Any

from wtforms.validators import Optional

from p2p import forms
from p2p.activities.forms import ClosesWork
from p2p.competitors.models import Competitor
from p2p.competitors.queries import choices as competitor_choices
from p2p.db import db
from p2p.figures import MoneyField
from p2p.forms import Form, SelectMultipleChecks
from p2p.identity.models import User
from p2p.opportunities.models import Opportunity
from p2p.setup.outcomes import SaysUntilWhen, SaysWhy


class PostponeForm(SaysUntilWhen, Form):
    """Off the board until a day."""


class OutcomeForm(SaysWhy, ClosesWork, Form):
    """Why it ended, and what to do with what was still planned."""

    rows: tuple[tuple[str, ...], ...] = (("reason_id",), ("note",), ("finish_open",))

    def fit(self, opportunity: Opportunity) -> None:
        """Ask about this one what there is to ask."""
        self.offer_to_finish(opportunity.noun, opportunity.id)


class WinForm(OutcomeForm):
    """Won, for a reason; what it is worth is asked for while nobody said."""

    outcome = "won"
    revenue = MoneyField("Estimated revenue", description="Nobody gave one yet. Left blank, it counts as nothing.")

    rows = (("reason_id",), ("note",), ("revenue",), ("finish_open",))

    def fit(self, opportunity: Opportunity) -> None:
        super().fit(opportunity)
        if opportunity.revenue is not None:
            del self.revenue

    @property
    def worth(self) -> dict[str, int]:
        """The fact to set with it, if one was typed."""
        return {"revenue": self.revenue.data} if self.revenue and self.revenue.data is not None else {}


class CancelForm(OutcomeForm):
    """Canceled, for a reason; it never counts as lost."""

    outcome = "canceled"


class LossForm(OutcomeForm):
    """Lost: why, to whom, and by how much."""

    outcome = "lost"
    winners = SelectMultipleChecks("Who won it", coerce=int, validators=[Optional()])
    new_winner = forms.line("Another competitor", description="Not in the list? The name is enough.")
    price_gap = MoneyField("Price gap", description="By how much we were dearer, if known.")

    rows = (("reason_id",), ("note",), ("winners",), ("new_winner", "price_gap"), ("finish_open",))

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        self.winners.choices = competitor_choices()
        self._won: list[Competitor] | None = None

    def who_won(self, *, by: User) -> list[Competitor]:
        """Those ticked, and the one named here, who is registered the first time this is asked."""
        if self._won is None:
            self._won = [db.session.get_one(Competitor, id) for id in self.winners.data or []]
            if self.new_winner.data:
                self._won.append(Competitor.name_while_losing(self.new_winner.data, by=by))
        return self._won
