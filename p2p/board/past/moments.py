"""A day as it is typed, the moment it ended, and the log as it was then."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from p2p.board.past import queries
from p2p.filters import the_format, today


class NoSuchDay(ValueError):
    """A day the board cannot be shown for; the message says why."""


@dataclass(frozen=True)
class Moment:
    """The end of a day in the company's time zone, and the last operation of it (0: before anything was done)."""

    day: date
    operation_id: int

    @property
    def before_history(self) -> bool:
        return self.operation_id == 0

    @property
    def last_instant(self) -> datetime:
        """The last instant of the day."""
        return ended(self.day) - timedelta(microseconds=1)


def ended(day: date) -> datetime:
    """The instant a day ended: the first one of the next day."""
    return datetime.combine(day + timedelta(days=1), time(), the_format().tzinfo).astimezone(UTC)


def typed_day(typed: str) -> date:
    """A day as addresses name it, `2026-11-01`; raises NoSuchDay for what is none, or is still to come."""
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError as error:
        raise NoSuchDay(f"“{typed[:40]}” is not a day. A day is written like {today().isoformat()}.") from error
    if day > today():
        raise NoSuchDay(f"{the_format().day(day)} is still to come. The board can be shown as of today or before.")
    return day


def moment_of(day: date) -> Moment:
    """How far the log had come when a day ended; today ends with what was done last."""
    found = queries.last_before(ended(day))
    return Moment(day, queries.end().operation_id if found is None else max(found, 0))
