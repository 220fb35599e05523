"""The leads of the demo: who asked, what was done about it, and what became of it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from p2p.campaigns.models import Campaign
from p2p.demo import asking, world
from p2p.demo.days import weekday
from p2p.demo.deal import Deal
from p2p.demo.firms import AddressBook
from p2p.demo.inquiry import Asker, Inquiry

#: What becomes of the leads → how many; twins come on top.
ENDINGS = {"open": 52, "asleep": 10, "wakes today": 2, "woken": 4, "joined": 28, "qualified": 8, "refused": 40}
#: The next step of open leads → how many; whoever is new has none, and nobody did anything yet.
STEPS = {"new": 14, "overdue": 8, "today": 5, "week": 12, "later": 5, "none": 8}
#: So many open leads come a second time, by another way and spelled otherwise.
TWINS = 6
#: Nobody owns every so-many-th open lead.
NOBODYS = 9


class Inquiries:
    """All 150 leads and the campaigns some come from, put into the script."""

    def __init__(self, book: AddressBook, found: list[Deal], random: Random) -> None:
        self.book, self.random, self.script = book, random, book.script
        self.deals = [deal for deal in found if 30 <= deal.plot.opened <= 480]
        self.random.shuffle(self.deals)
        self._strangers = list(asking.STRANGERS)
        self.random.shuffle(self._strangers)
        self._campaigns: list[tuple[date, Campaign]] = []

    def schedule(self) -> None:
        self._announce()
        sources = [source for source, (count, _) in asking.SOURCES.items() for _ in range(count)]
        self.random.shuffle(sources)
        steps = [step for step, count in STEPS.items() for _ in range(count)]
        self.random.shuffle(steps)
        for ending, count in ENDINGS.items():
            for place in range(count):
                self._tell(ending, place, sources.pop(), steps)

    def campaign_of(self, day: date) -> Campaign | None:
        """The campaign that began last before a day."""
        begun = [campaign for first, campaign in self._campaigns if first <= day]
        return begun[-1] if begun else None

    def _announce(self) -> None:
        for name, kind, first, last, cost, status in sorted(asking.CAMPAIGNS, key=lambda each: -each[2]):
            self.script.add(max(first + 30, 1), partial(self._campaign, name, kind, first, last, cost, status))

    def _campaign(self, name: str, kind: str, first: int, last: int, cost: int, status: str) -> None:
        company = self.book.company
        facts = {"name": name, "type_id": company.code("campaign_type", kind), "status": status}
        facts |= {"starts_on": self.script.day(first), "ends_on": self.script.day(last)}
        facts |= {"cost": company.amount(cost, company.currency)}
        self._campaigns.append((self.script.day(first), Campaign.start(facts, by=company.manager)))

    def _asker(self, known: bool) -> Asker:
        if known:
            firm = self.random.choice(self.book.firms[:40])
            return Asker(firm.name, self._person(firm.place), firm.place, self.random.choice(asking.STRANGERS)[2], firm)
        company, town, about = self._strangers[0]
        self._strangers.append(self._strangers.pop(0))
        place = world.PLACES[town]
        return Asker(company, self._person(place), place, about)

    def _person(self, place: world.Place) -> str:
        first, last = world.FIRST_NAMES[place.country], world.LAST_NAMES[place.country]
        return f"{self.random.choice(first)} {self.random.choice(last)}"

    def _tell(self, ending: str, place: int, source: str, steps: list[str]) -> None:
        random, script = self.random, self.script
        deal = self.deals.pop() if ending == "joined" else None
        if deal is not None:
            asker = Asker(deal.firm.name, self._person(deal.firm.place), deal.firm.place, deal.subject)
            opened = deal.plot.opened + random.randint(6, 40)
        else:
            asker = self._asker(known=random.random() < 0.3)
            opened = self._age(ending, place)
        inquiry = Inquiry(asker, source, random.choice(self.book.company.sellers), self)
        owner = None if ending == "open" and place % NOBODYS == 0 else inquiry.owner
        last = script.add(opened, partial(inquiry.capture, owner))
        match ending:
            case "open":
                self._go_on(inquiry, opened, steps.pop(), last, twin=place < TWINS)
            case "joined":
                last = self._work(inquiry, opened, deal.plot.opened, 2, last) if deal else last
                if deal is not None:
                    deal.beat(deal.plot.opened, partial(inquiry.qualify, deal))
            case _:
                ended = max(2, opened - random.randint(5, 40))
                last = self._work(inquiry, opened, ended, random.randint(1, 3), last)
                script.add(ended, self._end(inquiry, ending, place), last)

    def _age(self, ending: str, place: int) -> int:
        if ending == "open":
            return 1 + place * 2 if place < 14 else self.random.randint(10, 120)
        return self.random.randint(45, 500) if ending in ("refused", "qualified") else self.random.randint(40, 140)

    def _end(self, inquiry: Inquiry, ending: str, place: int) -> Callable[[], None]:
        days = {"asleep": -self.random.randint(5, 90), "wakes today": 0, "woken": self.random.randint(1, 9)}
        if ending in days:
            return partial(inquiry.postpone, self.script.day(days[ending]))
        if ending == "qualified":
            return partial(inquiry.qualify, None)
        return partial(inquiry.refuse, *asking.REFUSED[place % len(asking.REFUSED)])

    def _work(self, inquiry: Inquiry, opened: int, ended: int, count: int, last: datetime) -> datetime:
        days = sorted((self.random.randint(ended, opened) for _ in range(count)), reverse=True)
        for ago in days:
            last = self.script.add(ago, partial(inquiry.work, self.random.choice(asking.FIRST_WORK)), last)
        return last

    def _go_on(self, inquiry: Inquiry, opened: int, step: str, last: datetime, *, twin: bool) -> None:
        """What was done on an open lead, what comes next, and for some: the same people once more."""
        random, script = self.random, self.script
        if step != "new":
            last = self._work(inquiry, opened, 1, random.randint(1, 3), last)
        due = {
            "overdue": script.day(random.randint(1, max(1, min(6, opened - 1)))),
            "today": script.today,
            "week": weekday(script.today + timedelta(days=random.randint(1, 5)), later=True),
            "later": weekday(script.today + timedelta(days=random.randint(9, 40)), later=True),
        }.get(step)
        if due is not None:
            planned = opened if step == "overdue" else 1
            script.add(min(planned, opened), partial(inquiry.plan, random.choice(asking.NEXT_WORK), due), last)
        days = [weekday(script.today + timedelta(days=ahead), later=True) for ahead in (0, 1, 2, 3, 5, 8, 13)]
        script.add(1, partial(inquiry.catch_up, days, keep_late=step == "overdue"), last)
        if twin:
            again = Inquiry(inquiry.asker, "Web", random.choice(self.book.company.sellers), self)
            spelled = {"company_name": inquiry.asker.company.upper(), "person_name": None, "phone": None}
            spelled |= {"email": inquiry.asker.email.capitalize(), "subject": "Question from the contact form"}
            last = script.add(max(opened - 3, 1), partial(again.capture, None, **spelled), last)
            script.add(1, partial(again.catch_up, days, keep_late=False), last)
