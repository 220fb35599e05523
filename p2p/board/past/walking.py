"""Ways through the days of the board: the date field, the days around it, and back to today."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import url_for

from p2p.board.addresses import View
from p2p.board.past.showing import PastBoard
from p2p.filters import the_format, today


def walk(view: View, past: PastBoard | None = None) -> dict[str, Any]:
    """What `board/past/_days.html` shows; `past` is the board on show, None where that is today's."""
    day, present = past.moment.day if past else None, today()
    stands = day or present

    def as_of(days: int) -> str | None:
        wanted = stands + timedelta(days=days)
        return view.url(as_of=None if wanted == present else wanted.isoformat()) if wanted <= present else None

    return {
        "day": stands.isoformat(),
        "words": the_format().date(stands) if day else None,
        "latest": present.isoformat(),
        "action": urlsplit(view.url()).path,
        "hidden": parse_qsl(urlsplit(view.url(as_of=None)).query),
        "steps": [
            ("A week before", "arrow-left", as_of(-7)),
            ("The day before", "arrow-left", as_of(-1)),
            ("The day after", "arrow-right", as_of(1)),
            ("A week after", "arrow-right", as_of(7)),
        ],
        "now": view.url(as_of=None),
        "changes": changes_address(view, day or present - timedelta(days=7), present),
    }


def changes_address(view: View, first: date, last: date, movement: str | None = None, **more: str) -> str:
    """The page of what changed between two days under the same filters, or of the deals behind one number of it."""
    path = url_for("past.behind", movement=movement) if movement else url_for("past.changes")
    return f"{path}?{urlencode(view.typed | {'from': first.isoformat(), 'to': last.isoformat()} | more)}"
