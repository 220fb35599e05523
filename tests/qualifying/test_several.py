"""Qualifying several leads at once: what will and will not change is shown first, then it is one operation."""

from p2p.contacts.models import Contact
from p2p.db import db
from p2p.history.log import Operation
from p2p.history.undoing import undo
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.opportunities.qualifying.queries import became
from p2p.opportunities.qualifying.several import share_out
from p2p.parties.models import Party
from p2p.setup.models import Company
from p2p.setup.queries import qualification, reasons
from tests.cast import MAX, RITA, ROLF, VERA


def capture(by, **facts):
    lead = Lead.capture({"subject": "Palletiser"} | facts, by=by)
    db.session.commit()
    return lead


def preview(visitor, *leads):
    return visitor.visit("/leads/qualification", lead=[lead.id for lead in leads])


def becomes(visitor):
    return {row["Lead"].partition(" ")[2]: row["What becomes of it"] for row in visitor.table()}


def test_each_goes_through_its_best_match_and_the_others_are_named(as_, rita, nowak):
    Party.enter({"name": "Twice AG"}, by=rita)
    Party.enter({"name": "Twice GmbH"}, by=rita)
    known = capture(rita, subject="Known", email="jana@nowak.example", person_name="Jana Nowak")
    unclear = capture(rita, subject="Unclear", company_name="Twice")
    nobody = capture(rita, subject="Nobody", company_name="Unheard Of AG", person_name="Eva Gut")
    closed = capture(rita, subject="Closed")
    closed.disqualify(reasons("disqualified", "leads")[0], by=rita)
    db.session.commit()
    visitor = preview(as_(RITA), known, unclear, nobody, closed)
    told = becomes(visitor)
    assert told["Known"] == "becomes an opportunity of Nowak AG with Jana Nowak"
    assert "several parties may be meant" in told["Unclear"]
    assert "nothing comes of it" in told["Nobody"]
    assert "it is not qualified" in told["Closed"]
    visitor.submit("Qualify 2")
    db.session.expire_all()
    assert [each.status for each in (known, unclear, nobody, closed)] == [
        *("qualified", "open", "qualified", "not_qualified"),
    ]
    assert (became(known.id).party_id, became(nobody.id), nobody.converted) == (nowak.id, None, False)
    assert db.session.query(Contact).count() == 1
    operation = db.session.query(Operation).order_by(Operation.id.desc()).first()
    undo(operation, by=rita)
    db.session.commit()
    db.session.expire_all()
    assert (known.status, nobody.status, became(known.id)) == ("open", "open", None)


def test_looking_writes_nothing_and_those_without_a_match_may_be_entered_or_left(as_, rita):
    nobody = capture(rita, subject="Nobody", company_name="Unheard Of AG", person_name="Eva Gut")
    same = capture(rita, subject="Colleague", company_name="Unheard of", person_name="Udo Gut")
    visitor = preview(as_(RITA), nobody, same)
    field = "Leads that match nobody of the address book"
    visitor.fill({field: "Leave them as they are"}).press("Look again")
    assert "0 of 2 leads will change" in visitor.text
    visitor.fill({field: "Enter the company and the person they name"}).press("Look again")
    assert becomes(visitor)["Nobody"] == "becomes an opportunity of Unheard Of AG with Eva Gut, who is new"
    assert db.session.query(Opportunity).count() == 0
    visitor.submit("Qualify 2")
    one, other = (became(lead.id) for lead in (nobody, same))
    assert one.party == other.party
    assert {line.contact.name for each in (one, other) for line in each.contacts} == {"Eva Gut", "Udo Gut"}


def test_twins_become_exactly_one_opportunity(as_, rita, nowak):
    one, other = (capture(rita, subject=name, email="jana@nowak.example") for name in ("One", "Other"))
    visitor = preview(as_(RITA), one, other)
    assert becomes(visitor)["Other"] == f"joins the opportunity of {one.number} One"
    visitor.submit("Qualify 2")
    assert became(one.id) == became(other.id)
    assert db.session.query(Opportunity).count() == 1


