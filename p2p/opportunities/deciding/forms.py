"""What we accept when an opportunity is postponed or decided."""

from typing import Any

from wtforms.validators import Optional, ValidationError

from p2p import forms
from p2p.activities.forms import ClosesWork
from p2p.competitors.queries import choices as competitor_choices
from p2p.filters import today
from p2p.forms import ChoiceField, Form, MoneyField, SelectMultipleChecks
from p2p.setup import queries as setup
from p2p.setup.models import Reason


class PostponeForm(Form):
    """Off the board until a day."""

    wake_on = forms.day("Wake up on", required=True)
    note = forms.text("Note", longest=1000)

    def validate_wake_on(self, field: Any) -> None:
        if field.data is not None and field.data <= today():
            raise ValidationError("Please give a day after today.")


class OutcomeForm(ClosesWork, Form):
    """Why it ended, and what to do with what was still planned."""

    outcome = ""
    reason_id = ChoiceField("Reason", lambda kept: [], required="Please choose a reason.")
    note = forms.text("Note", longest=4000)

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        self.reasons: dict[int, Reason] = {reason.id: reason for reason in setup.reasons(self.outcome)}
        self.reason_id.choices_from = lambda kept: [(reason.id, reason.name) for reason in self.reasons.values()]

    @property
    def reason(self) -> Reason:
        return self.reasons[self.reason_id.data]

    def validate(self, *args: Any, **kw: Any) -> bool:
        """A reason that says nothing by itself needs a note; the empty note is where it is asked for."""
        valid = super().validate(*args, **kw)
        reason = self.reasons.get(self.reason_id.data)
        if reason and reason.needs_note and not self.note.data:
            self.note.errors = [f"“{reason}” needs a note that says what it was."]
            return False
        return bool(valid)


class WinForm(OutcomeForm):
    """Won, for a reason."""

    outcome = "won"


class CancelForm(OutcomeForm):
    """Canceled, for a reason; it never counts as lost."""

    outcome = "canceled"


class LossForm(OutcomeForm):
    """Lost: why, to whom, and by how much."""

    outcome = "lost"
    winners = SelectMultipleChecks("Who won it", coerce=int, validators=[Optional()])
    new_winner = forms.line("Another competitor", description="Not in the list? The name is enough.")
    price_gap = MoneyField("Price gap", description="By how much we were dearer, if known.")

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        self.winners.choices = competitor_choices()
