"""What a row of the list accepts: owner, rating, priority, and a move."""

from typing import Any

from wtforms import SelectField
from wtforms.validators import Optional

from p2p.forms import ChoiceField, EditForm
from p2p.identity.queries import owners
from p2p.leads.models import Lead
from p2p.setup.queries import codes

STAY = ""


class RowForm(EditForm):
    """The facts of one row, and what is to become of the lead."""

    owner_id = ChoiceField("Owner", owners, blank="nobody")
    rating_id = ChoiceField("Rating", lambda kept: codes("lead_rating", kept))
    priority_id = ChoiceField("Priority", lambda kept: codes("lead_priority", kept))
    move = SelectField("Status", choices=[STAY], default=STAY, validators=[Optional()])

    def __init__(self, lead: Lead) -> None:
        super().__init__(lead)
        if not self.move.raw_data:
            self.move.data = STAY  # not the verb of that name
        self.move.choices = [STAY, *sorted({move for moves in Lead.moves.values() for move in moves})]

    @property
    def facts(self) -> dict[str, Any]:
        """Only what was sent: a row that shows less changes less."""
        sent = {field.name for field in self if field.raw_data}
        return {name: value for name, value in super().facts.items() if name != "move" and name in sent}
