"""Many at once: what was acknowledged is there, once, in one order, also after the server was killed."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from p2p import engine as units
from p2p.db import db
from p2p.history import Change, Head, Operation
from p2p.history.verifying import verify
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.parties.channels.models import Channel
from p2p.parties.models import Party
from tests.cast import ADA, MAX, RITA, ROLF
from tests.doors import DOORS, address, form_at
from tests.totals import kept, recounted
from tests.world import TESS, Caller, World, build

PATIENCE = 120


@pytest.fixture
def world(app: Flask) -> World:
    return build()


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all at the same moment, each in a thread of its own; returns what each gave."""
    db.session.rollback()  # the test itself must not hold up the others
    start, given, raised = threading.Barrier(len(deeds)), [None] * len(deeds), []

    def run(number: int, deed: Callable[[], Any]) -> None:
        try:
            start.wait(PATIENCE)
            given[number] = deed()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "some never came to an end"
    if raised:
        raise raised[0]
    return given


def changes_of(noun: str, id: int, field: str) -> list[tuple[int, list[Any]]]:
    """(version, [before, after]) of a field, in the order of history."""
    rows = select(Change.version, Change.values).where(Change.noun == noun, Change.record_id == id)
    rows = rows.where(Change.kind == "changed").order_by(Change.id)
    return [(version, values[field]) for version, values in db.session.execute(rows) if field in values]


# -- on one record ----------------------------------------------------------------------------------------------------


def test_a_lead_is_qualified_by_whoever_is_first(app: Flask, world: World) -> None:
    """Four people qualify one lead at the same moment: one opportunity comes of it, the others are told so."""
    callers = [Caller(app, person) for person in (ADA, MAX, RITA, ROLF)]
    url = address(app, "qualifying.qualify", world)
    forms = [form_at(app, "qualifying.qualify", world, caller) for caller in callers]
    before = db.session.scalar(select(func.count()).select_from(Opportunity))

    def qualify(number: int) -> Callable[[], Any]:
        return lambda: callers[number].knock("POST", url, forms[number]).status_code

    assert sorted(together(*map(qualify, range(4)))) == [303, 409, 409, 409]
    assert db.session.scalar(select(func.count()).select_from(Opportunity)) == before + 1
    assert verify() is None


def test_parties_are_merged_by_whoever_is_first(app: Flask, world: World) -> None:
    """Three people merge the same parties at the same moment: they are merged once."""
    callers = [Caller(app, person) for person in (ADA, MAX, RITA)]
    url = address(app, "duplicates.merge", world)
    forms = [form_at(app, "duplicates.merge", world, caller) for caller in callers]

    def merge(number: int) -> Callable[[], Any]:
        return lambda: callers[number].knock("POST", url, forms[number]).status_code

    given = together(*map(merge, range(3)))
    assert given.count(303) == 1
    assert set(given) <= {303, 403, 404, 409}
    assert verify() is None


def test_leads_are_shared_out_by_whoever_is_first(app: Flask, world: World) -> None:
    """Two managers give the same leads to others: one does, the other is told that nothing is left to do."""
    ids = [world[name] for name in ("lead", "other_lead", "free_lead")]
    shown = db.session.execute(select(Lead.id, Lead.version).where(Lead.id.in_(ids)))
    leads = [f"{id}:{version}" for id, version in shown]
    callers = {"max": Caller(app, ADA), "rolf": Caller(app, MAX)}

    def assign(whose: str, caller: Caller) -> Callable[[], Any]:
        data = {"lead": leads, "people": str(world[whose]), "force": "y"}
        return lambda: caller.knock("POST", "/leads/bulk/assign", data).status_code

    given = together(*(assign(whose, caller) for whose, caller in callers.items()))
    assert sorted(given) == [303, 422]
    first = world[["max", "rolf"][given.index(303)]]
    db.session.rollback()
    assert set(db.session.scalars(select(Lead.owner_id).where(Lead.id.in_(ids)))) == {first}
    assert verify() is None


def test_one_channel_of_a_kind_is_primary_whoever_says_so(app: Flask, world: World) -> None:
    """Four people each make another number the primary one, at the same moment."""
    party = db.session.get_one(Party, world["party"])
    numbers = [Channel.add(party, "phone", {"value": f"+41 44 668 18 0{n}"}, by=None) for n in range(5)]
    db.session.commit()
    callers = [Caller(app, person) for person in (ADA, MAX, RITA, ROLF)]

    def prefer(channel: Channel, caller: Caller) -> Callable[[], Any]:
        data = {"version": str(channel.version), "value": channel.value, "is_primary": "y"}
        url = f"/parties/{world['party']}/channels/{channel.id}"
        return lambda: caller.knock("POST", url, data).status_code

    given = together(*[prefer(channel, caller) for channel, caller in zip(numbers[1:], callers, strict=True)])
    assert set(given) <= {303, 409}
    assert 303 in given
    db.session.rollback()
    phones = select(Channel.value).where(Channel.party_id == world["party"], Channel.is_primary, ~Channel.hidden)
    assert list(db.session.scalars(phones.where(Channel.kind == "phone"))) == [party.phone]
    assert verify() is None


