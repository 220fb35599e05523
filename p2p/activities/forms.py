"""What we accept about activities."""

import re
from typing import Any, ClassVar

from flask import g
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from p2p.activities.models import CATEGORIES
from p2p.filters import today
from p2p.forms import ChoiceField, CreateForm, EditForm, Form, day, line, no_control_characters, stripped
from p2p.identity.queries import owners
from p2p.setup.queries import codes

LOG, PLAN = "log", "plan"
WHATS = [SelectChoice(LOG, "Log what was done"), SelectChoice(PLAN, "Plan what comes next")]
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class SaysSomething:
    """Blanks alone are no words; nothing at all is left to other rules."""

    field_flags: ClassVar[dict[str, bool]] = {"optional": True}

    def __call__(self, form: Any, field: Field) -> None:
        if field.raw_data and field.raw_data[0] and not field.data:
            raise ValidationError("There are only blanks here. Please write something.")


def note(label: str, longest: int) -> TextAreaField:
    """Several lines, if any, that say something."""
    limit = Length(max=longest, message=f"At most {longest} characters.")
    return TextAreaField(label, [SaysSomething(), limit, no_control_characters], filters=[stripped])


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

    purpose = line("What", required=True, longest=100, validators=[SaysSomething()])
    type_id = ChoiceField("Type", _types)
    category = SelectField("Category", choices=[SelectChoice(*each) for each in CATEGORIES.items()], default="action")
    due_on = day("Date", required=True, default=today)
    starts = clock("From")
    ends = clock("Until")
    location = line("Place")
    responsible_id = ChoiceField("Responsible", owners, blank="nobody")
    notes = note("Notes", 4000)

    def validate_ends(self, field: Field) -> None:
        starts = self.starts.data
        if field.data and (not starts or field.data < starts):
            raise ValidationError("Give a beginning first, and an end after it.")


class AppendForm(WorkFields, CreateForm):
    """Work to log or to plan on a record."""

    what = RadioField("Done or to do?", choices=WHATS, default=LOG)

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

    note = note("What came of it", 1000)
