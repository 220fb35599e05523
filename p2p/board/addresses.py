"""What an address of the board asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import g, url_for

from p2p.board.cards import FACTS, USUAL
from p2p.board.columns import KINDS, ORDERS, Layout
from p2p.opportunities.narrowing.filters import BY_KEY, FILTERS, Narrowed

#: What asks for the whole board where a bare address opens a saved view.
WHOLE = "by=stage"
#: A column as addresses name it: an id, a month, or a word.
KEY = re.compile(r"[a-z0-9]{1,12}")


@dataclass(frozen=True)
class View:
    """What of the board is asked for: the filters as its address says them, how it is laid out, which columns are
    folded, which facts cards show (None: the usual ones), how many cards of a column, and as of which past day, as it
    was typed (blank is now).
    """

    asked: tuple[tuple[str, str], ...] = ()
    by: str = "stage"
    order: str = ""
    fold: tuple[str, ...] = ()
    facts: tuple[str, ...] | None = None
    more: tuple[tuple[str, int], ...] = ()
    as_of: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "View":
        """Read an address; what is not understood is left out."""
        more = []
        for name, count in args.items():
            key = name.removeprefix("show.")
            if key != name and KEY.fullmatch(key) and count.isascii() and count.isdecimal() and len(count) < 6:
                more.append((key, int(count)))
        fold = tuple(dict.fromkeys(key for key in args.get("fold", "")[:500].split(".") if KEY.fullmatch(key)))
        chosen = _several(args, "facts")
        return cls(
            tuple((each.key, typed[:200]) for each in FILTERS if (typed := each.asked(args))),
            args["by"] if args.get("by") in KINDS else "stage",
            args["order"] if args.get("order") in ORDERS else "",
            fold,
            None if chosen is None else tuple(each for each in FACTS if each in chosen),
            tuple(more),
            args.get("as_of", "").strip()[:20],
        )

    @cached_property
    def typed(self) -> dict[str, str]:
        """Key of a filter → what is asked of it, as typed."""
        return dict(self.asked)

    def asking(self, key: str, typed: str) -> "View":
        """The same, with a filter asking for something."""
        return replace(self, asked=tuple((self.typed | {key: typed}).items()))

    @property
    def shown(self) -> tuple[str, ...]:
        """The facts that cards show."""
        return USUAL[self.by] if self.facts is None else self.facts

    @property
    def layout(self) -> Layout:
        return Layout(self.by, self.order, any(FACTS[each].further for each in self.shown))

    @cached_property
    def look(self) -> dict[str, str]:
        """What of the address is no filter."""
        facts = None if self.facts is None or self.facts == USUAL[self.by] else ".".join(self.facts) or "-"
        told = {"by": self.by if self.by != "stage" else None, "order": self.order, "fold": ".".join(self.fold)}
        told |= {"facts": facts, "as_of": self.as_of} | {f"show.{key}": str(count) for key, count in self.more}
        return {name: value for name, value in told.items() if value}

    def url(self, **other: Any) -> str:
        """The address of this view, with some of it otherwise (None or blank takes it away).

        Other columns begin unfolded, with the facts that are usual there.
        """
        look = self.look
        if other.get("by", self.by) != self.by:
            look = {name: look[name] for name in ("order", "as_of") if name in look}
            other = other | {"by": None if other["by"] == "stage" else other["by"]}
        return self.at("board.index", **(look | other))

    @property
    def query(self) -> str:
        """What stands behind the question mark of its address, of what can be kept: not the day, nor how many cards."""
        return urlsplit(replace(self, more=(), as_of="").url()).query

    @property
    def cleared_url(self) -> str:
        """The address without any filter, of the same board."""
        return self.url(**{key: None for key, _ in self.asked if key != "process"})

    @property
    def words(self) -> str:
        """What it shows, in words."""
        said = [f"by {KINDS[self.by].label.lower()}", *(chip["label"] for chip in self.chips)]
        said += [f"in order of {ORDERS[self.order][0].lower()}"] if self.order else []
        if self.facts is not None and self.facts != USUAL[self.by]:
            said.append(f"cards with {', '.join(FACTS[each].label.lower() for each in self.facts) or 'nothing else'}")
        return " · ".join(said)

    def folded_url(self, key: str) -> str:
        """The address with a column folded, or unfolded where it is folded."""
        fold = [each for each in self.fold if each != key]
        return self.url(fold=".".join(fold if key in self.fold else [*fold, key]))

    def at(self, endpoint: str, **other: Any) -> str:
        """The same filters at another address."""
        asked = urlencode({key: value for key, value in (self.typed | other).items() if value})
        if not asked and endpoint == "board.index" and _opens_a_saved_view():
            asked = WHOLE
        path = self._paths.get(endpoint) or self._paths.setdefault(endpoint, url_for(endpoint))
        return f"{path}?{asked}" if asked else path

    @cached_property
    def _paths(self) -> dict[str, str]:
        """Endpoint → its path: the heads of a board ask for forty addresses of it."""
        return {}

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
        """The filters in force, each with the address without it; the process is no filter but a board of its own."""
        return [
            {"label": BY_KEY[key].chip(value), "href": self.url(**{key: None})}
            for key, value in self.values.items()
            if key != "process"
        ]


def view_of(query: str) -> View:
    """The view that a query string asks for."""
    return View.of(dict(parse_qsl(query)))


def untidy(args: Mapping[str, str]) -> bool:
    """Whether an address is as a form wrote it: with blanks, and one thing in several parts."""
    return any(not value or key.endswith((".from", ".to")) for key, value in args.items()) or "-" in (
        _several(args, "facts") or ()
    )


def _several(args: Any, name: str) -> list[str] | None:
    """What an address says of something in one or in several parts; None where it says nothing."""
    parts = args.getlist(name) if hasattr(args, "getlist") else [args[name]] if name in args else []
    return ".".join(parts).split(".") if parts else None


def _opens_a_saved_view() -> bool:
    user = g.get("user")
    return bool(user and user.board_view_id)
