"""Many rows at once: every value arrives as it was, and what triggers keep stays exact, whoever else writes."""

from datetime import timedelta
from itertools import cycle
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text

from p2p.activities.models import Activity
from p2p.db import db, now
from p2p.filters import today
from p2p.history.batches import insert_all, update_all
from p2p.opportunities.models import Opportunity
from p2p.setup.queries import stages
from tests.totals import kept, recounted

TABLE = Opportunity.__table__
STEPS = Activity.__table__
COMPUTED = {column.name for column in TABLE.c if column.computed is not None}
PRESENT = {"version": 1, "hidden": False, "archived": False}


@pytest.fixture
def like(deal):
    """A row like that of the deal, under another number."""
    there = db.session.execute(select(TABLE).where(TABLE.c.id == deal.id)).one()._mapping

    def another(id, **facts):
        row = {name: there[name] for name in there if name not in COMPUTED}
        return row | {"id": id, "number": f"O-{id}"} | facts

    return another


def stands(id):
    db.session.expire_all()
    return db.session.execute(select(TABLE).where(TABLE.c.id == id)).one()._mapping


VALUES = {
    "subject": "“Zoë's” 50 %, \\n :name $1 {} 🙂",
    "revenue": 9_007_199_254_740_993,
    "stage_entered_at": now().replace(microsecond=7),
    "decide_by": today() + timedelta(3),
    "imported": {"Käse": ["ä", 1, None], "null": None},
    "probability_manual": True,
}


def test_every_value_arrives_as_it_was(like):
    insert_all(db.session.connection(), TABLE, [like(101, **VALUES), like(102)])
    assert {name: stands(101)[name] for name in VALUES} == VALUES
    blank = {name: stands(102)[name] for name in VALUES} | {"decide_by": None, "revenue": None, "imported": None}
    update_all(db.session.connection(), TABLE, [{"id": 102} | VALUES, {"id": 101} | blank])
    assert {name: stands(102)[name] for name in VALUES} == VALUES
    assert {name: stands(101)[name] for name in VALUES} == blank
    assert (stands(101)["version"], stands(102)["version"]) == (2, 2)


def test_what_is_not_told_has_its_default(like):
    step = {"subject_noun": "opportunity", "subject_id": 101, "purpose": "Call", "due_on": today(), "status": "open"}
    insert_all(db.session.connection(), TABLE, [like(101)])
    insert_all(db.session.connection(), STEPS, [step | PRESENT])
    (made,) = db.session.scalars(select(Activity).where(Activity.subject_id == 101))
    assert (made.priority, made.all_day, made.category) == ("normal", False, "action")


def test_totals_stay_exact_however_many_rows_a_statement_writes(like, user):
    connection = db.session.connection()
    somewhere, owners = cycle(stages()), cycle((None, like(0)["owner_id"]))
    rows = [like(id, stage_id=next(somewhere).id, owner_id=next(owners), revenue_company=id) for id in range(101, 141)]
    insert_all(connection, TABLE, rows)
    assert kept() == recounted()
    steps = [{"subject_noun": "opportunity", "subject_id": id, "purpose": "Call"} for id in (101, 102, 102, 103)]
    days = cycle((today(), today() + timedelta(2)))
    insert_all(connection, STEPS, [step | PRESENT | {"due_on": next(days), "status": "open"} for step in steps])
    assert kept() == recounted()
    assert {stands(id)["next_on"] for id in (101, 102, 103)} == {today(), today() + timedelta(2)}
    ids = list(db.session.scalars(select(STEPS.c.id).where(STEPS.c.subject_id.in_((102, 103)))))
    update_all(connection, STEPS, [{"id": id, "subject_id": 104} for id in ids])
    assert kept() == recounted()
    assert [stands(id)["next_on"] for id in (102, 103, 104)] == [None, None, today()]
    update_all(
        connection, TABLE, [{"id": id, "stage_id": stages()[0].id, "hidden": id % 2 == 0} for id in range(101, 141)]
    )
    assert kept() == recounted()
    update_all(connection, TABLE, [{"id": id, "hidden": True} for id in range(101, 141)])
    assert kept() == recounted()
    assert len(kept()) == 7, "the days and columns they left keep no rows"


@pytest.mark.engine("postgresql")  # where every update of a total leaves its row before behind, until the commit
def test_a_statement_writes_each_total_once(like):
    written = text("select n_tup_ins + n_tup_upd from pg_stat_xact_user_tables where relname = 'column_total'")
    before = db.session.scalar(written)
    insert_all(db.session.connection(), TABLE, [like(id) for id in range(101, 201)])
    assert db.session.scalar(written) - before == 7
    update_all(db.session.connection(), TABLE, [{"id": id, "subject": "Robot cell"} for id in range(101, 201)])
    assert db.session.scalar(written) - before == 7, "what a total does not tell of leaves it alone"


def test_many_writing_at_once_wait_for_each_other_in_one_order(app, like):
    """Six people write ten times each, all rows into the same columns, each in an order of their own."""
    places, rows = [stage.id for stage in stages()], {n: [like(100 * n + m) for m in range(20)] for n in range(1, 7)}
    db.session.commit()
    together, raised = Barrier(6), []

    def write(number):
        try:
            together.wait(60)
            mine = rows[number][:: 1 if number % 2 else -1]
            for turn in range(10):
                with app.app_context(), db.engine.begin() as connection:
                    if turn == 0:
                        insert_all(connection, TABLE, mine)
                    to = places[(turn * number) % len(places)]
                    update_all(connection, TABLE, [{"id": row["id"], "stage_id": to} for row in mine])
        except BaseException as error:
            raised.append(error)

    threads = [Thread(target=write, args=(number,), daemon=True) for number in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert raised == []
    assert kept() == recounted()
