"""What we accept about competitors."""

from p2p import forms
from p2p.forms import CreateForm, EditForm
from p2p.parties.forms import PartyField


class CompetitorFacts:
    """What is known of a competitor."""

    description = forms.line("Description", longest=200)
    strengths = forms.text("Strengths")
    prices = forms.text("Prices and products")
    notes = forms.text("Notes")


class CompetitorForm(CompetitorFacts, EditForm):
    """Everything about a competitor; its name is the party's."""


class NewCompetitorForm(CompetitorFacts, CreateForm):
    """A party enters the register of competitors."""

    party_id = PartyField("Party", new=True, required="Please name the party.")
