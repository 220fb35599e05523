"""What an address asks of the agenda, and the addresses around it. Whatever makes no sense asks for the usual."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from p2p.filters import today, week_of

VIEWS = {"list": "List", "week": "Week", "day": "Day"}
MINE, EVERYBODY = "me", "everybody"


@dataclass(frozen=True)
class Asked:
    """`whose`: `me`, `everybody`, or the id of a colleague; `on`: a day of the view."""

    view: str = "list"
    whose: str = MINE
    on: date | None = None

    @classmethod
    def read(cls, words: Mapping[str, str], people: Mapping[int, str]) -> "Asked":
        """What an address says; `people` are those there are, by id."""
        view, whose = words.get("view", ""), words.get("whose", "")
        known = whose in (MINE, EVERYBODY) or (whose.isdecimal() and len(whose) < 16 and int(whose) in people)
        try:
            on = date.fromisoformat(words.get("on", ""))
        except ValueError:
            on = None
        sensible = on if on and 1990 <= on.year < 2200 else None
        return cls(view if view in VIEWS else "list", whose if known else MINE, sensible)

    @property
    def day(self) -> date:
        return self.on or today()

    @property
    def days(self) -> list[date]:
        """The days it shows: the one, or those of its week."""
        if self.view == "day":
            return [self.day]
        first = week_of(self.day)[0]
        return [first + timedelta(days=n) for n in range(7)]

    @property
    def words(self) -> dict[str, str]:
        """How an address says it; what goes without saying is left out."""
        told = {"view": self.view, "whose": self.whose, "on": self.on.isoformat() if self.on else ""}
        return {name: word for name, word in told.items() if word and word not in ("list", MINE)}

    def other(self, **changes: Any) -> dict[str, str]:
        """The same with something else, as an address says it."""
        return replace(self, **changes).words

    @property
    def around(self) -> list[tuple[str, dict[str, str]]]:
        """Back, to today, and on, each as an address says it."""
        step = timedelta(days=1 if self.view == "day" else 7)
        return [
            ("Previous", self.other(on=self.day - step)),
            ("Today", self.other(on=None)),
            ("Next", self.other(on=self.day + step)),
        ]
