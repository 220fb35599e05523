"""The one timeline of a party: everything under it, newest first, by kind, by pages, and cheap."""

import re
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import event

from p2p.activities.models import Activity
from p2p.attachments.models import Attachment
from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.filters import today
from p2p.history import Change, operation, timelines
from p2p.history.timelines import Timeline
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.prospects.models import Customer, Prospect
from p2p.setup.queries import codes, stages
from tests.cast import RITA, ROLF, VERA

FILE = {"name": "offer.pdf", "media_type": "application/pdf", "size": 1, "digest": "0" * 64}


@pytest.fixture
def party(user):
    """A party with one of everything under it, and another one with the same that must not show."""
    made = [under(Party.enter({"name": name}, by=user(RITA)), name, user(RITA)) for name in ("Vogt", "Other")]
    db.session.commit()
    return made[0]


def under(party, name, by):
    contact = Contact.enter(party, {"name": f"Miriam {name}"}, by=by)
    contact.edit({"phone": f"+41 44 111 11 1{len(name)}"}, by=by)
    Prospect.make(party, {"type_id": codes("prospect_type")[0][0], "currency": "CHF"}, by=by)
    customer = Customer.open(party, by=by)
    Competitor.register(party, {}, by=by)
    deal = Opportunity.open({"subject": f"{name} cell", "party_id": party.id, "stage_id": stages()[0].id}, by=by)
    lead = Lead.capture({"subject": f"{name} interest", "party_id": party.id}, by=by)
    for subject in (party, contact, customer, deal, lead):
        Activity.log(subject, {"purpose": f"Call on {subject.noun} of {name}", "due_on": today()}, by=by)
    Activity.plan(lead, {"purpose": f"Visit {name}", "due_on": today() + timedelta(1)}, by=by)
    Attachment.attach(deal, [FILE | {"name": f"offer for {name}.pdf"}], by=by)
    return party


@pytest.fixture
def address(party) -> str:
    return f"/history/timeline/party/{party.id}"


def entries(visitor) -> list[str]:
    return [" ".join(each.text_content().split()) for each in visitor.page.xpath("//ol[@class='timeline']/li")]


def test_everything_under_a_party_stands_on_its_timeline_newest_first(as_, address):
    vera = as_(VERA).visit(address)
    told = entries(vera)
    wanted = ["Attached offer for Vogt.pdf to Vogt cell", "Planned Visit Vogt on Vogt interest"]
    wanted += [f"Logged Call on {noun} of Vogt" for noun in ("lead", "opportunity", "customer", "contact", "party")]
    wanted += [
        "Vogt interest",
        "Opened Vogt cell",
        "Registered Vogt",
        "customer",
        "prospect",
        "+41 44 111 11 14",
        "Entered Miriam",
    ]
    wanted += ["Entered"]
    at = 0
    for words in wanted:
        at = next((n for n in range(at, len(told)) if words.lower() in told[n].lower()), -1)
        assert at >= 0, f"no {words!r} (in this order) in {told}"
    assert "Other" not in vera.page.xpath("string(//section[@id='timeline'])")


def test_what_is_planned_on_anything_of_it_stands_on_top_with_what_it_is_on(as_, address):
    vera = as_(VERA).visit(address)
    assert "tomorrow Visit Vogt on Vogt interest" in vera.text
    assert "Visit Other" not in vera.text


@pytest.mark.parametrize(
    ("kind", "shown", "not_shown"),
    [
        ("Activities", "Logged Call on lead of Vogt", "Opened Vogt cell"),
        ("Changes", "Opened Vogt cell", "Logged Call"),
        ("Files", "Attached offer for Vogt.pdf", "Opened Vogt cell"),
        ("Contacts", "+41 44 111 11 14", "Opened Vogt cell"),
        ("Contacts", "Logged Call on contact of Vogt", "Logged Call on lead of Vogt"),
        ("Leads", "Logged Call on lead of Vogt", "Logged Call on opportunity of Vogt"),
        ("Opportunities", "Attached offer for Vogt.pdf", "Logged Call on lead of Vogt"),
    ],
)
def test_it_is_narrowed_to_a_kind_by_a_link(as_, address, kind, shown, not_shown):
    vera = as_(VERA).visit(address).click(kind, within="All")
    told = " | ".join(entries(vera))
    assert shown in told
    assert not_shown not in told
    assert vera.page.xpath("//*[@id='timeline']//*[@aria-current='page']")[0].text_content() == kind
    assert vera.click("All").text.count("Entered Miriam") == 1


def test_a_kind_nobody_knows_narrows_nothing(as_, address):
    assert "Opened Vogt cell" in as_(VERA).visit(address, kind="unicorns").text


