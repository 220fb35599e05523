"""Which records want a next step while they are open: rooms above say so of their nouns, and are found here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement


@dataclass(frozen=True)
class Pursued:
    """A noun with an `owner_id` that somebody pursues.

    `open_while` gives the conditions of which one holds while a record is open; each should have an index of its own.
    `first` is what the list begins with.
    """

    noun: str
    open_while: Callable[[], Sequence[ColumnElement[bool]]]
    first: Any


#: By noun, in the order of the pipeline as rooms register.
pursued: dict[str, Pursued] = {}


def pursue(noun: str, open_while: Callable[[], Sequence[ColumnElement[bool]]], *, first: Any) -> None:
    """Have the open records of a noun listed for their owner as long as nothing is planned on them."""
    pursued[noun] = Pursued(noun, open_while, first)
