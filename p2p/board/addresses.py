"""What an address of the board asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from p2p.opportunities.narrowing.filters import BY_KEY, FILTERS, Narrowed


@dataclass(frozen=True)
class View:
    """What of the board is asked for: the filters as its address says them, how many cards per column, as of when.

    `as_of` is a past day as it was typed; blank is now.
    """

    asked: tuple[tuple[str, str], ...] = ()
    more: tuple[tuple[int, int], ...] = ()
    as_of: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "View":
        """Read an address; what is not understood is left out."""
        more = []
        for key, value in args.items():
            stage = key.removeprefix("show.")
            if stage != key and stage.isdecimal() and value.isdecimal() and len(stage) < 12 and len(value) < 6:
                more.append((int(stage), int(value)))
        asked = tuple((each.key, typed[:200]) for each in FILTERS if (typed := each.asked(args)))
        return cls(asked, tuple(more), args.get("as_of", "").strip()[:20])

    @property
    def typed(self) -> dict[str, str]:
        """Key of a filter → what is asked of it, as typed."""
        return dict(self.asked)

    def url(self, **other: Any) -> str:
        """The address of this view, with some of it otherwise (None or blank takes it away)."""
        kept = {"as_of": self.as_of} | {f"show.{stage}": count for stage, count in self.more}
        return self.at("board.index", **(kept | other))

    def at(self, endpoint: str, **other: Any) -> str:
        """The same filters at another address."""
        asked = urlencode({key: value for key, value in (self.typed | other).items() if value})
        return url_for(endpoint) + (f"?{asked}" if asked else "")

    @cached_property
    def values(self) -> dict[str, Any]:
        """Key of a filter → what it understood; what makes no sense to it is left out."""
        found = {}
        for key, typed in self.asked:
            try:
                found[key] = BY_KEY[key].read(typed)
            except (ValueError, StopIteration):
                continue
        return found

    def narrowed(self) -> Narrowed:
        return Narrowed(tuple(self.values.items()))

    @property
    def chips(self) -> list[dict[str, str]]:
        """The filters in force, each with the address without it."""
        return [
            {"label": BY_KEY[key].chip(value), "href": self.url(**{key: None})} for key, value in self.values.items()
        ]
