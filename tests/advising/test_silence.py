"""What is stale: limits from won deals or set, told on cards, in heads and by the filter; the log alone is asked."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.db import at, db, now
from p2p.filters import today
from p2p.history import last_operation_id
from p2p.history.log import Operation
from p2p.history.undoing import undo
from p2p.opportunities.advising import queries
from p2p.opportunities.models import Opportunity
from p2p.opportunities.narrowing.deals import Deal
from p2p.opportunities.narrowing.filters import Narrowed
from p2p.opportunities.narrowing.silent import STALE
from p2p.parties.models import Party
from p2p.setup.pacing import ENOUGH, StagePace
from p2p.setup.queries import reasons, stages
from tests.cast import MAX, RITA


def noon(days_ago):
    return datetime.combine(today() - timedelta(days=days_ago), datetime.min.time(), UTC) + timedelta(hours=10)


@pytest.fixture
def party(user):
    return Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))


@pytest.fixture
def opened(user, party):
    def made(subject, days_ago, stage=0, **facts):
        with at(noon(days_ago)):
            return Opportunity.open(
                {"subject": subject, "party_id": party.id, "stage_id": stages()[stage].id, **facts}, by=user(RITA)
            )

    return made


@pytest.fixture
def win(user, opened):
    """A deal that was so many days in each of the first stages, then won."""

    def won(*days):
        deal = opened("Won before", sum(days) + 30)
        for place, _ in enumerate(days[1:], 1):
            with at(noon(30 + sum(days[place:]))):
                deal.move(stages()[place], by=user(RITA))
        with at(noon(30)):
            deal.win(reasons("won")[0], by=user(RITA))
        return deal

    return won


def limit(stage=0):
    return queries.limits()[stages()[stage].id]


def test_once_enough_were_won_their_pace_is_the_limit_and_an_undo_takes_it_back_at_once(win, user):
    for number in range(ENOUGH - 1):
        win(number, 3)
    assert (limit().days, limit().won) == (14, ENOUGH - 1)
    win(ENOUGH - 1, 3)
    assert (limit().days, limit().won, limit(1).days) == (15, ENOUGH, 3)  # 0 … 19: sixteen of twenty took 15 or less
    undo(db.session.get_one(Operation, last_operation_id()), by=user(RITA))
    assert (limit().days, limit().won) == (14, ENOUGH - 1)
    undo(db.session.get_one(Operation, last_operation_id()), by=user(RITA))
    assert (limit().days, limit().won) == (15, ENOUGH)


def test_lost_and_canceled_ones_do_not_count_and_reactivated_ones_no_longer(win, opened, user):
    deal = win(4, 5)
    opened("Lost", 20).lose(reasons("lost")[0], by=user(RITA))
    opened("Canceled", 20).cancel(reasons("canceled")[0], by=user(RITA))
    assert {pace.stage_id: (pace.won, pace.days) for pace in db.session.scalars(select(StagePace))} == {
        stages()[0].id: (1, 4),
        stages()[1].id: (1, 5),
    }
    deal.reactivate(by=user(RITA))
    assert not db.session.scalars(select(StagePace).execution_options(populate_existing=True)).all()


def test_a_move_that_is_undone_on_what_is_won_is_measured_again(win, user):
    deal = win(4, 5)
    moves = select(Operation).where(Operation.verb == "opportunity.move")
    with_stage = db.session.scalar(moves)
    assert queries.stays_of([deal.id]) == {(deal.id, stages()[0].id): 4, (deal.id, stages()[1].id): 5}
    undo(with_stage, by=user(RITA))
    assert queries.stays_of([deal.id]).keys() == {(deal.id, stages()[0].id), (deal.id, stages()[1].id)}


# ── On the list ─────────────────────────────────────────────────────────────────────────────────────────────────────


def facts(deal):
    """The deal as the board of the past has it."""
    same = ("id", "stage_id", "stage_entered_at", "touched_at", "next_on", "status", "wake_on")
    return Deal(day=today(), **{name: getattr(deal, name) for name in same})


def listed(visitor, stale):
    visitor.visit("/opportunities/", stale=stale)
    return {row["Opportunity"] for row in visitor.table()} if list(visitor.page.iter("tbody")) else set()


def test_fourteen_days_of_silence_are_quiet_fifteen_stale_twenty_two_long_stale_and_closed_never(as_, opened, user):
    """A03: with a limit of 14 days."""
    for days in (13, 14, 15, 21, 22):
        opened(f"Silent {days}", days)
    opened("Lost", 40).lose(reasons("lost")[0], by=user(RITA))
    planned = opened("Planned", 40)
    Activity.plan(planned, {"purpose": "Call", "due_on": today()}, by=user(RITA))
    called = opened("Called", 40)
    with at(noon(2)):
        Activity.log(called, {"purpose": "Call", "due_on": today()}, by=user(RITA))
    asleep, woken = opened("Asleep", 60), opened("Woken", 60)
    asleep.postpone(today() + timedelta(3), by=user(RITA))
    woken.postpone(today() - timedelta(14), by=user(RITA))
    db.session.commit()
    rita = as_(RITA)
    for typed in ("1", "red"):
        asked = Narrowed((("stale", STALE.read(typed)),))
        found = set(db.session.scalars(select(Opportunity.id).where(*asked.conditions())))
        assert (
            found == {each.id for each in db.session.scalars(select(Opportunity)) if asked.fits(facts(each))} != set()
        )
    assert listed(rita, "1") == {"Silent 15", "Silent 21", "Silent 22"}
    assert listed(rita, "red") == {"Silent 22"}
    with at(now() + timedelta(days=1)):
        assert listed(rita, "1") >= {"Silent 14", "Woken"}


def test_a_manager_sets_the_limit_of_a_stage_and_sees_why_it_is_in_force(as_, opened):
    opened("Silent 5", 5)
    db.session.commit()
    max_ = as_(MAX).visit(f"/setup/processes/{stages()[0].process_id}")
    assert "as set, until 20 were won that spent time here: 0 so far" in max_.text
    assert listed(max_, "1") == set()
    max_.visit(f"/setup/processes/{stages()[0].process_id}").click("Qualify")
    max_.submit("Save", **{"Stale": "set", "Days without activity": "4"})
    assert "4 days always as set" in max_.text
    assert listed(max_, "1") == {"Silent 5"}
    max_.visit(f"/setup/processes/{stages()[0].process_id}").click("Qualify").submit("Save", Stale="never")
    assert listed(as_(RITA), "1") == set()
    max_.press("Undo")
    assert listed(max_, "1") == {"Silent 5"}


# ── On the board ────────────────────────────────────────────────────────────────────────────────────────────────────


def heads_and_cards(visitor):
    """What the head of the first column counts as (stale, long), and how many cards there say so."""
    column = visitor.page.xpath("//section[starts-with(@id, 'column-')]")[0]
    told = [link.text for link in column.xpath(".//span[@class='stale']/a")]
    counts = tuple(
        next((int(text.split()[0]) for text in told if text.endswith(word)), 0) for word in ("stale", "long")
    )
    cards = column.xpath(".//p[starts-with(@class, 'stale')]")
    return counts, (len(cards), sum("red" in card.get("class") for card in cards))


def test_the_head_counts_the_stale_cards_of_its_column_whatever_the_limit_is(as_, opened, user):
    """A04: the limit of one stage is changed, and at once the head counts the cards that say so."""
    for days in (3, 8, 12, 16, 30):
        opened(f"Silent {days}", days)
    opened("Woken", 60).postpone(today() - timedelta(16), by=user(RITA))
    db.session.commit()
    max_ = as_(MAX).visit("/board")
    assert heads_and_cards(max_) == ((3, 1), (3, 1))
    assert "stale: no activity for 16 days; the limit set here is 14 days" in max_.text
    for number, expected in (("7", (5, 4)), ("2", (6, 5)), ("15", (3, 1)), ("60", (0, 0))):
        max_.visit(f"/setup/processes/{stages()[0].process_id}").click("Qualify")
        max_.submit("Save", **{"Stale": "set", "Days without activity": number})
        assert heads_and_cards(max_.visit("/board")) == (expected, expected)


def test_the_head_leads_to_what_is_stale_and_back(as_, opened):
    for days in (3, 16, 30):
        opened(f"Silent {days}", days)
    db.session.commit()
    rita = as_(RITA).visit("/board").click("2 stale in Qualify")
    assert [h.text_content() for h in rita.page.iter("h3")] == ["Silent 16", "Silent 30"]
    rita.click("1 long stale in Qualify")
    assert [h.text_content() for h in rita.page.iter("h3")] == ["Silent 30"]
    assert "Long stale" in rita.text
    assert len(list(rita.click("1 long stale in Qualify").page.iter("h3"))) == 3
