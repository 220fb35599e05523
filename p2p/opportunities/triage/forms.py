"""What we accept when a lead turns out to be one that is known already."""

from functools import cached_property
from typing import Any

from flask import g
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from p2p import forms
from p2p.db import db
from p2p.forms import Form, whole
from p2p.identity.policy import may
from p2p.leads.models import Lead
from p2p.leads.queries import twins, with_number
from p2p.opportunities.triage import queries

#: What the lead that stays takes over where it says nothing itself.
FILLED = (
    *("party_id", "company_name", "person_name", "email", "phone", "source_id", "campaign_id"),
    *("type_id", "rating_id", "priority_id", "description"),
)
#: So long a description may get.
LONGEST = 4000
LOOK = "Type its number, or words of its subject, company or person."


def _offered(lead: Lead, why: str | None = None) -> SelectChoice:
    told = (f"{lead.number} {lead.subject}", lead.who, lead.status_words.lower(), why)
    return SelectChoice(str(lead.id), " · ".join(filter(None, told)))


class MergeIntoForm(Form):
    """Which lead stays: a likely twin, the likeliest ticked, or another one by its number; words show what they fit."""

    into = RadioField("The one that stays", validators=[Optional()], validate_choice=False, choices=[])
    other = forms.line("Another lead", longest=120, description=LOOK)

    def __init__(self, lead: Lead, **kw: Any) -> None:
        super().__init__(**kw)
        self.lead = lead
        self.rows: tuple[tuple[str, ...], ...] = (("into",), ("other",))
        likely = twins(lead)
        self.into.choices = [_offered(twin.lead, twin.why) for twin in likely]
        if not self.is_submitted() and likely:
            self.into.data = str(likely[0].lead.id)
        elif not likely:
            self.rows = (("other",),)
            self.other.description = f"No likely twins. {LOOK}"
            self.other.flags.optional = False

    @cached_property
    def survivor(self) -> Lead | None:
        """The lead that stays, if one was named."""
        if self.other.data:
            named = with_number(self.other.data.upper())
        else:
            named = db.session.get(Lead, whole(self.into.data) or 0)
        return named if named and not named.hidden else None

    def validate(self, *args: Any, **kw: Any) -> bool:
        """Only a lead that one may merge can be the one that stays."""
        if not super().validate(*args, **kw):
            return False
        searched = self.other.data if self.survivor is None else None
        if found := queries.others(self.lead, searched) if searched else []:
            self._ask_which(found)
        elif problem := self._problem():
            self.refuse(problem)
        return not (found or self.errors)

    def refuse(self, problem: str) -> None:
        """Say why not, where the lead was named; one that words had shown stays in sight."""
        if self.other.data or not (self.survivor or self.into.choices):
            self.other.errors = [*self.other.errors, problem]
            return
        self.into.errors, self.rows = [*self.into.errors, problem], (("into",), ("other",))
        if self.survivor and self.into.data not in {value for value, *_ in self.into.choices}:
            self.into.choices = [*self.into.choices, _offered(self.survivor)]

    def _ask_which(self, found: list[Lead]) -> None:
        """Nothing is merged by words: they show the leads that hold them, of which one can be chosen."""
        self.into.choices = [_offered(lead) for lead in found]
        self.into.flags.asks = True
        self.into.data = str(found[0].id) if len(found) == 1 else None
        self.into.description = f"“{self.other.data}” fits {'this lead' if self.into.data else 'these leads'}."
        self.other.data, self.rows, self.other.description = None, (("into",), ("other",)), LOOK

    def _problem(self) -> str | None:
        survivor = self.survivor
        if survivor is None:
            return f"No lead has “{self.other.data}”." if self.other.data else "Please choose the one that stays."
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
