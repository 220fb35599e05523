"""The menus of the rows, written once per page and choice instead of once per row."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from markupsafe import Markup

from p2p.leads.models import Lead

#: Move → what a row offers it as; those that ask for more first end with an ellipsis.
OFFERED = {
    "qualify": "Qualified …",
    "disqualify": "Not qualified …",
    "postpone": "Postponed …",
    "resume": "Open",
    "reactivate": "Open",
}
#: Move → the door that asks for what it needs.
ASKING = {"qualify": "qualifying.qualify", "disqualify": "leads.disqualify", "postpone": "leads.postpone"}

OPTION = Markup('<option value="{}"{}>{}</option>')


class Menu:
    """The options of one fact: `menu(chosen, name)`. What is no longer offered stays while it is the one chosen."""

    def __init__(self, blank: str, choices: Iterable[tuple[Any, str]]) -> None:
        self.choices = [("", blank), *choices]
        self.written: dict[Any, Markup] = {}

    def __call__(self, chosen: Any, name: str | None) -> Markup:
        if chosen not in self.written:
            known = chosen is None or chosen in dict(self.choices)
            choices = self.choices if known else [*self.choices, (chosen, name or "")]
            self.written[chosen] = Markup("").join(
                OPTION.format(value, Markup(" selected") if value == chosen else "", words) for value, words in choices
            )
        return self.written[chosen]


class Moves:
    """What may become of a lead: `moves(row, awake)` gives the options of the status beside the present one."""

    def __init__(self) -> None:
        self.asking = {move: url_for(door, id=0) for move, door in ASKING.items()}
        self.written: dict[Any, Markup] = {}

    def __call__(self, row: Any, awake: bool) -> Markup:
        status = "open" if awake else row.status
        key = status, row.converted
        if key not in self.written:
            self.written[key] = Markup("").join(
                self._option(move) for move in Lead.moves[status] if not (row.converted and move == "reactivate")
            )
        return self.written[key].replace("/0/", f"/{row.id}/")

    def _option(self, move: str) -> Markup:
        asks = Markup(' data-asks="{}"').format(self.asking[move]) if move in self.asking else ""
        return OPTION.format(move, asks, OFFERED[move])
