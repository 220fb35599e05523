"""What we accept about parties, and the field by which other forms name one."""

import re
from typing import Any

from flask import g, get_template_attribute, url_for
from wtforms import StringField
from wtforms.validators import InputRequired, Optional, StopValidation

from p2p.forms import stripped
from p2p.parties import queries
from p2p.parties.models import Party

BY_NUMBER = re.compile(r"\(#(\d{1,15})\)$")


class PartyField(StringField):
    """A party by its name, with suggestions while typing. `data` is its id; with `new=True` also an unknown name.

    A name that several parties share is refused with the spelling that tells them apart: `Brunner AG (#12)`.
    """

    def __init__(self, label: str = "Party", *, new: bool = False, required: str | None = None, **kw: Any) -> None:
        kw.setdefault("validators", [InputRequired(required)] if required else [Optional()])
        super().__init__(label, **kw)
        self.new = new

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return (queries.name_of(self.data) or "") if isinstance(self.data, int) else (self.data or "")

    def __call__(self, **kw: Any) -> Any:
        shown = {"list": f"{self.id}-names", "autocomplete": "off", "maxlength": 120} | kw
        shown |= {"hx-get": url_for("parties.names", field=self.name), "hx-target": f"#{self.id}-names"}
        shown |= {"hx-swap": "innerHTML", "hx-sync": "this:replace", "hx-trigger": "input changed delay:200ms"}
        return super().__call__(**shown) + get_template_attribute("parties/_names.html", "names")(f"{self.id}-names")

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = stripped(valuelist[0] if valuelist else "")
        self.data = None
        if typed is None:
            return
        kept = self.object_data
        if isinstance(kept, int) and queries.name_of(kept) == typed:
            self.data = kept  # the one it was stays, though it may share its name or be archived
            return
        numbered = BY_NUMBER.search(typed)
        found = [queries.present(int(numbered[1]))] if numbered else queries.named(typed)
        self.data = self._chosen(typed, [party for party in found if party])

    def _chosen(self, typed: str, found: list[Party]) -> int | str:
        if len(found) == 1:
            return found[0].id
        if found:
            ways = " or ".join(
                queries.spelled(party.name, party.id) + (f" in {party.city}" if party.city else "")
                for party in found[:4]
            )
            raise ValueError(f"Several parties are called “{typed}”. Type {ways}.")
        if not self.new:
            raise ValueError(f"No party is called “{typed}”. Choose one of the list, or enter it under Parties first.")
        if len(typed) > 100:
            raise ValueError("At most 100 characters.")
        return typed

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation()  # what was typed says enough

    def party(self) -> Party | None:
        """The chosen party; a new name enters it, in the open operation and by whoever is signed in."""
        if isinstance(self.data, str):
            return Party.enter({"name": self.data}, by=g.user)
        return None if self.data is None else queries.present(self.data)
