"""What we accept about leads."""

from p2p import forms
from p2p.campaigns import queries as campaigns
from p2p.forms import ChoiceField, EditForm, one_fact
from p2p.identity.queries import owners
from p2p.leads.models import Lead
from p2p.parties.forms import PartyField, email, phone
from p2p.setup.queries import codes_of


class SourceFacts:
    """Where a lead came from, and what that refers to."""

    source_id = ChoiceField("Source", codes_of("source"))
    campaign_id = ChoiceField("Campaign", campaigns.choices, blank="no campaign")
    source_party_id = PartyField("Recommended by", description="A party of the address book.")
    source_user_id = ChoiceField("Brought by", owners, blank="nobody of ours")
    source_note = forms.line("About the source", longest=200)


class Facts(SourceFacts):
    """What is known of a lead; little of it at first."""

    subject = forms.line("Subject", required=True)
    party_id = PartyField("Party", description="Once it is in the address book.")
    company_name = forms.line("Company")
    person_name = forms.line("Person")
    email = email()
    phone = phone()
    owner_id = ChoiceField("Owner", owners, blank="nobody")
    rating_id = ChoiceField("Rating", codes_of("lead_rating"), blank="not rated")
    priority_id = ChoiceField("Priority", codes_of("lead_priority"))
    type_id = ChoiceField("Type", codes_of("lead_type"))
    description = forms.text("Description")


class LeadForm(Facts, EditForm):
    """Everything about a lead but its status; its number stays."""

    rows = (
        ("subject",),
        ("party_id", "company_name"),
        ("person_name",),
        ("email", "phone"),
        ("owner_id", "rating_id"),
        ("priority_id", "type_id"),
        ("source_id", "campaign_id"),
        ("source_party_id", "source_user_id"),
        ("source_note",),
        ("description",),
    )


class SourceForm(SourceFacts, EditForm):
    """The source alone."""

    rows = (("source_id", "campaign_id"), ("source_party_id", "source_user_id"), ("source_note",))


#: Facts that are edited in place, one by one.
INLINE = (
    *("subject", "party_id", "company_name", "person_name", "email", "phone", "owner_id", "rating_id", "priority_id"),
    *("type_id", "description"),
)


def fact_form(lead: Lead, name: str) -> EditForm | None:
    """The form of one fact, or of the source with what it refers to; None where there is none of that name."""
    if name == "source":
        return SourceForm(lead)
    form_class = one_fact(LeadForm, name) if name in INLINE else None
    return form_class(lead) if form_class else None
