"""Whoever touches the log behind p2p's back is found out, at whichever place."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from p2p.db import db
from p2p.history import Change, Head, Operation
from p2p.history.verifying import verify
from p2p.parties.models import Party
from tests.cast import MAX, RITA

TRIGGERS = ("operation_no_update", "operation_no_delete", "change_no_update", "change_no_delete")
OPERATION, CHANGE, HEAD = Operation.__table__, Change.__table__, Head.__table__


@pytest.fixture
def log(user):
    """A few operations; gives the id of one in the middle that changed one party."""
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    for name in ("Vogt", "Vogt Antriebe AG", "Vogt & Co", "Vogt Holding", "Vogt Holding AG"):
        party.edit({"name": name}, by=user(MAX))
    db.session.commit()
    return db.session.scalar(db.select(db.func.max(Operation.id))) - 2


def unfasten() -> None:
    """What somebody with the database file in hand could do."""
    for name in TRIGGERS:
        table = name.partition("_")[0]
        on = f" on {table}" if db.engine.dialect.name == "postgresql" else ""
        db.session.execute(text(f"drop trigger {name}{on}"))


def of(table, id):
    return table.update().where(table.c.operation_id == id if table is CHANGE else table.c.id == id)


TAMPERED = {
    "verb": lambda id: [of(OPERATION, id).values(verb="party.archive")],
    "actor": lambda id: [of(OPERATION, id).values(by_id=1)],
    "nobody": lambda id: [of(OPERATION, id).values(by_id=None)],
    "moment": lambda id: [of(OPERATION, id).values(at=OPERATION.c.at)],
    "undo": lambda id: [of(OPERATION, id).values(undoes_id=id - 1)],
    "digest": lambda id: [of(OPERATION, id).values(digest="0" * 64)],
    "number": lambda id: [of(CHANGE, id).values(operation_id=id + 1)],
    "noun": lambda id: [of(CHANGE, id).values(noun="contact")],
    "record": lambda id: [of(CHANGE, id).values(record_id=99)],
    "place in a timeline": lambda id: [of(CHANGE, id).values(about_id=99)],
    "kind": lambda id: [of(CHANGE, id).values(kind="created")],
    "version": lambda id: [of(CHANGE, id).values(version=77)],
    "before": lambda id: [of(CHANGE, id).values(values={"name": ["x", "Vogt & Co"]})],
    "after": lambda id: [of(CHANGE, id).values(values={"name": ["Vogt Antriebe AG", "x"]})],
    "nothing": lambda id: [of(CHANGE, id).values(values={})],
    "salt": lambda id: [of(CHANGE, id).values(salt="0" * 16)],
    "change's digest": lambda id: [of(CHANGE, id).values(digest="0" * 64)],
    "erased with a false digest": lambda id: [of(CHANGE, id).values(values=None, salt=None, digest="0" * 64)],
    "change gone": lambda id: [CHANGE.delete().where(CHANGE.c.operation_id == id)],
    "operation gone": lambda id: [
        CHANGE.delete().where(CHANGE.c.operation_id == id),
        OPERATION.delete().where(OPERATION.c.id == id),
    ],
    "end gone": lambda id: [
        CHANGE.delete().where(CHANGE.c.operation_id > id),
        OPERATION.delete().where(OPERATION.c.id > id),
    ],
    "head": lambda id: [HEAD.update().values(digest="0" * 64)],
}


def test_an_untouched_log_holds_and_so_does_one_with_erased_values(log):
    assert verify() is None
    assert verify(since=log) is None
    db.session.execute(of(CHANGE, log).values(values=None, salt=None))
    assert verify() is None


@pytest.mark.parametrize("place", TAMPERED)
def test_tampering_is_found(log, place):
    unfasten()
    for statement in TAMPERED[place](log):
        if place == "moment":
            moment = db.session.scalar(db.select(Operation.at).where(Operation.id == log))
            statement = of(OPERATION, log).values(at=moment + timedelta(microseconds=1))
        db.session.execute(statement)
    broken = verify()
    assert broken is not None
    assert log <= broken <= log + 2
