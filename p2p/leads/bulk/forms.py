"""What we accept when many leads are changed at once; each form tells what its leads would become."""

from typing import Any, ClassVar

from wtforms import BooleanField
from wtforms.validators import DataRequired

from p2p.bulk.changes import Lines
from p2p.bulk.forms import BulkForm
from p2p.db import db
from p2p.forms import ChoiceField, SelectMultipleChecks
from p2p.identity.models import User
from p2p.identity.queries import owners
from p2p.leads.bulk import changes
from p2p.setup.models import Code
from p2p.setup.outcomes import SaysUntilWhen, SaysWhy
from p2p.setup.queries import codes


class AssignForm(BulkForm):
    """In turns to the people ticked."""

    title, done, verb = "Assign", "assigned", "lead.assign"
    people = SelectMultipleChecks(
        "Who gets them, in turns", coerce=int, validators=[DataRequired("Please tick at least one person.")]
    )
    force = BooleanField("Also those who have an owner")

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        self.people.choices = owners()

    @property
    def lines(self) -> Lines:
        offered = {id for id, _ in self.people.choices}
        people = [db.session.get_one(User, id) for id in self.people.data or [] if id in offered]
        return changes.assigned(people, force=self.force.data)


class DisqualifyAllForm(SaysWhy, BulkForm):
    """All for the same reason."""

    title, done, verb = "Disqualify", "disqualified", "lead.disqualify"
    outcome: ClassVar[str] = "disqualified"
    of: ClassVar[str] = "leads"
    finish_open = BooleanField("Mark what is still planned as done", default=True)

    @property
    def lines(self) -> Lines:
        reason = self.reasons.get(self.reason_id.data)
        return changes.disqualified(reason, self.note.data, finish_open=self.finish_open.data)


class PostponeAllForm(SaysUntilWhen, BulkForm):
    """All until the same day."""

    title, done, verb = "Postpone", "postponed", "lead.postpone"

    @property
    def lines(self) -> Lines:
        return changes.postponed(self.until, self.note.data)


class RateForm(BulkForm):
    """All with the same rating."""

    title, done, verb = "Rate", "rated", "lead.edit"
    rating_id = ChoiceField("Rating", lambda kept: codes("lead_rating"), required="Please choose a rating.")

    @property
    def lines(self) -> Lines:
        chosen = self.rating_id.data
        return changes.rated(db.session.get_one(Code, chosen) if chosen in dict(codes("lead_rating")) else None)


FORMS: dict[str, type[BulkForm]] = {
    "assign": AssignForm,
    "disqualify": DisqualifyAllForm,
    "postpone": PostponeAllForm,
    "rate": RateForm,
}
