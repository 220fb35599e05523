"""Worlds of leads: as many as asked for, ten activities on each, and the log of how all of it came about."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from p2p.activities.models import Activity
from p2p.bench.world import FIRMS, PRESENT, STEPS, THINGS, TRADES, WORKS
from p2p.db import db, now
from p2p.filters import today
from p2p.history.log import Change, Head, Operation
from p2p.leads.models import Lead
from p2p.parties.models import Party, fold
from p2p.setup.queries import codes, reasons

PER_LEAD = 10
#: So many leads belong to each party, so that its page shows as much in every world.
PER_PARTY = 5
#: So many wake up today, and so few people own all of it: every list shows as much in every world.
WAKING, OWNERS = 20, 4
DIGEST = "0" * 64


class LeadRows:
    """The rows of a world: of 20 leads 6 are open, 1 sleeps, 5 were qualified and 8 not."""

    def __init__(self, size: int, owner_ids: list[int]) -> None:
        self.size, self.owner_ids, self.today, self.now = size, owner_ids[:OWNERS], today(), now()
        self.reasons = {name: reasons(name, "leads")[0].id for name in ("qualified", "disqualified")}
        self.sources, self.ratings = ([id for id, _ in codes(name)] for name in ("source", "lead_rating"))
        self.first = (db.session.get_one(Head, 1).operation_id or 0) + 1

    def tables(self) -> Iterator[tuple[Any, Iterator[dict[str, Any]]]]:
        yield Party.__table__, self.parties()
        yield Lead.__table__, self.leads()
        yield Activity.__table__, self.activities()
        yield Operation.__table__, self.operations()
        yield Change.__table__, self.changes()

    def parties(self) -> Iterator[dict[str, Any]]:
        for number in range(self.size // PER_PARTY + 1):
            name = f"{FIRMS[number % 10]} {TRADES[number // 10 % 8]} {number // 80 or ''}".strip()
            yield {"kind": "organization", "name": name, "name_folded": fold(name), "archived": False, **PRESENT}

    def leads(self) -> Iterator[dict[str, Any]]:
        dice = random.Random(self.size)
        for number in range(self.size):
            turn, age = number % 20, 1 + number * 700 // self.size
            row = self.lead(number, age, dice)
            if turn == 6:
                place = number // 20
                sleeps = 0 if place < WAKING else 1 + place % 60
                row |= {"status": "postponed", "wake_on": self.today + timedelta(days=sleeps)}
            elif turn > 6:
                won = turn < 12
                row |= {
                    "status": "qualified" if won else "not_qualified",
                    "closed_on": self.today - timedelta(age // 2),
                }
                row |= {"reason_id": self.reasons["qualified" if won else "disqualified"]}
            yield row

    def lead(self, number: int, age: int, dice: random.Random) -> dict[str, Any]:
        subject = f"{dice.choice(THINGS)} {dice.choice(WORKS)}"
        company = f"{dice.choice(FIRMS)} {dice.choice(TRADES)}"
        return {
            "id": number + 1,
            "number": f"L-2026-{number:06}",
            "subject": subject,
            "subject_folded": fold(subject),
            "party_id": number // PER_PARTY + 1,
            "company_name": company,
            "email": f"asker{number}@firm{number // 3}.example",
            "email_key": f"asker{number}@firm{number // 3}.example",
            "owner_id": self.owner_ids[number // 20 % len(self.owner_ids)],
            "opened_on": self.today - timedelta(days=age),
            "status": "open",
            "wake_on": None,
            "closed_on": None,
            "reason_id": None,
            "source_id": dice.choice(self.sources),
            "rating_id": dice.choice(self.ratings),
            "converted": False,
            "archived": False,
            **PRESENT,
        }

    def activities(self) -> Iterator[dict[str, Any]]:
        """Nine that were done on each lead, and one to come; nothing was done yet on every seventh."""
        dice = random.Random(self.size)
        for number in range(self.size):
            for place in range(PER_LEAD):
                done = place < PER_LEAD - 1 and number % 7 > 0
                due = self.today + timedelta(days=-place - number % 300 if done else number % 90 - 20)
                facts = {"subject_noun": "lead", "subject_id": number + 1, "category": "action", "due_on": due}
                facts |= {"purpose": dice.choice(STEPS), "archived": False, "status": "done" if done else "open"}
                yield facts | {"responsible_id": self.owner_ids[number // 20 % len(self.owner_ids)], **PRESENT}

    def _log(self) -> Iterator[tuple[int, str, str, int, int, datetime]]:
        """(operation, verb, noun, record, lead, when) of everything that was done."""
        operation, began = self.first, self.now - timedelta(days=700)
        step = timedelta(days=700) / (self.size * (PER_LEAD + 1) + 1)
        for number in range(self.size):
            for place in range(PER_LEAD + 1):
                record = number * PER_LEAD + place if place else number + 1
                noun, verb = ("activity", "activity.log") if place else ("lead", "lead.capture")
                yield operation, verb, noun, record, number + 1, began + step * (operation - self.first)
                operation += 1

    def operations(self) -> Iterator[dict[str, Any]]:
        for operation, verb, _, _, lead, at in self._log():
            by = self.owner_ids[lead // 20 % len(self.owner_ids)]
            yield {"id": operation, "verb": verb, "by_id": by, "at": at, "undoes_id": None, "digest": DIGEST}

    def changes(self) -> Iterator[dict[str, Any]]:
        for operation, _, noun, record, lead, _ in self._log():
            row = {"operation_id": operation, "noun": noun, "record_id": record, "about_noun": "lead", "about_id": lead}
            row |= {"kind": "created", "version": 1, "values": {"archived": [None, False]}, "salt": None}
            yield row | {"digest": DIGEST}
