"""The dialog that qualifies: what it proposes, what it asks, what it makes, and what it refuses."""

import pytest

from p2p.activities.models import Activity
from p2p.attachments.models import Attachment
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.filters import today
from p2p.history.log import Operation
from p2p.history.undoing import undo
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Involved, Origin
from p2p.opportunities.qualifying import queries
from p2p.opportunities.qualifying.plan import Plan
from p2p.parties import queries as parties
from p2p.parties.models import Party
from p2p.processes.running import named, unmet
from p2p.prospects.models import Customer, Prospect
from p2p.prospects.queries import customer_of, prospect_of
from p2p.setup.models import Company
from p2p.setup.queries import codes, qualification, reasons, stages
from p2p.states import IllegalMove
from tests.cast import MAX, RITA, VERA
from tests.page import label_of

JANA = {
    "person_name": "Jana Nowak",
    "company_name": "Nowak AG",
    "email": "jana@nowak.example",
    "phone": "044 668 18 00",
}


def capture(by, **facts):
    lead = Lead.capture({"subject": "Palletiser"} | facts, by=by)
    db.session.commit()
    return lead


def dialog(visitor, lead):
    return visitor.visit(f"/leads/{lead.id}/qualification")


def ticked(visitor, field):
    [value] = visitor.tree.xpath(f"//input[@name='{field}'][@checked]/@value") or [None]
    return value


def option(visitor, field, value):
    """The words beside a choice."""
    [found] = visitor.page.xpath(f"//input[@name='{field}'][@value='{value}']")
    return label_of(found)


def became(lead):
    db.session.expire_all()
    return queries.became(lead.id)


def test_a_known_mailbox_has_its_contact_and_company_ticked(as_, rita, nowak):
    lead = capture(rita, **JANA | {"email": "Jana <JANA@nowak.example>"})
    visitor = dialog(as_(RITA), lead)
    assert ticked(visitor, "party") == str(nowak.id)
    [contact] = db.session.query(Contact).all()
    assert ticked(visitor, "contact") == str(contact.person_id)
    assert "same e-mail address" in visitor.text
    visitor.submit("Qualify")
    made = became(lead)
    assert (made.party_id, [line.contact_id for line in made.contacts]) == (nowak.id, [contact.id])
    assert db.session.query(Contact).count() == 1


def test_a_company_and_a_person_unknown_to_us_come_into_being_linked(as_, rita):
    lead = capture(rita, **JANA)
    dialog(as_(RITA), lead).submit("Qualify")
    made = became(lead)
    [line] = made.contacts
    assert (made.party.name, made.party.kind) == ("Nowak AG", "organization")
    assert (line.contact.party_id, line.contact.name) == (made.party_id, "Jana Nowak")
    assert line.contact.person.email == "jana@nowak.example"
    assert line.contact.person.phone.replace(" ", "") in ("0446681800", "+41446681800")
    assert prospect_of(made.party_id) is not None
    assert customer_of(made.party_id) is None


def test_somebody_without_a_company_is_the_party(as_, rita):
    lead = capture(rita, person_name="Jana Nowak", email="jana@nowak.example")
    dialog(as_(RITA), lead).submit("Qualify")
    made = became(lead)
    assert (made.party.name, made.party.kind, made.party.email) == ("Jana Nowak", "person", "jana@nowak.example")
    assert made.contacts == []


def test_without_a_contact_there_is_an_opportunity_alone(as_, rita, nowak):
    lead = capture(rita, **JANA | {"person_name": "Ewa Mazur", "email": None, "phone": None})
    dialog(as_(RITA), lead).submit("Qualify", Contact="No contact")
    assert became(lead).contacts == []
    assert db.session.query(Contact).count() == 1


