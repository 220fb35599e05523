"""What we accept when a lead is postponed or disqualified."""

from typing import Any, ClassVar

from wtforms import HiddenField

from p2p.activities.forms import ClosesWork
from p2p.forms import Form, whole
from p2p.history.merging import changed_since
from p2p.leads.models import Lead
from p2p.setup.outcomes import SaysUntilWhen, SaysWhy


def moved_since(lead: Lead, form: Any) -> bool:
    """Whether somebody else moved a lead since this form was made from it."""
    return "status" in changed_since(lead, whole(form.version.data) or 0)


class PostponeForm(SaysUntilWhen, Form):
    """Out of the way until a day."""

    version = HiddenField()

    def __init__(self, lead: Lead) -> None:
        super().__init__(data={"version": lead.version})


class DisqualifyForm(SaysWhy, ClosesWork, Form):
    """Not worth pursuing: why, and what to do with what was still planned."""

    outcome: ClassVar[str] = "disqualified"
    of: ClassVar[str] = "leads"
    version = HiddenField()

    rows: ClassVar[tuple[tuple[str, ...], ...]] = (("reason_id",), ("note",), ("finish_open",))

    def __init__(self, lead: Lead) -> None:
        super().__init__(data={"version": lead.version})
        self.offer_to_finish(lead.noun, lead.id)
