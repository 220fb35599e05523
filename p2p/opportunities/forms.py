"""What we accept about opportunities."""

from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from p2p import forms
from p2p.competitors.queries import choices as competitor_choices
from p2p.filters import NotANumber, the_format, today
from p2p.forms import ChoiceField, CreateForm, EditForm, Form, MoneyField
from p2p.identity.queries import owners
from p2p.opportunities.models import Opportunity
from p2p.parties.forms import PartyField
from p2p.setup import queries as setup
from p2p.setup.models import Reason


def _stages(kept: int | None) -> list[tuple[int, str]]:
    return [(stage.id, stage.name) for stage in setup.stages()]


def _bands(kept: int | None) -> list[tuple[int, str]]:
    return [(band.id, band.name) for band in setup.bands()]


def _codes(list_name: str) -> Any:
    return lambda kept: setup.codes(list_name, kept)


def _owners(kept: int | None) -> list[tuple[int, str]]:
    return owners()


class RateField(StringField):
    """What one unit of the currency is worth in the company currency; data is millionths."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{(self.data or 1_000_000) / 1_000_000:.6f}".rstrip("0").rstrip(".")

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = (valuelist[0] if valuelist else "").strip()
        try:
            self.data = int(the_format().parse_number(typed).scaleb(6)) if typed else 1_000_000
        except NotANumber as error:
            raise ValueError(str(error)) from error
        if not 0 < self.data < 10**12:
            raise ValueError("A rate must be more than zero and less than a million.")


class Facts:
    """The fields that opening and editing have in common."""

    subject = forms.line("Subject", required=True)
    party_id = PartyField("Party", required="Please give a party.")
    owner_id = ChoiceField("Owner", _owners, blank="nobody")
    stage_id = ChoiceField("Stage", _stages, required="Please choose a stage.")
    prognosis_id = ChoiceField("Prognosis", _bands, blank="no prognosis")
    decide_by = forms.day("Decision date", description="Picks its prognosis band; a band alone means its last day.")
    currency = SelectField("Currency", choices=[])
    revenue = MoneyField("Estimated revenue", currency_from="currency")
    rate_millionths = RateField("Rate", validators=[Optional()])
    source_id = ChoiceField("Source", _codes("source"))
    product_id = ChoiceField("Product", _codes("product"))
    description = forms.text("Description")

    #: The rows of the form: what belongs together stands together.
    rows = (
        ("subject", "party_id"),
        ("owner_id", "stage_id"),
        ("prognosis_id", "decide_by"),
        ("probability", "probability_manual"),
        ("revenue", "currency", "rate_millionths"),
        ("source_id", "product_id"),
        ("description",),
    )

    def offer_currencies(self, kept: str | None) -> None:
        """Offer the company currency first, then the others that are set up; a known rate is filled in."""
        own = the_format().currency
        others = [entry.name for entry in setup.currencies() if entry.name != own]
        names = [own, *others] + ([kept] if kept and kept not in (own, *others) else [])
        self.currency.choices = [(name, name) for name in names]
        self.revenue.currency = kept or own
        if len(names) == 1:
            del self.currency, self.rate_millionths


class OpenForm(Facts, CreateForm):
    """A new opportunity; a party we do not know yet is entered with it."""

    party_id = PartyField("Party", new=True, required="Please give a party.")

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        self.offer_currencies(None)

    def open(self, *, by: Any) -> Opportunity:
        """Open it, with the party chosen or a new one of that name."""
        facts = self.facts
        party = facts.pop("party_id")
        if isinstance(party, str):
            return Opportunity.open_for_new_party(party, facts, by=by)
        return Opportunity.open(facts | {"party_id": party}, by=by)


class OpportunityForm(Facts, EditForm):
    """Everything about an opportunity; the estimate, too, while it is open."""

    probability = forms.percent("Probability", required=True)
    probability_manual = BooleanField("Set by hand", description="Without the tick it follows the stage.")

    def __init__(self, record: Any, **kw: Any) -> None:
        super().__init__(record, **kw)
        self.offer_currencies(record.currency)
        if record.status in ("won", "lost", "canceled"):
            for name in ("stage_id", "probability", "probability_manual", "prognosis_id", "decide_by"):
                del self[name]


class StageForm(EditForm):
    """The stage alone."""

    stage_id = ChoiceField("Stage", _stages, required="Please choose a stage.")


class ProbabilityForm(EditForm):
    """The probability alone."""

    probability = forms.percent("Probability", required=True)


class PrognosisForm(EditForm):
    """The prognosis alone: a band, or a date that picks one."""

    prognosis_id = ChoiceField("Prognosis", _bands, blank="no prognosis")
    decide_by = forms.day("Decision date", description="Picks its band. A band alone means its last day.")


class PostponeForm(Form):
    """Off the board until a day."""

    wake_on = forms.day("Wake up on", required=True)
    note = forms.text("Note", longest=1000)

    def validate_wake_on(self, field: Any) -> None:
        if field.data is not None and field.data <= today():
            raise ValidationError("Please give a day after today.")


class OutcomeForm(Form):
    """Why it ended, and what to do with what was still planned."""

    outcome = ""
    reason_id = ChoiceField("Reason", lambda kept: [], required="Please choose a reason.")
    note = forms.text("Note", longest=4000)
    finish_open = BooleanField("Mark its planned activities as done", default=True)

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        self.reasons: dict[int, Reason] = {reason.id: reason for reason in setup.reasons(self.outcome)}
        self.reason_id.choices_from = lambda kept: [(reason.id, reason.name) for reason in self.reasons.values()]

    @property
    def reason(self) -> Reason:
        return self.reasons[self.reason_id.data]

    @property
    def finishes(self) -> bool:
        """Whether the planned activities are to be marked done."""
        return bool("finish_open" in self and self.finish_open.data)

    def validate(self, *args: Any, **kw: Any) -> bool:
        """A reason that says nothing by itself needs a note; the empty note is where it is asked for."""
        valid = super().validate(*args, **kw)
        reason = self.reasons.get(self.reason_id.data)
        if reason and reason.needs_note and not self.note.data:
            self.note.errors = [f"“{reason}” needs a note that says what it was."]
            return False
        return bool(valid)


class WinForm(OutcomeForm):
    """Won, for a reason."""

    outcome = "won"


class CancelForm(OutcomeForm):
    """Canceled, for a reason; it never counts as lost."""

    outcome = "canceled"


class SelectMultipleChecks(SelectMultipleField):
    """Several of a list, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class LossForm(OutcomeForm):
    """Lost: why, to whom, and by how much."""

    outcome = "lost"
    winners = SelectMultipleChecks("Who won it", coerce=int, validators=[Optional()])
    new_winner = forms.line("Another competitor", description="Not in the list? The name is enough.")
    price_gap = MoneyField("Price gap", description="By how much we were dearer, if known.")

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        self.winners.choices = competitor_choices()


class MemberForm(CreateForm):
    """Somebody for the team."""

    user_id = ChoiceField("Person", _owners, required="Please choose somebody.")
    role_id = ChoiceField("Role", _codes("team_role"))


class RivalForm(CreateForm):
    """A competitor who bids, too."""

    competitor_id = ChoiceField("Competitor", lambda kept: competitor_choices(), required="Please choose a competitor.")
    price = MoneyField("Their price")
    threat_id = ChoiceField("Threat", _codes("threat"))
    note = forms.text("Note", longest=1000)


class RivalEditForm(EditForm):
    """What is known of a competitor's bid."""

    price = MoneyField("Their price")
    threat_id = ChoiceField("Threat", _codes("threat"))
    note = forms.text("Note", longest=1000)
    winner = BooleanField("Won it")


class InvolveForm(CreateForm):
    """A contact with a part in the decision."""

    contact_id = ChoiceField("Contact", lambda kept: [], required="Please choose a contact.")