def test_what_the_lead_knew_goes_along(as_, rita, user):
    source = codes("source")[0][0]
    lead = capture(rita, **JANA, source_id=source, description="Two shifts", owner_id=user(MAX).id)
    dialog(as_(RITA), lead).submit("Qualify", **{"Estimated revenue": "120 000"})
    made = became(lead)
    assert (made.subject, made.source_id, made.description) == ("Palletiser", source, "Two shifts")
    assert (made.owner_id, made.revenue, made.stage_id) == (user(MAX).id, 12_000_000, stages()[0].id)


def test_an_account_is_opened_on_request(as_, rita):
    lead = capture(rita, **JANA)
    visitor = dialog(as_(RITA), lead)
    visitor.submit("Qualify", **{"Open a customer account, if it has none": True, "Account number": "K-77"})
    account = customer_of(became(lead).party_id)
    assert account.number == "K-77"
    other = capture(rita, subject="Other", company_name="Meier AG", person_name="Eva Meier")
    visitor = dialog(as_(RITA), other)
    words = {"Open a customer account, if it has none": True, "Account number": "K-77"}
    visitor.submit("Qualify", expect=422, **words)
    assert "K-77 already belongs to Nowak AG" in visitor.text
    assert parties.named("Meier AG") == []
    assert became(other) is None


def test_two_companies_of_one_name_are_asked_about_and_nothing_is_changed(as_, rita, nowak):
    Party.enter({"name": "NOWAK AG", "city": "Bern"}, by=rita)
    lead = capture(rita, company_name="Nowak", subject="Robot")
    visitor = dialog(as_(RITA), lead)
    assert ticked(visitor, "party") is None
    visitor.submit("Qualify", expect=422, Subject="Robot cell")
    assert "Several may be meant" in visitor.text
    assert visitor.value("Subject") == "Robot cell"
    db.session.expire_all()
    assert lead.status == "open"


def test_nobody_becomes_a_contact_of_another_company_silently(as_, rita, nowak):
    lead = capture(rita, **JANA | {"company_name": "Quite Different GmbH"})
    visitor = dialog(as_(RITA), lead)
    assert (ticked(visitor, "party"), ticked(visitor, "contact")) == (None, None)
    jana = db.session.query(Contact).one().person
    choices = {"Party": "A new party", "Contact": option(visitor, "contact", jana.id)}
    visitor.submit("Qualify", expect=422, **choices)
    assert "Jana Nowak acts for Nowak AG" in visitor.errors["That person acts for this party, too"]
    assert became(lead) is None
    visitor.submit("Qualify", **{"That person acts for this party, too": True})
    made = became(lead)
    assert (made.party.name, made.contacts[0].contact.person_id) == ("Quite Different GmbH", jana.id)
    assert db.session.query(Contact).count() == 2


def test_the_company_that_is_picked_counts_not_the_one_the_lead_names(as_, rita, nowak):
    other = Party.enter({"name": "Brunner AG"}, by=rita)
    lead = capture(rita, **JANA)
    visitor = dialog(as_(RITA), lead)
    visitor.submit("Qualify", expect=422, **{"Another party of the address book": "Brunner AG"})
    assert "Jana Nowak acts for Nowak AG" in visitor.text
    visitor.submit("Qualify", Contact="No contact")
    assert became(lead).party_id == other.id
    assert lead.party_id == other.id


def test_what_is_open_at_a_party_typed_by_name_can_be_looked_at_and_joined(as_, rita, nowak):
    other = Party.enter({"name": "Brunner AG"}, by=rita)
    deal = Opportunity.open({"subject": "Conveyor", "party_id": other.id, "stage_id": stages()[0].id}, by=rita)
    lead = capture(rita, company_name="Unknown Ltd")
    visitor = dialog(as_(RITA), lead).fill(**{"Another party of the address book": "Brunner AG"})
    visitor.press("Show what is open there")
    words = f"Join {deal.number} Conveyor, Brunner AG"
    visitor.submit("Qualify", Contact="No contact", Opportunity=words)
    assert became(lead).id == deal.id