def test_one_page_follows_another_within_a_kind(as_, party, address, user):
    lead = db.session.query(Lead).filter_by(subject="Vogt interest").one()
    for number in range(30):
        lead.edit({"subject": f"Interest {number}"}, by=user(RITA))
    db.session.commit()
    vera = as_(VERA).visit(address, kind="lead")
    assert "Interest 29" in vera.text
    assert "captured" not in " ".join(entries(vera)).lower()
    vera.click("Older")
    assert "kind=lead" in vera.url
    assert "Call on lead of Vogt" in " ".join(entries(vera))
    assert "Opened Vogt cell" not in vera.text
    assert "Interest 29" in vera.click("Newest").text


def test_a_contact_s_own_timeline_tells_what_became_of_the_person(as_, party):
    contact = db.session.query(Contact).filter_by(party_id=party.id).one()
    assert "+41 44 111 11 14" in as_(VERA).visit(f"/history/timeline/contact/{contact.id}").text


def test_whoever_merely_recommended_a_lead_does_not_get_its_history(as_, party, user):
    other = Party.enter({"name": "Friend"}, by=user(RITA))
    Lead.capture({"subject": "Recommended", "party_id": party.id, "source_party_id": other.id}, by=user(RITA))
    db.session.commit()
    assert "Recommended" not in as_(VERA).visit(f"/history/timeline/party/{other.id}").text


def test_a_merged_party_brings_its_history_along(as_, party, address, user):
    twin = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    Activity.log(twin, {"purpose": "Call before the merge", "due_on": today()}, by=user(RITA))
    party.absorb([twin], {}, by=user(RITA))
    db.session.commit()
    assert "Call before the merge" in as_(VERA).visit(address).text


def test_a_bulk_operation_says_how_many_and_shows_some(as_, party, address, user):
    with operation("lead.capture", by=user(ROLF)):
        for number in range(40):
            Lead.capture({"subject": f"Bulk {number}", "party_id": party.id}, by=user(ROLF))
    db.session.commit()
    told = entries(as_(VERA).visit(address))[0]
    assert "40 leads" in told
    assert re.search(r"and \d+ more", told)
    assert "Bulk 20" not in told


# -- right, however much there is -------------------------------------------------------------------------------------


def brute(party, kind=None) -> list[int]:
    """The operations of a party, latest first, by reading everything."""
    keys = {("party", party.id)}
    for cls in (Contact, Prospect, Customer, Competitor, Opportunity, Lead):
        keys |= {(cls.noun, each.id) for each in db.session.query(cls).filter_by(party_id=party.id)}
    keys |= {("party", each.person_id) for each in db.session.query(Contact).filter_by(party_id=party.id)}
    rows = db.session.query(Change).all()
    mine = [c for c in rows if {(c.noun, c.record_id), (c.about_noun, c.about_id)} & keys]
    if kind == "activities":
        mine = [c for c in mine if c.noun.startswith("activity")]
    return sorted({c.operation_id for c in mine}, reverse=True)


@pytest.mark.parametrize("kind", [None, "activities"])
@pytest.mark.parametrize("seed", range(3))
def test_pages_together_are_everything_once_and_in_order(party, user, monkeypatch, seed, kind):
    monkeypatch.setattr(timelines, "TOGETHER", 4)
    monkeypatch.setattr(timelines, "ONE_BY_ONE", 2)
    random, by = Random(seed), user(RITA)
    leads = [Lead.capture({"subject": f"L{n}", "party_id": party.id}, by=by) for n in range(9)]
    for step in range(40):
        if step % 7 == 0:
            with operation("lead.edit", by=by):
                for lead in random.sample(leads, 7):
                    lead.edit({"subject": f"{lead.subject[:20]}+"}, by=by)
        elif step % 3:
            random.choice(leads[:3]).edit({"subject": f"S{step}"}, by=by)
        else:
            Activity.log(random.choice(leads), {"purpose": f"C{step}", "due_on": today()}, by=by)
    db.session.commit()
    found, before = [], None
    while page := Timeline("party", party.id, kind).operations(before=before, limit=5):
        found += [row.id for row in page]
        before = found[-1]
    assert found == brute(party, kind)


@pytest.mark.engine("sqlite")
def test_no_statement_of_a_timeline_reads_all_of_a_table(party, address, as_):
    vera = as_(VERA)
    vera.visit(address)
    sent = []

    def note(connection, cursor, statement, parameters, context, many):
        sent.append((statement, parameters))

    for kind in (None, "activities", "changes", "files", "lead"):
        event.listen(db.engine, "before_cursor_execute", note)
        vera.visit(address, **({"kind": kind} if kind else {}))
        event.remove(db.engine, "before_cursor_execute", note)
    grown = {"change", "operation", "activity", "attachment", "party", "contact", "lead", "opportunity"}
    grown |= {"prospect", "customer", "competitor"}
    for statement, parameters in sent:
        if not statement.startswith(("SELECT", "WITH")):
            continue
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        for step in [row[3].split() for row in plan]:
            assert not (step[0] == "SCAN" and step[1] in grown), (" ".join(step), statement)
    latest = [statement for statement, _ in sent if "AS last" in statement]
    assert latest
