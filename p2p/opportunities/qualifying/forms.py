"""What we accept when a lead is qualified: party, contact and opportunity, each new, one that exists, or none."""

from typing import Any

from flask import request
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from p2p import forms
from p2p.activities.forms import ClosesWork
from p2p.contacts.queries import acting
from p2p.figures import MoneyField
from p2p.forms import ChoiceField, CreateForm, SelectMultipleChecks
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.opportunities.qualifying import queries
from p2p.opportunities.qualifying.plan import Plan, held_back
from p2p.opportunities.qualifying.rules import NEW, NONE, Candidate, ticked
from p2p.parties import queries as parties
from p2p.parties.forms import PartyField
from p2p.parties.models import Party, fold
from p2p.processes.running import named, unmet
from p2p.setup import queries as setup
from p2p.setup.models import Reason


class OneOf(RadioField):
    """Records by id, a new one or none; nothing is ticked where it must be asked."""

    def __init__(self, label: str, **kw: Any) -> None:
        super().__init__(label, validators=[Optional()], validate_choice=False, choices=[], **kw)

    @property
    def id_chosen(self) -> int | None:
        return forms.whole(self.data)


class QualifyForm(ClosesWork, CreateForm):
    """One dialog for everything a lead may become. Whoever is typed by name counts before what is ticked."""

    party = OneOf("Party")
    other_party = PartyField("Another party of the address book")
    new_party = forms.line("Name of the new party")
    contact = OneOf("Contact")
    new_contact = forms.line("Name of the new contact")
    acts_too = BooleanField("That person acts for this party, too")
    opportunity = OneOf("Opportunity", default=NEW)
    subject = forms.line("Subject")
    revenue = MoneyField("Estimated revenue")
    prognosis_id = ChoiceField("Prognosis", setup.band_choices, blank="no prognosis")
    twins = SelectMultipleChecks("Leads of the same people that join it", coerce=int, validators=[Optional()])
    prospect = BooleanField("Make the party a prospect, if it is neither prospect nor customer", default=True)
    customer = BooleanField("Open a customer account, if it has none")
    account_number = forms.line("Account number", longest=20, description="Left blank, it is the next one.")
    reason_id = ChoiceField("Reason", lambda kept: [])
    note = forms.text("Note", longest=4000)
    finish_open = BooleanField("Mark what is still planned as done")

    def __init__(self, lead: Lead, *, needs_reason: bool = False, **kw: Any) -> None:
        super().__init__(**kw)
        self.lead, self.needs_reason = lead, needs_reason
        self.reasons: dict[int, Reason] = {reason.id: reason for reason in setup.reasons("qualified", "leads")}
        self.reason_id.choices_from = lambda kept: [(reason.id, reason.name) for reason in self.reasons.values()]
        found = [twin for twin in queries.twins_to_join(lead) if not held_back(twin.lead)]
        self.twin_leads = {twin.lead.id: twin.lead for twin in found}
        self.twins.choices = [
            (twin.lead.id, f"{twin.lead.number} {twin.lead.subject}, {twin.lead.who} ({twin.why})") for twin in found
        ]
        self.unmet, self.enforced = named(unmet(lead, whole=True)), bool(held_back(lead))
        self.offer_to_finish(lead.noun, lead.id)
        self.offer()
        if not self.is_submitted():
            self.suggest()

    # -- what is offered ----------------------------------------------------------------------------------------------

    def offer(self) -> None:
        """Whom the lead may mean, and what is open there; a party named by hand is among them."""
        named = parties.present(self.other_party.data) if isinstance(self.other_party.data, int) else None
        self.parties = queries.party_candidates(self.lead, named)
        first = ticked(self.parties, NEW)
        self.party_id = named.id if named else forms.whole(first)
        self.people = queries.person_candidates(self.lead, self.party_id)
        around = {each.id for each in self.parties} | ({self.party_id} if self.party_id else set())
        self.open_ones = {each.id: each for each in queries.open_opportunities(around)}
        self.party.choices = _offered(self.parties, "A new party", "No party")
        self.contact.choices = _offered(self.people, "A new contact", "No contact")
        joins = [(str(each.id), f"Join {each.number} {each.subject}, {each.party}") for each in self.open_ones.values()]
        choices = [(NEW, "A new opportunity"), *joins, (NONE, "No opportunity")]
        self.opportunity.choices = [SelectChoice(*choice) for choice in choices]

    def suggest(self) -> None:
        """Tick what is certain; what is not stays open and is asked."""
        lead = self.lead
        self.party.data = ticked(self.parties, NEW)
        self.new_party.data = lead.company_name or lead.person_name
        nobody = not lead.person_name or (self.party.data == NEW and not lead.company_name)
        self.contact.data = NONE if nobody and not self.people else ticked(self.people, NEW)
        self.new_contact.data = lead.person_name
        self.subject.data = lead.subject
        self.twins.data = list(self.twin_leads)

    @property
    def looks(self) -> bool:
        """Whether only what is open at a party typed by name is to be shown, before anything is decided."""
        return "look" in request.form and not self.other_party.errors

    @property
    def asks(self) -> list[str]:
        """The fields that must be answered before anything can be done."""
        needed = [name for name in ("party", "contact") if self[name].data is None]
        return needed + (["reason_id"] if self.needs_reason and not self.reason_id.data else [])

    # -- what is missing ----------------------------------------------------------------------------------------------

    def validate(self, *args: Any, **kw: Any) -> bool:
        """Everything that is missing is named at once, before anything is written."""
        valid = bool(super().validate(*args, **kw))
        before = sum(len(field.errors) for field in self)
        self._check_party()
        if not self.party.errors and not self.other_party.errors:
            self._check_contact()
            self._check_opportunity()
        self._check_reason()
        if self.enforced:
            self.form_errors.append(f"Its process requires first: {', '.join(self.unmet)}.")
            return False
        return valid and before == sum(len(field.errors) for field in self)

    def _check_party(self) -> None:
        if isinstance(self.other_party.data, int) or self.other_party.errors:
            return
        if self.party.data is None:
            _complain(self.party, "Several may be meant. Please choose one." if self.parties else "Please choose.")
        elif self.party.data == NEW and not self.new_party.data:
            _complain(self.new_party, "Please name the new party, or choose none.")
        elif self.party.data not in (NEW, NONE) and self.existing_party is None:
            _complain(self.party, "That party is not in the address book any more. Please choose again.")

    def _check_contact(self) -> None:
        if self.contact.data is None:
            _complain(self.contact, "Several people may be meant. Please choose one.")
        elif self.contact.data != NONE and not self.has_party:
            _complain(self.contact, "A contact acts for a party. Choose one, or no contact.")
        elif self.contact.data == NEW and not self.new_contact.data:
            _complain(self.new_contact, "Please name the new contact, or choose none.")
        elif self.contact.data == NEW and self.is_person and fold(self.new_contact.data) == fold(self.new_party.data):
            _complain(self.contact, "Name the company this person acts for, or choose no contact.")
        elif self.contact.data not in (NEW, NONE):
            self._check_person()

    def _check_person(self) -> None:
        """Nobody silently becomes a contact of another company than the one they act for."""
        person, party = self.existing_person, self.existing_party
        known = next((each for each in self.people if person and each.id == person.id), None)
        if person is None or person.kind != "person":
            _complain(self.contact, "That person is not in the address book any more. Please choose again.")
        elif (known is None or known.place) and not (party and acting(person.id, party.id)) and not self.acts_too.data:
            place = known.place if known and known.place else "acts for others"
            _complain(self.acts_too, f"{person} {place}. Tick this, or choose a new contact or none.")

    def _check_opportunity(self) -> None:
        if self.opportunity.data not in (NONE, None) and not self.has_party:
            _complain(self.party, "An opportunity needs a party. Choose one, or no opportunity.")
        elif self.customer.data and not self.has_party:
            _complain(self.party, "A customer account needs a party. Choose one, or open no account.")
        elif self.opportunity.data == NEW and not self.subject.data:
            _complain(self.subject, "Please give a subject.")
        elif self.opportunity.data not in (NEW, NONE):
            joined, party = self.joined, self.existing_party
            if joined is None:
                _complain(self.opportunity, "That opportunity is not open any more. Please choose again.")
            elif party is None or joined.party_id != party.id:
                _complain(self.opportunity, f"“{joined}” is of {joined.party}. Choose that party, or another one.")

    def _check_reason(self) -> None:
        reason = self.reasons.get(self.reason_id.data or 0)
        if reason is None and self.needs_reason:
            _complain(self.reason_id, "Please choose a reason.")
        elif reason and reason.needs_note and not self.note.data:
            _complain(self.note, f"“{reason}” needs a note that says what it was.")

    # -- what was decided ---------------------------------------------------------------------------------------------

    @property
    def existing_party(self) -> Party | None:
        named = self.other_party.data
        id = named if isinstance(named, int) else self.party.id_chosen
        return parties.present(id) if id else None

    @property
    def existing_person(self) -> Party | None:
        return parties.present(self.contact.id_chosen) if self.contact.id_chosen else None

    @property
    def joined(self) -> Opportunity | None:
        return self.open_ones.get(self.opportunity.id_chosen or 0)

    @property
    def enters_party(self) -> bool:
        return self.party.data == NEW and not isinstance(self.other_party.data, int)

    @property
    def has_party(self) -> bool:
        return self.enters_party or self.existing_party is not None

    @property
    def is_person(self) -> bool:
        """Whether the new party is the person itself: the lead names no company, and no other name was typed."""
        lead = self.lead
        named = fold(self.new_party.data or "") == fold(lead.person_name or "")
        return self.enters_party and not lead.company_name and named

    def plan(self) -> Plan:
        """What was decided, as the one operation that does it."""
        reached = {"phone": self.lead.phone, "email": self.lead.email}
        party: Any = self.existing_party
        if self.enters_party:
            kind = {"kind": "person" if self.is_person else "organization", "name": self.new_party.data}
            party = kind | (reached if self.contact.data == NONE else {})
        person: Any = self.existing_person
        if self.contact.data == NEW:
            person = {"name": self.new_contact.data} | reached
        opportunity: Any = self.joined
        if self.opportunity.data == NEW:
            opportunity = {"subject": self.subject.data, "prognosis_id": self.prognosis_id.data}
            opportunity |= {"revenue": self.revenue.data} if self.revenue.data is not None else {}
        chosen = [self.twin_leads[id] for id in self.twins.data or [] if id in self.twin_leads and opportunity]
        return Plan(
            party,
            person,
            opportunity,
            prospect=self.prospect.data,
            customer=self.customer.data,
            account_number=self.account_number.data,
            twins=tuple(chosen),
            reason=self.reasons.get(self.reason_id.data or 0),
            note=self.note.data,
            finish_open=self.finishes,
        )


def _offered(candidates: list[Candidate], new: str, none: str) -> list[SelectChoice]:
    found = [SelectChoice(str(each.id), each.name) for each in candidates]
    return [*found, SelectChoice(NEW, new), SelectChoice(NONE, none)]


def _complain(field: Any, words: str) -> None:
    field.errors = [*field.errors, words]
