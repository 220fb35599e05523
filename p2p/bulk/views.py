"""The door of bulk changes, for every noun that has them: look at what would change, then change it as one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, g, request, url_for

from p2p.bulk import selecting
from p2p.bulk.changes import Line, left_alone, look
from p2p.bulk.forms import BulkForm
from p2p.bulk.selecting import Selection
from p2p.db import db
from p2p.filters import plural
from p2p.history import operation
from p2p.web import back, changed, page, refused


@dataclass(frozen=True)
class Bulk:
    """What can be done with many records of a noun, and how its pages tell of them.

    `chosen` reads the selection of a request, `held` so that others wait in turn. `stands` says where a record is now,
    `beside` whose it is. `noun` names the field of those ticked, `blueprint` the doors of the list and of one record.
    """

    noun: str
    blueprint: str
    forms: Mapping[str, type[BulkForm]]
    chosen: Callable[[bool], Selection]
    stands: Callable[[Any], str]
    beside: Callable[[Any], str]

    def change(self, name: str) -> Response:
        """What would become of the chosen records; sent without `look`, it is done."""
        kind = self.forms.get(name) or abort(404)
        looks = request.method != "POST" or "look" in request.form
        selection = self.chosen(not looks)
        form = kind.about(selection.records)
        lines = look(selection, form.lines, by=g.user)
        if looks or not form.validate() or not any(line.do for line in lines):
            return self._page(form, selection, lines, sent=not looks)
        left = left_alone(lines)
        said = f"{self._do(form.verb, lines)} {form.done}.{left}"
        db.session.commit()
        return changed(url_for(f"{self.blueprint}.index"), said)

    def _do(self, verb: str, lines: list[Line]) -> str:
        """Do what the lines say, as one operation; tells how many records were changed."""
        done = 0
        with operation(verb, by=g.user):
            for line in lines:
                if line.do:
                    line.do(g.user)
                    done += 1
        return f"{plural(done, self.noun)} {'was' if done == 1 else 'were'}"

    def _page(self, form: Any, selection: Selection, lines: list[Line], *, sent: bool) -> Response:
        """The page, the dialog, or only what the form would do; refused where it was sent and cannot be done."""
        if sent and not form.errors:
            form.form_errors.append("Nothing would change.")
        context = {"form": form, "selection": selection, "url": request.path, "most": selecting.MOST, "bulk": self}
        context |= {"changing": [line for line in lines if line.do], "left": [line for line in lines if not line.do]}
        live = "bulk/_lines.html" if "look" in request.form else "bulk/_bulk.html"
        return (refused if sent else page)(
            "bulk/bulk.html", live=live, back_url=back(url_for(f"{self.blueprint}.index")), **context
        )
