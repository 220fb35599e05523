"""What is found: each noun that has a page, by which of its facts, and what a hit says of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import aliased

from p2p.activities.models import Activity
from p2p.attachments.models import Attachment
from p2p.campaigns.models import STATUSES as CAMPAIGN_STATUSES
from p2p.campaigns.models import Campaign
from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.filters import the_format
from p2p.history.wording import capitalized, noun_words
from p2p.leads.models import STATUSES as LEAD_STATUSES
from p2p.leads.models import Lead
from p2p.meetings.models import STATUSES as MEETING_STATUSES
from p2p.meetings.models import Meeting, Point
from p2p.opportunities.models import STATUSES, Opportunity
from p2p.opportunities.parts import Rival
from p2p.parties.models import KINDS as PARTY_KINDS
from p2p.parties.models import Party
from p2p.prospects.models import Customer, Prospect
from p2p.setup.models import Code, Stage

Person, Firm = aliased(Party, name="person"), aliased(Party, name="firm")


@dataclass(frozen=True)
class Kind:
    """One noun, and how it is found.

    `number` stands for it in the index, for ever. `title` and `code` count as wholes and by their words, `texts` by
    their words, `phones` hold keys; `reached` names a party whose phones, e-mail addresses and places count, too.
    `links` are (column of the noun, what it points at), whose facts may be used as well; `parts` are (a noun it is made
    of, the column by which that points at it, texts). `says` makes words of `facts`.
    `list` is the door of its list and the parameter that narrows that by text. `hangs`: it hangs on any other record.
    """

    number: int
    cls: Any
    title: Any
    says: Callable[[Any], Iterable[str | None]]
    code: Any = None
    texts: tuple[Any, ...] = ()
    phones: tuple[Any, ...] = ()
    reached: Any = None
    links: tuple[tuple[Any, Any], ...] = ()
    parts: tuple[tuple[Any, Any, tuple[Any, ...]], ...] = ()
    facts: tuple[Any, ...] = ()
    list: tuple[str, str] | None = None
    hangs: bool = False

    @property
    def noun(self) -> str:
        return str(self.cls.noun)

    @property
    def label(self) -> str:
        return capitalized(noun_words(self.noun, 2))

    @cached_property
    def columns(self) -> tuple[Any, ...]:
        """Everything its words are taken from."""
        return tuple(each for each in (self.title, self.code, *self.texts, *self.phones) if each is not None)

    @cached_property
    def watched(self) -> dict[Any, frozenset[str]]:
        """Class → the fields of it that decide about the words."""
        found: dict[Any, frozenset[str]] = {self.cls: frozenset({"hidden"})}
        for own, entity in ((None, self.cls), *self.links):
            cls = inspect(entity).class_
            used = frozenset(each.key for each in self.columns if each.parent is inspect(entity))
            found[cls] = found.get(cls, frozenset()) | used
            if own is not None and used:
                found[self.cls] |= {own.key}
        return found


def _activity(row: Any) -> Iterable[str | None]:
    return ("done" if row.status == "done" else "to be done", the_format().day(row.due_on))


OPPORTUNITY, LEAD, CONTACT, PARTY, CUSTOMER, PROSPECT = 1, 2, 3, 4, 5, 6

#: In the order in which they are shown.
KINDS = (
    Kind(
        OPPORTUNITY,
        Opportunity,
        Opportunity.subject,
        code=Opportunity.number,
        texts=(Party.name, Opportunity.description, Opportunity.outcome_note),
        links=((Opportunity.party_id, Party), (Opportunity.stage_id, Stage)),
        parts=((Rival, Rival.opportunity_id, (Rival.note,)),),
        facts=(Opportunity.number, Party.name.label("party"), Stage.name.label("stage"), Opportunity.status),
        says=lambda row: (row.number, row.party, row.stage if row.status == "active" else STATUSES[row.status]),
        list=("opportunities.index", "text"),
    ),
    Kind(
        LEAD,
        Lead,
        Lead.subject,
        code=Lead.number,
        texts=(
            *(Party.name, Lead.company_name, Lead.person_name, Lead.email, Lead.email_key),
            *(Lead.description, Lead.outcome_note, Lead.source_note),
        ),
        phones=(Lead.phone_key,),
        links=((Lead.party_id, Party),),
        facts=(Lead.number, Party.name.label("party"), Lead.company_name, Lead.person_name, Lead.status),
        says=lambda row: (row.number, row.party or row.company_name or row.person_name, LEAD_STATUSES[row.status]),
        list=("leads.index", "text"),
    ),
    Kind(
        CONTACT,
        Contact,
        Person.name,
        texts=(Firm.name, Contact.job_title, Contact.department, Contact.notes, Code.name),
        reached=Contact.person_id,
        links=((Contact.person_id, Person), (Contact.party_id, Firm), (Contact.function_id, Code)),
        facts=(Firm.name.label("party"), Contact.job_title, Person.phone, Person.email),
        says=lambda row: (row.party, row.job_title, row.phone or row.email),
        list=("contacts.index", "q"),
    ),
    Kind(
        PARTY,
        Party,
        Party.name,
        texts=(Party.notes,),
        reached=Party.id,
        facts=(Party.kind, Party.city, Party.phone, Party.email),
        says=lambda row: (PARTY_KINDS[row.kind], row.city, row.phone or row.email),
        list=("parties.index", "q"),
    ),
    Kind(
        CUSTOMER,
        Customer,
        Party.name,
        code=Customer.number,
        links=((Customer.party_id, Party),),
        facts=(Customer.number, Party.city),
        says=lambda row: (row.number, row.city),
        list=("customers.index", "q"),
    ),
    Kind(
        PROSPECT,
        Prospect,
        Party.name,
        code=Prospect.number,
        links=((Prospect.party_id, Party),),
        facts=(Prospect.number, Party.city),
        says=lambda row: (row.number, row.city),
        list=("prospects.index", "q"),
    ),
    Kind(
        7,
        Competitor,
        Party.name,
        texts=(Competitor.description, Competitor.strengths, Competitor.prices, Competitor.notes),
        links=((Competitor.party_id, Party),),
        facts=(Competitor.description,),
        says=lambda row: (row.description,),
        list=("competitors.index", "q"),
    ),
    Kind(
        8,
        Campaign,
        Campaign.name,
        texts=(Campaign.description,),
        facts=(Campaign.status,),
        says=lambda row: (CAMPAIGN_STATUSES[row.status],),
        list=("campaigns.index", "text"),
    ),
    Kind(
        9,
        Activity,
        Activity.purpose,
        texts=(Activity.notes, Activity.location),
        facts=(Activity.status, Activity.due_on),
        says=_activity,
        list=("activities.all", "q"),
        hangs=True,
    ),
    Kind(10, Attachment, Attachment.name, texts=(Attachment.note,), says=lambda row: (), hangs=True),
    Kind(
        11,
        Meeting,
        Meeting.name,
        texts=(Meeting.attending,),
        parts=((Point, Point.meeting_id, (Point.decision, Point.note)),),
        facts=(Meeting.held_on, Meeting.status),
        says=lambda row: (the_format().date(row.held_on), MEETING_STATUSES[row.status]),
    ),
)
BY_NUMBER = {kind.number: kind for kind in KINDS}
