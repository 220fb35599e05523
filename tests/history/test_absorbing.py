"""Two records become one: everything moves to the survivor, nothing is lost, and an undo parts them again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.db import Base, db
from p2p.filters import today
from p2p.history import last_operation_id, nouns
from p2p.history.absorbing import became, moves_with
from p2p.history.log import Operation
from p2p.history.undoing import NotUndoable, pointing_at, undo
from p2p.leads.models import Lead, NotMerged
from p2p.leads.parts import LeadContact
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Involved, Rival
from p2p.parties.models import Party
from p2p.prospects.models import Customer, Prospect
from p2p.setup.queries import codes, reasons, stages
from tests.cast import MAX, RITA


@pytest.fixture
def parties(rita):
    """Two entries of the same firm, each with something of its own."""
    stays = Party.enter({"name": "Vogt Antriebe AG", "city": "Zug"}, by=rita)
    goes = Party.enter({"name": "Vogt Antriebe", "notes": "Met in Hannover"}, by=rita)
    for party, subject in ((stays, "Palletiser"), (goes, "Robot cell")):
        Opportunity.open({"subject": subject, "party_id": party.id, "stage_id": stages()[0].id}, by=rita)
    db.session.commit()
    return stays, goes


def everything():
    """Every row of every table that is recorded, without its version."""
    rows = {}
    for noun, cls in nouns.items():
        table = cls.__table__
        columns = [column for column in table.c if column.key != "version"]
        rows |= {(noun, row.id): tuple(row) for row in db.session.execute(select(*columns))}
    return rows


def take_back(by):
    undo(db.session.get_one(Operation, last_operation_id()), by=by)
    db.session.commit()


def there(cls, *conditions):
    return list(db.session.scalars(select(cls).where(cls.hidden.is_(False), *conditions).order_by(cls.id)))


def test_everything_that_hangs_on_the_other_moves_to_the_survivor(parties, rita):
    stays, goes = parties
    contact = Contact.enter(goes, {"name": "Eva Vogt"}, by=rita)
    call = Activity.plan(goes, {"purpose": "Call", "due_on": today()}, by=rita)
    lead = Lead.capture({"subject": "Feeder", "party_id": goes.id, "source_party_id": goes.id}, by=rita)
    assert moves_with("party", goes.id) == {"contact": 1, "activity": 1, "lead": 2, "opportunity": 1}
    stays.absorb([goes], {"notes": "Met in Hannover"}, by=rita)
    db.session.commit()
    assert {o.party_id for o in there(Opportunity)} == {stays.id}
    assert (contact.party_id, call.subject_id, lead.party_id, lead.source_party_id) == (stays.id,) * 4
    assert (stays.name, stays.city, stays.notes) == ("Vogt Antriebe AG", "Zug", "Met in Hannover")
    assert goes.hidden
    assert became("party", goes.id) == stays.id
    assert moves_with("party", goes.id) == {}


def test_undo_parts_them_again_as_if_nothing_had_happened(parties, rita, user):
    stays, goes = parties
    kind = {"type_id": codes("prospect_type")[0][0], "currency": "CHF"}
    Prospect.make(stays, kind, by=rita)
    Prospect.make(goes, kind | {"segment_id": codes("segment")[0][0]}, by=rita)
    Customer.open(goes, by=rita)
    Contact.enter(goes, {"name": "Eva Vogt"}, by=rita)
    Activity.plan(goes, {"purpose": "Call", "due_on": today()}, by=rita)
    db.session.commit()
    before = everything()
    stays.absorb([goes], {"name": "Vogt"}, by=rita)
    db.session.commit()
    assert everything() != before
    take_back(user(MAX))
    after = everything()
    assert {key: row for key, row in after.items() if key in before} == before
    assert {noun for noun, _ in after.keys() - before.keys()} == {"merger"}
    assert became("party", goes.id) is None


def test_an_undo_long_after_leaves_what_was_done_since(parties, rita, user):
    stays, goes = parties
    deal = there(Opportunity, Opportunity.party_id == goes.id)[0]
    stays.absorb([goes], {}, by=rita)
    merge = db.session.get_one(Operation, last_operation_id())
    deal.edit({"subject": "Robot cell, two arms"}, by=rita)
    since = Opportunity.open({"subject": "Gripper", "party_id": stays.id, "stage_id": stages()[0].id}, by=rita)
    undo(merge, by=user(MAX))
    db.session.commit()
    assert (deal.party_id, deal.subject) == (goes.id, "Robot cell, two arms")
    assert since.party_id == stays.id
    assert not goes.hidden


def test_roles_of_both_become_one_and_blanks_are_filled(parties, rita):
    stays, goes = parties
    small, kind = codes("segment")[0][0], {"type_id": codes("prospect_type")[0][0], "currency": "CHF"}
    ours = Prospect.make(stays, kind | {"number": "P-ours"}, by=rita)
    theirs = Prospect.make(goes, kind | {"number": "P-theirs", "segment_id": small}, by=rita)
    account = Customer.open(goes, number="C-theirs", by=rita)
    for party in parties:
        Competitor.register(party, {"description": f"as {party.name}"}, by=rita)
    stays.absorb([goes], {}, by=rita)
    assert there(Prospect) == [ours]
    assert (ours.number, ours.segment_id, ours.customer_id) == ("P-ours", small, account.id)
    assert account.party_id == stays.id
    assert [rival.description for rival in there(Competitor)] == ["as Vogt Antriebe AG"]
    assert became("prospect", theirs.id) == ours.id


def test_the_same_person_for_the_same_party_is_one_contact(parties, rita):
    stays, goes = parties
    eva, again = (Contact.enter(party, {"name": "Eva Vogt"}, by=rita) for party in parties)
    again.edit({"job_title": "Buyer"}, by=rita)
    elsewhere = Contact.enter(Party.enter({"name": "Frei"}, by=rita), {"name": "E. Vogt"}, person=again.person, by=rita)
    deal = there(Opportunity)[0]
    for contact in (eva, again):
        Involved.add(deal, contact, by=rita)
    stays.absorb([goes], {}, by=rita)
    assert len(there(Contact)) == 3  # two persons of one name for one party: nobody said that they are the same
    eva.absorb([again, elsewhere], {}, by=rita)
    assert there(Contact) == [eva, elsewhere]
    assert eva.person_id == elsewhere.person_id
    assert eva.job_title == "Buyer"
    assert [line.contact_id for line in there(Involved)] == [eva.id]


def test_lines_of_one_competitor_on_one_opportunity_are_one(parties, rita):
    deal = there(Opportunity)[0]
    ours, theirs = (Competitor.register(party, {}, by=rita) for party in parties)
    line = Rival.add(deal, ours, {}, by=rita)
    Rival.add(deal, theirs, {"price": 4_000}, by=rita)
    parties[0].absorb([parties[1]], {}, by=rita)
    assert [(each.id, each.price) for each in there(Rival)] == [(line.id, 4_000)]


def test_leads_become_one_with_their_contacts_and_activities(parties, rita):
    contact = Contact.enter(parties[0], {"name": "Eva Vogt"}, by=rita)
    stays, goes = (
        Lead.capture({"subject": s, "process_id": None}, contacts=[contact], by=rita) for s in ("Feeder", "A feeder")
    )
    Activity.plan(goes, {"purpose": "Call", "due_on": today()}, by=rita)
    stays.absorb([goes], {"description": "Two feeders"}, by=rita)
    assert there(Lead) == [stays]
    assert moves_with("lead", stays.id) == {"lead_contact": 1, "activity": 1, "merger": 1}
    assert len(there(LeadContact)) == 1


def test_what_closed_a_lead_is_never_overwritten(rita):
    stays, goes = (Lead.capture({"subject": s}, by=rita) for s in ("Feeder", "A feeder"))
    reason = reasons("disqualified", "leads")[0]
    goes.disqualify(reason, by=rita)
    stays.absorb([goes], {}, by=rita)
    assert (stays.status, stays.reason_id, stays.closed_on) == ("open", None, None)
    assert (goes.status, goes.reason_id, goes.closed_on) == ("not_qualified", reason.id, today())


def test_a_converted_lead_can_only_be_the_survivor(rita):
    converted, other = (Lead.capture({"subject": s}, by=rita) for s in ("Feeder", "A feeder"))
    converted.qualify(converted=True, by=rita)
    with pytest.raises(NotMerged, match="has to be the one that stays"):
        other.absorb([converted], {}, by=rita)
    converted.absorb([other], {}, by=rita)
    assert other.hidden


def test_merging_a_merged_one_on_keeps_every_trace(parties, rita):
    stays, goes = parties
    last = Party.enter({"name": "Vogt Group"}, by=rita)
    stays.absorb([goes], {}, by=rita)
    last.absorb([stays], {}, by=rita)
    assert (became("party", goes.id), became("party", stays.id)) == (last.id, last.id)


def test_nothing_is_merged_with_itself_or_with_what_is_gone(parties, rita):
    stays, goes = parties
    with pytest.raises(ValueError, match="cannot be merged"):
        stays.absorb([stays], {}, by=rita)
    stays.absorb([goes], {}, by=rita)
    with pytest.raises(ValueError, match="cannot be merged"):
        goes.absorb([stays], {}, by=rita)


def test_the_address_of_the_merged_one_leads_to_the_survivor(as_, parties, rita):
    stays, goes = parties
    stays.absorb([goes], {}, by=rita)
    db.session.commit()
    assert as_(RITA).visit(f"/parties/{goes.id}").page.xpath("string(//h1)") == "Vogt Antriebe AG"


def test_whatever_can_stand_once_per_party_contact_or_lead_says_what_makes_it_the_same():
    """A unique index would stop a merge in the middle: its columns have to be what `same_by` names."""
    absorbing = ("party", "contact", "lead", "prospect", "customer", "competitor", "opportunity")
    silent = []
    for target in absorbing:
        for cls, column, _ in pointing_at(target):
            for index in Base.metadata.tables[cls.__tablename__].indexes:
                columns = {each.key for each in index.columns}
                if index.unique and column.key in columns and not columns <= set(cls.same_by):
                    silent.append(f"{index.name} on {cls.noun}")
    assert not silent


def test_due_dates_move_with_their_activities(parties, rita):
    stays, goes = parties
    tomorrow = today() + timedelta(1)
    for day in range(3):
        Activity.plan(goes, {"purpose": f"Call {day}", "due_on": tomorrow}, by=rita)
    stays.absorb([goes], {}, by=rita)
    assert {(a.subject_id, a.due_on) for a in there(Activity)} == {(stays.id, tomorrow)}


def test_an_undo_of_a_merge_tells_of_the_merge_and_not_of_what_moved(as_, rita):
    stays = Party.enter({"name": "Vogt Antriebe AG"}, by=rita)
    phones = [("phone", {"value": f"+41 31 555 00 1{number}"}) for number in range(9)]
    stays.absorb([Party.enter({"name": "Vogt Antriebe"}, channels=phones, by=rita)], {}, by=rita)
    merge = last_operation_id()
    db.session.commit()
    told = as_(RITA).post(f"/history/{merge}/undo").text
    assert "Undone: merged 2 parties." in told


def test_an_undo_leads_to_whom_somebody_was_merged_into_since(rita, parties):
    """Not to the one that is gone, where nobody would find it."""
    stays, goes = parties
    other = Party.enter({"name": "Frei Logistik"}, by=rita)
    lead = Lead.capture({"subject": "Conveyor", "party_id": goes.id}, by=rita)
    lead.edit({"party_id": other.id}, by=rita)
    edited = last_operation_id()
    third = Party.enter({"name": "Vogt"}, by=rita)
    stays.absorb([goes], {}, by=rita)
    third.absorb([stays], {}, by=rita)
    db.session.commit()
    undo(db.session.get_one(Operation, edited), by=rita)
    db.session.commit()
    assert lead.party is third


def test_an_undo_leads_to_nobody_who_was_taken_away_since(rita):
    first = Party.enter({"name": "Vogt Antriebe AG"}, by=rita)
    entered = last_operation_id()
    other = Party.enter({"name": "Frei Logistik"}, by=rita)
    lead = Lead.capture({"subject": "Conveyor", "party_id": first.id}, by=rita)
    lead.edit({"party_id": other.id}, by=rita)
    edited = last_operation_id()
    undo(db.session.get_one(Operation, entered), by=rita)
    db.session.commit()
    with pytest.raises(NotUndoable, match="Vogt Antriebe AG”, which this named before, was taken away"):
        undo(db.session.get_one(Operation, edited), by=rita)
    db.session.rollback()
    assert lead.party is other
