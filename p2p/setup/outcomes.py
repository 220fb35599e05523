"""What is asked whenever something ends or rests: the reason with its note, the day to wake up on."""

from typing import Any, ClassVar

from wtforms.validators import ValidationError

from p2p import forms
from p2p.filters import today
from p2p.forms import ChoiceField
from p2p.setup import queries
from p2p.setup.models import Reason


class SaysUntilWhen:
    """Mix in before `Form`: the day something wakes up on."""

    wake_on = forms.day("Wake up on", required=True)
    note = forms.text("Note", longest=1000)

    def validate_wake_on(self, field: Any) -> None:
        if field.data is not None and field.data <= today():
            raise ValidationError("Please give a day after today.")


class SaysWhy:
    """Mix in before `Form`: a reason of one outcome of one kind of thing, with its note."""

    outcome: ClassVar[str] = ""
    of: ClassVar[str] = "opportunities"
    reason_id = ChoiceField("Reason", lambda kept: [], required="Please choose a reason.")
    note = forms.text("Note", longest=4000)

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        self.reasons: dict[int, Reason] = {reason.id: reason for reason in queries.reasons(self.outcome, self.of)}
        self.reason_id.choices_from = lambda kept: [(reason.id, reason.name) for reason in self.reasons.values()]

    @property
    def reason(self) -> Reason:
        return self.reasons[self.reason_id.data]

    def validate(self, *args: Any, **kw: Any) -> bool:
        """A reason that says nothing by itself needs a note; the empty note is where it is asked for."""
        valid = super().validate(*args, **kw)  # type: ignore[misc]
        reason = self.reasons.get(self.reason_id.data)
        if reason and reason.needs_note and not self.note.data:
            self.note.errors = [f"“{reason}” needs a note that says what it was."]
            return False
        return bool(valid)
