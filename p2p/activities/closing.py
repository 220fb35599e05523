"""How leads and opportunities rest until a day, and how they are closed."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy.orm import Mapped

from p2p.activities.queries import open_on
from p2p.filters import today
from p2p.history import verb
from p2p.history.recording import Actor
from p2p.setup.models import Reason
from p2p.states import Stateful


class Closable(Stateful):
    """Open, resting, or closed for a reason; mixed into Lead and Opportunity, whose columns it sets."""

    noun: ClassVar[str]
    #: The status of what is open, and what reasons say they are for.
    open_as: ClassVar[str]
    reasons_for: ClassVar[str]
    #: Move that closes → the outcome its reasons explain.
    outcomes: ClassVar[dict[str, str]]

    if TYPE_CHECKING:
        id: Mapped[int]
        status: Mapped[str]
        opened_on: Mapped[date]
        wake_on: Mapped[date | None]
        reason_id: Mapped[int | None]
        outcome_note: Mapped[str | None]
        closed_on: Mapped[date | None]
        closed_by_id: Mapped[int | None]

    @property
    def is_open(self) -> bool:
        """Open, or postponed and awake again."""
        return self.status == self.open_as or (self.wake_on is not None and self.wake_on <= today())

    @property
    def days_to_close(self) -> int | None:
        return (self.closed_on - self.opened_on).days if self.closed_on else None

    @verb("postponed")
    def postpone(self, wake_on: date, *, note: str | None = None, by: Actor | None) -> None:
        """Out of the way until a day; from then on it counts as open again."""
        self.go("postpone")
        self.wake_on, self.outcome_note = wake_on, note

    @verb("resumed")
    def resume(self, *, by: Actor | None) -> None:
        self.go("resume")
        self.wake_on = self.outcome_note = None

    def _close(self, move: str, reason: Reason | None, note: str | None, finish_open: bool, by: Actor | None) -> None:
        """Closed today; what is still planned is finished with it if `finish_open`, and comes back with its undo."""
        if reason is not None:
            reason.explain(self.reasons_for, self.outcomes[move], note)
        self.go(move)
        self.wake_on = None
        self.reason_id, self.outcome_note = reason.id if reason else None, note
        self.closed_on, self.closed_by_id = today(), by.id if by else None
        for activity in open_on(self.noun, self.id) if finish_open else []:
            activity.finish(by=by)
