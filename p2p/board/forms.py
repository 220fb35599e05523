"""What the board accepts: a card moved or estimated, and a new opportunity in a column."""

from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from p2p import forms
from p2p.figures import MoneyField, percent
from p2p.forms import ChoiceField, CreateForm, EditForm
from p2p.identity.queries import owners
from p2p.opportunities.forms import StageField
from p2p.opportunities.models import Opportunity
from p2p.parties.forms import PartyField
from p2p.setup import queries as setup

#: What the fields of a card are called in its form, and the facts they stand for.
FACTS = {
    "stage": "stage_id",
    "prognosis": "prognosis_id",
    "decide_by": "decide_by",
    "probability": "probability",
    "owner": "owner_id",
}


class CardForm(EditForm):
    """What is changed on a card; a drop sends only what its column stands for, and the rest stays as it is."""

    stage = StageField()
    prognosis = ChoiceField("Prognosis", setup.band_choices, blank="no prognosis")
    decide_by = forms.day("Decide by", description="Picks the prognosis. A prognosis alone means its last day.")
    probability = percent("Probability", required=True)
    owner = ChoiceField("Owner", owners, blank="nobody")
    again = HiddenField()  # "prognosis" where it was asked for by its key: the same one given anew counts from today

    rows = (("stage", "probability"), ("prognosis", "decide_by"), ("owner",))

    def __init__(self, opportunity: Opportunity) -> None:
        super().__init__(data={name: getattr(opportunity, fact) for name, fact in FACTS.items()})
        self.version.data = self.version.data or opportunity.version
        for name in FACTS:
            if self.is_submitted() and name not in request.form:
                del self[name]

    @property
    def facts(self) -> dict[str, Any]:
        facts = {fact: self[name].data for name, fact in FACTS.items() if name in self}
        if "decide_by" in facts and facts["decide_by"] is None:
            del facts["decide_by"]  # without a date there is no prognosis, and a band alone sets one
            if "prognosis" not in self or self.prognosis.data == self.prognosis.object_data:
                facts["prognosis_id"] = None
        return facts


class QuickAddForm(CreateForm):
    """A new opportunity: subject, party (a new one by its name), amount, prognosis.

    Who is quick says both in one line: `Leak tester @ Brunner Guss`.
    """

    subject = forms.line("Subject", required=True)
    party = PartyField("Party", new=True, required="Please give a party.")
    amount = MoneyField("Amount")
    stage = ChoiceField("Stage", setup.stage_choices, required="Please choose a stage.")
    prognosis = ChoiceField("Prognosis", setup.band_choices)
    decide_by = forms.day("Decide by")
    owner = ChoiceField("Owner", owners, blank="nobody")

    def __init__(self, **kw: Any) -> None:
        super().__init__(formdata=_of_whom(request.form), **kw)
        self.party.mean(forms.whole(request.form.get("meant")))

    def open(self, *, by: Any) -> Opportunity:
        """Open it, with the party of that name or a new one."""
        facts = {"subject": self.subject.data, "stage_id": self.stage.data}
        facts |= {"revenue": self.amount.data, "prognosis_id": self.prognosis.data}
        facts |= {"decide_by": self.decide_by.data} if self.decide_by.data else {}
        facts |= {"owner_id": self.owner.data} if "owner" in request.form else {}
        if isinstance(self.party.data, str):
            return Opportunity.open_for_new_party(self.party.data, facts, by=by)
        return Opportunity.open(facts | {"party_id": self.party.data}, by=by)


def _of_whom(typed: MultiDict[str, str]) -> MultiDict[str, str]:
    """What was typed, with the party taken out of a subject that names it."""
    subject, names, party = typed.get("subject", "").rpartition(" @ ")
    if not names or typed.get("party", "").strip():
        return typed
    rest = [(key, value) for key, value in typed.items(multi=True) if key not in ("subject", "party")]
    return MultiDict([*rest, ("subject", subject), ("party", party)])
