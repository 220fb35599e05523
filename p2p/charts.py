"""The arithmetic of charts: where bars and marks stand. Templates only print these numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

#: Steps between the marks of an axis, times a power of ten.
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Bar:
    """One bar in units of the picture; `label` and `value` say what it stands for."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int


@dataclass(frozen=True)
class Mark:
    """A line across, and the figure beside it."""

    y: float
    value: int


@dataclass(frozen=True)
class Columns:
    """A bar chart of whole numbers: the picture's size, its bars from left to right, and the marks of its scale."""

    width: float
    height: float
    bars: list[Bar]
    marks: list[Mark]


def top_of(highest: int, marks: int = 4) -> tuple[int, int]:
    """(top, step) of a scale from 0 that holds `highest` with about so many round marks; at least 1."""
    step = 1
    while step * marks < highest:
        step = next((s * 10 ** (len(str(step)) - 1) for s in STEPS if s * 10 ** (len(str(step)) - 1) > step), step * 10)
    return max(step, -(-highest // step) * step), step


def columns(values: Sequence[tuple[str, int]], *, width: float = 640, height: float = 160, gap: float = 0.2) -> Columns:
    """Bars for (label, whole number ≥ 0), as wide as there is room; `gap` is the part of each place left free."""
    top, step = top_of(max((value for _, value in values), default=0))
    place = width / max(len(values), 1)
    bars = []
    for number, (label, value) in enumerate(values):
        tall = round(height * value / top, 2)
        left, wide = round(place * (number + gap / 2), 2), round(place * (1 - gap), 2)
        bars.append(Bar(left, round(height - tall, 2), wide, tall, label, value))
    marks = [Mark(round(height - height * value / top, 2), value) for value in range(0, top + 1, step)]
    return Columns(width, height, bars, marks)
