"""What we accept about opportunities."""

from typing import Any

from flask import get_template_attribute
from wtforms import BooleanField, SelectField
from wtforms.validators import Optional, ValidationError

from p2p import forms
from p2p.campaigns import queries as campaigns
from p2p.db import db
from p2p.figures import MoneyField, PercentField, RateField, percent
from p2p.filters import the_format
from p2p.forms import ChoiceField, CreateForm, EditForm, one_fact
from p2p.identity.queries import owners
from p2p.opportunities.models import Opportunity
from p2p.opportunities.queries import with_number
from p2p.parties.forms import PartyField
from p2p.setup import queries as setup
from p2p.setup.models import ONE, Stage
from p2p.setup.queries import codes_of


class ProbabilityField(PercentField):
    """A percentage, with those that are set up offered."""

    def __call__(self, **kw: Any) -> Any:
        offered = get_template_attribute("opportunities/_probabilities.html", "offered")
        return super().__call__(list=f"{self.id}-offered", **kw) + offered(f"{self.id}-offered", setup.probabilities())


class StageField(ChoiceField):
    """A stage: those of its own process are offered; the record says of others why it refuses them."""

    def __init__(self, **kw: Any) -> None:
        super().__init__("Stage", _beside, required="Please choose a stage.", **kw)

    def pre_validate(self, form: Any) -> None:
        if self.data not in {stage.id for stage in setup.stages()}:
            super().pre_validate(form)


def _beside(kept: int | None) -> list[tuple[int, str]]:
    stages = db.session.get_one(Stage, kept).beside() if kept is not None else []
    return [(stage.id, stage.name) for stage in stages]


class Facts:
    """The fields that opening and editing have in common."""

    subject = forms.line("Subject", required=True)
    party_id = PartyField("Party", required="Please give a party.")
    owner_id = ChoiceField("Owner", owners, blank="nobody")
    stage_id = ChoiceField("Stage", setup.stage_choices, required="Please choose a stage.")
    prognosis_id = ChoiceField("Prognosis", setup.band_choices, blank="no prognosis")
    decide_by = forms.day("Decision date", description="Picks its prognosis band; a band alone means its last day.")
    currency = SelectField("Currency", choices=[])
    revenue = MoneyField("Estimated revenue", currency_from="currency")
    rate_millionths = RateField("Rate", [Optional()], description="Left blank, it is the one set up.")
    source_id = ChoiceField("Source", codes_of("source"))
    campaign_id = ChoiceField("Campaign", campaigns.choices, blank="no campaign")
    product_id = ChoiceField("Product", codes_of("product"))
    description = forms.text("Description")

    #: The rows of the form: what belongs together stands together.
    rows: tuple[tuple[str, ...], ...] = (
        ("subject", "party_id"),
        ("owner_id", "stage_id"),
        ("prognosis_id", "decide_by"),
        ("probability", "probability_manual"),
        ("revenue", "currency", "rate_millionths"),
        ("source_id", "campaign_id"),
        ("product_id",),
        ("description",),
    )

    def offer_currencies(self, kept: str | None) -> None:
        """Offer the company currency first, then the others that are set up; it alone needs no choice and no rate."""
        own = the_format().currency
        others = [entry.name for entry in setup.currencies() if entry.name != own]
        names = [own, *others] + ([kept] if kept and kept not in (own, *others) else [])
        self.currency.choices = [(name, name) for name in names]
        self.revenue.currency = kept or own
        if len(names) == 1:
            del self.currency, self.rate_millionths
        elif kept == own and not self.is_submitted():  # type: ignore[attr-defined]
            self.rate_millionths.data = None

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().facts  # type: ignore[misc]
        if "currency" in facts:
            facts["rate_millionths"] = self._rate(facts["currency"], facts["rate_millionths"])
        return facts

    def _rate(self, currency: str, typed: int | None) -> int:
        """The rate typed, else the one set up; the rate of the currency it was before is none of the new one."""
        was, rate_was = self.currency.object_data, self.rate_millionths.object_data
        if currency == the_format().currency:
            return ONE
        if typed is not None and (currency == was or typed != rate_was):
            return typed
        known = setup.rate_of(currency)
        return known or (rate_was if currency == was else None) or ONE


class OpenForm(Facts, CreateForm):
    """A new opportunity; a party we do not know yet is entered with it."""

    party_id = PartyField("Party", new=True, required="Please give a party.")
    number = forms.line("Number", longest=20, description="Left blank, it gets the next one. It stays for good.")

    rows = (*Facts.rows, ("number",))

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        self.offer_currencies(None)

    def validate_number(self, field: Any) -> None:
        if field.data and (other := with_number(field.data)):
            whose = "an opportunity that was taken away" if other.hidden else f"“{other}”"
            raise ValidationError(f"The number {field.data} already belongs to {whose}.")

    def open(self, *, by: Any) -> Opportunity:
        """Open it, with the party chosen or a new one of that name."""
        facts = self.facts
        party = facts.pop("party_id")
        if isinstance(party, str):
            return Opportunity.open_for_new_party(party, facts, by=by)
        return Opportunity.open(facts | {"party_id": party}, by=by)


class OpportunityForm(Facts, EditForm):
    """Everything about an opportunity; the estimate, too, while it is open."""

    stage_id = StageField()
    probability = percent("Probability", required=True, kind=ProbabilityField)
    probability_manual = BooleanField("Set by hand", description="Without the tick it follows the stage.")

    def __init__(self, record: Any, **kw: Any) -> None:
        super().__init__(record, **kw)
        self.offer_currencies(record.currency)
        if record.status in ("won", "lost", "canceled"):
            for name in ("stage_id", "probability", "probability_manual", "prognosis_id", "decide_by"):
                del self[name]


#: Facts that are edited in place, one by one.
INLINE = ("subject", "party_id", "owner_id", "revenue", "source_id", "campaign_id", "product_id", "description")


def fact_form(opportunity: Opportunity, name: str) -> EditForm:
    """The form of one fact; an amount is in the currency it is kept in."""
    form_class = one_fact(OpportunityForm, name)
    assert form_class is not None, name
    return form_class(opportunity, money_in=opportunity.currency)


class StageForm(EditForm):
    """The stage alone."""

    stage_id = StageField()


class ProbabilityForm(EditForm):
    """The probability alone."""

    probability = percent("Probability", required=True, kind=ProbabilityField)


class PrognosisForm(EditForm):
    """The prognosis alone: a band, or a date that picks one."""

    prognosis_id = ChoiceField("Prognosis", setup.band_choices, blank="no prognosis")
    decide_by = forms.day("Decision date", description="Picks its band. A band alone means its last day.")