def test_one_joins_only_what_is_open_at_that_party(as_, rita, nowak):
    deal = Opportunity.open({"subject": "Conveyor", "party_id": nowak.id, "stage_id": stages()[0].id}, by=rita)
    lead = capture(rita, **JANA)
    visitor = dialog(as_(RITA), lead)
    choices = {"Party": "A new party", "Contact": "No contact", "Opportunity": option(visitor, "opportunity", deal.id)}
    visitor.submit("Qualify", expect=422, **choices)
    assert "“Conveyor” is of Nowak AG" in visitor.text
    visitor.submit("Qualify", Party=option(visitor, "party", nowak.id))
    assert became(lead).id == deal.id


def test_an_opportunity_without_a_party_is_refused_and_nothing_written(as_, rita):
    lead = capture(rita, subject="Somebody called")
    visitor = dialog(as_(RITA), lead)
    visitor.submit("Qualify", expect=422)
    assert "Please name the new party" in visitor.text
    visitor.submit("Qualify", expect=422, Party="No party")
    assert "An opportunity needs a party" in visitor.text
    visitor.submit("Qualify", Opportunity="No opportunity")
    db.session.expire_all()
    assert (lead.status, lead.converted) == ("qualified", False)


def test_twins_are_listed_and_join_unless_they_are_left_out(as_, rita, nowak):
    lead, twin, third = (capture(rita, **JANA | {"subject": name}) for name in ("One", "Two", "Three"))
    visitor = dialog(as_(RITA), lead)
    visitor.submit("Qualify", **{f"{third.number} Three, Nowak AG (same e-mail address)": False})
    made = became(lead)
    assert became(twin) == made
    assert (twin.status, third.status, became(third)) == ("qualified", "open", None)
    assert db.session.query(Opportunity).count() == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_a_second_time_is_refused_in_words(as_, rita, nowak, htmx):
    lead = capture(rita, **JANA)
    first, second = as_(RITA, htmx=htmx), as_(MAX, htmx=htmx)
    first.visit(f"/leads/{lead.id}").click("Qualify")
    second.visit(f"/leads/{lead.id}").click("Qualify")
    again = first.form("Qualify").data()
    first.submit("Qualify")
    second.submit("Qualify", expect=409)
    assert "Palletiser is qualified already" in second.text
    first.visit(f"/leads/{lead.id}/qualification", expect=409)
    first.post(f"/leads/{lead.id}/qualification", dict(again))
    assert "That was saved already" in first.text
    first.post(f"/leads/{lead.id}/qualification", dict(again) | {"key": "another"}, expect=409)
    assert db.session.query(Opportunity).count() == 1


def test_a_reason_is_asked_for_where_the_company_wants_one(as_, rita, nowak):
    db.session.get_one(Company, 1).edit({"qualify_needs_reason": True}, by=None)
    lead = capture(rita, **JANA)
    visitor = dialog(as_(RITA), lead)
    visitor.submit("Qualify", expect=422)
    assert "Please choose a reason" in visitor.text
    other = next(reason for reason in reasons("qualified", "leads") if reason.needs_note)
    visitor.submit("Qualify", expect=422, Reason=other.name)
    assert "needs a note" in visitor.text
    visitor.submit("Qualify", Note="A friend of the house")
    db.session.expire_all()
    assert (lead.reason_id, lead.outcome_note) == (other.id, "A friend of the house")


def test_open_work_moves_to_the_opportunity_and_one_undo_takes_all_back(as_, rita):
    lead = capture(rita, **JANA)
    planned = Activity.plan(lead, {"purpose": "Call", "due_on": today()}, by=rita)
    db.session.commit()
    parties_before = db.session.query(Party).filter_by(hidden=False).count()
    visitor = as_(RITA)
    dialog(visitor, lead).submit("Qualify", **{"Open a customer account, if it has none": True})
    made = became(lead)
    assert planned.about() == ("opportunity", made.id)
    visitor.visit(f"/leads/{lead.id}").click("What became of it").click(f"{made.number} Palletiser")
    assert visitor.heading == "Palletiser"
    visitor.click("Leads it came from").click(f"{lead.number} Palletiser")
    operation = db.session.query(Operation).order_by(Operation.id.desc()).first()
    assert operation.verb == "lead.qualify"
    undo(operation, by=rita)
    db.session.commit()
    db.session.expire_all()
    assert (lead.status, lead.converted, lead.party_id, became(lead)) == ("open", False, None, None)
    assert planned.about() == ("lead", lead.id)
    assert db.session.query(Party).filter_by(hidden=False).count() == parties_before
    for cls in (Opportunity, Customer, Prospect, Contact, Origin, Involved):
        assert db.session.query(cls).filter_by(hidden=False).count() == 0


