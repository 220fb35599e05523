"""What we accept about campaigns."""

from typing import Any

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from p2p import forms
from p2p.campaigns.models import STATUSES, Campaign
from p2p.figures import MoneyField
from p2p.forms import ChoiceField, CreateForm, EditForm, one_fact
from p2p.identity.queries import owners
from p2p.setup.queries import codes_of


class Dates:
    """From when until when it runs."""

    starts_on = forms.day("From")
    ends_on = forms.day("Until")

    def validate_ends_on(self, field: Any) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError("It cannot end before it begins.")


class Facts(Dates):
    """What is kept of a campaign."""

    name = forms.line("Name", required=True)
    type_id = ChoiceField("Type", codes_of("campaign_type"))
    status = SelectField("Status", choices=[SelectChoice(*each) for each in STATUSES.items()], default="planning")
    cost = MoneyField("Cost")
    owner_id = ChoiceField("Owner", owners, blank="nobody")
    description = forms.text("Description")

    rows = (("name",), ("type_id", "status"), ("starts_on", "ends_on"), ("cost", "owner_id"), ("description",))


class NewCampaignForm(Facts, CreateForm):
    """A new campaign."""


class CampaignForm(Facts, EditForm):
    """Everything about a campaign."""


class DatesForm(Dates, EditForm):
    """The dates alone, both at once."""


#: Facts that are edited in place, one by one.
INLINE = ("name", "type_id", "status", "cost", "owner_id", "description")


def fact_form(campaign: Campaign, name: str) -> EditForm | None:
    """The form of one fact, or of the dates; None where there is none of that name."""
    form_class = DatesForm if name == "dates" else one_fact(CampaignForm, name) if name in INLINE else None
    return form_class(campaign, money_in=campaign.currency) if form_class else None
