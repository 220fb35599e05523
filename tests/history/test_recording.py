"""Operations, changes and undo: what is remembered, and what can be taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import today
from p2p.history import Change, Operation, UnrecordedChange, nouns
from p2p.history.merging import Conflict, merge
from p2p.history.undoing import CannotUndo, NotUndoable, undo
from p2p.opportunities.models import Opportunity
from p2p.opportunities.totals import ColumnTotal
from p2p.setup.models import Stage
from p2p.setup.queries import reasons, stages
from tests.cast import MAX, RITA
from tests.totals import kept, recounted


def last_operation() -> Operation:
    return db.session.scalars(select(Operation).order_by(Operation.id.desc())).first()


def test_a_verb_leaves_one_operation_with_each_changed_field_before_and_after(deal, user):
    deal.move(stages()[1], by=user(RITA))
    db.session.commit()
    told = last_operation()
    assert (told.verb, told.by_id) == ("opportunity.move", user(RITA).id)
    (change,) = told.changes
    first, second = stages()[:2]
    assert change.values.keys() == {"stage_id", "stage_entered_at", "probability"}
    assert (change.values["stage_id"], change.values["probability"]) == ([first.id, second.id], [10, 30])


def test_a_change_outside_an_operation_fails_loudly(deal):
    deal.subject = "Sneaked in"
    with pytest.raises(UnrecordedChange):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(UnrecordedChange):
        db.session.execute(update(Opportunity).values(subject="Sneaked in"))


def test_undo_puts_back_what_was_before_and_can_be_undone_itself(deal, user):
    deal.move(stages()[1], by=user(RITA))
    db.session.commit()
    undone = undo(last_operation(), by=user(RITA))
    db.session.commit()
    assert (deal.stage.name, deal.probability) == ("Qualify", 10)
    undo(db.session.get_one(Operation, undone.id), by=user(RITA))
    db.session.commit()
    assert (deal.stage.name, deal.probability) == ("Develop", 30)


def test_undo_says_field_by_field_what_stands_in_the_way(deal, user):
    deal.edit({"subject": "Palletiser", "description": "Two lines"}, by=user(RITA))
    db.session.commit()
    edited = last_operation()
    deal.edit({"subject": "Robot cell"}, by=user(MAX))
    db.session.commit()
    with pytest.raises(CannotUndo) as refusal:
        undo(edited, by=user(RITA))
    assert [(s.field, s.left, s.stands) for s in refusal.value.standing] == [("subject", "Palletiser", "Robot cell")]
    undo(edited, by=user(RITA), the_rest=True)
    db.session.commit()
    assert (deal.subject, deal.description) == ("Robot cell", None)


def test_undoing_a_creation_hides_it_and_keeps_the_number(deal, user):
    opened = db.session.scalars(select(Operation).where(Operation.verb == "opportunity.open")).one()
    undo(opened, by=user(RITA))
    db.session.commit()
    assert deal.hidden
    assert deal.number.endswith("0001")
    with pytest.raises(NotUndoable):
        undo(opened, by=user(RITA))


def test_what_others_built_upon_is_not_undone_under_them(deal, user):
    entered = db.session.scalars(select(Operation).where(Operation.verb == "party.enter")).one()
    with pytest.raises(CannotUndo):
        undo(entered, by=user(RITA))


def test_the_log_cannot_be_changed_but_for_blanking_a_persons_values(deal):
    for statement in ("update operation set verb = 'x'", "delete from change", "update change set noun = 'x'"):
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()
    db.session.execute(Change.__table__.update().values(values=None, salt=None))


def test_fields_that_two_people_changed_apart_merge_and_the_same_field_conflicts(deal, user):
    seen = deal.version
    deal.edit({"subject": "Robot cell"}, by=user(MAX))
    db.session.commit()
    assert merge(deal, seen, {"subject": "Palletiser relocation", "description": "Mine"}) == {"description": "Mine"}
    with pytest.raises(Conflict) as refusal:
        merge(deal, seen, {"subject": "Mine"})
    (clash,) = refusal.value.clashes
    assert (clash.was, clash.mine, clash.theirs) == ("Palletiser relocation", "Mine", "Robot cell")


def test_stage_totals_follow_every_way_of_writing(deal, user):
    stage, owner = ("stage", user(RITA).id), ("owner", ColumnTotal.EVERYBODY)

    def figures():
        assert kept() == recounted()
        return [sums for (kind, whose, *_), sums in kept().items() if (kind, whose) in (stage, owner)]

    assert figures() == [(1, 5_300_000, 53_000_000)] * 2
    deal.win(reasons("won")[0], by=user(RITA))
    db.session.commit()
    assert figures() == []
    undo(last_operation(), by=user(RITA))
    db.session.commit()
    assert figures() == [(1, 5_300_000, 53_000_000)] * 2
    deal.steer({"stage_id": stages()[1].id, "decide_by": today() + timedelta(40), "owner_id": None}, by=user(RITA))
    Activity.plan(deal, {"purpose": "Call", "due_on": today() + timedelta(3)}, by=user(RITA))
    db.session.commit()
    assert kept() == recounted()
    assert len(kept()) == 7, "the days and columns it left keep no rows"


def test_every_recorded_noun_is_known_by_name():
    assert {"opportunity", "party", "activity", "contact", "user", "stage"} <= nouns.keys()
    assert nouns["stage"] is Stage
