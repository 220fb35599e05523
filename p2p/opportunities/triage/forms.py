"""What we accept when a lead turns out to be one that is known already."""

from typing import Any

from flask import g
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from p2p import forms
from p2p.forms import Form, whole
from p2p.identity.policy import may
from p2p.leads.models import Lead
from p2p.leads.queries import twins, with_number

#: What the lead that stays takes over where it says nothing itself.
FILLED = (
    *("party_id", "company_name", "person_name", "email", "phone", "source_id", "campaign_id"),
    *("type_id", "rating_id", "priority_id", "description"),
)
#: So long a description may get.
LONGEST = 4000


class MergeIntoForm(Form):
    """Which lead stays: one of the likely twins, the likeliest ticked, or another one by its number."""

    into = RadioField("The one that stays", validators=[Optional()], validate_choice=False, choices=[])
    number = forms.line("Another lead, by its number", longest=20)

    def __init__(self, lead: Lead, **kw: Any) -> None:
        super().__init__(**kw)
        self.lead = lead
        self.twins = {twin.lead.id: twin for twin in twins(lead)}
        self.into.choices = [
            SelectChoice(str(id), f"{twin.lead.number} {twin.lead.subject}") for id, twin in self.twins.items()
        ]
        if not self.is_submitted() and self.twins:
            self.into.data = str(next(iter(self.twins)))

    @property
    def survivor(self) -> Lead | None:
        """The lead that stays, if one was named."""
        if self.number.data:
            named = with_number(self.number.data)
            return named if named and not named.hidden else None
        chosen = self.twins.get(whole(self.into.data) or 0)
        return chosen.lead if chosen else None

    def validate(self, *args: Any, **kw: Any) -> bool:
        """Only a lead that one may merge can be the one that stays."""
        valid = bool(super().validate(*args, **kw))
        if problem := self._problem():
            field = self.number if self.number.data else self.into
            field.errors = [*field.errors, problem]
        return valid and not problem

    def _problem(self) -> str | None:
        survivor = self.survivor
        if survivor is None:
            return f"There is no lead {self.number.data}." if self.number.data else "Please choose the one that stays."
        if survivor.id == self.lead.id:
            return "That is this very lead."
        if not may(g.user, "lead.absorb", survivor):
            return f"“{survivor}” is {survivor.owner}’s: they or a manager may merge it."
        return None

    @property
    def filling(self) -> dict[str, Any]:
        """What the one that stays learns from the other one."""
        survivor: Any = self.survivor
        told = {name: getattr(self.lead, name) for name in FILLED}
        learnt = {name: value for name, value in told.items() if value and not getattr(survivor, name)}
        both = [text for text in (survivor.description, self.lead.description) if text]
        joined = "\n\n".join(dict.fromkeys(both))
        return learnt | ({"description": joined} if both and len(joined) <= LONGEST else {})
