"""What we accept of a new lead: a subject and a name are enough."""

from typing import Any

from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import Optional, ValidationError

from p2p import forms
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.forms import CreateForm, whole
from p2p.leads.capturing.likely import Likely, Typed, likely
from p2p.leads.forms import Facts
from p2p.leads.models import Lead
from p2p.leads.queries import with_number
from p2p.parties import queries as parties

LONGEST = 254
#: What one lead leaves to the next when several are captured in a row.
KEPT = ("source_id", "campaign_id", "source_note", "type_id", "priority_id", "owner_id")


class CaptureForm(Facts, CreateForm):
    """A new lead. Party and contacts are what somebody picked among those that may be meant, never guessed."""

    party_id = SelectField("Party", [Optional()], coerce=whole, validate_choice=False)
    contact_ids = SelectMultipleField("Contacts", coerce=whole, validate_choice=False)
    number = forms.line("Number", longest=20, description="Left blank, it gets the next one. It stays for good.")
    #: Who was shown while typing, so that nobody is asked about them again; and that somebody else is meant.
    seen = StringField()
    anyway = StringField()

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        for name in ("company_name", "person_name"):
            self[name].flags.optional = False  # one of the two is asked for

    def validate(self, *args: Any, **kw: Any) -> bool:
        """Besides the fields by themselves: somebody has to be named."""
        right = super().validate(*args, **kw)
        if any(self[name].data for name in ("company_name", "person_name", "party_id", "contact_ids")):
            return right
        self.company_name.errors = [
            *self.company_name.errors,
            "Please give a company or a person, or tick who is meant.",
        ]
        return False

    def validate_party_id(self, field: Any) -> None:
        if field.data and not parties.present(field.data):
            raise ValidationError("This party is not in the address book any more.")

    def validate_number(self, field: Any) -> None:
        if field.data and (other := with_number(field.data)):
            whose = "a lead that was taken away" if other.hidden else f"“{other}”"
            raise ValidationError(f"The number {field.data} already belongs to {whose}.")

    @property
    def shows_more(self) -> bool:
        """Whether something is wrong with what is asked for under *More*."""
        seen_at_once = ("subject", "company_name", "person_name", "email", "phone", "party_id")
        return any(field.errors for field in self if field.name not in seen_at_once)

    @property
    def likely(self) -> Likely:
        """Who may be meant by what was typed so far."""
        ids = tuple(id for id in self.contact_ids.data or [] if id)
        fields = {"company": self.company_name, "person": self.person_name, "email": self.email, "phone": self.phone}
        # Of what is too long to be kept, the beginning will do.
        who: dict[str, Any] = {name: (field.data or "")[:LONGEST] or None for name, field in fields.items()}
        return likely(Typed(**who, party_id=self.party_id.data, contact_ids=ids))

    def question(self) -> Likely | None:
        """Who may be meant, if somebody is among them who was not shown yet."""
        found = self.likely
        return None if self.anyway.data or found.asked <= set((self.seen.data or "").split()) else found

    def capture(self, *, by: Any) -> Lead:
        """Capture it for the party that was picked, else the one the first contact acts for."""
        facts = {name: value for name, value in self.facts.items() if name not in ("contact_ids", "seen", "anyway")}
        people = [db.session.get_one(Contact, id) for id in self.likely.chosen]
        if people and not facts["party_id"]:
            facts["party_id"] = people[0].party_id
        return Lead.capture(facts, contacts=people, by=by)
