"""What we accept about activities."""

import re
from contextlib import suppress
from datetime import timedelta
from typing import Any, ClassVar

from flask import g, request
from flask_wtf.form import _Auto
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from p2p.activities.categories import CATEGORIES, DIRECTIONS, PRIORITIES, REMINDERS, lacking
from p2p.activities.days import NoSuchDay, taken_out
from p2p.activities.models import Activity
from p2p.activities.queries import open_on, who_may_attend
from p2p.filters import today
from p2p.forms import (
    ChoiceField,
    CreateForm,
    EditForm,
    Form,
    SelectMultipleChecks,
    day,
    line,
    no_control_characters,
    stripped,
    whole,
)
from p2p.history.merging import changed_since
from p2p.identity.queries import owners
from p2p.setup.queries import codes

LOG, PLAN = "log", "plan"
WHATS = [SelectChoice(LOG, "Log what was done"), SelectChoice(PLAN, "Plan what comes next")]
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
#: The button that asks for the fields of another category, and changes nothing.
SWITCH = "switch"


class SaysSomething:
    """Blanks alone are no words; nothing at all is left to other rules."""

    field_flags: ClassVar[dict[str, bool]] = {"optional": True}

    def __call__(self, form: Any, field: Field) -> None:
        if field.raw_data and field.raw_data[0] and not field.data:
            raise ValidationError("There are only blanks here. Please write something.")


def sent() -> MultiDict[str, str]:
    """What a form was sent, the day a text ends in put where days stand: `Send references @ fri` is planned for it."""
    typed = request.form.copy()
    with suppress(NoSuchDay):  # `ends_in_a_day` says so beside the field
        if found := taken_out(stripped(typed.get("purpose")) or ""):
            typed["purpose"], typed["due_on"], typed["what"] = found[0], f"{found[1]}", PLAN
    return typed


def ends_in_a_day(form: Any, field: Field) -> None:
    """Where a day is meant, there must be one."""
    try:
        taken_out(field.data or "")
    except NoSuchDay as refusal:
        raise ValidationError(str(refusal)) from refusal


def note(label: str, longest: int, **kw: Any) -> TextAreaField:
    """Several lines, if any, that say something."""
    limit = Length(max=longest, message=f"At most {longest} characters.")
    return TextAreaField(label, [SaysSomething(), limit, no_control_characters], filters=[stripped], **kw)


def clock(label: str) -> StringField:
    """A time of day, HH:MM, as the calendar shows it; no time zone moves it."""
    return StringField(label, [Optional(), _is_a_time], filters=[stripped], render_kw={"type": "time"})


def _is_a_time(form: Any, field: Field) -> None:
    if field.data and not CLOCK.fullmatch(field.data):
        raise ValidationError("Please give a time like 14:30.")


def code(label: str, list_name: str, **kw: Any) -> ChoiceField:
    """An entry of a code list."""
    return ChoiceField(label, lambda kept: codes(list_name, kept), **kw)


class WorkFields(Form):
    """The facts of one piece of work; those that its category does not have are taken away once it is known."""

    purpose = line("What", required=True, longest=100, validators=[SaysSomething()])
    type_id = code("Type", "activity_type")
    category = SelectField("Category", choices=[SelectChoice(*each) for each in CATEGORIES.items()], default="action")
    due_on = day("Date", required=True, default=today)
    direction = SelectField(
        "Direction",
        choices=[SelectChoice("", "—"), *(SelectChoice(*each) for each in DIRECTIONS.items())],
        coerce=stripped,
    )
    outcome_id = code("Outcome", "activity_outcome")
    starts = clock("From")
    ends = clock("Until")
    all_day = BooleanField("All day")
    location = line("Place")
    priority = SelectField("Priority", choices=[SelectChoice(*each) for each in PRIORITIES.items()], default="normal")
    attending = SelectMultipleChecks("Who attends", coerce=str, validators=[Optional()])
    attended = HiddenField()
    phase_id = code("Phase", "activity_phase")
    remind = ChoiceField("Reminder", lambda kept: list(REMINDERS.items()), blank="none")
    responsible_id = ChoiceField("Responsible", owners, blank="nobody")
    notes = note("Notes", 4000, description="Markdown: **bold**, *italic*, - lists, [links](https://…).")

    @property
    def switches(self) -> bool:
        """Whether only the fields of another category are asked for."""
        return SWITCH in request.form

    @property
    def switched(self) -> bool:
        """Whether the category was just chosen here, so that the focus belongs to it still."""
        return self.switches or request.headers.get("HX-Source", "").startswith("select")

    @property
    def chosen(self) -> bool:
        """Whether somebody chose a category, or an address did: its fields are to be seen."""
        return self.switches or _typed() is not _Auto

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in super().facts.items() if name not in ("what", "attended")}

    def settle(self, subject: Any, present: list[str], *, organizes: bool = True) -> None:
        """Keep the fields of the category; `left` are what the others held, (name, label, values) each.

        Who attends is the organizer's to say: nobody else gets the field.
        """
        self.left: list[tuple[str, str, list[str]]] = []
        category = self.category.data if self.category.data in CATEGORIES else "action"
        for name in lacking(category):
            typed = self[name].raw_data or ([self[name].data] if self[name].data else [])
            values = [str(value) for value in typed if value and (name, value) != ("priority", "normal")]
            self.left += [(name, self[name].label.text, values)] if values else []
            del self[name]
        if "attending" in self and organizes:
            self.attending.choices = who_may_attend(subject, present)
        elif "attending" in self:
            del self["attending"]
        self.attended.data = self.attended.data or ",".join(present)

    def validate_ends(self, field: Field) -> None:
        starts = self.starts.data
        if field.data and (not starts or field.data < starts):
            raise ValidationError("Give a beginning first, and an end after it.")


