"""What we accept about who is involved in an opportunity."""

from wtforms import BooleanField

from p2p import forms
from p2p.competitors.queries import choices as competitor_choices
from p2p.figures import MoneyField
from p2p.forms import ChoiceField, CreateForm, EditForm
from p2p.identity.queries import owners
from p2p.setup.queries import codes_of


class MemberForm(CreateForm):
    """Somebody for the team."""

    user_id = ChoiceField("Person", owners, required="Please choose somebody.")
    role_id = ChoiceField("Role", codes_of("team_role"))


class RivalForm(CreateForm):
    """A competitor who bids, too."""

    competitor_id = ChoiceField("Competitor", lambda kept: competitor_choices(), required="Please choose a competitor.")
    price = MoneyField("Their price")
    threat_id = ChoiceField("Threat", codes_of("threat"))
    note = forms.text("Note", longest=1000)


class RivalEditForm(EditForm):
    """What is known of a competitor's bid."""

    price = MoneyField("Their price")
    threat_id = ChoiceField("Threat", codes_of("threat"))
    note = forms.text("Note", longest=1000)
    winner = BooleanField("Won it")


class InvolveForm(CreateForm):
    """A contact with a part in the decision."""

    contact_id = ChoiceField("Contact", lambda kept: [], required="Please choose a contact.")
