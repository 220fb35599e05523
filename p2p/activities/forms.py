"""What we accept about activities."""

import re
from typing import Any

from flask import g
from wtforms import Field, RadioField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from p2p.activities.models import CATEGORIES
from p2p.activities.queries import responsible_people
from p2p.filters import today
from p2p.forms import ChoiceField, CreateForm, EditForm, Form, day, line, stripped, text
from p2p.setup.queries import codes

LOG, PLAN = "log", "plan"
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def says_something(form: Any, field: Field) -> None:
    """Blanks alone are no words."""
    if field.raw_data and field.raw_data[0] and not field.data:
        raise ValidationError("There are only blanks here. Please write something.")


def clock(label: str) -> StringField:
    """A time of day, HH:MM, as the calendar shows it; no time zone moves it."""
    return StringField(label, [Optional(), _is_a_time], filters=[stripped], render_kw={"type": "time"})


def _is_a_time(form: Any, field: Field) -> None:
    if field.data and not CLOCK.fullmatch(field.data):
        raise ValidationError("Please give a time like 14:30.")


def _types(kept: int | None) -> list[tuple[int, str]]:
    return codes("activity_type", kept)


class WorkFields:
    """The facts of one piece of work."""

    purpose = line("What", required=True, longest=100, validators=[says_something])
    type_id = ChoiceField("Type", _types)
    category = SelectField("Category", choices=list(CATEGORIES.items()), default="action")
    due_on = day("Date", required=True, default=today)
    starts = clock("From")
    ends = clock("Until")
    location = line("Place")
    responsible_id = ChoiceField("Responsible", responsible_people, blank="nobody")
    notes = text("Notes")

    def validate_notes(self, field: Field) -> None:
        says_something(self, field)

    def validate_ends(self, field: Field) -> None:
        starts = self.starts.data
        if field.data and (not starts or field.data < starts):
            raise ValidationError("Give a beginning first, and an end after it.")


class AppendForm(WorkFields, CreateForm):
    """Work to log or to plan on a record."""

    what = RadioField(
        "Done or to do?", choices=[(LOG, "Log what was done"), (PLAN, "Plan what comes next")], default=LOG
    )

    def __init__(self, **kw: Any) -> None:
        super().__init__(**({"responsible_id": g.user.id} | kw))

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in super().facts.items() if name != "what"}

    def validate_due_on(self, field: Field) -> None:
        if self.what.data == LOG and field.data and field.data > today():
            raise ValidationError("That day has not come yet: plan it instead, or give the day it was done.")


class WorkForm(WorkFields, EditForm):
    """Facts of an activity to change."""


class DoneForm(Form):
    """Finishing, with a note for the record if wanted."""

    note = text("What came of it", longest=1000)

    def validate_note(self, field: Field) -> None:
        says_something(self, field)
