"""Undo puts values back without asking the verbs; what they take care of across records holds all the same."""

import pytest
from sqlalchemy import select

from p2p.db import db
from p2p.history import Operation
from p2p.history.undoing import NotUndoable, undo
from p2p.setup.models import Code
from p2p.setup.queries import code_named
from tests.cast import MAX


def last_operation() -> Operation:
    return db.session.scalars(select(Operation).order_by(Operation.id.desc())).first()


def test_undoing_a_rename_does_not_bring_back_a_name_taken_meanwhile(app, user):
    max_ = user(MAX)
    code_named("source", "Web").edit({"name": "Internet"}, by=max_)
    db.session.commit()
    renamed = last_operation()
    Code.add({"list_name": "source", "name": "web"}, by=max_)
    db.session.commit()
    with pytest.raises(NotUndoable, match="twice"):
        undo(renamed, by=max_)
    db.session.rollback()
    assert code_named("source", "Internet") is not None
