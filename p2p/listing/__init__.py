"""One small machine for every list page: columns, filters, sorting, pages by key, counts, export, addresses.

A feature declares a `Listing` in its queries and opens its door with `answer(…)`. Rows are rows, never entities.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, abort, request

from p2p.listing.declaring import About, Choice, Column, Day, Filter, Flag, Listing, Meant, Named, Tabs, Text
from p2p.listing.ranges import Amounts, Days, Percents, Range
from p2p.listing.reading import Listed, NoSuchList
from p2p.listing.sheets import SHEETS
from p2p.web import page, wants_part

__all__ = [
    "About",
    "Amounts",
    "Choice",
    "Column",
    "Day",
    "Days",
    "Filter",
    "Flag",
    "Listed",
    "Listing",
    "Meant",
    "Named",
    "NoSuchList",
    "Percents",
    "Range",
    "Tabs",
    "Text",
    "answer",
]


def answer(
    listing: Listing,
    template: str,
    *,
    live: str,
    asked: Mapping[str, str] | None = None,
    path: str | None = None,
    status: int = 200,
    beside: Callable[[Listed], dict[str, Any]] = lambda listed: {},
    **context: Any,
) -> Response:
    """The door of a list: the page, its living part, or with `?format=csv` or `xlsx` all the filters let through.

    The templates get `listed`; `macros/listing.html` shows it. `beside` gives what they show beside the rows read.
    `asked` and `path` are those of the list, where another door answers with it.
    """
    asked = request.args if asked is None else asked
    try:
        listed = Listed(listing, path or request.path, asked)
    except NoSuchList:
        abort(400)
    if sheet := SHEETS.get(asked.get("format", "")):
        return sheet(listing.name, listed.file_columns, listed.ordered())
    shown = page(template, live=live, status=status, listed=listed.read(), **beside(listed), **context)
    if wants_part() and request.headers.get("HX-Source", "").endswith("-filter"):
        shown.headers["HX-Replace-Url"] = listed.here  # without the empty fields of the form
    return shown
