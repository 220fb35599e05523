"""What we accept when several leads are qualified at once."""

from collections.abc import Mapping
from typing import Any

from flask import g
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from p2p import forms
from p2p.bulk.changes import why_not
from p2p.bulk.selecting import Selection
from p2p.db import db
from p2p.forms import ChoiceField, CreateForm, SelectMultipleChecks
from p2p.identity.models import User
from p2p.identity.queries import owners
from p2p.leads.models import Lead
from p2p.opportunities.qualifying.rules import NONE
from p2p.opportunities.qualifying.several import UNMATCHED, Line, foresee, share_out
from p2p.setup import queries as setup
from p2p.setup.models import Reason

#: So many leads at most are qualified at once: each is looked at by itself.
MOST_AT_ONCE = 100


class SeveralForm(CreateForm):
    """Each lead through its best match; what to do with the others, who gets them, and why."""

    unmatched = RadioField(
        "Leads that match nobody of the address book",
        choices=[SelectChoice(*each) for each in UNMATCHED.items()],
        default=NONE,
    )
    people = SelectMultipleChecks("Share those without an owner between", coerce=int, validators=[Optional()])
    force = BooleanField("Share out those with an owner, too")
    reason_id = ChoiceField("Reason", lambda kept: [])
    note = forms.text("Note", longest=4000)

    def __init__(self, selection: Selection, *, needs_reason: bool, **kw: Any) -> None:
        super().__init__(**kw)
        self.leads, self.needs_reason = selection.records[:MOST_AT_ONCE], needs_reason
        self.versions = selection.versions
        self.more = selection.more or len(selection.records) > MOST_AT_ONCE
        self.people.choices = [SelectChoice(id, name) for id, name in owners()]
        self.reasons: dict[int, Reason] = {reason.id: reason for reason in setup.reasons("qualified", "leads")}
        self.reason_id.choices_from = lambda kept: [(reason.id, reason.name) for reason in self.reasons.values()]
        unmatched = self.unmatched.data if self.unmatched.data in UNMATCHED else NONE
        self.lines: list[Line] = foresee(self.leads, unmatched, lambda lead: why_not(lead, selection, g.user))

    def validate(self, *args: Any, **kw: Any) -> bool:
        """A reason where one is needed, and at least one lead that changes."""
        valid = bool(super().validate(*args, **kw))
        reason = self.reason
        if reason is None and self.needs_reason:
            self.reason_id.errors = ["Please choose a reason."]
        elif reason and reason.needs_note and not self.note.data:
            self.note.errors = [f"“{reason}” needs a note that says what it was."]
        elif self.changing == 0:
            self.form_errors.append("None of them would change.")
        else:
            return valid
        return False

    @property
    def reason(self) -> Reason | None:
        return self.reasons.get(self.reason_id.data or 0)

    @property
    def changing(self) -> int:
        """How many leads would change."""
        return sum(line.changes for line in self.lines)

    @property
    def shares(self) -> Mapping[Lead, User]:
        """Who gets which of the leads that change."""
        people = [db.session.get_one(User, id) for id in self.people.data or []]
        return share_out((line.lead for line in self.lines if line.changes), people, force=self.force.data)
