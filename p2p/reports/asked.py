"""What a report is asked about: a period and whose leads; the words of the address are those of the list of leads."""

from datetime import date, timedelta
from typing import Any, ClassVar

from flask import request
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from p2p import forms
from p2p.campaigns.queries import choices as campaigns
from p2p.filters import today
from p2p.forms import ChoiceField, Form
from p2p.identity.queries import owners
from p2p.reports.periods import GRAINS
from p2p.setup.queries import codes

#: What the list of leads is narrowed by in the same words.
NARROWS = ("opened_from", "opened_to", "owner", "source", "campaign", "type")


def a_year_ago() -> date:
    return today() - timedelta(days=364)


class AskedForm(Form):
    """A period (by default the last year) and, if wanted, whose, from where and of which type."""

    FOLDED: ClassVar[tuple[str, ...]] = ("owner", "source", "campaign", "type")
    opened_from = forms.day("Opened from", default=a_year_ago)
    opened_to = forms.day("until", default=today)
    owner = ChoiceField("Owner", lambda kept: owners(), blank="Any")
    source = ChoiceField("Source", lambda kept: codes("source"), blank="Any")
    campaign = ChoiceField("Campaign", lambda kept: campaigns(), blank="Any")
    type = ChoiceField("Type", lambda kept: codes("lead_type"), blank="Any")
    grain = SelectField("Each", choices=[SelectChoice(*each) for each in GRAINS.items()], default="week")

    def __init__(self, *, with_grain: bool = False) -> None:
        super().__init__(formdata=request.args or None, meta={"csrf": False})
        del self.next
        if not with_grain:
            del self.grain

    def validate_opened_to(self, field: Any) -> None:
        if field.data and self.opened_from.data and field.data < self.opened_from.data:
            raise ValidationError("The period ends before it begins.")

    @property
    def narrowed(self) -> dict[str, Any]:
        """What was asked for, by the words of the list; what was left open is left out."""
        found = {name: self[name].data for name in NARROWS}
        return {name: value for name, value in found.items() if value is not None}
