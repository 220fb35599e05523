"""One lead of the demo: who asked, and what people do about it, each thing at its moment."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from p2p.activities.models import Activity
from p2p.activities.queries import open_on
from p2p.contacts.models import Contact
from p2p.demo import asking, world
from p2p.demo.deal import Deal
from p2p.demo.firms import Firm, address_part
from p2p.filters import today
from p2p.identity.models import User
from p2p.leads.models import Lead
from p2p.opportunities.qualifying.plan import Plan
from p2p.processes.queries import checklist
from p2p.processes.running import tick
from p2p.setup.queries import reasons

if TYPE_CHECKING:
    from p2p.demo.inquiries import Inquiries

RATINGS, PRIORITIES, TYPES = ("Cold", "Warm", "Warm", "Hot"), ("Low", "Normal", "Normal", "High"), "New business"
#: How often what is done is a step of the process.
THROUGH_THE_PROCESS = 0.75


@dataclass
class Asker:
    """Who asks: a firm of the address book, or somebody nobody knows yet."""

    company: str
    person: str
    place: world.Place
    about: str
    firm: Firm | None = None

    @property
    def email(self) -> str:
        domain = self.firm.domain if self.firm else "-".join(address_part(self.company).split("-")[:2]) + ".example"
        return f"{address_part(self.person).replace('-', '.')}@{domain}"


class Inquiry:
    """One lead and what people do about it; each method is one thing done, at the moment it is played."""

    lead: Lead

    def __init__(self, asker: Asker, source: str, owner: User, inquiries: "Inquiries") -> None:
        self.asker, self.source, self.owner, self.all = asker, source, owner, inquiries
        self.random, self.company = inquiries.random, inquiries.book.company

    def capture(self, owner: User | None, **other: Any) -> None:
        asker, code, random = self.asker, self.company.code, self.random
        contacts = self._known()
        facts: dict[str, Any] = {
            "subject": asker.about[:100],
            "company_name": asker.company,
            "person_name": asker.person,
        }
        facts |= {"email": asker.email, "phone": f"{asker.place.phone}{random.randint(100, 999)}"}
        facts |= {"rating_id": code("lead_rating", random.choice(RATINGS))} if random.random() < 0.8 else {}
        facts |= {"priority_id": code("lead_priority", random.choice(PRIORITIES))} if random.random() < 0.7 else {}
        facts |= {"type_id": code("lead_type", "Existing customer" if asker.firm else TYPES)}
        facts |= {"description": random.choice(asking.WORDS)} | self._source()
        facts |= {"party_id": contacts[0].party_id} if contacts else {}
        facts |= {"owner_id": owner.id if owner else None} | other
        self.lead = Lead.capture(facts, contacts=contacts, by=self.owner)

    def _known(self) -> list[Contact]:
        """Whoever of the firm asks is in the address book by now, if anybody of it is."""
        if self.asker.firm is None or not self.asker.firm.contacts:
            return []
        contact = self.random.choice(self.asker.firm.contacts)
        self.asker.person = contact.name
        return [contact]

    def _source(self) -> dict[str, Any]:
        facts: dict[str, Any] = {"source_id": self.company.code("source", self.source)}
        note = asking.SOURCES[self.source][1]
        facts |= {"source_note": note} if note else {}
        if self.source == "Campaign" and (campaign := self.all.campaign_of(today())):
            facts["campaign_id"] = campaign.id
        if self.source == "Worker":
            facts["source_user_id"] = self.random.choice(self.company.sellers).id
        known = [firm for firm in self.all.book.firms if firm.contacts and firm is not self.asker.firm]
        if self.source == "Customer" and known:
            facts["source_party_id"] = self.random.choice(known).party.id
        return facts

    def work(self, entry: tuple[str, str, str, str]) -> None:
        """Something done: mostly the next step of the process, else whatever comes up."""
        if self.random.random() < THROUGH_THE_PROCESS and self._go_on():
            return
        *work, note = entry
        facts = self._facts(*work) | {"due_on": today(), "notes": note}
        Activity.log(self.lead, facts, by=self.owner)

    def _go_on(self) -> bool:
        """Do the next step of the stage the lead is in, and go on to the next stage after the last; says whether."""
        followed = checklist(self.lead)
        steps = [item for item in followed.present.items if not item.done] if followed and followed.present else []
        if not followed or not steps:
            return False
        tick(self.lead, steps[0], by=self.owner)
        if followed.following and len(steps) == 1:
            self.lead.move(followed.following.stage, by=self.owner)
        return True

    def plan(self, entry: tuple[str, str, str], due_on: date) -> None:
        Activity.plan(self.lead, self._facts(*entry) | {"due_on": max(due_on, today())}, by=self.owner)

    def _facts(self, category: str, kind: str, purpose: str) -> dict[str, Any]:
        facts = {"category": category, "type_id": self.company.code("activity_type", kind), "purpose": purpose}
        if category == "appointment":
            facts |= {"starts": "10:00", "ends": "11:30", "location": self.asker.place.city}
        return facts

    def catch_up(self, days: list[date], *, keep_late: bool) -> None:
        """What is late was done by now or gets a new day; `keep_late`: but for the first of it."""
        late = [each for each in open_on(self.lead.noun, self.lead.id) if each.due_on <= today()]
        for activity in late[1:] if keep_late else late:
            if self.lead.worked and self.random.random() < 0.6:
                activity.finish(by=self.owner)
            else:
                activity.move(self.random.choice(days), by=self.owner)

    def postpone(self, wake_on: date) -> None:
        for activity in open_on(self.lead.noun, self.lead.id):
            activity.move(max(wake_on, today()), by=self.owner)
        self.lead.postpone(wake_on, note=self.random.choice(asking.LATER), by=self.owner)

    def refuse(self, name: str, note: str | None) -> None:
        reason = next(reason for reason in reasons("disqualified", "leads") if reason.name == name)
        self.lead.disqualify(reason, note=note, finish_open=True, by=self.owner)

    def qualify(self, deal: Deal | None) -> None:
        reason = reasons("qualified", "leads")[0]
        joined = (deal.firm.party, deal.opportunity) if deal else (None, None)
        Plan(joined[0], opportunity=joined[1], reason=reason, finish_open=True).carry_out(self.lead, by=self.owner)
