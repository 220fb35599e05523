"""What we accept about parties, and the field by which other forms name one."""

import re
from typing import Any

from flask import g, get_template_attribute, request, url_for
from wtforms import BooleanField, Field, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation, ValidationError

from p2p import forms
from p2p.forms import CreateForm, EditForm, stripped
from p2p.parties import queries
from p2p.parties.addresses import email_address, web_address
from p2p.parties.channels.kinds import region
from p2p.parties.keys import phone_shown
from p2p.parties.models import KINDS, Party

BY_NUMBER = re.compile(r"\(#(\d{1,15})\)$")


class PartyField(StringField):
    """A party by its name, with suggestions while typing. `data` is its id; with `new=True` also an unknown name.

    A name that several parties share is refused with the spelling that tells them apart: `Brunner AG (#12)`. A new
    name much like a known one is asked about: a tick beside the field says that it is new indeed.
    """

    data: Any

    def __init__(self, label: str = "Party", *, new: bool = False, required: str | None = None, **kw: Any) -> None:
        kw.setdefault("validators", [InputRequired(required)] if required else [Optional()])
        super().__init__(label, **kw)
        self.new = new
        self.asks = self.told_new = False
        #: Who may be meant by what was typed, where that was not clear.
        self.likely: list[Any] = []

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return (queries.name_of(self.data) or "") if isinstance(self.data, int) else (self.data or "")

    def __call__(self, **kw: Any) -> Any:
        shown = {"list": f"{self.id}-names", "autocomplete": "off", "maxlength": 120} | kw
        shown |= {"hx-get": url_for("parties.names", field=self.name), "hx-target": f"#{self.id}-names"}
        shown |= {"hx-swap": "innerHTML", "hx-sync": "this:replace", "hx-trigger": "input changed delay:200ms"}
        beside = get_template_attribute("parties/_names.html", "beside")
        return super().__call__(**shown) + beside(self.id, f"{self.name}-new" if self.asks else None, self.told_new)

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
        if found == [None]:  # its number makes no new name
            raise ValueError(f"“{typed}” is not in the address book any more. Choose one of the list.")
        self.data = self._chosen(typed, [party for party in found if party])

    def _chosen(self, typed: str, found: list[Party]) -> int | str:
        if len(found) == 1:
            return found[0].id
        if found:
            self.likely = found
            ways = " or ".join(
                queries.spelled(party.name, party.id) + (f" in {party.city}" if party.city else "")
                for party in found[:4]
            )
            raise ValueError(f"Several parties are called “{typed}”. Type {ways}.")
        if not self.new:
            raise ValueError(f"No party is called “{typed}”. Choose one of the list, or enter it under Parties first.")
        if len(typed) > 100:
            raise ValueError("At most 100 characters.")
        self.told_new = f"{self.name}-new" in request.form
        self.likely = [] if self.told_new else queries.likely_duplicates(typed)
        self.asks = self.told_new or bool(self.likely)
        if self.likely:
            raise ValueError(f"Do you mean {' or '.join(each.name for each in self.likely)}?")
        return typed

    def mean(self, id: int | None) -> None:
        """Take a party that was picked among those that may be meant, instead of what was typed."""
        if id and queries.present(id):
            self.data, self.asks = id, False
            self.process_errors: list[str] = []

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation()  # what was typed says enough

    def party(self) -> Any:
        """The chosen party; a new name enters it, in the open operation and by whoever is signed in; None if none."""
        if isinstance(self.data, str):
            return Party.enter({"name": self.data}, by=g.user)
        return None if self.data is None else queries.present(self.data)


class EmailField(StringField):
    """An e-mail address, spelled in the normal way."""

    data: str | None

    def pre_validate(self, form: Any) -> None:
        if self.data:
            try:
                self.data = email_address(self.data)
            except ValueError as error:
                raise ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error


class PhoneField(StringField):
    """A phone number, written internationally where it is one of the company's country or of a named one; else kept."""

    data: str | None

    def pre_validate(self, form: Any) -> None:
        if self.data and not any(c.isdigit() for c in self.data):
            raise ValidationError("A phone number needs figures.")
        self.data = phone_shown(self.data, region()) if self.data else self.data


class WebsiteField(StringField):
    """The address of a web site."""

    data: str | None

    def pre_validate(self, form: Any) -> None:
        if self.data:
            try:
                self.data = web_address(self.data)
            except ValueError as error:
                raise ValidationError("Please give a web address like www.example.com.") from error


def _rules(longest: int, required: str | None = None) -> dict[str, Any]:
    length = Length(max=longest, message=f"At most {longest} characters.")
    first = DataRequired(required) if required else Optional()
    return {"validators": [first, length, forms.no_control_characters], "filters": [stripped]}


def email(label: str = "E-mail", required: str | None = None) -> EmailField:
    return EmailField(label, render_kw={"type": "email"}, **_rules(254, required))


def phone(label: str = "Phone", required: str | None = None) -> PhoneField:
    return PhoneField(label, render_kw={"type": "tel"}, **_rules(40, required))


def website(label: str = "Web site", required: str | None = None) -> WebsiteField:
    return WebsiteField(label, render_kw={"inputmode": "url"}, **_rules(200, required))


class PartyFacts:
    """What is kept of a party."""

    kind = RadioField("Kind", choices=KINDS, default="organization")
    name = forms.line("Name", required=True)
    phone = phone()
    email = email()
    website = website()
    street = forms.line("Street", longest=200)
    postal_code = forms.line("Postal code", longest=20)
    city = forms.line("City")
    country = forms.line("Country", longest=60)
    notes = forms.text("Notes")

    def validate_name(self, field: Field) -> None:
        if not field.data:
            raise ValidationError("Please give a name.")


class PartyForm(PartyFacts, EditForm):
    """Everything about a party."""


class NewPartyForm(PartyFacts, CreateForm):
    """A new party; one much like it is pointed out first, and entered when `anyway` says so."""

    anyway = BooleanField("Create anyway")

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in super().facts.items() if name != "anyway"}

    def likely_duplicates(self) -> list[queries.Name]:
        """Parties that may be meant, unless somebody said that this is another one."""
        return [] if self.anyway.data else queries.likely_duplicates(self.name.data or "")
