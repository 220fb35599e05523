"""What we accept about the people behind a lead."""

from typing import Any

from p2p.contacts import queries as contacts
from p2p.contacts.forms import ContactField
from p2p.forms import CreateForm
from p2p.leads.models import Lead


class ContactOfLeadForm(CreateForm):
    """A contact of the address book; those of the lead's party are offered first."""

    contact_id = ContactField("Contact", required="Please name a contact.")

    def __init__(self, lead: Lead, **kw: Any) -> None:
        super().__init__(**kw)
        if lead.party_id:
            here = {line.contact_id for line in lead.contacts}
            self.contact_id.offered = [each for each in contacts.acting_for(lead.party_id) if each.id not in here]


def what_is_known(lead: Lead) -> dict[str, Any]:
    """What a new contact may take over from the lead: its party, and the person while nobody else is behind it."""
    known = {"party_id": lead.party_id or lead.company_name}
    if not lead.contacts:
        known |= {"name": lead.person_name, "email": lead.email, "phone": lead.phone}
    return known
