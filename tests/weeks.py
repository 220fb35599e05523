"""Days of work on a few opportunities, through real verbs: for what is later read back from the log."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.competitors.models import Competitor
from p2p.db import at, db, now
from p2p.exchange import importing, mapping
from p2p.exchange.opportunities.fields import ABOUT, OPPORTUNITY_FIELDS
from p2p.exchange.opportunities.kind import OPPORTUNITIES
from p2p.exchange.opportunities.staging import stage
from p2p.exchange.reading import read
from p2p.filters import today
from p2p.history import Operation, last_operation_id
from p2p.history.holding import Went
from p2p.history.undoing import CannotUndo, NotUndoable, undo
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Rival
from p2p.parties.models import Party
from p2p.setup.queries import bands, reasons, stages
from p2p.states import IllegalMove
from tests.exchange.files import ENGLISH

REFUSALS = (IllegalMove, Went, CannotUndo, NotUndoable, ValueError)


class Weeks:
    """Some people at work; every day a handful of things is done, and some of it taken back."""

    def __init__(self, seed: int, people: list[Any]) -> None:
        self.dice, self.people, self.done = random.Random(seed), people, list[int]()
        self.by = people[0]
        names = ("Vogt Antriebe", "Vogt Antriebe AG", "Łódź Präzision", "Aare Foods")
        self.parties = [Party.enter({"name": name}, by=self.by) for name in names]
        self.rivals = [Competitor.register(self.parties[place], {}, by=self.by) for place in (0, 3)]
        for _ in range(8):
            self.opened()
        db.session.commit()

    def days(self, count: int, things: int = 7) -> Iterator[datetime]:
        """The moment at which each day was over and nothing more is done on it."""
        first = now() + timedelta(days=1)
        for number in range(count):
            with at(first + timedelta(days=number)):
                for _ in range(things):
                    self.something()
            yield first + timedelta(days=number, minutes=1)

    def something(self) -> None:
        """Anything that is possible."""
        try:
            self.dice.choice(self.VERBS)(self)
            self.done += [id for id in (last_operation_id(),) if id]
        except REFUSALS:
            db.session.rollback()
        db.session.commit()

    def deal(self) -> Opportunity:
        deals = db.session.scalars(select(Opportunity).where(Opportunity.hidden.is_(False)).order_by(Opportunity.id))
        return self.dice.choice(deals.all() or [self.opened()])

    def party(self) -> int:
        present = [party.id for party in self.parties if not party.hidden]
        return self.dice.choice(present or [Party.enter({"name": "Aare Foods"}, by=self.by).id])

    def step(self, status: str) -> Activity:
        steps = select(Activity).where(Activity.hidden.is_(False), Activity.status == status).order_by(Activity.id)
        return self.dice.choice(db.session.scalars(steps).all() or [self.planned()])

    def day(self, *between: int) -> Any:
        return today() + timedelta(days=self.dice.randrange(*between))

    # ── What can be done ────────────────────────────────────────────────────────────────────────────────────────────

    def opened(self) -> Opportunity:
        facts = {"subject": f"{self.dice.choice(('Robot cell', 'Press line'))} {self.dice.randrange(99)}"}
        facts |= {"party_id": self.party(), "stage_id": self.dice.choice(stages()[:4]).id}
        facts |= {"revenue": self.dice.choice((None, 100_000, 250_050, 7)), "owner_id": self.owner()}
        return Opportunity.open(facts | self.dice.choice(({}, {"decide_by": self.day(40)})), by=self.by)

    def owner(self) -> int | None:
        return self.dice.choice([None, *(person.id for person in self.people)])

    def edited(self) -> None:
        name, value = self.dice.choice(
            [
                ("revenue", self.dice.randrange(1, 900_000)),
                ("owner_id", self.owner()),
                ("subject", f"Paint booth {self.dice.randrange(99)}"),
                ("party_id", self.party()),
            ]
        )
        self.deal().edit({name: value}, by=self.by)

    def steered(self) -> None:
        facts = self.dice.choice(
            [
                {"stage_id": self.dice.choice(stages()).id},
                {"probability": self.dice.randrange(101)},
                {"prognosis_id": self.dice.choice([None, *(band.id for band in bands())])},
                {"decide_by": self.day(-2, 60)},
            ]
        )
        self.deal().steer(facts, by=self.by)

    def decided(self) -> None:
        move, outcome = self.dice.choice((("win", "won"), ("lose", "lost"), ("cancel", "canceled")))
        getattr(self.deal(), move)(reasons(outcome)[0], finish_open=self.dice.random() < 0.5, by=self.by)

    def put_away(self) -> None:
        deal = self.deal()
        if self.dice.random() < 0.6:
            deal.postpone(self.day(1, 5), by=self.by)
        else:
            deal.archive(by=self.by)

    def came_back(self) -> None:
        deal = self.deal()
        if deal.archived:
            deal.restore(by=self.by)
        elif deal.status == "postponed":
            deal.resume(by=self.by)
        else:
            deal.reactivate(by=self.by)

    def planned(self) -> Activity:
        facts = {"purpose": self.dice.choice(("Call", "Site visit")), "due_on": self.day(-2, 9)}
        return Activity.plan(self.deal(), facts, by=self.by)

    def worked(self) -> None:
        step = self.step(self.dice.choice(("open", "open", "done")))
        match self.dice.randrange(5):
            case 0:
                step.move(self.day(-1, 9), by=self.by)
            case 1:
                step.carry_to(self.dice.choice((self.deal(), self.parties[2])), by=self.by)
            case 2:
                step.edit({"purpose": f"Write {self.dice.randrange(9)}"}, by=self.by)
            case 3 if step.status == "done":
                step.reopen(by=self.by)
            case 4 if not step.archived:
                step.archive(by=self.by)
            case _:
                step.finish(by=self.by)

    def bid(self) -> None:
        deal = self.deal()
        if deal.rivals and self.dice.random() < 0.5:
            deal.rivals[0].remove(by=self.by)
        else:
            Rival.add(deal, self.dice.choice(self.rivals), {}, by=self.by)

    def merged(self) -> None:
        if not self.parties[1].hidden and not self.parties[0].hidden:
            self.parties[0].absorb([self.parties[1]], {}, by=self.by)

    def imported(self) -> None:
        sheet = read(ENGLISH.encode())
        chosen = mapping.propose(sheet, OPPORTUNITY_FIELDS, about=ABOUT, locale="de_CH")
        importing.write(OPPORTUNITIES, stage(sheet, chosen), by=self.by)

    def taken_back(self) -> None:
        undo(db.session.get_one(Operation, self.dice.choice(self.done[-12:] or [1])), by=self.by, the_rest=True)

    VERBS: tuple[Callable[["Weeks"], Any], ...] = (
        *(opened, edited, edited, steered, steered, decided, put_away, came_back, planned, worked, worked, worked),
        *(bid, merged, imported, taken_back, taken_back, taken_back),
    )
