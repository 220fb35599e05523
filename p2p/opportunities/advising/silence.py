"""How long nothing was done on an opportunity, and whether that is too long for its stage. Nothing here is asked of
the database; a day is a day of the company."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from p2p.filters import plural
from p2p.setup.pacing import Limit

AMBER, RED = "amber", "red"
#: What a card, a chip and a column head call it.
CALLED = {AMBER: "stale", RED: "long stale"}


def red_after(limit: int) -> int:
    """The days of silence after which it is worse: half as long again as the limit."""
    return limit * 3 // 2


def last_day(since: datetime, wake_on: date | None, zone: tzinfo) -> date:
    """The day silence is counted from: of the instant something last happened, or of the wake-up after it."""
    day = since.astimezone(zone).date()
    return max(day, wake_on) if wake_on else day


def state_of(silent_days: int, limit: int) -> str | None:
    """None while it is not stale, AMBER beyond the limit, RED beyond half as long again."""
    if silent_days <= limit:
        return None
    return RED if silent_days > red_after(limit) else AMBER


def first_of_day(day: date, zone: tzinfo) -> datetime:
    """The instant a day of the company begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


@dataclass(frozen=True)
class Cutoff:
    """What of a stage is stale on a day: all that is silent since before `instant`, and was not woken since `day`."""

    day: date
    instant: datetime


def cutoff(state: str, limit: int, today: date, zone: tzinfo) -> Cutoff:
    """Where AMBER (and worse), or RED, begins on a day."""
    day = today - timedelta(days=red_after(limit) if state == RED else limit)
    return Cutoff(day, first_of_day(day, zone))


class Watch:
    """The limits of all stages on one day, ready to judge cards."""

    def __init__(self, limits: Mapping[int, Limit], today: date, zone: tzinfo) -> None:
        self.limits, self.today, self.zone = limits, today, zone
        self._amber = {
            id: cutoff(AMBER, limit.days, today, zone).instant for id, limit in limits.items() if limit.days is not None
        }

    def watches(self, stage_id: int) -> bool:
        """Whether anything in a stage can be stale."""
        return stage_id in self._amber

    def since(self, stage_id: int, state: str) -> datetime:
        """Since before which instant what is in a stage must be silent to be in a state."""
        return cutoff(state, self.limits[stage_id].days or 0, self.today, self.zone).instant

    def told(
        self, stage_id: int, since: datetime, wake_on: date | None, next_on: date | None
    ) -> tuple[str, str] | None:
        """(state, why in words) of what is open and stale; None while it is quiet, as with a step planned ahead."""
        amber = self._amber.get(stage_id)
        if amber is None or since >= amber or (next_on is not None and next_on >= self.today):
            return None
        limit = self.limits[stage_id]
        silent = (self.today - last_day(since, wake_on, self.zone)).days
        state = state_of(silent, limit.days or 0)
        return (state, why(state, silent, limit)) if state else None


@lru_cache(maxsize=2000)
def why(state: str, silent_days: int, limit: Limit) -> str:
    """`stale: no activity for 24 days; deals that were won spent 6 here`."""
    return f"{CALLED[state]}: no activity for {plural(silent_days, 'day')}; {limit.words}"
