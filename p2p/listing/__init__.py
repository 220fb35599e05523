"""One small machine for every list page: columns, filters, sorting, pages by key, counts, export, addresses.

A feature declares a `Listing` in its queries and opens its door with `answer(…)`. Rows are rows, never entities.
"""

from typing import Any

from flask import Response, abort, request

from p2p.listing.declaring import About, Choice, Column, Filter, Flag, Listing, Text
from p2p.listing.reading import Listed, NoSuchList
from p2p.listing.sheets import csv_answer
from p2p.web import page, wants_part

__all__ = ["About", "Choice", "Column", "Filter", "Flag", "Listed", "Listing", "NoSuchList", "Text", "answer"]


def answer(listing: Listing, template: str, *, live: str, **context: Any) -> Response:
    """The door of a list: the page, its living part, or with `?format=csv` everything the filters let through.

    The templates get `listed`; `macros/listing.html` shows it.
    """
    try:
        listed = Listed(listing, request.path, request.args)
    except NoSuchList:
        abort(400)
    if request.args.get("format") == "csv":
        return csv_answer(listing.name, listing.columns, listed.ordered())
    shown = page(template, live=live, listed=listed.read(), **context)
    if wants_part() and request.headers.get("HX-Source", "").endswith("-filter"):
        shown.headers["HX-Replace-Url"] = listed.here  # without the empty fields of the form
    return shown