def _typed() -> Any:
    """What a form begins with: what an address asks for (a prefilled plan, another category), else what was sent."""
    return request.args if request.method == "GET" and "category" in request.args else _Auto


class AppendForm(WorkFields, CreateForm):
    """Work to log or to plan on a record."""

    what = RadioField("Done or to do?", choices=WHATS, default=LOG)
    validate_purpose = ends_in_a_day

    def __init__(self, subject: Any, formdata: Any = None, **kw: Any) -> None:
        formdata = formdata or (sent() if request.form else _typed())
        super().__init__(formdata=formdata, **({"responsible_id": g.user.id} | kw))
        self.settle(subject, [])

    def validate_due_on(self, field: Field) -> None:
        if self.what.data == LOG and field.data and field.data > today():
            raise ValidationError("That day has not come yet: plan it instead, or give the day it was done.")


def next_plan(done: Activity) -> dict[str, str]:
    """What a plan for the step after this one begins with, as an address says it: the same kind, in a week."""
    facts = {"what": PLAN, "category": done.category, "type_id": done.type_id, "responsible_id": done.responsible_id}
    facts |= {"due_on": f"{today() + timedelta(7)}"}
    return {name: str(value) for name, value in facts.items() if value is not None}


class WorkForm(WorkFields, EditForm):
    """Facts of an activity to change."""

    def __init__(self, activity: Activity, *, organizes: bool) -> None:
        super().__init__(activity, formdata=_typed())
        self.settle(activity.subject, activity.attending, organizes=organizes)
        self.present = set(activity.attending)

    @property
    def facts(self) -> dict[str, Any]:
        """Who attends is what was there, with whom this form added and without whom it took away."""
        facts = super().facts
        if "attending" in facts:
            shown, chosen = set(filter(None, (self.attended.data or "").split(","))), set(facts["attending"])
            facts["attending"] = sorted((self.present | (chosen - shown)) - (shown - chosen))
        return facts


class MoveForm(Form):
    """Another day, and another time where it has one."""

    due_on = day("Date", required=True)
    starts = clock("From")
    version = HiddenField()

    def __init__(self, activity: Activity) -> None:
        later = max(activity.due_on, today()) + timedelta(1)
        super().__init__(due_on=later, starts=activity.starts, version=activity.version)
        if not activity.starts:
            del self.starts

    def moved_since(self, activity: Activity) -> bool:
        """Whether somebody else moved it since this was made from it."""
        since = changed_since(activity, whole(self.version.data) or 0)
        return not since.keys().isdisjoint(("due_on", "starts"))


class DoneForm(Form):
    """Finishing, with the outcome of an action and a note for the record if wanted."""

    outcome_id = code("Outcome", "activity_outcome")
    note = note("What came of it", 1000)

    def __init__(self, activity: Activity) -> None:
        super().__init__(outcome_id=activity.outcome_id)
        if activity.category != "action":
            del self.outcome_id


class ClosesWork:
    """Mix into the form that closes a record: it offers to finish what is still planned there, and shows it."""

    finish_open = BooleanField("Mark what is still planned as done", default=True)
    planned: ClassVar[list[Activity]] = []

    def offer_to_finish(self, noun: str, record_id: int) -> None:
        """Look what is planned; where nothing is, nothing is offered."""
        self.planned = open_on(noun, record_id)  # type: ignore[misc]
        if not self.planned:
            del self.finish_open

    @property
    def finishes(self) -> bool:
        """Whether what is planned is to be marked done."""
        return bool(self.finish_open and self.finish_open.data)
