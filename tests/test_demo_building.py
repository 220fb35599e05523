"""Building the demo: on an empty database only, the same every time."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.db import at, db, now
from p2p.demo import NotEmpty, build, commands
from p2p.history import Operation
from p2p.history.log import Head
from p2p.identity.models import User
from p2p.opportunities.models import Opportunity
from tests.emptied import all_of, empty

MOMENT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def digest() -> str:
    """What the demo holds, in one figure."""
    told = [
        [
            o.number,
            o.subject,
            o.revenue,
            o.currency,
            o.status,
            o.stage_id,
            o.probability,
            str(o.decide_by),
            o.party.name,
        ]
        for o in all_of(Opportunity)
    ]
    told += [[a.subject_id, a.purpose, str(a.due_on), a.status, a.notes] for a in all_of(Activity)]
    told += [[o.verb, str(o.at), o.by_id] for o in all_of(Operation, Operation.by_id.is_not(None))]
    return hashlib.sha256(repr(told).encode()).hexdigest()


@pytest.mark.slow
@pytest.mark.engine("sqlite")
def test_it_is_the_same_every_time(app: Flask) -> None:
    empty()
    with at(MOMENT):
        build(by=None)
        db.session.commit()
        first = digest()
    empty()
    with at(MOMENT + timedelta(hours=7)):
        build(by=None)
        db.session.commit()
        assert digest() == first


@pytest.mark.slow
@pytest.mark.engine("sqlite")
def test_the_first_visit_builds_it_for_the_administrator_even_on_a_sunday_night(app: Flask) -> None:
    empty("EUR")
    with at(datetime(2027, 1, 3, 0, 20, tzinfo=UTC)):
        administrator = User.add(email="ada@example.com", name="Ada Brunner", role="administrator", by=None)
        build(by=administrator)
        assert len(all_of(User)) == 9
        assert all(o.by_id == administrator.id for o in all_of(Operation, Operation.verb == "user.add")[1:])
        assert not [a for a in all_of(Activity, Activity.status == "done") if a.done_at >= now()]
        with pytest.raises(NotEmpty, match="already has parties and opportunities"):
            build(by=administrator)


def run(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["demo"])


def test_the_command_refuses_where_somebody_works_already(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "get_ready", lambda app: None)  # the tests' database has its tables already
    before = db.session.scalar(select(Head.operation_id))
    db.session.remove()
    result = run(app)
    assert result.exit_code == 1
    assert "already has users" in result.output
    assert db.session.scalar(select(Head.operation_id)) == before


@pytest.mark.slow
def test_the_command_builds_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "get_ready", lambda app: None)
    empty()
    db.session.remove()
    result = run(app)
    assert result.exit_code == 0, result.output
    assert "cannot sign in" in result.output
    assert len(all_of(Opportunity)) == 120
    db.session.remove()
    again = run(app)
    assert again.exit_code == 1
    assert "already has users and parties and opportunities" in again.output
