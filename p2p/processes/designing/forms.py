"""What we accept about steps. They stand here, and not with the other forms of set-up, because they name people."""

from typing import Any

from wtforms import BooleanField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, ValidationError

from p2p.forms import ChoiceField, CreateForm, EditForm, line
from p2p.identity.queries import owners
from p2p.setup.queries import codes
from p2p.setup.steps import CATEGORIES, LONGEST_DAYS


def days(label: str, **kw: Any) -> IntegerField:
    """A number of days."""
    said = f"Please give a whole number of days from 0 to {LONGEST_DAYS}."
    rules = [InputRequired(said), NumberRange(0, LONGEST_DAYS, said)]
    limits = {"inputmode": "numeric", "min": 0, "max": LONGEST_DAYS}
    return IntegerField(label, rules, default=0, render_kw=limits, **kw)


class StepFields:
    """What a step says."""

    name = line("What is to be done", required=True)
    type_id = ChoiceField("Type", lambda kept: codes("activity_type", kept))
    category = SelectField("Category", choices=[SelectChoice(*each) for each in CATEGORIES.items()], default="task")
    required = BooleanField("Required", description="Nothing leads on before it is done, if the process enforces it.")
    starts_after = days("From day", description="Days count from the day the stage was entered.")
    ends_after = days("Until day", description="The day its activity is due.")
    responsible_id = ChoiceField("Person", owners, blank="—")
    role_id = ChoiceField(
        "Role", lambda kept: codes("team_role", kept), description="Whoever has it on the team. Neither: the owner."
    )

    rows: tuple[tuple[str, ...], ...] = (
        ("name",),
        ("type_id", "category"),
        ("required",),
        ("starts_after", "ends_after"),
        ("responsible_id", "role_id"),
    )

    def validate_ends_after(self, field: IntegerField) -> None:
        if field.data is not None and self.starts_after.data is not None and field.data < self.starts_after.data:
            raise ValidationError("It cannot end before it begins.")

    def validate_role_id(self, field: ChoiceField) -> None:
        if field.data is not None and self.responsible_id.data is not None:
            raise ValidationError("Choose a person or a role, not both.")


class NewStep(StepFields, CreateForm):
    pass


class EditStep(StepFields, EditForm):
    pass
