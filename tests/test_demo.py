"""The demo: everything there is to see, through the verbs, the same every time."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import phonenumbers
import pytest
from sqlalchemy import select

from p2p.activities.models import CATEGORIES, Activity
from p2p.campaigns.models import Campaign
from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.db import at, db
from p2p.demo import build
from p2p.filters import today
from p2p.history import Change, Operation
from p2p.history.log import Head, chained
from p2p.identity.models import User
from p2p.identity.queries import anybody_can_sign_in
from p2p.leads.models import Lead
from p2p.meetings.models import Meeting, Point
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Involved, Member, Origin, Rival
from p2p.parties.channels.models import Channel
from p2p.parties.models import Party
from p2p.prospects.models import Customer, Prospect
from p2p.setup import queries as setup
from tests.emptied import all_of, empty
from tests.prepared import Prepared
from tests.totals import kept, recounted

pytestmark = pytest.mark.slow
MOMENT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(_prepared: Prepared) -> Iterator[None]:
    """The demo on a database that was empty, seen on one Tuesday; these tests only read it."""
    with _prepared.app.app_context(), at(MOMENT):
        empty()
        build(by=None)
        db.session.commit()
        yield
        _prepared.restore()


def test_there_is_a_team_a_trade_and_work(demo: None) -> None:
    assert Counter(user.role for user in all_of(User)) == {"manager": 1, "representative": 6, "viewer": 1}
    people = {contact.person_id for contact in all_of(Contact)}
    parties = [party for party in all_of(Party) if party.id not in people]
    assert len(parties) == 60
    assert len(all_of(Competitor)) == 6
    assert len(all_of(Opportunity)) == 120
    assert len({o.subject for o in all_of(Opportunity)}) == 120
    assert {party.kind for party in parties} == {"organization", "person"}
    assert len({party.country for party in parties}) >= 6
    assert all(phonenumbers.is_possible_number(phonenumbers.parse(party.phone)) for party in all_of(Party))
    assert all(contact.function_id and contact.decision_role_id for contact in all_of(Contact))
    assert {"phone", "email", "website", "address"} == {channel.kind for channel in all_of(Channel)}
    assert len(all_of(Channel)) > sum(bool(party.phone) + bool(party.email) for party in all_of(Party))
    assert {contact.consent for contact in all_of(Contact)} == {"yes", "no", "unasked"}
    converted = [prospect for prospect in all_of(Prospect) if prospect.customer_id]
    assert 0 < len(converted) < len(all_of(Prospect))
    assert len(all_of(Customer)) > len(converted)
    assert all_of(Member)
    assert all_of(Involved)


def test_every_stage_band_outcome_and_next_step_is_there(demo: None) -> None:
    found = all_of(Opportunity)
    assert {o.status for o in found} == {"active", "postponed", "won", "lost", "canceled"}
    active = [o for o in found if o.status == "active"]
    assert {o.stage_id for o in active} == {stage.id for stage in setup.stages()}
    assert {o.prognosis_id for o in active} == {None, *(band.id for band in setup.bands())}
    assert sum(o.overdue for o in active) >= 5
    asleep = {o.wake_on > today() for o in found if o.status == "postponed"}
    assert asleep == {True, False}
    assert any(o.archived for o in found)
    assert any(o.probability_manual for o in active)
    assert any(o.revenue is None for o in active)
    assert any(o.owner_id is None for o in active)
    foreign = [o for o in found if o.currency != "CHF"]
    assert 5 <= len(foreign) <= 20
    assert all(o.rate_millionths != 1_000_000 for o in foreign)
    assert all(
        18_000_00 <= o.revenue_company <= 480_000_00 * 1.3 for o in found if o.revenue_company and o.currency == "CHF"
    )
    on_deals = all_of(Activity, Activity.status == "open", Activity.subject_noun == "opportunity")
    steps = {a.subject_id: a.due_state for a in reversed(on_deals)}
    assert {steps.get(o.id) for o in active} == {"overdue", "today", "later", None}
    assert {a.category for a in all_of(Activity, Activity.status == "open")} == set(CATEGORIES)
    assert {a.category for a in all_of(Activity, Activity.status == "done")} == set(CATEGORIES)


def test_leads_of_every_state_come_with_their_work(demo: None) -> None:
    leads = all_of(Lead)
    assert len(leads) == 150
    states = Counter(lead.status for lead in leads)
    assert states.keys() == {"open", "postponed", "qualified", "not_qualified"}
    assert all(count >= 10 for count in states.values())
    assert {lead.wake_on > today() for lead in leads if lead.status == "postponed"} == {True, False}
    assert any(lead.wake_on == today() for lead in leads)
    converted = [lead for lead in leads if lead.converted]
    assert len(converted) == len(all_of(Origin)) == 28
    assert all(lead.reason for lead in leads if lead.status == "not_qualified")
    opened = [lead for lead in leads if lead.status == "open"]
    assert any(lead.owner_id is None for lead in opened)
    assert any(not lead.worked for lead in opened)
    assert any(lead.worked for lead in opened)
    assert {lead.party_id is None for lead in opened} == {True, False}
    work = all_of(Activity, Activity.subject_noun == "lead")
    assert {"overdue", "today", "later"} <= {activity.due_state for activity in work}
    assert len(all_of(Campaign)) == 5
    assert any(lead.campaign_id for lead in leads)
    doubled = Counter(lead.email_key for lead in opened)
    assert sum(count > 1 for count in doubled.values()) >= 5


def test_two_meetings_were_held_and_say_what_was_decided(demo: None) -> None:
    first, second = all_of(Meeting)
    assert {first.status, second.status} == {"ended"}
    assert second.previous_id == first.id
    points = all_of(Point)
    assert {point.meeting_id for point in points} == {first.id, second.id}
    assert all(point.decision for point in points)
    assert {point.activity.status for point in points if point.activity} == {"open", "done"}
    assert any(point.probability != point.opportunity.probability for point in points)
    assert any("changed" in point.reasons for point in points)


def test_what_is_closed_says_why(demo: None) -> None:
    closed = [o for o in all_of(Opportunity) if o.closed_on]
    assert Counter(o.status for o in closed).keys() == {"won", "lost", "canceled"}
    for opportunity in closed:
        assert opportunity.reason.outcome == opportunity.status
        assert opportunity.outcome_note or not opportunity.reason.needs_note
        assert opportunity.opened_on <= opportunity.closed_on < today()
    gaps = [o for o in closed if o.price_gap]
    assert gaps
    for opportunity in gaps:
        winner = next(line for line in opportunity.rivals if line.winner)
        assert winner.price == opportunity.revenue - opportunity.price_gap
    assert {line.winner for line in all_of(Rival)} == {True, False}
    ids = {o.id for o in closed}
    left = all_of(Activity, Activity.status == "open", Activity.subject_noun == "opportunity")
    assert not [activity for activity in left if activity.subject_id in ids]


def test_histories_moved(demo: None) -> None:
    done = Counter(operation.verb for operation in all_of(Operation))
    for name in "move estimate follow_stage forecast postpone resume win lose cancel reactivate archive edit".split():
        assert done[f"opportunity.{name}"] > 0, name
    first = min(o.opened_on for o in all_of(Opportunity))
    assert today() - timedelta(days=548) <= first <= today() - timedelta(days=400)
    assert all(o.number.startswith(f"O-{o.opened_on.year}-") for o in all_of(Opportunity))


def test_the_chain_runs_in_order_of_time_and_verifies(demo: None) -> None:
    played = [o for o in all_of(Operation) if not o.verb.startswith(("setup.", "company."))]
    moments = [operation.at for operation in played]
    assert moments == sorted(moments)
    assert moments[-1] < MOMENT
    before = ""
    changes: dict[int, list[str]] = {}
    for operation_id, change in db.session.execute(select(Change.operation_id, Change.digest).order_by(Change.id)):
        changes.setdefault(operation_id, []).append(change)
    for o in all_of(Operation):
        before = chained(before, o.id, o.verb, o.by_id, o.at, o.undoes_id, changes[o.id])
        assert before == o.digest
    assert db.session.scalar(select(Head.digest)) == before


def test_the_boards_totals_equal_a_recount(demo: None) -> None:
    assert kept() == recounted()
    assert {kind for kind, *_ in kept()} == {"stage", "prognosis", "month", "owner"}


def test_nobody_of_the_demo_can_sign_in(demo: None) -> None:
    assert not anybody_can_sign_in()
    assert not [user for user in all_of(User) if user.can_sign_in]
    assert all(user.email.endswith("@example.com") for user in all_of(User))
