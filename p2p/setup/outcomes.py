"""What is asked whenever something ends or rests: the reason with its note, the day to wake up on."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any, ClassVar

from wtforms import RadioField
from wtforms.validators import ValidationError

from p2p import forms
from p2p.filters import the_format, today
from p2p.forms import ChoiceField
from p2p.setup import queries
from p2p.setup.models import Reason


def _a_month_after(day: date) -> date:
    """The same day of the next month, or its last one."""
    month = day.replace(day=1) + timedelta(days=31)
    return month.replace(day=min(day.day, monthrange(month.year, month.month)[1]))


def _soon() -> list[tuple[str, str]]:
    """The days things are mostly put off to."""
    now = today()
    days = {"1 week": now + timedelta(weeks=1), "2 weeks": now + timedelta(weeks=2), "1 month": _a_month_after(now)}
    return [(day.isoformat(), f"{words} · {the_format().day(day)}") for words, day in days.items()]


class SaysUntilWhen:
    """Mix in before `Form`: the day something wakes up on, one of a few near ones or any other."""

    soon = RadioField("Sleep for", coerce=date.fromisoformat, choices=_soon, validate_choice=False)
    wake_on = forms.day("Wake up on", description="Another day, if none of these fits.")
    note = forms.text("Note", longest=1000)

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        if not self.is_submitted():  # type: ignore[attr-defined]
            self.soon.data = date.fromisoformat(_soon()[0][0])

    @property
    def until(self) -> date | None:
        """The day that was typed, else the near one that was chosen."""
        day: date | None = self.wake_on.data or self.soon.data
        return day

    def validate_wake_on(self, field: Any) -> None:
        if field.data is not None and field.data <= today():
            raise ValidationError("Please give a day after today.")

    def validate_soon(self, field: Any) -> None:
        if self.until is None or self.until <= today():
            raise ValidationError("Please choose how long, or give a day after today.")


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
