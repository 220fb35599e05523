"""The rules of leads: where a lead may go, what it takes to get there, and what takes it back."""

from datetime import date, timedelta

import pytest

from p2p.activities.models import Activity
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.filters import today
from p2p.history import last_operation_id
from p2p.history.log import Operation
from p2p.history.undoing import undo
from p2p.leads.models import Lead
from p2p.parties.models import Party
from p2p.setup.queries import reasons
from p2p.setup.reasons import NotThatReason
from p2p.states import IllegalMove
from tests.cast import MAX


@pytest.fixture
def lead(rita):
    captured = Lead.capture({"subject": "Palletiser for Łódź", "person_name": "Jana Nowak"}, by=rita)
    db.session.commit()
    return captured


def why(outcome, name=None):
    return next(r for r in reasons(outcome, "leads") if name in (None, r.name))


def asleep_until(lead, day, by):
    lead.postpone(today() + timedelta(1), by=by)
    lead.edit({"wake_on": day}, by=by)


def test_a_captured_lead_is_open_numbered_and_belongs_to_who_captured_it(lead, rita):
    assert (lead.status, lead.owner_id, lead.opened_by_id) == ("open", rita.id, rita.id)
    assert lead.number == f"L-{today().year}-0001"
    assert lead.who == "Jana Nowak"
    assert lead.subject_folded == "palletiser for lodz"


def test_disqualifying_keeps_why_who_and_when(lead, rita):
    lead.disqualify(why("disqualified", "No budget"), note="Next year perhaps", by=rita)
    assert (lead.status, str(lead.reason), lead.outcome_note) == ("not_qualified", "No budget", "Next year perhaps")
    assert (lead.closed_on, lead.closed_by_id, lead.days_to_close) == (today(), rita.id, 0)


@pytest.mark.parametrize("outcome", ["qualified", "won", "lost"])
def test_only_reasons_of_the_right_kind_disqualify(lead, rita, outcome):
    reason = reasons(outcome, "leads" if outcome == "qualified" else "opportunities")[0]
    with pytest.raises(NotThatReason, match="does not explain why a lead was disqualified"):
        lead.disqualify(reason, by=rita)


def test_other_needs_a_note(lead, rita):
    with pytest.raises(NotThatReason, match="needs a note"):
        lead.disqualify(why("disqualified", "Other"), by=rita)


def test_a_lead_is_qualified_once(lead, rita):
    lead.qualify(by=rita)
    with pytest.raises(IllegalMove, match="is qualified already"):
        lead.qualify(by=rita)
    with pytest.raises(IllegalMove, match="cannot be disqualified"):
        lead.disqualify(why("disqualified"), by=rita)


def test_a_sleeping_lead_is_resumed_before_it_is_qualified(lead, rita):
    lead.postpone(today() + timedelta(30), note="After the fair", by=rita)
    assert not lead.is_open
    with pytest.raises(IllegalMove, match="is postponed, so it cannot be qualified"):
        lead.qualify(by=rita)
    lead.resume(by=rita)
    assert (lead.status, lead.wake_on, lead.outcome_note) == ("open", None, None)


def test_a_woken_lead_counts_as_open_without_anything_being_written(lead, rita):
    asleep_until(lead, today(), rita)
    assert lead.status == "postponed"
    assert lead.is_open
    assert lead.may("qualify")
    lead.qualify(by=rita)
    assert (lead.status, lead.wake_on) == ("qualified", None)


def test_a_closed_lead_is_reactivated_and_its_outcome_cleared(lead, rita):
    lead.disqualify(why("disqualified"), by=rita)
    lead.reactivate(by=rita)
    assert (lead.status, lead.reason_id, lead.closed_on, lead.closed_by_id) == ("open", None, None, None)


def test_a_converted_lead_stays_closed_though_its_subject_may_be_corrected(lead, rita):
    lead.qualify(converted=True, by=rita)
    with pytest.raises(IllegalMove, match="is converted, so it cannot be reactivated"):
        lead.reactivate(by=rita)
    lead.edit({"subject": "Palletiser, Łódź"}, by=rita)
    assert lead.subject == "Palletiser, Łódź"


def test_closing_can_finish_what_was_planned(lead, rita):
    call = Activity.plan(lead, {"purpose": "Call", "due_on": date(2030, 1, 1)}, by=rita)
    lead.disqualify(why("disqualified"), finish_open=True, by=rita)
    assert call.status == "done"


def test_undoing_a_qualification_opens_the_lead_again(lead, rita, user):
    lead.qualify(converted=True, by=rita)
    undo(db.session.get_one(Operation, last_operation_id()), by=user(MAX))
    assert (lead.status, lead.converted, lead.closed_on) == ("open", False, None)


def test_a_contact_is_behind_a_lead_once(rita):
    party = Party.enter({"name": "Vogt Antriebe"}, by=rita)
    contact = Contact.enter(party, {"name": "Eva Vogt"}, by=rita)
    lead = Lead.capture({"subject": "Robot cell", "party_id": party.id}, contacts=[contact, contact], by=rita)
    assert [str(line) for line in lead.contacts] == ["Eva Vogt"]
    assert lead.who == "Vogt Antriebe"
