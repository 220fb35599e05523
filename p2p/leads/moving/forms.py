"""What we accept when a lead is postponed or disqualified."""

from datetime import timedelta
from typing import Any, ClassVar

from wtforms import HiddenField

from p2p.activities.forms import ClosesWork
from p2p.filters import today
from p2p.forms import EditForm, Form, whole
from p2p.history.merging import changed_since
from p2p.leads.models import Lead
from p2p.setup.outcomes import SaysUntilWhen, SaysWhy

#: So many days a lead sleeps unless another day is given.
A_WHILE = 7


def moved_since(lead: Lead, form: Any) -> bool:
    """Whether somebody else moved a lead since this form was made from it."""
    return "status" in changed_since(lead, whole(form.version.data) or 0)


class PostponeForm(SaysUntilWhen, EditForm):
    """Out of the way until a day: in a week, unless another one is given."""

    def __init__(self, lead: Lead) -> None:
        super().__init__(lead)
        if not self.is_submitted() and self.wake_on.data is None:
            self.wake_on.data = today() + timedelta(days=A_WHILE)


class DisqualifyForm(SaysWhy, ClosesWork, Form):
    """Not worth pursuing: why, and what to do with what was still planned."""

    outcome: ClassVar[str] = "disqualified"
    of: ClassVar[str] = "leads"
    version = HiddenField()

    rows: ClassVar[tuple[tuple[str, ...], ...]] = (("reason_id",), ("note",), ("finish_open",))

    def __init__(self, lead: Lead) -> None:
        super().__init__(data={"version": lead.version})
        self.offer_to_finish(lead.noun, lead.id)
