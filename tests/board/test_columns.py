"""The board by stage, prognosis, month and owner; its heads, orders and folds; several processes."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.board.addresses import View
from p2p.board.columns import KINDS, key_of
from p2p.board.showing import Board
from p2p.db import at, db, now
from p2p.filters import today
from p2p.identity.queries import owners
from p2p.opportunities.models import Opportunity
from p2p.opportunities.narrowing.meanings import month_after, step_state
from p2p.parties.models import Party
from p2p.setup.models import Process, Stage
from p2p.setup.queries import bands, stages
from tests.cast import MAX, RITA, ROLF, VERA

TODAY = today()


def last_of(month):
    return month_after(month) - timedelta(days=1)


@pytest.fixture
def deals(user):
    """Thirty opportunities spread over stages, bands, months and owners, with next steps of every kind."""
    dice, rita = Random(7), user(RITA)
    party = Party.enter({"name": "Vogt Antriebe"}, by=rita)
    days = (None, 0, 3, 33, 64, 200, 700)
    for number in range(30):
        facts = {"subject": f"Deal {number:02}", "party_id": party.id, "stage_id": dice.choice(stages()).id}
        facts |= {"owner_id": dice.choice((None, rita.id, user(ROLF).id)), "revenue": dice.choice((None, 0, 700_000))}
        if (ahead := dice.choice(days)) is not None:
            facts["decide_by"] = TODAY + timedelta(days=ahead)
        deal = Opportunity.open(facts, by=rita)
        if number % 4:
            Activity.plan(deal, {"purpose": "Call", "due_on": TODAY + timedelta(days=number % 4 - 2)}, by=rita)
        if number % 7 == 0:
            deal.edit({"decide_by": TODAY - timedelta(days=40)}, by=rita)
        if number % 9 == 0:
            deal.postpone(TODAY, by=rita)  # and awake again already
    db.session.commit()
    db.session.expire_all()
    return list(db.session.scalars(select(Opportunity)))


def columns(visitor):
    """Name of each column → (count, subjects of its cards)."""
    found = {}
    for section in visitor.page.iter("section"):
        heading = next(section.iter("h2"))
        count = next(heading.iter("span")).text_content()
        found[heading.text.strip()] = (int(count), [h.text_content() for h in section.iter("h3")])
    return found


@pytest.mark.parametrize("by", KINDS)
@pytest.mark.parametrize("query", [{}, {"owner": "me"}, {"text": "1"}, {"step": "overdue"}], ids=str)
def test_every_layout_counts_exactly_the_deals_it_shows(as_, deals, user, by, query):
    board = as_(RITA).visit("/board", by=by, **query)
    shown = columns(board)
    for count, subjects in shown.values():
        assert count == len(subjects)
    narrowed = View.of({key: str(user(RITA).id) if value == "me" else value for key, value in query.items()}).narrowed()
    fitting = set(db.session.scalars(select(Opportunity.subject).where(*narrowed.conditions())))
    assert sorted(fitting) == sorted(subject for _, subjects in shown.values() for subject in subjects)


@pytest.mark.parametrize("by", KINDS)
def test_heads_add_up_money_and_next_steps_of_their_own_cards(app, deals, user, by):
    with app.test_request_context():
        from flask import g

        g.user = user(RITA)
        model = Board(View(by=by)).model
        facts = {"stage": "stage_id", "prognosis": "prognosis_id", "month": "decide_by", "owner": "owner_id"}
        for column in model["columns"]:
            mine = [deal for deal in deals if key_of(by, getattr(deal, facts[by]), TODAY) == column["id"]]
            assert column["revenue"] == f"{sum(deal.revenue_company or 0 for deal in mine) // 100:,}".replace(",", "’")
            states = [step_state(deal.next_on, TODAY) for deal in mine]
            assert {state: int(count) for state, _, count, *_ in column["steps"]} == {
                state: states.count(state) for state in set(states)
            }


def test_a_step_in_the_head_filters_and_pressed_again_lets_go(as_, deals):
    board = as_(RITA).visit("/board")
    overdue = [href for name, href in board.links if name.endswith("Overdue in Qualify")]
    board.visit(overdue[0])
    assert "Next step: Overdue" in board.text
    assert all("overdue" in li.text_content() for li in board.page.iter("li") if "card" in (li.get("class") or ""))
    again = [href for name, href in board.links if name.endswith("Overdue in Qualify")]
    assert again == ["/board"]


def test_months_begin_with_this_one_and_fold_what_lies_outside(as_, deals):
    shown = list(columns(as_(RITA).visit("/board", by="month")))
    assert shown[0] == "Earlier"
    assert shown[-2:] == ["Later", "No date"]
    assert len(shown) == 1 + 12 + 2


def put(board, subject, **fields):
    """In its menu: what a drag sends alone."""
    deal = db.session.scalars(select(Opportunity).where(Opportunity.subject == subject)).one()
    menu = board.visit(f"/board/cards/{deal.id}/menu")
    return menu.submit("Save", **{label.replace("_", " "): value for label, value in fields.items()})


def test_a_card_put_into_a_month_is_decided_on_its_last_day(as_, deals, user):
    board = as_(RITA).visit("/board", by="month")
    lists = {ol.get("id"): ol.get("data-value") for ol in board.page.iter("ol") if ol.get("data-value") is not None}
    month = month_after(TODAY, 2)
    value = lists[f"cards-{month:%Y%m}"]
    assert value == last_of(month).isoformat()
    assert "cards-earlier" not in lists, "nothing can be put where the day has passed"
    put(board, "Deal 01", Decide_by=value)
    deal = db.session.scalars(select(Opportunity).where(Opportunity.subject == "Deal 01")).one()
    assert deal.decide_by == last_of(month)
    assert deal.prognosis.holds((last_of(month) - TODAY).days)
    put(board, "Deal 01", Decide_by="")
    db.session.refresh(deal)
    assert (deal.decide_by, deal.prognosis_id) == (None, None)


def test_a_card_put_into_a_band_or_to_an_owner_is_given_that_and_nothing_else(as_, deals, user):
    board = as_(RITA).visit("/board", by="prognosis")
    before = db.session.scalars(select(Opportunity).where(Opportunity.subject == "Deal 02")).one()
    stage, probability = before.stage_id, before.probability
    put(board, "Deal 02", Prognosis=bands()[2].name)
    board.visit("/board", by="owner")
    put(board, "Deal 02", Owner=dict(owners())[user(MAX).id])
    deal = db.session.get_one(Opportunity, before.id, populate_existing=True)
    assert (deal.prognosis_id, deal.owner_id) == (bands()[2].id, user(MAX).id)
    assert (deal.stage_id, deal.probability) == (stage, probability)
    assert "Deal 02" in columns(board)[user(MAX).name][1]


def test_a_quick_add_stands_in_the_column_it_was_typed_in(as_, deals, user):
    board = as_(RITA).visit("/board", by="month")
    month = month_after(TODAY, 3)
    form = f"quick-{month:%Y%m}"
    fields = {i.get("name"): i.get("value") for i in board.page.xpath(f"//form[@id='{form}']//input[@type='hidden']")}
    board.post("/board/opportunities", fields | {"subject": "Leak tester", "party": "Brunner Guss"})
    deal = db.session.scalars(select(Opportunity).where(Opportunity.subject == "Leak tester")).one()
    assert (deal.decide_by, deal.stage_id, deal.owner_id) == (last_of(month), stages()[0].id, user(RITA).id)


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ("step", lambda deal: deal.next_on or date.max),
        ("amount", lambda deal: -1 if deal.revenue_company is None else -deal.revenue_company - 2),
        ("age", lambda deal: deal.opened_on),
        ("touched", lambda deal: deal.touched_at or now() - timedelta(days=9999)),
    ],
)
def test_cards_stand_in_the_order_chosen(as_, deals, user, order, key):
    with at(now() - timedelta(days=3)):
        for deal in deals[::5]:
            Activity.log(deal, {"purpose": "Called", "due_on": TODAY}, by=user(RITA))
        db.session.commit()
    fresh = {d.subject: d for d in db.session.scalars(select(Opportunity).execution_options(populate_existing=True))}
    by_prognosis = lambda deal: (deal.order_day, deal.order_weight, deal.number)  # noqa: E731
    for _, subjects in columns(as_(RITA).visit("/board", order=order)).values():
        assert subjects == sorted(subjects, key=lambda name: (key(fresh[name]), by_prognosis(fresh[name])))


def test_a_folded_column_keeps_its_count_and_shows_no_cards(as_, deals):
    board = as_(RITA).visit("/board")
    count, subjects = columns(board)["Develop"]
    board.click("Fold Develop")
    assert columns(board)["Develop"] == (count, [])
    assert columns(board.click("Unfold Develop"))["Develop"] == (count, subjects)


def test_each_sales_process_has_a_board_of_its_own(as_, deals, user):
    process = Process.add({"name": "Service", "kind": "sales"}, by=None)
    Stage.add({"name": "Asked", "process_id": process.id, "probability": 20}, by=None)
    deals[0].follow(process, by=user(RITA))
    db.session.commit()
    board = as_(RITA).visit("/board")
    assert "Service" in board.text
    assert "Asked" not in columns(board)
    total = sum(count for count, _ in columns(board).values())
    board.click("Service")
    assert columns(board) == {"Asked": (1, [deals[0].subject])}
    for by in ("prognosis", "month", "owner"):
        assert sum(count for count, _ in columns(board.visit("/board", by=by)).values()) == total == len(deals) - 1
        assert "Deal 00" not in str(columns(board))


def test_further_facts_are_chosen_by_the_address(as_, deals):
    board = as_(VERA).visit("/board", facts="party.number.age.weighted.source.touched.prognosis")
    card = next(li for li in board.page.iter("li") if li.get("id") == f"card-{deals[1].id}")
    said = card.text_content()
    assert deals[1].number in said
    assert "new today" in said
    assert "never touched" in said
    assert "%" not in said
    assert "Call" not in said
