"""Doors of the past: what changed on the board between two days, and the deals behind each number of that."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, request

from p2p.board.addresses import View
from p2p.board.past import telling
from p2p.board.past.comparing import Comparison, compare
from p2p.board.past.moments import NoSuchDay, typed_day
from p2p.board.past.movements import MOVEMENTS
from p2p.board.past.walking import changes_address
from p2p.filters import the_format, today
from p2p.listing.sheets import csv_file
from p2p.web import page, refused

past = Blueprint("past", __name__)

OF_LINES = ("Movement", "Deals", "Count", "Amount", "Weighted")
OF_DEALS = ("Number", "Subject", "Party", "Before", "After", "Amount", "Weighted", "Why")


@past.get("/board/changes")
def changes() -> Response:
    """What changed between two days, adding up from the opening to the closing; as CSV with `format=csv`."""
    view = _view()
    try:
        found = _compared(view)
    except NoSuchDay as refusal:
        return _refused(view, str(refusal))
    lines = telling.lines(found, view)
    if request.args.get("format") == "csv":
        return csv_file("board-changes", OF_LINES, (line.cells for line in lines))
    return page("board/past/changes.html", lines=lines, **_around(view, found))


@past.get("/board/changes/<movement>")
def behind(movement: str) -> Response:
    """The deals behind one number, each before and after and why; as CSV with `format=csv`."""
    if movement not in MOVEMENTS:
        abort(404)
    view = _view()
    try:
        found = _compared(view)
    except NoSuchDay as refusal:
        return _refused(view, str(refusal))
    told = list(telling.told(movement, found.told_by(movement)))
    if request.args.get("format") == "csv":
        return csv_file(f"board-{movement}", OF_DEALS, (each.cells for each in told))
    _, effect = found.movements[movement]
    total = telling.Line(movement, "Together", None, len(told), effect)
    return page(
        "board/past/behind.html", label=MOVEMENTS[movement], told=told, total=total, **_around(view, found, movement)
    )


def _view() -> View:
    """The filters of the address, without what only a board has."""
    return View(asked=View.of(request.args).asked)


def _ends() -> tuple[str, str]:
    """From and to as typed: a week, unless it says otherwise."""
    first = request.args.get("from") or (today() - timedelta(days=7)).isoformat()
    return first, request.args.get("to") or today().isoformat()


def _compared(view: View) -> Comparison:
    first, last = (typed_day(typed) for typed in _ends())
    if last < first:
        raise NoSuchDay("The second day is before the first one.")
    return compare(first, last, view.narrowed)


def _refused(view: View, message: str) -> Response:
    first, last = _ends()
    return refused("board/past/changes.html", message=message, lines=[], **_asked(view, first, last))


def _around(view: View, found: Comparison, movement: str | None = None) -> dict[str, Any]:
    first, last = found.first.moment, found.last.moment
    written = the_format().date
    chips = [
        {"label": chip["label"], "href": changes_address(_without(view, key), first.day, last.day, movement)}
        for key, chip in zip(view.values, view.chips, strict=True)
    ]
    return _asked(view, first.day.isoformat(), last.day.isoformat()) | {
        "period": f"from the end of {written(first.day)} to the end of {written(last.day)}",
        "chips": chips,
        "sum_url": changes_address(view, first.day, last.day),
        "csv_url": changes_address(view, first.day, last.day, movement, format="csv"),
        "erased": len(found.first.stood.rewind.erased),
    }


def _without(view: View, key: str) -> View:
    return View(asked=tuple(each for each in view.asked if each[0] != key))


def _asked(view: View, first: str, last: str) -> dict[str, Any]:
    hidden = list(view.typed.items())
    return {"hidden": hidden, "first": first, "last": last, "latest": today().isoformat(), "board_url": view.url()}
