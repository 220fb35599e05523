"""One opportunity of the demo: its beats, in days ago, and the verbs that play them."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from p2p.activities.models import Activity
from p2p.competitors.models import Competitor
from p2p.db import db
from p2p.demo import wording
from p2p.demo.company import Company
from p2p.demo.days import Script, weekday
from p2p.demo.firms import AddressBook, Firm
from p2p.demo.plots import Plot
from p2p.demo.trades import Trade
from p2p.filters import today
from p2p.identity.models import User
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Involved, Member, Rival

SOURCES = ("Customer", "Customer", "Worker", "Web", "Event", "Phone", "Campaign", "Prospect")


class Deal:
    """An opportunity and what people do about it; each method is one thing done, at the moment it is played."""

    subject: str
    opportunity: Opportunity

    def __init__(self, plot: Plot, firm: Firm, book: AddressBook, random: Random) -> None:
        self.plot, self.firm, self.book, self.random = plot, firm, book, random
        self.company: Company = book.company
        self.script: Script = book.script
        self.owner: User = firm.seller if random.random() < 0.8 else random.choice(self.company.sellers)
        self.lines: list[Rival] = []
        self._beats: list[tuple[int, int, Callable[[], object]]] = []

    def beat(self, ago: int, act: Callable[[], object]) -> None:
        self._beats.append((-ago, len(self._beats), act))

    def drop(self, act: Callable[..., object], *, since: int) -> None:
        """Take beats of one kind out again, those that many days ago or later."""
        self._beats = [beat for beat in self._beats if -beat[0] > since or getattr(beat[2], "func", None) != act]

    def schedule(self) -> None:
        """Put all beats into the script, each after the one before."""
        last = self.firm.ready
        for ago, _, act in sorted(self._beats, key=lambda beat: beat[:2]):
            last = self.script.add(-ago, act, last)

    # Opening and developing

    def open(self, subject: str, trade: Trade) -> None:
        twists, company = self.plot.twists, self.company
        francs = self.random.triangular(trade.lowest, trade.highest, trade.lowest * 1.4)
        currency, rate = self._currency()
        facts: dict[str, Any] = {"subject": subject, "party_id": self.firm.party.id, "stage_id": company.stage(0).id}
        facts |= {"product_id": company.code("product", trade.product), "description": trade.about}
        facts |= {"source_id": company.code("source", self.random.choice(SOURCES))}
        facts |= {"currency": currency, "rate_millionths": rate}
        if "unvalued" not in twists:
            facts["revenue"] = company.amount(francs, currency)
        if "nobody's" in twists:
            self.opportunity = Opportunity.open(facts | {"owner_id": None}, by=company.manager)
        else:
            self.opportunity = Opportunity.open(facts, by=self.owner)

    def _currency(self) -> tuple[str, int]:
        """The company's; for a few the customer's, or the neighbours' where that is the same."""
        if "foreign" in self.plot.twists:
            neighbour = "CHF" if self.company.currency == "EUR" else "EUR"
            wanted = self.firm.currency if self.firm.currency != self.company.currency else neighbour
            if rate := self.company.rate(wanted):
                return wanted, rate
        return self.company.currency, 1_000_000

    def move(self, place: int) -> None:
        self.opportunity.move(self.company.stage(place), by=self.owner)

    def estimate(self, step: int) -> None:
        value = round((self.opportunity.probability + step) / 5) * 5
        self.opportunity.estimate(min(max(value, 5), 95), by=self.owner)

    def hand_back(self) -> None:
        if self.opportunity.probability_manual:
            self.opportunity.follow_stage(by=self.owner)

    def expect(self, days: int) -> None:
        """A prognosis as people give it on the way: some name a day, some a band."""
        if self.random.random() < 0.5:
            day = weekday(today() + timedelta(days=days), later=True)
            self.opportunity.forecast({"decide_by": day}, by=self.owner)
        else:
            band = next(band for band in self.company.bands if band.holds(days))
            self.opportunity.forecast({"prognosis_id": band.id}, by=self.owner)

    def expect_at_last(self) -> None:
        """The prognosis that stands today: of the plot's band, overdue, or none."""
        if self.plot.horizon == "none":
            self.opportunity.forecast({"prognosis_id": None, "decide_by": None}, by=self.owner)
            return
        if self.plot.horizon == "overdue":
            day = weekday(self.script.day(self.random.randint(2, 20)), later=False)
        else:
            band = self.company.band(int(self.plot.horizon))
            first = max(band.from_days, (self.script.today - today()).days + 1)
            last = band.to_days if band.to_days is not None else first + 200
            ahead = self.random.randint(first, max(first, last))
            day = weekday(today() + timedelta(days=ahead), later=ahead + 2 <= last)
            day = day if band.holds((day - today()).days) else today() + timedelta(days=ahead)
        self.opportunity.forecast({"decide_by": day}, by=self.owner)

    def value_anew(self, percent: int) -> None:
        if self.opportunity.revenue:
            unit = self.company.amount(500, self.opportunity.currency) or 1
            revenue = max(unit, round(self.opportunity.revenue * percent / 100 / unit) * unit)
            self.opportunity.edit({"revenue": revenue}, by=self.owner)

    def hand_over(self, to: User) -> None:
        self.opportunity.edit({"owner_id": to.id}, by=self.company.manager)
        self.owner = to

    # Who is involved

    def put_on_team(self, user: User, role: str) -> None:
        if user.id != self.opportunity.owner_id:
            Member.add(self.opportunity, user, self.company.code("team_role", role), by=self.owner)

    def involve(self, count: int) -> None:
        for contact in self.firm.contacts[:count]:
            Involved.add(self.opportunity, contact, by=self.owner)

    def meet_rival(self, competitor: Competitor, threat: str, note: str | None) -> None:
        facts = {"threat_id": self.company.code("threat", threat), "note": note}
        self.lines.append(Rival.add(self.opportunity, competitor, facts, by=self.owner))

    def learn_price(self, percent: int) -> None:
        if self.lines and self.opportunity.revenue:
            price = self.opportunity.revenue * percent // 100
            self.lines[0].edit({"price": price - price % 10_000}, by=self.owner)

    # Work

    def work(self, entry: tuple[str, str, str, str]) -> None:
        """Something done and written down at once."""
        *work, note = entry
        facts = self._facts(*work) | {"due_on": today(), "notes": note, "outcome_id": self.reached}
        Activity.log(self.opportunity, facts, by=self.owner)

    @property
    def reached(self) -> int:
        """The outcome of a call that was answered."""
        return self.company.code("activity_outcome", "Reached")

    def plan(self, entry: tuple[str, str, str], due_on: date) -> Activity:
        facts = self._facts(*entry) | {"due_on": max(due_on, today())}
        facts["attending"] = [f"contact-{contact.id}" for contact in self.firm.contacts[:1]]
        return Activity.plan(self.opportunity, facts, by=self.owner)

    def _facts(self, category: str, kind: str, purpose: str) -> dict[str, Any]:
        facts = {"category": category, "type_id": self.company.code("activity_type", kind), "purpose": purpose}
        facts["direction"] = "outgoing"  # kept by actions only
        if category in ("appointment", "event"):
            starts = self.random.choice((8, 9, 10, 13, 14))
            facts |= {"starts": f"{starts:02}:00", "ends": f"{starts + 2:02}:30", "location": self.firm.place.city}
        return facts

    # Postponing and deciding

    def postpone(self, wake_on: date) -> None:
        note = self.random.choice(wording.POSTPONED)
        self.opportunity.postpone(wake_on, note=note, by=self.owner)

    def resume(self) -> None:
        if self.opportunity.may("resume"):
            self.opportunity.resume(by=self.owner)

    def win(self, name: str, note: str | None) -> None:
        reason = self.company.reason("won", name)
        self.opportunity.win(reason, note=note or self._required(reason), finish_open=True, by=self.owner)
        self.firm.convert(self.owner)

    def lose(self, name: str, note: str | None) -> None:
        """To a rival where the reason says so, with the gap where it was the price."""
        reason = self.company.reason("lost", name)
        gap = self._price_gap() if name == "Price" else None
        winners = []
        if name in wording.TO_A_RIVAL:
            winners = [self.lines[0].competitor if self.lines else self.random.choice(self.book.rivals)]
        db.session.expire(self.opportunity, ["rivals"])  # lines were added since it was read
        note = note or self._required(reason)
        self.opportunity.lose(reason, note=note, winners=winners, price_gap=gap, finish_open=True, by=self.owner)

    def _price_gap(self) -> int | None:
        """By how much the first rival was below us; its price is kept with it."""
        if not self.opportunity.revenue:
            return None
        if not self.lines:
            self.meet_rival(self.random.choice(self.book.rivals), "High", None)
        gap = self.opportunity.revenue * self.random.randint(3, 14) // 100
        gap -= gap % 10_000
        self.lines[0].edit({"price": self.opportunity.revenue - gap}, by=self.owner)
        return gap

    def cancel(self, name: str, note: str | None) -> None:
        reason = self.company.reason("canceled", name)
        self.opportunity.cancel(reason, note=note or self._required(reason), finish_open=True, by=self.owner)

    def _required(self, reason: Any) -> str | None:
        return "As told on the telephone." if reason.needs_note else None

    def reactivate(self) -> None:
        db.session.expire(self.opportunity, ["rivals"])
        self.opportunity.reactivate(by=self.owner)
