"""What we accept about prospects and customers."""

from typing import Any

from flask import g
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from p2p import forms
from p2p.forms import ChoiceField, CreateForm, EditForm
from p2p.identity.queries import owners
from p2p.parties.forms import PartyField
from p2p.setup import queries as setup


def _currencies() -> list[SelectChoice]:
    """The company currency first, then the others amounts may be typed in."""
    names = [g.company.currency, *(currency.name for currency in setup.currencies())]
    return [SelectChoice(name) for name in dict.fromkeys(names)]


def _list(label: str, name: str, **kw: Any) -> ChoiceField:
    return ChoiceField(label, lambda kept: setup.codes(name, kept), **kw)


class ProspectFacts:
    """What is kept of a prospect."""

    type_id = _list("Type", "prospect_type", required="Please choose a type.")
    currency = SelectField("Currency", choices=_currencies)
    status_id = _list("Prospect status", "prospect_status")
    segment_id = _list("Segment", "segment")
    line_of_business_id = _list("Line of business", "line_of_business")
    district_id = _list("Sales district", "district")
    responsible_id = ChoiceField("Responsible", owners, blank="nobody")


class ProspectForm(ProspectFacts, EditForm):
    """A prospect's facts; its number stays."""


class NewProspectForm(ProspectFacts, CreateForm):
    """A party gets the prospect role; the number is the next one unless given."""

    party_id = PartyField("Party", new=True, required="Please name the party.")
    number = forms.line("Number", longest=20, description="Left blank, it gets the next one.")


class ConvertForm(CreateForm):
    """A prospect becomes a customer."""

    number = forms.line("Account number", longest=20, description="Left blank, it gets the next one.")


class NewCustomerForm(ConvertForm):
    """A party becomes a customer."""

    party_id = PartyField("Party", new=True, required="Please name the party.")
