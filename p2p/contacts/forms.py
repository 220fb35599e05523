"""What we accept about contacts."""

from typing import Any

from wtforms import BooleanField, IntegerField
from wtforms.validators import Optional, ValidationError

from p2p import forms
from p2p.contacts import queries
from p2p.contacts.models import Contact
from p2p.forms import ChoiceField, CreateForm, EditForm
from p2p.parties import queries as parties
from p2p.parties.forms import PartyField, email, phone
from p2p.parties.models import Party
from p2p.setup.queries import codes


class ContactFacts:
    """What a person is and does for a party."""

    job_title = forms.line("Job title")
    function_id = ChoiceField("Function", lambda kept: codes("function", kept))
    decision_role_id = ChoiceField("Decision role", lambda kept: codes("decision_role", kept))
    loyalty_id = ChoiceField("Loyalty", lambda kept: codes("loyalty", kept))
    notes = forms.text("Notes")


class ContactForm(ContactFacts, EditForm):
    """What a person does for a party; name, phone and e-mail are the person's own and are changed there."""

    party_id = PartyField("Acts for", required="Please name the party.")


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

    def namesakes(self) -> list[Party]:
        """Persons who may be meant, unless somebody said who is."""
        return [] if self.anyway.data or self.person_id.data else queries.persons_named(self.name.data or "")

    def enter(self, *, by: Any) -> Contact:
        """Enter the contact, and the party when its name is new."""
        party = self.party_id.party()
        person = parties.present(self.person_id.data) if self.person_id.data else None
        own = ("name", "phone", "email", "job_title", "function_id", "decision_role_id", "loyalty_id", "notes")
        return Contact.enter(party, {name: self[name].data for name in own}, person=person, by=by)
