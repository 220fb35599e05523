"""What we accept when many opportunities are changed at once; each form tells what they would become."""

from typing import Any, ClassVar, Self

from p2p import forms
from p2p.bulk.changes import Lines
from p2p.bulk.forms import BulkForm
from p2p.db import db
from p2p.figures import percent
from p2p.filters import the_format
from p2p.forms import ChoiceField
from p2p.identity.models import User
from p2p.identity.queries import owners
from p2p.opportunities.bulk import changes
from p2p.opportunities.deciding.forms import CancelForm, LossForm, OutcomeForm, WinForm
from p2p.opportunities.models import Opportunity
from p2p.setup import queries as setup
from p2p.setup.models import PrognosisBand, Stage
from p2p.setup.outcomes import SaysUntilWhen


def _chosen(cls: Any, field: ChoiceField) -> Any:
    """The record that was chosen of a menu; None while nothing it offers is."""
    field.offer()
    return db.session.get(cls, field.data) if field.data in {value for value, *_ in field.choices if value} else None


class MoveForm(BulkForm):
    """All to the same stage."""

    title, done, verb = "Move", "moved", "opportunity.move"
    stage_id = ChoiceField("Stage", setup.stage_choices, required="Please choose a stage.")

    @property
    def lines(self) -> Lines:
        return changes.moved(_chosen(Stage, self.stage_id))


class AssignForm(BulkForm):
    """All to the same owner."""

    title, done, verb = "Assign", "assigned", "opportunity.edit"
    owner_id = ChoiceField("Who gets them", lambda kept: owners(), required="Please choose somebody.")

    @property
    def lines(self) -> Lines:
        return changes.assigned(_chosen(User, self.owner_id))


class EstimateForm(BulkForm):
    """All with the same probability."""

    title, done, verb = "Estimate", "estimated", "opportunity.estimate"
    probability = percent("Probability", required=True)

    @property
    def lines(self) -> Lines:
        given = self.probability.data
        return changes.estimated(given if given is not None and 0 <= given <= 100 else None)


class FollowForm(BulkForm):
    """All that follow their stage to the default it has by now; set-up leads here when that was changed."""

    title, done, verb = "Update", "given the probability of their stage", "opportunity.follow_stage"

    @property
    def lines(self) -> Lines:
        return changes.followed()


class ForecastForm(BulkForm):
    """All with the same prognosis: a band, or a date that picks one."""

    title, done, verb = "Forecast", "given a prognosis", "opportunity.forecast"
    prognosis_id = ChoiceField("Prognosis", setup.band_choices)
    decide_by = forms.day("Decision date", description="Picks its band. A band alone means its last day.")

    def validate(self, *args: Any, **kw: Any) -> bool:
        """One of the two."""
        right = super().validate(*args, **kw)
        if right and not (self.prognosis_id.data or self.decide_by.data):
            self.prognosis_id.errors = ["Please choose a prognosis, or give a date."]
            return False
        return right

    @property
    def lines(self) -> Lines:
        return changes.forecast(_chosen(PrognosisBand, self.prognosis_id), self.decide_by.data)


class PostponeAllForm(SaysUntilWhen, BulkForm):
    """All until the same day."""

    title, done, verb = "Postpone", "postponed", "opportunity.postpone"

    @property
    def lines(self) -> Lines:
        return changes.postponed(self.until, self.note.data)


class DecideAllForm(OutcomeForm, BulkForm):
    """All decided for the same reason, with the fields of the form that decides one."""

    move: ClassVar[str] = ""

    def decided(self, **kw: Any) -> Lines:
        reason = self.reasons.get(self.reason_id.data)
        return changes.decided(self.move, reason, self.note.data, finish_open=self.finishes, **kw)

    @property
    def lines(self) -> Lines:
        return self.decided()


class WinAllForm(DecideAllForm, WinForm):
    """All won."""

    title, done, verb, move = "Win", "won", "opportunity.win", "win"
    revenue = None  # type: ignore[assignment]  # each is worth something else


class LoseAllForm(DecideAllForm, LossForm):
    """All lost, to the same competitors and by the same gap, which is in the currency of all, if there is one."""

    title, done, verb, move = "Lose", "lost", "opportunity.lose", "lose"

    @classmethod
    def about(cls, records: list[Opportunity]) -> Self:
        currencies = {deal.currency for deal in records}
        return cls(money_in=currencies.pop() if len(currencies) == 1 else the_format().currency)

    @property
    def lines(self) -> Lines:
        gap, currency = self.price_gap.data, self.money_in or the_format().currency
        known = dict(self.winners.choices)
        names = [known[id] for id in self.winners.data or [] if id in known]
        names += [self.new_winner.data] if self.new_winner.data else []
        words = f" to {' and '.join(names)}" if names else ""
        words += f", by {the_format().money(gap, currency)}" if gap else ""
        lines = self.decided(words=words, more=lambda by: {"winners": self.who_won(by=by), "price_gap": gap})
        return changes.in_currency(currency, lines) if gap else lines


class CancelAllForm(DecideAllForm, CancelForm):
    """All canceled; they never count as lost."""

    title, done, verb, move = "Cancel them", "canceled", "opportunity.cancel", "cancel"


FORMS: dict[str, type[BulkForm]] = {
    "move": MoveForm,
    "assign": AssignForm,
    "probability": EstimateForm,
    "follow": FollowForm,
    "prognosis": ForecastForm,
    "postpone": PostponeAllForm,
    "win": WinAllForm,
    "lose": LoseAllForm,
    "cancel": CancelAllForm,
}
