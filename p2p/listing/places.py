"""Where a page of a list begins: behind or before which row, as links tell it."""

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from p2p.history.values import encode


@dataclass(frozen=True)
class Place:
    """Between which rows a page lies: the sort it holds for, the last row's value and id, and its number."""

    sort: str
    value: Any
    id: int
    number: int

    def __str__(self) -> str:
        told = json.dumps([self.sort, encode(self.value), self.id, self.number], separators=(",", ":"))
        return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, typed: str, sort: str, order: Any) -> "Place":
        """The place a link named; anything but what `str` made of one raises ValueError."""
        told = json.loads(base64.urlsafe_b64decode(typed + "=" * (-len(typed) % 4)))
        at, value, id, number = told
        kind: type = order.type.python_type
        if value is not None and kind in (date, datetime):
            value = kind.fromisoformat(value)
        whole = all(type(each) is int and 0 <= each < 2**63 for each in (id, number))
        right = value is None or (type(value) is kind and _can_be_kept(value))
        if at != sort or not whole or not right:
            raise ValueError(typed)
        return cls(sort, value, id, number)


def _can_be_kept(value: Any) -> bool:
    """Whether a database can hold this value, and so look for it."""
    if isinstance(value, str):
        return not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, datetime):
        return value.tzinfo is not None and 1 < value.year < 9999
    return not isinstance(value, int) or abs(value) < 2**63
