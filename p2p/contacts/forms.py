"""What we accept about contacts."""

from typing import Any

from flask import get_template_attribute, url_for
from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Optional, StopValidation, ValidationError

from p2p import forms
from p2p.contacts import queries
from p2p.contacts.models import CONSENT, Contact
from p2p.forms import ChoiceField, CreateForm, EditForm, stripped
from p2p.parties import queries as parties
from p2p.parties.forms import BY_NUMBER, PartyField, email, phone
from p2p.parties.models import Party
from p2p.setup.queries import codes


class ContactField(StringField):
    """A contact by the person's name, with suggestions while typing; `data` is its id.

    `offered` are suggested before anything is typed. A name that several contacts share is refused with the spellings
    that tell them apart.
    """

    data: Any

    def __init__(self, label: str = "Contact", *, required: str | None = None, **kw: Any) -> None:
        kw.setdefault("validators", [InputRequired(required)] if required else [Optional()])
        super().__init__(label, **kw)
        self.offered: list[queries.Name] = []

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        known = queries.called(self.data) if isinstance(self.data, int) else None
        return queries.spelled(known) if known else ""

    def __call__(self, **kw: Any) -> Any:
        shown = {"list": f"{self.id}-names", "autocomplete": "off", "maxlength": 120} | kw
        shown |= {"hx-get": url_for("contacts.names", field=self.name), "hx-target": f"#{self.id}-names"}
        shown |= {"hx-swap": "innerHTML", "hx-sync": "this:replace", "hx-trigger": "input changed delay:200ms"}
        beside = get_template_attribute("contacts/_names.html", "beside")
        return super().__call__(**shown) + beside(self.id, self.offered)

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = stripped(valuelist[0] if valuelist else "")
        self.data = None
        if typed is None:
            return
        kept = queries.called(self.object_data) if isinstance(self.object_data, int) else None
        if kept and queries.spelled(kept) == typed:
            self.data = kept.id  # the one it was stays, though it may be archived
            return
        numbered = BY_NUMBER.search(typed)
        found = [queries.with_id(int(numbered[1]))] if numbered else queries.named(typed)
        present = [each for each in found if each]
        if not present:
            raise ValueError(f"No contact is called “{typed}”. Choose one of the list, or enter a new contact.")
        if len(present) > 1:
            ways = " or ".join(f"{queries.spelled(each)} of {each.party}" for each in present[:4])
            raise ValueError(f"Several contacts are called “{typed}”. Type {ways}.")
        self.data = present[0].id

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation()  # what was typed says enough


class ContactFacts:
    """What a person is and does for a party."""

    job_title = forms.line("Job title")
    department = forms.line("Department")
    function_id = ChoiceField("Function", lambda kept: codes("function", kept))
    decision_role_id = ChoiceField("Decision role", lambda kept: codes("decision_role", kept))
    loyalty_id = ChoiceField("Loyalty", lambda kept: codes("loyalty", kept))
    notes = forms.text("Notes")


class ContactForm(ContactFacts, EditForm):
    """What a person does for a party; name, phone and e-mail are the person's own and are changed there."""

    party_id = PartyField("Acts for", required="Please name the party.")
    reports_to_id = ContactField("Reports to")
    vip = BooleanField("VIP", description="Somebody to treat with special care.")
    consent = RadioField("Consent to mailings", choices=CONSENT)
    inactive = BooleanField("Inactive", description="Left, or no longer in charge: menus do not offer them any more.")


class NewContactForm(ContactFacts, CreateForm):
    """A contact: a new person, or one of the address book (`person_id`); `anyway` says it is a namesake."""

    name = forms.line("Name", required=True)
    party_id = PartyField("Acts for", new=True, required="Please name the party.")
    phone = phone()
    email = email()
    person_id = IntegerField("Person", [Optional()])
    anyway = BooleanField("Another person of that name")

    def validate_name(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Please give a name.")
        chosen = self.person_id.data
        person = parties.present(chosen) if chosen else None
        if chosen and (person is None or person.kind != "person"):
            raise ValidationError("That person is not in the address book any more.")
        if person and isinstance(self.party_id.data, int) and queries.acting(person.id, self.party_id.data):
            raise ValidationError(f"{person} already acts for this party.")

    def namesakes(self) -> list[tuple[Party, str]]:
        """Persons who may be meant, each with the reason in words, unless somebody said who is."""
        if self.anyway.data or self.person_id.data:
            return []
        return queries.persons_like(self.name.data or "", self.email.data, self.phone.data)

    def enter(self, *, by: Any) -> Contact:
        """Enter the contact, and the party when its name is new."""
        party = self.party_id.party()
        person = parties.present(self.person_id.data) if self.person_id.data else None
        own = (
            "name",
            "phone",
            "email",
            "job_title",
            "department",
            "function_id",
            "decision_role_id",
            "loyalty_id",
            "notes",
        )
        return Contact.enter(party, {name: self[name].data for name in own}, person=person, by=by)