def test_no_acknowledged_estimate_is_lost(app: Flask, world: World) -> None:
    """Eight people estimate three deals twenty times each, from whatever version they see, and again after a 409."""
    deals = [world["deal"], world["other_deal"], world["archived"]]
    callers = [Caller(app, person) for person in (ADA, MAX, RITA, ROLF, TESS, ADA, MAX, RITA)]

    def drawn(id: int) -> dict[str, Any]:
        with app.app_context(), units.reading_session():
            columns = (Opportunity.version, Opportunity.stage_id, Opportunity.prognosis_id, Opportunity.probability)
            row = db.session.execute(select(*columns).where(Opportunity.id == id)).one()
        return {"version": row.version, "stage": row.stage_id, "prognosis": row.prognosis_id, "was": row.probability}

    def work(number: int) -> Callable[[], Any]:
        chance = random.Random(number)

        def estimate() -> list[tuple[int, int]]:
            acknowledged = []
            for _ in range(20):
                id = chance.choice(deals)
                for _ in range(200):
                    card = drawn(id)
                    was = card.pop("was")
                    mine = chance.choice([n for n in range(1, 100) if n != was])
                    status = (
                        callers[number].knock("POST", f"/board/cards/{id}", card | {"probability": mine}).status_code
                    )
                    assert status in (303, 409), status
                    if status == 303:
                        acknowledged.append((id, mine))
                        break
                else:
                    raise AssertionError("never got through")
            return acknowledged

        return estimate

    acknowledged = [each for given in together(*map(work, range(8))) for each in given]
    assert len(acknowledged) == 160
    for id in deals:
        told = changes_of("opportunity", id, "probability")[1:]  # the first is the world's own
        versions = [version for version, _ in told]
        assert versions == sorted(set(versions)), "versions rise"
        assert all(before[1] == after[0] for (_, before), (_, after) in pairwise(told))
        written = Counter(after for _, (_, after) in told)
        said = Counter(mine for deal, mine in acknowledged if deal == id)
        assert not written - said, "nothing was written that nobody was told of"
        assert set(said) == set(written), "nothing acknowledged is missing"
        assert db.session.get_one(Opportunity, id).probability == told[-1][1][1]
    assert verify() is None


def test_only_one_of_two_wins(app: Flask, world: World) -> None:
    rita, max_ = Caller(app, RITA), Caller(app, MAX)
    data = {"reason_id": world["reason_won"]}
    for name in ("deal", "other_deal", "asleep", "archived"):
        url = f"/opportunities/{world[name]}/win"
        answers = together(*(lambda who=who, url=url: who.knock("POST", url, data).status_code for who in (rita, max_)))
        assert sorted(answers) == [303, 409], f"{name}: {answers}"
        won = select(func.count(Operation.id)).join(Operation.changes).where(Operation.verb == "opportunity.win")
        assert db.session.scalar(won.where(Change.noun == "opportunity", Change.record_id == world[name])) == 1
    assert verify() is None


# -- creating ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("endpoint", "cls"), [("opportunities.new", Opportunity), ("board.add", Opportunity), ("parties.create", Party)]
)
def test_a_form_sent_twenty_times_creates_once(app: Flask, world: World, endpoint: str, cls: Any) -> None:
    rita = Caller(app, RITA)
    data, url = form_at(app, endpoint, world, rita), address(app, endpoint, world)
    before = db.session.scalar(select(func.count()).select_from(cls))
    shown_on = {"Referer": f"http://localhost{DOORS[endpoint].on or url}"}
    answers = together(*[lambda: rita.knock("POST", url, data, **shown_on)] * 20)
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, answers[0].location)}
    assert db.session.scalar(select(func.count()).select_from(cls)) == before + 1
    assert verify() is None


def numbers() -> list[int]:
    given = db.session.scalars(select(Opportunity.number).where(Opportunity.number.like("O-%")))
    return sorted(int(number.rpartition("-")[2]) for number in given)


def test_numbers_have_no_gap_and_no_twin(app: Flask, world: World) -> None:
    """Eight open ten each; some forms are refused, some arrive twice at once and give their number back."""
    callers = [Caller(app, person) for person in (RITA, RITA, MAX, MAX, ADA, ADA, ROLF, ROLF)]
    shown, before = form_at(app, "opportunities.new", world, callers[0]), numbers()

    def open_ten(number: int) -> Callable[[], Any]:
        def deed() -> None:
            for n in range(10):
                shared = number // 2 if n % 3 == 0 else f"{number}+"  # two of one person send the very same form
                data = shown | {"key": f"form {shared} {n}", "subject": f"Deal {shared} {n}", "party_id": "Party AG"}
                assert callers[number].knock("POST", "/opportunities/new", data | {"subject": " "}).status_code == 422
                assert callers[number].knock("POST", "/opportunities/new", data).status_code == 303

        return deed

    together(*map(open_ten, range(8)))
    given = numbers()
    assert given == list(range(1, len(given) + 1))
    assert len(given) == len(before) + 8 * 10 - 4 * 4
    assert verify() is None


