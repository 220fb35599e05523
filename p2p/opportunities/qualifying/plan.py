"""What becomes of a lead, once decided: one operation that reaches from the address book to the opportunity."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from p2p.activities.queries import open_on
from p2p.contacts import queries as contacts
from p2p.contacts.models import Contact
from p2p.filters import the_format
from p2p.history import operation
from p2p.history.recording import Actor
from p2p.leads.models import Lead
from p2p.leads.parts import LeadContact
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Involved, Origin
from p2p.opportunities.qualifying import queries
from p2p.parties.models import Party
from p2p.processes.running import named, unmet
from p2p.prospects.models import Customer, Prospect
from p2p.prospects.queries import customer_of, prospect_of
from p2p.setup.models import Reason
from p2p.setup.queries import codes, stages

Facts = dict[str, Any]
#: What an opportunity takes over from the lead it came from; one that was open before, only where it says nothing.
CARRIED = ("source_id", "campaign_id", "description", "imported")


def held_back(lead: Lead) -> list[str]:
    """What the process of a lead enforces and nobody did yet, by name."""
    return named(unmet(lead, whole=True)) if lead.process and lead.process.enforced else []


class Outcome(NamedTuple):
    """What a lead became, as far as it became anything."""

    party: Party | None
    contact: Contact | None
    opportunity: Opportunity | None
    customer: Customer | None


@dataclass(frozen=True)
class Plan:
    """What is to become of a lead: records that exist, the facts of new ones, or nothing.

    `person` acts for the party as a contact; `twins` are leads of the same people that join the same opportunity.
    """

    party: Party | Facts | None = None
    person: Party | Facts | None = None
    opportunity: Opportunity | Facts | None = None
    prospect: bool = False
    customer: bool = False
    account_number: str | None = None
    twins: tuple[Lead, ...] = ()
    reason: Reason | None = None
    note: str | None = None
    finish_open: bool = False

    def carry_out(self, lead: Lead, *, by: Actor | None) -> Outcome:
        """Qualify the lead and make what it becomes, all of it or nothing.

        Raises IllegalMove where it is qualified already, Taken where the account number is somebody else's.
        """
        with operation("lead.qualify", by=by) as opened:
            before = set(opened.records)
            party = Party.enter(self.party, by=by) if isinstance(self.party, dict) else self.party
            contact = self._contact(party, by)
            customer = self._roles(lead, party, by)
            opportunity = self._opportunity(lead, party, by)
            made = [key for key, done in opened.records.items() if key not in before and done.kind == "created"]
            came_of_it = opportunity is not None or bool(made)
            for each in (lead, *self.twins):
                each.qualify(self.reason, note=self.note, converted=came_of_it, finish_open=self.finish_open, by=by)
                _link(each, party, contact, opportunity, by)
        return Outcome(party, contact, opportunity, customer)

    def _contact(self, party: Party | None, by: Actor | None) -> Contact | None:
        if party is None or self.person is None:
            return None
        if isinstance(self.person, dict):
            return Contact.enter(party, self.person, by=by)
        return contacts.acting(self.person.id, party.id) or Contact.enter(party, {}, person=self.person, by=by)

    def _roles(self, lead: Lead, party: Party | None, by: Actor | None) -> Customer | None:
        """Make a prospect of the party unless it has a role with us, and open its account."""
        if party is None:
            return None
        account = customer_of(party.id)
        if self.prospect and account is None and prospect_of(party.id) is None:
            kind = {"type_id": codes("prospect_type")[0][0], "currency": the_format().currency}
            Prospect.make(party, kind | ({"responsible_id": lead.owner_id} if lead.owner_id else {}), by=by)
        if self.customer and account is None:
            return Customer.open(party, number=self.account_number, by=by)
        return None

    def _opportunity(self, lead: Lead, party: Party | None, by: Actor | None) -> Opportunity | None:
        if party is None or self.opportunity is None:
            return None
        carried = {name: getattr(lead, name) for name in CARRIED}
        if isinstance(self.opportunity, dict):
            own = {"subject": lead.subject, "party_id": party.id, "stage_id": stages()[0].id}
            owner = {"owner_id": lead.owner_id} if lead.owner_id else {}
            return Opportunity.open(carried | own | owner | self.opportunity, by=by)
        blank = {name: value for name, value in carried.items() if getattr(self.opportunity, name) is None and value}
        if blank:
            self.opportunity.edit(blank, by=by)
        return self.opportunity


def _link(
    lead: Lead, party: Party | None, contact: Contact | None, opportunity: Opportunity | None, by: Actor | None
) -> None:
    """Have a lead say whom it meant and what it led to, and bring its people and its open work along."""
    if party is not None and lead.party_id != party.id:
        lead.edit({"party_id": party.id}, by=by)
    if contact is not None:
        LeadContact.add(lead, contact, by=by)
    if opportunity is None:
        return
    Origin.add(opportunity, lead, by=by)
    for line in lead.contacts:
        if not queries.involves(opportunity.id, line.contact_id):
            Involved.add(opportunity, line.contact, by=by)
    for activity in open_on(lead.noun, lead.id):
        activity.carry_to(opportunity, by=by)
