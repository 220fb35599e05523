"""Worlds to measure in: a company with 20 owners and as many opportunities as asked for, the same every time."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Protocol

from flask import Flask
from flask_migrate import stamp

from p2p.activities.models import Activity
from p2p.db import chunks, db, now
from p2p.filters import today
from p2p.history.batches import insert_all
from p2p.identity.models import SignIn, User
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Member
from p2p.parties.models import Party, fold
from p2p.search.indexing.keeping import fill
from p2p.search.kinds import KINDS
from p2p.setup.models import Company
from p2p.setup.queries import band_for, bands, reasons, stages
from p2p.setup.shipped import ship_when_empty
from p2p.starting import use_company_format

OWNERS = 20
THINGS = [
    "Robot cell",
    "Palletiser",
    "Cooling loop",
    "Torque station",
    "Press line",
    "Conveyor & sorter",
    "Paint booth",
]
WORKS = ["relocation", "retrofit", "for hall 3", "extension", "safety upgrade", "study", "second line", "service 2028"]
FIRMS = ["Vogt", "Łódź", "Meyer & Söhne", "Aare", "Nordwind", "Brückner", "Sella", "Kranich", "Tessin", "Uetli"]
TRADES = ["Antriebe", "Präzision AG", "Foods", "Metallbau GmbH", "Logistics", "Pharma", "Papier", "Energie"]
STEPS = ["Call", "Site visit", "Send the offer", "Meeting", "Ask for drawings"]


class Tables(Protocol):
    """The rows of a world, table by table."""

    owner_ids: list[int]

    def __init__(self, size: int, owner_ids: list[int]) -> None: ...
    def tables(self) -> Iterator[tuple[Any, Iterator[dict[str, Any]]]]: ...


def build(app: Flask, size: int, rows_of: "type[Tables] | None" = None) -> tuple[str, int]:
    """Fill an empty database; returns the token of a representative's session, and who that is."""
    with app.app_context():
        db.create_all()
        stamp()
        ship_when_empty()
        facts = {"name": "Brunner Projects", "currency": "CHF", "zone": "Europe/Zurich", "locale": "en_GB"}
        db.session.get_one(Company, 1).edit(facts, by=None)
        use_company_format()
        roles = ["representative"] * (OWNERS - 1) + ["manager"]
        people = [
            User.add(email=f"owner{n}@example.com", name=f"{first_name(n)} Muster", role=role, by=None)
            for n, role in enumerate(roles)
        ]
        token = SignIn.start(people[0], "bench")
        world = (rows_of or Rows)(size, [person.id for person in people])
        db.session.commit()
        with db.engine.begin() as connection:
            for table, rows in world.tables():
                for some in chunks(rows, 2000):
                    insert_all(connection, table, list(some))
            connection.exec_driver_sql("analyze")
        db.session.remove()
    return token, world.owner_ids[0]


def index(app: Flask) -> None:
    """Have Find know everything in a world but its activities, of which there are far too many to wait for."""
    with app.app_context():
        fill(kind for kind in KINDS if kind.cls is not Activity)
        db.session.commit()
        db.session.connection().exec_driver_sql("analyze")
        db.session.commit()
        db.session.remove()


def first_name(number: int) -> str:
    return f"{'ABDEFGHIJKLMNOPRSTUV'[number % 20]}{'aeiou'[number % 5]}{'lnrst'[number // 5 % 5]}a"


