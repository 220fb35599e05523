"""What the templates of the board show, as ready text: the living part, and the page around it."""

import secrets
from collections.abc import Callable
from functools import cached_property
from typing import Any

from flask import g, url_for
from flask_wtf.csrf import generate_csrf

from p2p.board import cards, columns, queries
from p2p.board.addresses import View
from p2p.board.columns import KINDS, ORDERS, Column
from p2p.board.heads.queries import Head, Total
from p2p.board.silence import telling as silence
from p2p.filters import the_format
from p2p.identity import policy
from p2p.identity.queries import owners
from p2p.opportunities.advising.silence import Watch
from p2p.opportunities.bulk.offered import changes
from p2p.opportunities.estimate import rounded_weight
from p2p.opportunities.narrowing.meanings import STEPS
from p2p.setup import queries as setup

#: Keys of a card's menu, and where they lead: a field of its form, or the door of something else.
MENU = {
    "g": "prognosis",
    "p": "probability",
    "a": "activities.append",
    "s": "opportunities.postpone",
    "w": "opportunities.win",
    "l": "opportunities.lose",
    "c": "opportunities.cancel",
}


def tag(view: View) -> str:
    """Stands for all that is shown: while it is the same, nothing changed. Asked once per request."""
    if "board_state" not in g:
        g.board_state = queries.state()
    return f"{g.board_state}.{the_format().today():%y%m%d}.{g.user.id}.{hash(view) & 0xFFFFFF:x}"


