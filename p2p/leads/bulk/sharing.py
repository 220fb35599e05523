"""Sharing out work: round robin over people."""

from collections.abc import Iterable, Sequence
from itertools import cycle
from typing import TypeVar

T = TypeVar("T")
P = TypeVar("P")


def share_out(things: Iterable[T], people: Sequence[P]) -> list[tuple[T, P]]:
    """Each thing with who gets it, in turns; nobody gets two more than somebody else."""
    return list(zip(things, cycle(people), strict=False)) if people else []
