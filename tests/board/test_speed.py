"""What keeps the board fast however much there is: the same few statements, each along an index."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import event

from p2p.board import queries
from p2p.board.columns import Layout
from p2p.board.silence.queries import quiet
from p2p.db import db
from p2p.filters import the_format, today
from p2p.listing import Meant
from p2p.opportunities.advising.silence import Watch
from p2p.opportunities.models import Opportunity
from p2p.opportunities.narrowing.filters import Narrowed
from p2p.parties.models import Party
from tests.board.test_board import drop
from tests.cast import MAX, RITA, ROLF


@pytest.fixture
def statements(app):
    """Every statement that is sent, with its parameters."""
    seen = []

    def note(connection, cursor, statement, parameters, context, many):
        if not statement.startswith(("PRAGMA", "EXPLAIN", "BEGIN")):
            seen.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def deals(user):
    """As many opportunities as asked for, in all stages, of three people."""

    def made(count):
        party, people = (
            Party.enter({"name": "Vogt Antriebe"}, by=user(RITA)),
            [user(each).id for each in (RITA, ROLF, MAX)],
        )
        for number in range(count):
            facts = {"subject": f"Robot cell {number}", "party_id": party.id, "stage_id": number % 4 + 1}
            facts |= {"owner_id": people[number // 4 % 3]}
            facts |= {"decide_by": today() + timedelta(days=number)} if number % 3 else {}
            Opportunity.open(facts, by=user(RITA))
        db.session.commit()

    return made


def plan(statement):
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement[0]}", statement[1])
    return [row[3] for row in rows]


def used(steps):
    """The indexes by which opportunities are found, and the steps that read all of them."""
    of_opportunities = [step for step in steps if step.split(" ")[1] == "opportunity"]
    indexes = {word for step in of_opportunities for word in step.split() if word.startswith("ix_")}
    return indexes, [step for step in of_opportunities if step.startswith("SCAN")]


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("analyzed", [False, True], ids=["as new", "with statistics"])
@pytest.mark.parametrize(
    ("by", "narrowed", "index"),
    [
        ("stage", Narrowed(), "ix_opportunity_board"),
        ("stage", Narrowed(values=(("owner", 1),)), "ix_opportunity_owner"),
        ("stage", Narrowed(values=(("party", Meant("Vogt", (1,))),)), "ix_opportunity_party"),
        ("prognosis", Narrowed(), "ix_opportunity_prognosis"),
        ("month", Narrowed(), "ix_opportunity_month"),
        ("owner", Narrowed(), "ix_opportunity_pipeline"),
    ],
    ids=["all", "of an owner", "of a party", "by prognosis", "by month", "by owner"],
)
def test_no_statement_of_the_board_reads_every_opportunity(statements, deals, by, narrowed, index, analyzed, user):
    deals(40)
    if analyzed:
        db.session.connection().exec_driver_sql("ANALYZE")
    statements.clear()
    layout, keys = Layout(by), {"month": (f"{today():%Y%m}", "later", "none")}.get(by, ("1", "2", "3"))
    woken = queries.woken(layout, narrowed)
    queries.columns(layout, dict.fromkeys(keys, 50), narrowed, woken, user(RITA).id)
    queries.heads(by, narrowed, woken)
    queries.put_away(narrowed)
    found = {}
    for statement in list(statements):
        indexes, scans = used(plan(statement))
        assert not scans, statement
        found[statement[0]] = indexes
    columns = next(indexes for statement, indexes in found.items() if "UNION ALL" in statement)
    assert columns == {index}, f"each column is the first rows of one index: {found}"


def test_the_board_sends_the_same_few_statements_however_many_cards_it_shows(as_, statements, deals):
    visitor = as_(RITA)
    counted = {}
    for count in (3, 150):
        deals(count)
        statements.clear()
        visitor.visit("/board")
        counted[count] = [statement for statement, _ in statements if not statement.startswith("UPDATE sign_in")]
    assert len(counted[150]) == len(counted[3]) <= 15, counted[150]


def test_a_poll_that_finds_nothing_new_sends_three(as_, statements, deals):
    deals(3)
    visitor = as_(RITA).visit("/board")
    tag = visitor.response.headers["HX-PTag"]
    statements.clear()
    assert visitor.get("/board", {"HX-Request-Type": "partial", "HX-PTag": tag}).status_code == 304
    assert len(statements) <= 3, statements


def test_what_woke_up_stands_among_the_others_where_its_prognosis_puts_it(as_, deals, user):
    deals(9)
    first = db.session.get_one(Opportunity, 5)
    last = db.session.get_one(Opportunity, 1)
    for woken in (first, last):
        woken.postpone(today() - timedelta(days=1), by=user(RITA))
    db.session.commit()
    limits = {"1": 3, "2": 3}
    rows = queries.columns(Layout(), limits, Narrowed(), queries.woken(Layout(), Narrowed()), user(RITA).id)
    assert [row.id for row in rows["1"]] == [5, 9, 1]
    limits = {"1": 2, "2": 3}
    rows = queries.columns(Layout(), limits, Narrowed(), queries.woken(Layout(), Narrowed()), user(RITA).id)
    assert [row.id for row in rows["1"]] == [5, 9]


@pytest.mark.parametrize("limit", [2, 3, 50])
@pytest.mark.parametrize("order", ["", "amount"])
def test_a_card_finds_its_place_where_the_whole_column_would_show_it(deals, user, limit, order):
    deals(12)
    for id in (5, 9):
        db.session.get_one(Opportunity, id).postpone(today() - timedelta(days=1), by=user(RITA))
    db.session.commit()
    asked, me = (Layout(order=order), Narrowed(), queries.woken(Layout(order=order), Narrowed())), user(RITA).id
    layout, narrowed, awake = asked
    shown = queries.columns(layout, {"1": limit}, narrowed, awake, me)["1"]
    behind = dict(pairwise([row.id for row in shown] + [None]))
    for id in (1, 5, 9, 2):
        rows, before = queries.placed(id, layout, "1", limit, narrowed, awake, me)
        assert rows == [row for row in shown if row.id == id]
        assert before == behind.get(id)


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("analyzed", [False, True], ids=["as new", "with statistics"])
def test_the_place_of_a_card_is_read_along_an_index_and_joins_nothing(statements, deals, analyzed, user):
    deals(40)
    if analyzed:
        db.session.connection().exec_driver_sql("ANALYZE")
    statements.clear()
    queries.placed(1, Layout(), "1", 50, Narrowed(), [], user(RITA).id)
    place = next(each for each in statements if "order_weight" in each[0])
    assert plan(place) == ["SEARCH opportunity USING INDEX ix_opportunity_board (live=? AND stage_id=?)"]


def test_a_move_sends_the_same_few_statements_however_many_cards_there_are(as_, statements, deals):
    visitor = as_(RITA)
    counted = {}
    for count, there in {3: 2, 150: 1}.items():
        deals(count)
        visitor.visit("/board")
        statements.clear()
        drop(visitor, db.session.get_one(Opportunity, 1), stage=there)
        counted[count] = [statement for statement, _ in statements]
    assert len(counted[150]) == len(counted[3]) <= 26, counted[150]


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("analyzed", [False, True], ids=["as new", "with statistics"])
def test_what_is_stale_is_counted_from_an_index_alone(statements, deals, analyzed):
    deals(40)
    if analyzed:
        db.session.connection().exec_driver_sql("ANALYZE")
    watch = Watch(queries.limits(), today(), the_format().tzinfo)
    statements.clear()
    quiet([stage.id for stage in queries.stages()], watch, Narrowed(), [])
    steps = plan(statements[-1])
    assert used(steps) == ({"ix_opportunity_quiet"}, [])
