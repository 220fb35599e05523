"""What we accept about rules of advice."""

from typing import Any

from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from p2p.forms import EditForm
from p2p.opportunities.advising.models import AdviceRule
from p2p.opportunities.advising.rules import Rule

MOST_DAYS = 365
_SAID = f"Please give a whole number of days from 1 to {MOST_DAYS}."


class AdviceRuleForm(EditForm):
    """Whether a rule gives advice, and its number of days where it has one."""

    active = BooleanField("Give this advice")
    days = IntegerField(
        "Days",
        [InputRequired(_SAID), NumberRange(1, MOST_DAYS, _SAID)],
        render_kw={"inputmode": "numeric", "min": 1, "max": MOST_DAYS},
    )

    def __init__(self, rule: Rule, row: AdviceRule | None) -> None:
        super().__init__(row, data=None if row else {"active": True, "days": rule.days})
        if rule.days is None:
            del self.days

    def facts_for(self, row: AdviceRule | None) -> dict[str, Any]:
        """The facts to set; raises Conflict where somebody else changed them meanwhile."""
        return self.merged_into(row) if row else self.facts
