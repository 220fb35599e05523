"""Many opportunities at once: what is said before, what changes, what is left alone and why, and one undo for all."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.competitors.models import Competitor
from p2p.competitors.queries import choices
from p2p.db import db
from p2p.filters import today
from p2p.history import Operation
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import reasons, stages
from tests.cast import MAX, RITA, ROLF, VERA


@pytest.fixture
def deals(user):
    """Three of Rita's, one of Rolf's, all in the first stage."""
    party = Party.enter({"name": "Vogt"}, by=user(RITA))
    made = {}
    for subject, owner in (("Alpha", RITA), ("Beta", RITA), ("Gamma", RITA), ("Delta", ROLF)):
        facts = {"subject": subject, "party_id": party.id, "stage_id": stages()[0].id, "owner_id": user(owner).id}
        made[subject] = Opportunity.open(facts, by=user(MAX))
    db.session.commit()
    return made


def tick(visitor, *subjects):
    """Open the list and tick these deals in it."""
    visitor.visit("/opportunities/")
    return visitor.fill({f"Tick {subject}, Vogt": True for subject in subjects})


def lines(visitor, caption):
    return {row["Opportunity"].split()[0]: row["What happens"] for row in visitor.table(caption)}


def fresh(deals):
    db.session.expire_all()
    return {subject: db.session.get_one(Opportunity, deal.id) for subject, deal in deals.items()}


def test_what_each_becomes_is_shown_first_and_one_undo_takes_all_back(as_, deals, user):
    deals["Beta"].estimate(45, by=user(RITA))
    deals["Gamma"].move(stages()[2], by=user(RITA))
    db.session.commit()
    rita = tick(as_(RITA), *deals).submit("Move …")
    rita.submit("Look", Stage="Propose")
    assert lines(rita, "Will change") == {"Alpha": "Propose, 50 %", "Beta": "Propose, 45 %"}
    left = lines(rita, "Stay as they are")
    assert left["Gamma"] == "is in Propose already"
    assert left["Delta"].startswith("belongs to Rolf Weber")
    assert {deal.stage.name for deal in fresh(deals).values()} == {"Qualify", "Propose"}
    rita.submit("Move", Stage="Propose")
    assert rita.url == "/opportunities/"
    assert rita.toast.startswith("2 opportunities were moved. Left alone: “Gamma” is in Propose already")
    now = fresh(deals)
    assert [now[subject].stage.name for subject in deals] == ["Propose", "Propose", "Propose", "Qualify"]
    rita.press("Undo")
    now = fresh(deals)
    assert [now[subject].stage.name for subject in deals] == ["Qualify", "Qualify", "Propose", "Qualify"]


def test_who_changed_one_meanwhile_keeps_it(as_, deals, user):
    rita = tick(as_(RITA), "Alpha", "Beta").submit("Probability …")
    deals["Alpha"].edit({"subject": "Alpha two"}, by=user(MAX))
    db.session.commit()
    rita.submit("Estimate", Probability="35")
    assert "“Alpha two” was changed by somebody else meanwhile" in rita.toast
    now = fresh(deals)
    assert (now["Alpha"].probability, now["Beta"].probability, now["Beta"].probability_manual) == (10, 35, True)


@pytest.mark.parametrize(
    ("change", "button", "said", "becomes"),
    [
        ("Assign", "Assign", {"Who gets them": "Max Keller"}, lambda deal: str(deal.owner) == "Max Keller"),
        ("Prognosis", "Forecast", {"Prognosis": "2–3 months"}, lambda deal: str(deal.prognosis) == "2–3 months"),
        ("Postpone", "Postpone", {"Wake up on": (today() + timedelta(20)).isoformat()}, lambda deal: deal.wake_on),
        ("Win", "Win", {"Reason": "Fit"}, lambda deal: f"{deal.status} {deal.reason}" == "won Fit"),
        ("Lose", "Lose", {"Reason": "Price"}, lambda deal: f"{deal.status} {deal.reason}" == "lost Price"),
        ("Cancel", "Cancel them", {"Reason": "Plan dropped"}, lambda deal: deal.status == "canceled"),
    ],
)
def test_each_change_is_one_operation(as_, deals, change, button, said, becomes):
    rita = tick(as_(RITA), "Alpha", "Beta").submit(f"{change} …")
    before = db.session.scalar(select(db.func.count(Operation.id)))
    rita.submit(button, **said)
    now = fresh(deals)
    assert [bool(becomes(now[subject])) for subject in deals] == [True, True, False, False]
    assert db.session.scalar(select(db.func.count(Operation.id))) == before + 1
    rita.press("Undo")
    assert not any(becomes(deal) for deal in fresh(deals).values())


def test_ten_lost_at_once_all_get_reason_and_note_and_no_overdue_work(as_, deals, user):
    Activity.plan(deals["Alpha"], {"purpose": "Call", "due_on": today()}, by=user(RITA))
    deals["Beta"].win(reasons("won")[0], by=user(RITA))
    db.session.commit()
    max_ = tick(as_(MAX), *deals).submit("Lose …")
    max_.submit("Lose", expect=422)
    assert "Please choose a reason." in max_.text
    assert lines(max_, "Stay as they are") == {"Beta": "is won already"}
    max_.submit("Lose", expect=422, Reason="Other")
    max_.submit("Lose", Reason="Other", Note="Budget frozen")
    now = fresh(deals)
    assert {now[each].outcome_note for each in ("Alpha", "Gamma", "Delta")} == {"Budget frozen"}
    assert db.session.scalars(select(Activity)).one().status == "done"


def test_the_lost_say_to_whom_and_by_how_much_and_one_undo_takes_it_back(as_, deals, user):
    Competitor.register(Party.enter({"name": "Robotec"}, by=user(MAX)), {}, by=user(MAX))
    deals["Gamma"].edit({"currency": "USD", "rate_millionths": 900_000}, by=user(MAX))
    db.session.commit()
    said = {"Reason": "Price", "Robotec": True, "Another competitor": "Nova", "Price gap": "12’000"}
    rita = tick(as_(RITA), "Alpha", "Beta", "Gamma").submit("Lose …")
    rita.submit("Look", **said)
    assert lines(rita, "Will change")["Alpha"] == "lost to Robotec and Nova, by CHF 12’000.00"
    assert lines(rita, "Stay as they are") == {"Gamma": "is in USD, the gap in CHF"}
    rita.submit("Lose", **said)
    now = fresh(deals)
    assert [now[each].price_gap for each in ("Alpha", "Beta", "Gamma")] == [1_200_000, 1_200_000, None]
    won = {each: sorted(str(line) for line in now[each].rivals if line.winner) for each in ("Alpha", "Beta", "Gamma")}
    assert won == {"Alpha": ["Nova", "Robotec"], "Beta": ["Nova", "Robotec"], "Gamma": []}
    assert [name for _, name in choices()] == ["Nova", "Robotec"]
    rita.press("Undo")
    assert {deal.status for deal in fresh(deals).values()} == {"active"}
    assert [name for _, name in choices()] == ["Robotec"]


def test_the_gap_of_those_that_share_a_currency_is_in_it(as_, deals, user):
    deals["Gamma"].edit({"currency": "USD", "rate_millionths": 900_000}, by=user(MAX))
    db.session.commit()
    tick(as_(RITA), "Gamma").submit("Lose …").submit("Lose", **{"Reason": "Price", "Price gap USD": "30.50"})
    assert fresh(deals)["Gamma"].price_gap == 3050


def test_everything_that_matches_can_be_changed_at_once(as_, deals):
    max_ = as_(MAX).visit("/opportunities/", text="a")
    max_.submit("Probability …", **{"all 4 that match": True})
    max_.submit("Estimate", Probability="60")
    assert {deal.probability for deal in fresh(deals).values()} == {60}


def test_addresses_that_make_no_sense_change_nothing(as_, deals):
    rita = as_(RITA)
    rita.visit("/opportunities/bulk/move?opportunity=x&opportunity=99999999999999999999&opportunity=1:y&opportunity=0")
    rita.visit("/opportunities/bulk/move?opportunity=999")
    assert "No opportunity is ticked" in rita.text
    rita.visit("/opportunities/bulk/merge", expect=404)
    as_(VERA).visit(f"/opportunities/bulk/move?opportunity={deals['Alpha'].id}", expect=403)
