"""The menu of views: the questions everybody asks, what was saved under a name, and what can be done with this one."""

from typing import Any

from flask import g, url_for

from p2p.board.addresses import View
from p2p.board.saved import queries

#: What everybody asks: words, filter, what it asks for.
ASKED = (
    ("Mine", "owner", "me"),
    ("Nothing planned", "step", "none"),
    ("Overdue for decision", "decide_by", "overdue"),
    ("Decided this month", "decide_by", "this-month"),
    ("Stale", "stale", "1"),
)


def menu(view: View) -> dict[str, Any]:
    """What `board/_views.html` shows; a question that is asked already is let go by its link."""
    asked = [
        {"label": words, "href": view.url(**{key: None if on else value}), "current": on}
        for words, key, value in ASKED
        for on in (view.typed.get(key) == value,)
    ]
    here = view.query
    saved = [
        {"label": each.name, "href": url_for("saved_views.show", id=each.id), "current": each.query == here}
        for each in queries.offered(g.user)
    ]
    named = next((each["label"] for each in saved if each["current"]), None)
    return {
        "label": named or "Views",
        "asked": asked,
        "saved": saved,
        "whole": view.cleared_url,
        "save": f"{url_for('saved_views.new')}?{here}",
        "cards": _asking("choosing.cards", view),
        "filter": _asking("choosing.filters", view),
        "listed": view.at("opportunities.index", status="open"),
        "files": [
            {"label": words, "href": _asking("choosing.export", view, format=kind)}
            for kind, words in (("csv", "CSV"), ("xlsx", "Excel"))
        ],
    }


def _asking(endpoint: str, view: View, **more: str) -> str:
    """Another address with all that this one asks for."""
    return view.at(endpoint, **(view.look | more))