def test_those_without_an_owner_are_shared_out_in_turns(as_, rita, user, nowak):
    people = [user(each) for each in (MAX, RITA, ROLF)]
    leads = [capture(rita, subject=f"Nr. {n}", company_name="Nowak AG", owner_id=None) for n in range(6)]
    kept = capture(rita, subject="Kept", company_name="Nowak AG", owner_id=user(ROLF).id)
    visitor = preview(as_(MAX), *leads, kept)
    visitor.submit("Qualify 7", **{person.name: True for person in people})
    db.session.expire_all()
    owners = [lead.owner_id for lead in leads]
    assert sorted(owners) == sorted([person.id for person in people] * 2)
    assert owners[:3] == owners[3:]
    assert [became(lead.id).owner_id for lead in leads] == owners
    assert (kept.owner_id, became(kept.id).owner_id) == (user(ROLF).id, user(ROLF).id)


def test_owners_give_way_only_when_forced(rita, user):
    owned, free = capture(rita, owner_id=rita.id), capture(rita, owner_id=None)
    people = [user(MAX), user(ROLF)]
    assert share_out([owned, free], people, force=False) == {free: people[0]}
    assert share_out([owned, free], people, force=True) == {owned: people[0], free: people[1]}
    assert share_out([owned, free], [], force=True) == {}


def test_a_reason_is_asked_for_where_the_company_wants_one(as_, rita, nowak):
    db.session.get_one(Company, 1).edit({"qualify_needs_reason": True}, by=None)
    lead = capture(rita, company_name="Nowak AG")
    visitor = preview(as_(RITA), lead)
    visitor.submit("Qualify 1", expect=422)
    assert "Please choose a reason" in visitor.text
    visitor.submit("Qualify 1", Reason="Returning customer")
    db.session.expire_all()
    assert lead.reason.name == "Returning customer"


def test_those_ticked_in_the_list_are_qualified_together(as_, rita, nowak):
    one, other = (capture(rita, subject=name, company_name="Nowak AG") for name in ("One", "Other"))
    visitor = as_(RITA).visit("/leads/").fill({"Tick One, Nowak AG": True}, form="ticked").press("Qualify …")
    assert list(becomes(visitor)) == ["One"]
    visitor.visit("/leads/").fill({"all 2 that match": True}, form="ticked").press("Qualify …")
    visitor.submit("Qualify 2")
    db.session.expire_all()
    assert (one.status, other.status) == ("qualified", "qualified")


def test_what_was_decided_meanwhile_stays_as_it_is(as_, rita, nowak):
    one, other = (capture(rita, subject=name, company_name="Nowak AG") for name in ("One", "Other"))
    visitor = preview(as_(RITA), one, other)
    one.disqualify(reasons("disqualified", "leads")[0], by=rita)
    db.session.commit()
    visitor.submit("Qualify 2")
    assert "One lead is qualified" in visitor.text
    db.session.expire_all()
    assert (one.status, other.status) == ("not_qualified", "qualified")


def test_a_colleagues_lead_stays_as_it_is_but_for_managers(as_, rita, user, nowak):
    own, other = (capture(rita, subject=name, company_name="Nowak AG") for name in ("Own", "Other"))
    other.assign(user(ROLF), by=user(MAX))
    db.session.commit()
    assert "belongs to Rolf Weber" in becomes(preview(as_(RITA), own, other))["Other"]
    preview(as_(RITA), own, other).submit("Qualify 1")
    db.session.expire_all()
    assert (own.status, other.status) == ("qualified", "open")
    preview(as_(MAX), own, other).submit("Qualify 1")
    db.session.expire_all()
    assert other.status == "qualified"


def test_what_its_process_requires_first_keeps_a_lead_open(as_, rita, user, nowak):
    qualification().edit({"enforced": True}, by=user(MAX))
    lead = capture(rita, company_name="Nowak AG")
    assert "its process requires first" in becomes(preview(as_(RITA), lead))["Palletiser"]


def test_a_viewer_may_not(as_, rita):
    preview_url = f"/leads/qualification?lead={capture(rita).id}"
    as_(VERA).visit(preview_url, expect=403)
