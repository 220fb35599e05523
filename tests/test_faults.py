"""A fault after each statement of what matters most leaves all or nothing, and a friendly page."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from p2p.db import db
from p2p.history.verifying import verify
from p2p.identity.models import User
from tests.cast import ADA
from tests.doors import address, form_at
from tests.test_attacks import LEAKS
from tests.world import Caller, World, build, difference, snapshot

WRITES = ("INSERT", "UPDATE", "DELETE")


class Fault(RuntimeError):
    """What a broken disk, a lost connection or a bug would raise."""


@pytest.fixture
def world(app: Flask) -> World:
    return build()


@pytest.fixture
def fault_after(app: Flask) -> Any:
    """`with fault_after(3) as written:` raises after the third writing statement; `written` are those that ran."""

    class Faulty:
        def __init__(self, number: int) -> None:
            self.number, self.written = number, []

        def __enter__(self) -> list[str]:
            event.listen(db.engine, "after_cursor_execute", self.after)
            return self.written

        def __exit__(self, *error: Any) -> None:
            event.remove(db.engine, "after_cursor_execute", self.after)

        def after(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if not statement.lstrip().upper().startswith(WRITES):
                return
            self.written.append(statement)
            if len(self.written) == self.number:
                raise Fault(statement)

    return Faulty


def all_or_nothing(fault_after: Any, send: Callable[[], Any]) -> int:
    """Send the same until no fault is left to happen; returns after how many statements one happened."""
    before, number = snapshot(), 0
    while True:
        number += 1
        with fault_after(number) as written:
            answer = send()
        if len(written) < number:
            assert answer.status_code in (200, 204, 302, 303), f"without a fault: {answer.status} {answer.text[:300]}"
            assert difference(before, snapshot())
            assert verify() is None
            return number - 1
        where = f"after statement {number}, {written[-1][:80]}"
        assert answer.status_code == 500, f"{where}: {answer.status}"
        assert "Something went wrong" in answer.text, where
        assert not LEAKS.search(answer.text), where
        assert "Fault" not in answer.text, where
        assert not difference(before, snapshot()), where
        assert verify() is None, where


DEEDS: dict[str, tuple[str, dict[str, Any], int]] = {
    "win with open activities": ("opportunities.win", {"finish_open": "y"}, 5),
    "lose to a new competitor": ("opportunities.lose", {}, 8),
    "quick add with a new party": ("board.add", {}, 6),
    "undo a win": ("history.undo", {}, 4),
    "retire a code": ("setup.retire", {}, 4),
    "qualify a lead into new records": (
        "qualifying.qualify",
        {"party": "new", "new_party": "New AG", "contact": "new", "new_contact": "Eva Neu", "customer": "y"},
        14,
    ),
    "merge two leads": ("duplicates.merge", {}, 5),
    "merge a lead while triaging": ("triage.merge_into", {}, 5),
    "assign several leads": ("leads.bulk", {}, 3),
    "attach a file": ("attachments.add", {}, 3),
    "convert a prospect": ("prospects.convert", {}, 6),
    "redraw the bands": ("setup.edit_bands", {}, 4),
    "change a password": ("identity.set_password", {}, 4),
}


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_is_done_wholly_or_not_at_all(app: Flask, world: World, fault_after: Any, deed: str, htmx: bool) -> None:
    endpoint, more, least = DEEDS[deed]
    ada = Caller(app, ADA)
    data, url = form_at(app, endpoint, world, ada) | more, address(app, endpoint, world)
    tried = all_or_nothing(fault_after, lambda: ada.knock("POST", url, data, htmx=htmx))
    assert tried >= least


def test_the_first_visit_makes_the_house_wholly_or_not_at_all(app: Flask, fault_after: Any) -> None:
    db.session.connection().execute(User.__table__.update().values(password_hash=None))
    db.session.commit()
    stranger = Caller(app, start="/first-visit")
    data = {
        "name": "Eva First",
        "email": "eva@example.com",
        "password": "seven lonely violins argue",
        "company": "First AG",
    }
    data |= {"currency": "CHF", "zone": "Europe/Zurich", "locale": "de_CH"}
    assert all_or_nothing(fault_after, lambda: stranger.knock("POST", "/first-visit", data)) >= 6