class Board:
    """One look at the board. `asked` answers as `p2p.board.queries` does, of today or of another day."""

    def __init__(self, view: View, asked: Any = queries) -> None:
        self.asked, self.fmt, self.came_by = asked, the_format(), view
        self.today = self.fmt.today()
        self.all_stages = asked.stages()
        self.processes: dict[int, str] = {stage.process_id: stage.process for stage in self.all_stages}
        several = len(self.processes) > 1
        if several and view.typed.get("process", "") not in map(str, self.processes):
            view = view.asking("process", str(next(iter(self.processes))))
        self.process = int(view.typed["process"]) if several else None
        self.view, self.narrowed = view, view.narrowed()
        self.stages = [each for each in self.all_stages if self.process in (None, each.process_id)]

    @cached_property
    def bands(self) -> list[Any]:
        return queries.bands()

    @cached_property
    def people(self) -> dict[int, str]:
        return queries.people()

    @cached_property
    def watch(self) -> Watch:
        return Watch(self.asked.limits(), self.today, self.fmt.tzinfo)

    @property
    def model(self) -> dict[str, Any]:
        """Everything `_board.html` shows."""
        layout, narrowed = self.view.layout, self.narrowed
        awake = self.asked.woken(layout, narrowed)
        heads = self.asked.heads(layout.by, narrowed, awake)
        shown = self.columns_of(heads)
        limits = {column.key: self.limit_of(column, len(shown)) for column in shown}
        rows = self.asked.columns(layout, limits, narrowed, awake, g.user.id)
        stale = silence.told(self.view, [stage.id for stage in self.stages], self.watch, narrowed, awake)
        write = self.writer()
        made = [
            self.column_of(column, heads.get(column.key, Head()), len(rows[column.key]), limits[column.key])
            | {"cards": list(map(write, rows[column.key])), "stale": stale.get(column.key)}
            for column in shown
        ]
        told = [heads[column.key] for column in shown if column.key in heads]
        return {"columns": made, "figures": self.figures_of(told), "drawer": self._drawer()} | self.menus

    def columns_of(self, heads: dict[str, Head]) -> list[Column]:
        step = self.narrowed.get("step")
        filled = {key for key, head in heads.items() if head.total(step).count}
        match self.view.by:
            case "prognosis":
                return columns.of_bands(self.bands, filled.__contains__)
            case "month":
                return columns.of_months(self.today, filled.__contains__)
            case "owner":
                return columns.of_owners(self.people, filled)
            case _:
                return columns.of_stages((stage.id, stage.name) for stage in self.stages)

    def limit_of(self, column: Column, count: int) -> int:
        if column.key in self.view.fold:
            return 0
        return min(dict(self.view.more).get(column.key) or queries.at_first(count), 1000)

    def writer(self) -> Callable[[Any], tuple[Any, ...]]:
        """What makes the card of a row."""
        told = self.today, self.fmt, decider(), self.watch
        if not self.view.layout.further:
            return cards.writer(*told)
        names = {stage.id: stage.name for stage in self.all_stages}, {band.id: band.name for band in self.bands}
        sources = dict(setup.codes("source")) if "source" in self.view.shown else {}
        return cards.writer(*told, cards.Further(self.view.shown, self.today, self.fmt, *names, sources))

    def column_of(self, column: Column, head: Head, shown: int, limit: int) -> dict[str, Any]:
        fmt, folded = self.fmt, column.key in self.view.fold
        total = head.total(self.narrowed.get("step"))
        rest = total.count - shown
        page = min(rest, queries.PAGE)
        return {
            "id": column.key,
            "name": column.name,
            "value": column.value,
            "count": fmt.number(total.count),
            "revenue": fmt.amount(total.revenue),
            "weighted": fmt.amount(rounded_weight(total.weighted)),
            "steps": [] if folded else self._steps(head),
            "folded": folded,
            "fold_url": self.view.folded_url(column.key),
            "more_url": self.view.url(**{f"show.{column.key}": limit + queries.PAGE}) if rest > 0 else None,
            "more_count": fmt.number(page),
            "quick_add_url": url_for("board.add") if column.value is not None and not folded else None,
            "sets": self._sets(column),
        }

    def _steps(self, head: Head) -> list[tuple[str, str, str, str, bool]]:
        """(state, label, count, address, whether it is the filter) of the next-step states that there are."""
        chosen = self.narrowed.get("step")
        return [
            (
                state,
                label,
                self.fmt.number(count),
                self.view.url(step=None if state == chosen else state),
                state == chosen,
            )
            for state, label in STEPS.items()
            if (count := head.count(state)) or state == chosen
        ]

    def _sets(self, column: Column) -> list[tuple[str, str]]:
        """The fields that make a new opportunity stand in a column, of this board's process."""
        field = KINDS[self.view.by].field
        first = [] if field == "stage" else [("stage", str(self.stages[0].id))] if self.stages else []
        return [*first, *([] if field == "owner" else self._filter_owner), (field, column.value or "")]

    @cached_property
    def _filter_owner(self) -> list[tuple[str, str]]:
        """The field that makes a new opportunity pass a filter by somebody else or nobody, to stay in sight."""
        asked = self.view.typed.get("owner", "")
        if asked in ("", "me") or (asked != "nobody" and asked not in {str(id) for id, _ in owners()}):
            return []
        return [("owner", "" if asked == "nobody" else asked)]

    def figures_of(self, heads: list[Head]) -> list[tuple[str, str, str | None, str]]:
        step, fmt = self.narrowed.get("step"), self.fmt
        whole = sum((head.total(step) for head in heads), Total())
        return [
            ("Open", fmt.number(whole.count), None, ""),
            (f"Pipeline {fmt.currency}", fmt.amount(whole.revenue), None, ""),
            ("Weighted", fmt.amount(rounded_weight(whole.weighted)), None, ""),
        ]

    def _drawer(self) -> list[tuple[str, str, str]]:
        asleep, closed = queries.put_away(self.narrowed)
        rows = (("Postponed", asleep, "postponed"), ("Closed", closed, "closed"))
        return [
            (label, f"{count}+" if count >= 1000 else str(count), self.view.at("opportunities.index", status=status))
            for label, count, status in rows
        ]

    @property
    def menus(self) -> dict[str, Any]:
        offered = ((None, "no prognosis"), *((id, name) for id, name, retired in self.bands if not retired))
        return {
            "url": self.came_by.url(),
            "bare": self.came_by == View(),
            "ptag": tag(self.came_by),
            "field": KINDS[self.view.by].field,
            "menu_keys": "".join(MENU),
            "csrf": generate_csrf(),
            "key": secrets.token_urlsafe(9),
            "band_options": {id: cards.options(offered, id) for id, _ in offered},
        } | self.around

    @property
    def around(self) -> dict[str, Any]:
        """What every card needs to know of the board."""
        return {"facts": self.view.shown, "editable": policy.may(g.user, policy.EDIT)}

    # ── The page around it ──────────────────────────────────────────────────────────────────────────────────────────

    @property
    def page(self) -> dict[str, Any]:
        """What `board.html` shows around the living part."""
        view = self.view
        typed, chips = view.typed, view.chips
        choices = (
            ("", "everybody"),
            ("me", "me"),
            ("nobody", "nobody"),
            *((str(id), n) for id, n in self.people.items()),
        )
        return {
            "views": [
                {"label": f"By {kind.label.lower()}", "href": view.url(by=by), "current": by == view.by}
                for by, kind in KINDS.items()
            ],
            "processes": [
                {"label": name, "href": view.url(process=id), "current": id == self.process}
                for id, name in (self.processes.items() if self.process else ())
            ],
            "orders": [
                {"label": words, "href": view.url(order=order), "current": order == view.order}
                for order, (words, _) in ORDERS.items()
            ],
            "people": [
                {"label": "Everybody", "href": view.url(owner=""), "current": "owner" not in typed},
                {"label": "Mine", "href": view.url(owner="me"), "current": typed.get("owner") == "me"},
            ],
            "filter": {
                "action": url_for("board.index"),
                "owner_options": cards.options(choices, typed.get("owner", "")),
                "party": typed.get("party", ""),
                "text": typed.get("text", ""),
                "hidden": list(view.look.items()),
            },
            "chips": chips,
            "probabilities": setup.probabilities(),
            "changes": changes(),
        }


def decider() -> Callable[[int | None, bool], bool]:
    """Whether the person may decide a card: everybody's for managers, one's own, the team's and nobody's for others."""
    if policy.may(g.user, policy.OWN):
        return lambda owner_id, on_team: True
    if not policy.may(g.user, policy.EDIT):
        return lambda owner_id, on_team: False
    me = g.user.id
    return lambda owner_id, on_team: on_team or owner_id is None or owner_id == me
