"""Days and hours of the demo: a script of what happens when, played in the order of time."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random

from p2p.db import at
from p2p.filters import the_format

#: How far back the demo reaches: 18 months.
REACH = 548
MONDAY, SATURDAY = 0, 5


def weekday(day: date, *, later: bool) -> date:
    """The day itself, or the nearest working day after (`later`) or before it."""
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1 if later else -1)
    return day


class Script:
    """What happens when. Moments are given in days before today; nothing happens today, so the hour changes nothing."""

    def __init__(self, today: date, random: Random) -> None:
        self.today, self.random = today, random
        self.zone = the_format().tzinfo
        self.yesterday = weekday(today - timedelta(days=1), later=False)
        self._events: list[tuple[datetime, int, Callable[[], object]]] = []

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def hour(self, ago: int) -> datetime:
        """Some working hour so many days ago; after a week-end when that falls on one."""
        day = min(weekday(self.day(ago), later=True), self.yesterday)
        clock = time(self.random.randint(8, 16), self.random.randint(0, 59), self.random.randint(0, 59))
        return datetime.combine(day, clock, self.zone)

    def add(self, ago: int, act: Callable[[], object], after: datetime | None = None) -> datetime:
        """Let something happen some days ago, but later than `after`; returns the moment."""
        moment = self.hour(ago)
        if after is not None and moment <= after:
            moment = after + timedelta(minutes=self.random.randint(2, 12), seconds=self.random.randint(0, 59))
        self._events.append((moment, len(self._events), act))
        return moment

    def early(self, ago: int, act: Callable[[], object]) -> None:
        """Let something happen some days ago, before anything else on that day; it takes less than an hour."""
        self._events.append((datetime.combine(self.day(ago), time(7), self.zone), len(self._events), act))

    def play(self) -> None:
        """Let everything happen, each thing at its moment."""
        for moment, _, act in sorted(self._events, key=lambda event: event[:2]):
            with at(moment):
                act()
