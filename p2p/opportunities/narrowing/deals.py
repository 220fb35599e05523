"""The facts of one opportunity that filters ask for, wherever they come from: a row of today, or the log."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Deal:
    """One opportunity as it stood on a day: `day` is that day, by which overdue and this month are told.

    `subject_folded` and `party_name_folded` are folded as `parties.models.fold` does; `revenue_company` is minor units,
    None where no amount was given; `competitor_ids` are those of its present competitor lines.
    """

    id: int
    day: date
    number: str = ""
    subject_folded: str = ""
    party_id: int | None = None
    party_name_folded: str = ""
    owner_id: int | None = None
    stage_id: int | None = None
    prognosis_id: int | None = None
    decide_by: date | None = None
    probability: int = 0
    revenue_company: int | None = None
    source_id: int | None = None
    campaign_id: int | None = None
    competitor_ids: frozenset[int] = frozenset()
    next_on: date | None = None
    touched_at: datetime | None = None
    stage_entered_at: datetime | None = None
    status: str = "active"
    wake_on: date | None = None
    hidden: bool = False
    archived: bool = False

    @property
    def on_board(self) -> bool:
        """Whether it stands on the board that day: active, or awake again, and not put away."""
        awake = self.status == "postponed" and self.wake_on is not None and self.wake_on <= self.day
        return (self.status == "active" or awake) and not self.hidden and not self.archived