def test_what_became_something_is_not_opened_again_but_its_subject_may_be_corrected(rita, nowak):
    lead = capture(rita, **JANA)
    Plan(party=nowak, opportunity={}).carry_out(lead, by=rita)
    with pytest.raises(IllegalMove, match="converted"):
        lead.reactivate(by=rita)
    lead.edit({"subject": "Palletizer"}, by=rita)
    db.session.commit()
    assert lead.subject == "Palletizer"


def test_an_open_opportunity_that_is_joined_learns_only_what_it_does_not_know(rita, nowak):
    web, fair = (id for id, _ in codes("source")[:2])
    deal = Opportunity.open(
        {"subject": "Conveyor", "party_id": nowak.id, "stage_id": stages()[0].id, "source_id": web}, by=rita
    )
    lead = capture(rita, **JANA, source_id=fair, description="Two shifts")
    Plan(party=nowak, opportunity=deal).carry_out(lead, by=rita)
    assert (deal.subject, deal.source_id, deal.description) == ("Conveyor", web, "Two shifts")


def test_a_viewer_is_shown_no_way_to_qualify(as_, rita, nowak):
    lead = capture(rita, **JANA)
    visitor = as_(VERA).visit(f"/leads/{lead.id}")
    assert "Qualify" not in dict(visitor.links)
    visitor.visit(f"/leads/{lead.id}/qualification", expect=403)


def test_what_was_done_said_and_attached_on_the_lead_is_seen_on_the_opportunity(as_, rita, nowak):
    lead = capture(rita, **JANA, source_note="Fair in Basel", description="Two shifts")
    Activity.log(lead, {"purpose": "Called back", "due_on": today(), "notes": "She is on leave"}, by=rita)
    facts = {"name": "Layout.pdf", "size": 12_000, "media_type": "application/pdf", "digest": "ab" * 32}
    Attachment.attach(lead, [facts], by=rita)
    other = Opportunity.open({"subject": "Conveyor", "party_id": nowak.id, "stage_id": stages()[0].id}, by=rita)
    Plan(party=nowak, opportunity=other).carry_out(lead, by=rita)
    db.session.commit()
    visitor = as_(VERA).visit(f"/opportunities/{other.id}/origins")
    for words in (f"{lead.number} Palletiser", "Called back", "She is on leave", "Layout.pdf"):
        assert words in visitor.text
    visitor.visit(f"/history/timeline/opportunity/{other.id}")
    for words in ("Called back", "Layout.pdf", "Captured"):
        assert words in visitor.text


@pytest.mark.parametrize("enforced", [True, False])
def test_what_its_process_asks_for_is_named_before_anything_is_written(as_, rita, nowak, user, enforced):
    qualification().edit({"enforced": enforced}, by=user(MAX))
    lead, twin = (capture(rita, **JANA | {"subject": name}) for name in ("One", "Two"))
    missing = named(unmet(lead, whole=True))
    visitor = dialog(as_(RITA), lead)
    assert ("Its process requires first" in visitor.text) is enforced
    assert all(name in visitor.text for name in missing)
    assert ("Two, Nowak AG" in visitor.text) is not enforced
    visitor.submit("Qualify", expect=422 if enforced else 200)
    assert ("Its process requires first: " + ", ".join(missing) in visitor.text) is enforced
    db.session.expire_all()
    assert (lead.status, twin.status) == (("open", "open") if enforced else ("qualified", "qualified"))
