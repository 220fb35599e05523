"""What we accept at meetings."""

import secrets
from datetime import timedelta
from typing import Any

from flask import g, request
from wtforms import BooleanField, HiddenField

from p2p import forms
from p2p.activities.forms import SaysSomething, ends_in_a_day, sent
from p2p.figures import percent
from p2p.filters import today
from p2p.forms import ChoiceField, CreateForm, EditForm, Form, whole
from p2p.history import Recorded
from p2p.history.merging import Conflict, changed_since, merge
from p2p.history.values import encode
from p2p.identity.queries import owners
from p2p.meetings.models import Meeting, Point
from p2p.opportunities.estimate import CLOSED
from p2p.opportunities.forms import ProbabilityField, StageField
from p2p.opportunities.models import Opportunity
from p2p.setup import queries as setup

#: What a form sets on the point, and what on the deal.
SAID = ("decision", "note")
STEERS = ("stage_id", "probability", "prognosis_id", "decide_by")


class Words:
    """What is kept of a meeting besides its deals."""

    name = forms.line("Name", required=True)
    held_on = forms.day("Held on", required=True)
    attending = forms.line("Who attends", longest=500, description="As you write it: Rita, Max, on the phone Tess.")


class BeginForm(Words, CreateForm):
    """A new meeting over a filter."""

    whole = BooleanField("All filtered deals", description="Those that nothing speaks for come last.")
    asked = HiddenField()

    def suggest(self, asked: str, previous: Meeting | None, quiet_only: bool) -> None:
        """What it is likely to be called, and who was there last time; all deals where nothing speaks for any."""
        if self.is_submitted():
            return
        same = previous if previous and previous.asked == asked else None
        self.asked.data, self.held_on.data, self.whole.data = asked, today(), quiet_only
        self.name.data = same.name if same else "Sales meeting"
        self.attending.data = same.attending if same else None


class MeetingForm(Words, EditForm):
    """What a meeting is called, when it was, who was there, and whether it walks all deals."""

    led_by_id = ChoiceField("Led by", owners, blank="nobody")
    whole = BooleanField("All filtered deals", description="Those that nothing speaks for come last.")

    rows = (("name", "held_on"), ("led_by_id", "attending"), ("whole",))


class Said:
    """What was decided, and what else was said; Markdown."""

    decision = forms.text("Decision", longest=2000)
    note = forms.text("Note", longest=4000)


class PointForm(Said, EditForm):
    """A correction of the minutes."""


class Meanwhile(Exception):
    """Somebody else changed the same; nothing was written. One conflict for each record."""

    def __init__(self, conflicts: list[Conflict]) -> None:
        super().__init__(", ".join(str(conflict) for conflict in conflicts))
        self.conflicts = conflicts


class DiscussForm(Said, Form):
    """One deal of a meeting: decision, next step and estimate in one form, made from two records.

    `version` is the deal's, `point_version` that of what was said before (0: nothing). Its key makes sure that sending
    it twice plans the step once.
    """

    purpose = forms.line("Next step", validators=[SaysSomething()])
    due_on = forms.day("On")
    responsible_id = ChoiceField("Who", owners, blank="nobody")
    stage_id = StageField()
    probability = percent("Probability", required=True, kind=ProbabilityField)
    prognosis_id = ChoiceField("Prognosis", setup.band_choices, blank="no prognosis")
    decide_by = forms.day("Decide by")
    version = HiddenField()
    point_version = HiddenField()
    key = HiddenField(default=lambda: secrets.token_urlsafe(12))
    validate_purpose = ends_in_a_day

    def __init__(self, deal: Opportunity, point: Point | None) -> None:
        shown = {name: getattr(deal, name) for name in (*STEERS, "version")}
        shown |= {name: getattr(point, name, None) for name in SAID}
        shown |= {"point_version": point.version if point else 0, "due_on": today() + timedelta(7)}
        typed = sent() if request.form else None
        super().__init__(formdata=typed, data=shown | {"responsible_id": deal.owner_id or g.user.id})
        self.deal, self.point = deal, point
        if deal.status in CLOSED:
            for name in STEERS:
                del self[name]

    def validate(self, *args: Any, **kw: Any) -> bool:
        """A next step needs a day; a day alone plans nothing."""
        fine = super().validate(*args, **kw)
        if self.purpose.data and not self.due_on.data and not self.due_on.errors:
            self.due_on.errors = ["Give the next step a day."]
        return fine and not self.due_on.errors

    @property
    def step(self) -> dict[str, Any] | None:
        """The next step to plan; None where nothing was typed."""
        names = ("purpose", "due_on", "responsible_id")
        return {name: self[name].data for name in names} if self.purpose.data else None

    def merged(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What to set on the point and on the deal. Raises Meanwhile where somebody else changed the same."""
        said = {name: self[name].data for name in SAID}
        steering = {name: self[name].data for name in STEERS if name in self}
        conflicts: list[Conflict] = []
        if self.point is not None:
            said = self._merge(self.point, self.point_version, said, conflicts)
        steering = self._merge(self.deal, self.version, steering, conflicts)
        if conflicts:
            raise Meanwhile(conflicts)
        return said, steering

    def _merge(
        self, record: Recorded, version: HiddenField, facts: dict[str, Any], conflicts: list[Conflict]
    ) -> dict[str, Any]:
        try:
            return merge(record, whole(version.data) or 0, facts)
        except Conflict as conflict:
            conflicts.append(conflict)
            return {}

    def take_over(self) -> None:
        """Be made from what stands now: what only somebody else changed is theirs, what I typed stays typed."""
        for record, version, names in ((self.point, self.point_version, SAID), (self.deal, self.version, STEERS)):
            since = changed_since(record, whole(version.data) or 0) if record else {}
            for name in since.keys() & set(names) & set(self._fields):
                if encode(self[name].data) == since[name].was:
                    self[name].data, self[name].raw_data = getattr(record, name), None
            version.data = record.version if record else 0