# -- units ------------------------------------------------------------------------------------------------------------


def test_a_reading_unit_cannot_write(app: Flask, world: World) -> None:
    db.session.rollback()
    for statement in (update(Party.__table__).values(city="Bern"), text("delete from spent_key")):
        refused = pytest.raises(DBAPIError, match=r"readonly|read-only")
        with units.only_reading(), refused, db.engine.connect() as connection:
            connection.execute(statement)
    with db.engine.begin() as connection:  # and the same connection may write when its unit does
        connection.execute(update(Party.__table__).values(city="Bern"))
    assert db.session.get_one(Party, world["party"]).city == "Bern"


# -- the power goes ---------------------------------------------------------------------------------------------------


class Server:
    """The real server in a process of its own, on the database of the test."""

    script = """
import sys, waitress
from p2p import create_app
waitress.serve(create_app(), host="127.0.0.1", port=int(sys.argv[1]), threads=4)
"""

    def __enter__(self) -> "Server":
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen([sys.executable, "-c", self.script, str(self.port)], env=os.environ.copy())
        for _ in range(300):
            try:
                if self.send("GET", "/health", {}, {})[0] == 200:
                    return self
            except (OSError, HTTPException):
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def __exit__(self, *error: Any) -> None:
        self.kill()

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)

    def send(self, method: str, url: str, data: dict[str, str], headers: dict[str, str]) -> tuple[int, str | None]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            form = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
            connection.request(method, url, urlencode(data), headers | form)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.getheader("Location")
        finally:
            connection.close()


@pytest.mark.slow
def test_a_killed_server_keeps_what_it_acknowledged(app: Flask, world: World) -> None:
    """Five times under load; what was not answered is sent again, and everything is there exactly once."""
    callers = [Caller(app, person) for person in (RITA, MAX, ADA, ROLF)]
    shown = form_at(app, "opportunities.new", world, callers[0])
    acknowledged: dict[str, str | None] = {}
    open_questions: list[tuple[int, dict[str, str]]] = []
    db.session.remove()

    def new(name: str) -> dict[str, str]:
        party = sha256(name.encode()).hexdigest()[:16]  # unlike any other
        return shown | {"key": f"key {name}", "subject": name, "party_id": party}

    def load(server: Server, number: int, turn: int) -> Callable[[], None]:
        def deed() -> None:
            caller = callers[number]
            again = [data for who, data in open_questions if who == number]
            for n in range(10_000):
                data = again.pop() if again else new(f"Deal {turn} {number} {n}")
                data["csrf_token"] = caller.token
                cookie = {"Cookie": f"{caller.name}={caller.cookie}"}
                try:
                    status, location = server.send("POST", "/opportunities/new", data, cookie)
                except (OSError, HTTPException):
                    unanswered.append((number, data))
                    return
                assert status == 303, status
                acknowledged[data["subject"]] = location

        return deed

    for turn in range(5):
        unanswered: list[tuple[int, dict[str, str]]] = []
        with Server() as server:
            killer = threading.Timer(random.uniform(0.2, 1.0), server.kill)
            killer.start()
            together(*(load(server, number, turn) for number in range(4)))
            killer.join()
        open_questions = unanswered

    assert len(acknowledged) > 20
    _everything_is_whole(acknowledged, {data["subject"] for _, data in open_questions})


def one(question: Any) -> tuple[Any, ...]:
    return tuple(db.session.execute(question).one())


def _everything_is_whole(acknowledged: dict[str, str | None], unanswered: set[str]) -> None:
    deals = select(Opportunity.id, Opportunity.subject).where(Opportunity.subject.like("Deal %"))
    there = {f"/opportunities/{id}": subject for id, subject in db.session.execute(deals)}
    assert len(set(there.values())) == len(there), "nothing is there twice"
    assert acknowledged.keys() <= set(there.values()) <= acknowledged.keys() | unanswered
    assert all(there[location] == subject for subject, location in acknowledged.items() if location)
    given = numbers()
    assert given == list(range(1, len(given) + 1))
    made = select(func.count()).where(Change.noun == "opportunity", Change.kind == "created")
    assert one(made) == one(select(func.count()).select_from(Opportunity).where(Opportunity.hidden.is_(False)))
    assert one(select(func.count()).select_from(Operation)) == one(select(Head.operation_id))
    assert kept() == recounted()
    if db.engine.dialect.name == "sqlite":
        assert one(text("pragma integrity_check")) == ("ok",)
        assert db.session.execute(text("pragma foreign_key_check")).all() == []
    assert verify() is None
