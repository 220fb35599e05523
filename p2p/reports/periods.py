"""Days, weeks and months that follow one another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

GRAINS = {"day": "day", "week": "week", "month": "month"}
#: So many periods are told at most; whoever asks for more gets longer ones.
MOST = 120


@dataclass(frozen=True)
class Period:
    """A stretch of days, both ends included."""

    first: date
    last: date
    count: int = 0


def begins(day: date, grain: str) -> date:
    """The first day of the week (Monday) or month that holds a day."""
    if grain == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if grain == "week" else day


def follows(first: date, grain: str) -> date:
    """The first day of the next period."""
    if grain == "month":
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first + timedelta(days=7 if grain == "week" else 1)


def periods(first: date, last: date, grain: str) -> Iterator[tuple[date, date]]:
    """(first, last day) of every period between two days, the outer ones cut to them."""
    start = begins(first, grain)
    while start <= last:
        after = follows(start, grain)
        yield max(start, first), min(after - timedelta(days=1), last)
        start = after


def fitting(first: date, last: date, grain: str) -> str:
    """The grain asked for, or the next longer one that makes at most 120 periods."""
    offered = list(GRAINS)
    for each in offered[offered.index(grain) :]:
        if (last - first).days / {"day": 1, "week": 7, "month": 30}[each] <= MOST:
            return each
    return offered[-1]


def counted(days: Mapping[date, int], first: date, last: date, grain: str) -> list[Period]:
    """How many there were in each period, from how many there were on each day; periods without any, too."""
    found = []
    for start, end in periods(first, last, grain):
        count = sum(number for day, number in days.items() if start <= day <= end)
        found.append(Period(start, end, count))
    return found