class Rows:
    """The rows of a world: 64 % closed, 4 % postponed, 32 % live and dealt evenly to stages and owners."""

    def __init__(self, size: int, owner_ids: list[int]) -> None:
        self.size, self.owner_ids = size, owner_ids
        self.today, self.now = today(), now()
        self.stages = [(stage.id, stage.probability) for stage in stages()]
        self.bands = {band.id: band for band in bands()}
        self.reasons = {outcome: reasons(outcome)[0].id for outcome in ("won", "lost", "canceled")}
        self.band_ids = {days: found.id for days in range(500) if (found := band_for(days))}
        self.live: list[tuple[int, int]] = []

    def tables(self) -> Iterator[tuple[Any, Iterator[dict[str, Any]]]]:
        yield Party.__table__, self.parties()
        yield Opportunity.__table__, self.opportunities()
        yield Activity.__table__, self.activities()
        yield Member.__table__, self.members()

    def parties(self) -> Iterator[dict[str, Any]]:
        for number in range(max(self.size // 50, 1)):
            name = f"{FIRMS[number % 10]} {TRADES[number // 10 % 8]} {number // 80 or ''}".strip()
            yield {"kind": "organization", "name": name, "name_folded": fold(name), "archived": False, **PRESENT}

    def opportunities(self) -> Iterator[dict[str, Any]]:
        dice = random.Random(self.size)
        postponed = 0
        for number in range(self.size):
            turn = number % 25
            row = self.opportunity(number, dice)
            if turn < 16:
                row |= self.outcome(("won", "lost", "lost", "canceled")[turn % 4], row["opened_on"], dice)
            elif turn == 16:
                postponed += 1
                # Nearly all sleep; three woke up and wait, without a date, at the end of their columns.
                sleeps = postponed > 3
                row |= {"status": "postponed", "wake_on": self.today + timedelta(days=90 if sleeps else -1)}
                row |= {} if sleeps else UNDATED
            else:
                place = len(self.live)
                row["stage_id"], row["probability"] = self.stages[place % 4]
                row["owner_id"] = self.owner_ids[place // 4 % OWNERS]
                self.live.append((number + 1, row["owner_id"]))
            yield row

    def opportunity(self, number: int, dice: random.Random) -> dict[str, Any]:
        subject = f"{dice.choice(THINGS)} {dice.choice(WORKS)}"
        revenue = dice.choice((None, *range(2, 60))) if number % 9 else None
        stage_id, probability = self.stages[number % 4]
        return {
            "id": number + 1,
            "number": f"O-2026-{number:06}",
            "subject": subject,
            "subject_folded": fold(subject),
            "party_id": dice.randrange(max(self.size // 50, 1)) + 1,
            "owner_id": self.owner_ids[number % OWNERS],
            "opened_on": self.today - timedelta(days=dice.randrange(700)),
            "status": "active",
            "wake_on": None,
            "stage_id": stage_id,
            "stage_entered_at": self.now - timedelta(days=dice.randrange(60)),
            "probability": probability,
            "probability_manual": False,
            "revenue": revenue and revenue * 250_000,
            "revenue_company": revenue and revenue * 250_000,
            "currency": "CHF",
            "rate_millionths": 1_000_000,
            "reason_id": None,
            "closed_on": None,
            "archived": False,
            **self.prognosis(dice),
            **PRESENT,
        }

    def prognosis(self, dice: random.Random) -> dict[str, Any]:
        """A day by which it should be decided: some past, some none, most within a year."""
        days = dice.randrange(-20, 420)
        if days % 6 == 0:
            return dict(UNDATED)
        band_id = self.band_ids[max(days, 0)]
        decide_by = self.today + timedelta(days=days)
        return {"decide_by": decide_by, "prognosis_id": band_id, "prognosis_given_on": self.today}

    def outcome(self, status: str, opened_on: date, dice: random.Random) -> dict[str, Any]:
        closed_on = min(opened_on + timedelta(days=dice.randrange(200)), self.today)
        return {"status": status, "reason_id": self.reasons[status], "closed_on": closed_on}

    def activities(self) -> Iterator[dict[str, Any]]:
        """The next step on most live opportunities, and one that was done before."""
        dice = random.Random(self.size)
        for id, owner_id in self.live:
            due = self.today + timedelta(days=dice.randrange(-10, 40))
            for status, day in (("done", due - timedelta(days=30)), ("open", due)):
                if status == "done" or id % 7:
                    facts = {"subject_noun": "opportunity", "subject_id": id, "category": "action", "due_on": day}
                    facts |= {"purpose": dice.choice(STEPS), "responsible_id": owner_id, "archived": False}
                    yield facts | {"status": status, **PRESENT}

    def members(self) -> Iterator[dict[str, Any]]:
        for id, _ in self.live[::40]:
            yield {"opportunity_id": id, "user_id": self.owner_ids[0], **PRESENT}


PRESENT = {"version": 1, "hidden": False}
UNDATED: dict[str, Any] = {"decide_by": None, "prognosis_id": None, "prognosis_given_on": None}
