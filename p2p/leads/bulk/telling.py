"""The page of a bulk change: its form, what will change, what will not and why."""

from typing import Any

from flask import Response, request, url_for

from p2p.leads.bulk.changes import Line
from p2p.leads.bulk.selecting import MOST, Selection
from p2p.web import back, page, refused

NAMED = 3


def bulk_page(form: Any, selection: Selection, lines: list[Line], *, sent: bool) -> Response:
    """The page, or only what the form would do; refused where it was sent and cannot be done.

    Needs of the form: `title`, which its button says, too, and fields for whatever the change asks.
    """
    if sent and not form.errors:
        form.form_errors.append("Nothing would change.")
    context = {"form": form, "selection": selection, "url": request.path, "most": MOST}
    context |= {"changing": [line for line in lines if line.do], "left": [line for line in lines if not line.do]}
    shown = refused if sent else page
    return shown("leads/bulk.html", live="leads/_bulk.html", back_url=back(url_for("leads.index")), **context)


def left_alone(lines: list[Line]) -> str:
    """Which leads stay as they are, in a sentence for after the change; nothing where there is none."""
    names = [f"“{line.lead}” {line.left}" for line in lines if not line.do]
    if not names:
        return ""
    more = f"; and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f" Left alone: {'; '.join(names[:NAMED])}{more}."
