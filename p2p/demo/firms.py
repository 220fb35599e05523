"""The parties of the demo: whom we sell to, who acts for them, and who bids against us."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

from p2p.activities.models import Activity
from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.demo import reach, wording, world
from p2p.demo.company import Company
from p2p.demo.days import REACH, Script
from p2p.filters import today
from p2p.identity.models import User
from p2p.parties.models import Party, fold
from p2p.prospects.models import Customer, Prospect

SWAPS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "æ": "ae"})


def address_part(name: str) -> str:
    """Words as they stand in an internet address."""
    return "".join(c if c.isalnum() else "-" for c in fold(name.casefold().translate(SWAPS))).strip("-")


class Firm:
    """An organization or a person; `party` and the rest are there once it was entered."""

    party: Party
    prospect: Prospect | None = None
    ready: datetime

    def __init__(self, name: str, place: world.Place, seller: User, random: Random) -> None:
        self.name, self.place, self.seller, self.random = name, place, seller, random
        self.domain = "-".join(address_part(name).split("-")[:2]) + ".example"
        self.contacts: list[Contact] = []

    @property
    def currency(self) -> str:
        return world.CURRENCIES[self.place.country]

    def phone(self) -> str:
        return f"{self.place.phone}{self.random.randint(100, 999)}"

    def address(self) -> dict[str, str]:
        street, number = self.random.choice(world.STREETS[self.place.country]), str(self.random.randint(1, 98))
        first = self.place.country in world.NUMBER_FIRST
        line = f"{number} {street}" if first else f"{street} {number}"
        return {
            "street": line,
            "postal_code": self.place.postal_code,
            "city": self.place.city,
            "country": self.place.country,
        }

    def enter(self, company: Company) -> None:
        address = self.address()
        facts = {"name": self.name, "phone": self.phone(), "email": f"info@{self.domain}"}
        facts |= {"website": f"https://www.{self.domain}"} | address
        further = reach.of_firm(company, self.name, self.domain, self.place.country, address)
        self.party = Party.enter(facts, channels=further, by=self.seller)

    def enter_person(self, notes: str) -> None:
        email = f"{address_part(self.name).replace('-', '.')}@mail.example"
        facts = {"kind": "person", "name": self.name, "phone": self.phone(), "email": email, "notes": notes}
        self.party = Party.enter(facts | self.address(), by=self.seller)

    def make_prospect(self, company: Company, trade: str, segment: str) -> None:
        codes = {"type_id": ("prospect_type", "Standard"), "status_id": ("prospect_status", "In touch")}
        codes |= {"segment_id": ("segment", segment), "line_of_business_id": ("line_of_business", trade)}
        codes |= {"district_id": ("district", self.place.district)}
        facts = {name: company.code(*code) for name, code in codes.items()}
        currency = self.currency if company.rate(self.currency) else company.currency
        self.prospect = Prospect.make(self.party, facts | {"currency": currency}, by=self.seller)

    def add_contact(self, company: Company, name: str, position: tuple[str, str, str], loyalty: str | None) -> None:
        title, function, role = position
        facts = {"name": name, "job_title": title, "phone": self.phone()}
        facts |= {"email": f"{address_part(name).replace('-', '.')}@{self.domain}"}
        codes = {
            "function_id": company.code("function", function),
            "decision_role_id": company.code("decision_role", role),
        }
        codes |= {"loyalty_id": company.code("loyalty", loyalty)} if loyalty else {}
        known = reach.about_contact(name, function)
        known |= {"reports_to_id": self.contacts[0].id} if self.contacts and function != "Management" else {}
        further = reach.of_person(company, name, self.place.country)
        self.contacts.append(Contact.enter(self.party, facts | codes | known, channels=further, by=self.seller))

    def convert(self, by: User) -> None:
        """The first order makes a prospect a customer."""
        if self.prospect is not None and self.prospect.customer_id is None:
            self.prospect.convert(by=by)


class AddressBook:
    """All parties, and when they are entered."""

    def __init__(self, script: Script, company: Company, random: Random) -> None:
        self.script, self.company, self.random = script, company, random
        self.rivals: list[Competitor] = []
        self._names: set[str] = {name for name, _, _ in world.PERSONS}
        self.firms = [self._firm(name, town) for name, town, _ in world.ORGANIZATIONS]
        self.persons = [self._firm(name, town) for name, town, _ in world.PERSONS]

    def _firm(self, name: str, town: str) -> Firm:
        return Firm(name, world.PLACES[town], self.random.choice(self.company.sellers), self.random)

    def register_competitors(self) -> None:
        for name, town, description, strengths, prices, notes in world.COMPETITORS:
            firm = Firm(name, world.PLACES[town], self.company.manager, self.random)
            facts = {"description": description, "strengths": strengths, "prices": prices, "notes": notes}
            entered = self.script.add(REACH, partial(firm.enter, self.company))
            self.script.add(REACH, partial(self._register, firm, facts), entered)

    def _register(self, firm: Firm, facts: dict[str, str]) -> None:
        self.rivals.append(Competitor.register(firm.party, facts, by=self.company.manager))

    def enter(self, first_opened: dict[str, int]) -> None:
        """Let every party be entered, before the first opportunity with it (name → days ago)."""
        for place, (firm, (_, _, trade)) in enumerate(zip(self.firms, world.ORGANIZATIONS, strict=True)):
            opened = first_opened.get(firm.name, self.random.randint(30, 400))
            customer = place % 5 in (0, 3)
            ago = REACH - 1 - place // 12 if customer else min(opened + self.random.randint(4, 12), REACH - 6)
            last = self.script.add(ago, partial(firm.enter, self.company))
            for act in self._roles(firm, trade, customer, firm.name in first_opened):
                last = self.script.add(ago, act, last)
            firm.ready = last
            self._look_after(firm)
        for firm, (_, _, notes) in zip(self.persons, world.PERSONS, strict=True):
            ago = first_opened.get(firm.name, 200) + 8
            firm.ready = self.script.add(ago, partial(firm.enter_person, notes))
            if firm.name in first_opened:
                act = partial(firm.make_prospect, self.company, "Consulting", "Small")
                firm.ready = self.script.add(ago, act, firm.ready)

    def _roles(self, firm: Firm, trade: str, customer: bool, wanted: bool) -> Iterator[Callable[[], object]]:
        segment = self.random.choice(("Small", "Medium", "Medium", "Large"))
        if customer:
            yield lambda: Customer.open(firm.party, by=firm.seller)
        elif wanted:
            yield lambda: firm.make_prospect(self.company, trade, segment)
        positions = self.random.sample(world.POSITIONS, self.random.randint(1, 3) if wanted else 1)
        for position in positions:
            loyalty = self.random.choice(("For us", "Neutral", "Neutral", "Against us", None))
            yield partial(firm.add_contact, self.company, self._new_name(firm.place.country), position, loyalty)

    def _new_name(self, country: str) -> str:
        while True:
            name = f"{self.random.choice(world.FIRST_NAMES[country])} {self.random.choice(world.LAST_NAMES[country])}"
            if name not in self._names:
                self._names.add(name)
                return name

    def _look_after(self, firm: Firm) -> None:
        """Work on the party itself, apart from any opportunity."""
        if self.random.random() < 0.5:
            category, kind, purpose, note = self.random.choice(wording.PARTY_WORK)
            facts = {
                "category": category,
                "type_id": self.company.code("activity_type", kind),
                "purpose": purpose,
                "notes": note,
            }
            act = lambda: Activity.log(firm.party, facts | {"due_on": today()}, by=firm.seller)  # noqa: E731
            self.script.add(self.random.randint(2, 25), act, firm.ready)
        if self.random.random() < 0.2:
            category, kind, purpose = self.random.choice(wording.PARTY_STEPS)
            planned: dict[str, Any] = {
                "category": category,
                "type_id": self.company.code("activity_type", kind),
                "purpose": purpose,
            }
            planned |= {"due_on": self.script.day(-self.random.randint(2, 40))}
            self.script.add(1, lambda: Activity.plan(firm.party, planned, by=firm.seller), firm.ready)
