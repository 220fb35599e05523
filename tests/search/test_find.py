"""Find: whatever is typed of a name, a number, a phone, an e-mail address or a note leads to the record."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from p2p.activities.models import Activity
from p2p.attachments.models import Attachment
from p2p.campaigns.models import Campaign
from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.filters import today
from p2p.history import last_operation_id, operation
from p2p.history.log import Operation
from p2p.history.undoing import undo
from p2p.history.wording import PLACES
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Involved, Rival
from p2p.parties.models import Party
from p2p.prospects.models import Customer, Prospect
from p2p.search import queries as asking
from p2p.search.indexing import queries
from p2p.search.kinds import BY_NUMBER, KINDS, PARTY
from p2p.search.words import Wanted, words_of
from p2p.setup.models import Code
from p2p.setup.queries import codes, stages
from tests.cast import VERA


@pytest.fixture
def firm(rita):
    facts = {"name": "Łódź Präzision AG", "phone": "079 123 45 67", "email": "buero@praezision.example", "city": "Zug"}
    return Party.enter(facts | {"notes": "Prefers Tuesdays"}, by=rita)


@pytest.fixture
def deal(firm, rita):
    facts = {"subject": "Palletiser relocation", "party_id": firm.id, "stage_id": stages()[0].id}
    return Opportunity.open(facts | {"number": "O-2026-0017", "description": "Crane needed"}, by=rita)


@pytest.fixture
def find(as_):
    db.session.commit()
    visitor = as_(VERA)

    def found(typed, **more):
        """Kind → what is shown of it, on the page that needs no script."""
        page = visitor.visit("/find", q=typed, **more).page
        sections = page.xpath("//main//section[ul]")
        return {
            section.xpath("string(h2/text())").strip(): [a.text_content() for a in section.xpath("ul/li/a")]
            for section in sections
        }

    db.session.commit()
    return found


def test_a_deal_is_found_by_any_of_its_words(deal, find):
    for typed in ("palletiser", "RELOC pall", "O-2026-0017", "2026-0017", "0017", "17", "lodz pall", "crane", "Łódź"):
        assert find(typed)["Opportunities"] == ["Palletiser relocation"], typed
    assert find("palletiser crane tuesdays") == {}
    assert find("alletiser") == {}


@pytest.mark.parametrize(
    "typed", ["079 / 123-45", "+41 (0)79 123 45 67", "0041791234567", "079.123", "4567", "lodz 079 123"]
)
def test_a_phone_number_leads_to_the_party_and_its_open_deals(typed, deal, firm, rita, find):
    other = Opportunity.open({"subject": "Long gone", "party_id": firm.id, "stage_id": stages()[0].id}, by=rita)
    other.archive(by=rita)
    db.session.commit()
    found = find(typed)
    assert found["Parties"] == ["Łódź Präzision AG"]
    assert found["Opportunities"] == ["Palletiser relocation"]


def test_a_contact_is_found_by_every_way_to_reach_it_and_leads_to_the_deals_it_is_on(firm, deal, rita, find):
    house = Party.enter({"name": "Other House"}, by=rita)
    channels = [("phone", {"value": "044 668 18 00"}), ("phone", {"value": "071 222 33 44"})]
    function = Code.add({"list_name": "function", "name": "Purchaser"}, by=None)
    facts = {"name": "Urs Frei", "email": "Urs.Frei@House.example", "job_title": "Buyer", "function_id": function.id}
    urs = Contact.enter(house, facts, channels=channels, by=rita)
    Involved.add(deal, urs, by=rita)
    db.session.commit()
    for typed in ("urs house", "0712223344", "urs.frei@house.example", "frei@house", "house.example", "purch", "buyer"):
        found = find(typed)
        assert found["Contacts"] == ["Urs Frei"], typed
        assert found["Opportunities"] == ["Palletiser relocation"], typed


def test_every_noun_that_has_a_page_is_found(firm, deal, rita, find):
    Lead.capture({"subject": "Zebra line", "phone": "052 111 22 33", "person_name": "Zoe Zebra"}, by=rita)
    Contact.enter(firm, {"name": "Zacharias Zebra"}, by=rita)
    zebra = Party.enter({"name": "Zebra Ltd"}, by=rita)
    Customer.open(zebra, number="C-77", by=rita)
    Prospect.make(zebra, {"type_id": codes("prospect_type")[0][0], "currency": "CHF", "number": "P-88"}, by=rita)
    Competitor.register(zebra, {"description": "Cheap"}, by=rita)
    Campaign.start({"name": "Zebra days"}, by=rita)
    Activity.plan(deal, {"purpose": "Call", "notes": "about the zebra", "due_on": today()}, by=rita)
    file = {"name": "zebra.pdf", "media_type": "application/pdf", "size": 1, "digest": "0" * 64}
    Attachment.attach(deal, [file], by=rita)
    deal.edit({"description": "For the zebra"}, by=rita)
    db.session.commit()
    assert find("ZÉBRA") == {
        "Opportunities": ["Palletiser relocation"],
        "Leads": ["Zebra line"],
        "Contacts": ["Zacharias Zebra"],
        "Parties": ["Zebra Ltd", "Zacharias Zebra"],
        "Customers": ["Zebra Ltd"],
        "Prospects": ["Zebra Ltd"],
        "Competitors": ["Zebra Ltd"],
        "Campaigns": ["Zebra days"],
        "Activities": ["Call"],
        "Files": ["zebra.pdf"],
    }
    assert find("c-77").keys() == {"Customers"}
    assert find("052 111")["Leads"] == ["Zebra line"]
    assert find("zebra", **{"in": "lead"}).keys() == {"Leads"}


def test_every_noun_that_has_a_page_is_a_kind():
    ones_own = {"board_view"}  # a saved view may be for its owner alone
    assert {kind.noun for kind in KINDS} == set(PLACES) - ones_own
    assert len(BY_NUMBER) == len(KINDS)


@settings(max_examples=150)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_whatever_a_record_says_finds_it(text):
    said = words_of(text)
    for term in Wanted(text).ways[0] if Wanted(text).ways else ():
        assert any(word.startswith(term) for word in said), term


def test_what_is_said_of_parts_counts_and_follows(deal, rita, find):
    rival = Rival.add(
        deal, Competitor.name_while_losing("Bieter AG", by=rita), {"note": "Knows the architect"}, by=rita
    )
    db.session.commit()
    assert find("pall architect").keys() == {"Opportunities"}
    rival.remove(by=rita)
    db.session.commit()
    assert find("architect") == {}
    assert queries.wrong() == []


def test_exact_names_come_first_then_what_begins_so_then_the_newest(rita, find):
    for name in ("Alpha", "Alpha Two", "The first Alpha", "The last Alpha"):
        Party.enter({"name": name}, by=rita)
    Party.enter({"name": "Alpha archived"}, by=rita).archive(by=rita)
    db.session.commit()
    assert find("alpha")["Parties"] == ["Alpha", "Alpha archived", "Alpha Two", "The last Alpha", "The first Alpha"]


def test_what_hangs_on_something_that_was_taken_away_is_not_found(firm, rita, find):
    lead = Lead.capture({"subject": "Taken back"}, by=rita)
    Activity.plan(lead, {"purpose": "Yodel", "due_on": today()}, by=rita)
    db.session.commit()
    assert find("yodel").keys() == {"Activities"}
    with operation("lead.edit", by=rita):
        lead.hidden = True
    db.session.commit()
    assert find("taken back") == {}
    assert find("yodel") == {}


def test_marks_alone_and_nothing_at_all_say_how_to_ask(as_):
    vera = as_(VERA)
    assert "One box for everything" in vera.visit("/find").text
    assert "Nothing found" in vera.visit("/find", q="%_ '\"").text
    assert "Searched were names" in vera.visit("/find", q="nowhere").text
    assert vera.client.get("/find?q=x&in=user").status_code == 400


def test_the_choices_below_the_box_are_few_and_lead_to_all_of_them(rita, as_):
    for number in range(7):
        Party.enter({"name": f"Sonnberg {number}"}, by=rita)
    db.session.commit()
    options = as_(VERA).part_of("/find/choices?q=sonn").xpath("//*[@role='option']")
    assert len(options) == 6
    assert options[-1].text_content() == "All 7 parties"
    assert options[0].get("href") == "/parties/7"


# ── The index ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_index_follows_edits_merges_and_undo(firm, deal, rita, find):
    twin = Party.enter({"name": "Twin AG", "phone": "071 000 11 22"}, by=rita)
    contact = Contact.enter(twin, {"name": "Eva Roth", "email": "eva@twin.example"}, by=rita)
    Customer.open(twin, number="C-9", by=rita)
    db.session.commit()
    steps = [
        lambda: firm.edit({"name": "Other Name AG", "phone": None}, by=rita),
        lambda: firm.absorb([twin], {}, by=rita),
        lambda: contact.edit({"name": "Eva Rot", "email": "rot@twin.example"}, by=rita),
        lambda: deal.edit({"subject": "Something else", "party_id": contact.person_id}, by=rita),
        lambda: deal.archive(by=rita),
    ]
    done = []
    for step in steps:
        step()
        db.session.commit()
        done.append(last_operation_id())
        assert queries.wrong() == []
    assert find("other something") == {}
    assert find("071 000")["Parties"] == ["Other Name AG"]
    for step in reversed(done):
        undo(db.session.get_one(Operation, step), by=rita)
        db.session.commit()
        assert queries.wrong() == []
    assert find("lodz pall")["Opportunities"] == ["Palletiser relocation"]
    assert find("twin eva")["Contacts"] == ["Eva Roth"]


@pytest.fixture
def few(monkeypatch):
    """As if a handful of records were too many."""
    for name, count in (("FREQUENT", 5), ("FEW", 1), ("DEPTH", 3)):
        monkeypatch.setattr(asking, name, count)


def test_words_that_are_too_frequent_say_that_not_all_was_looked_through(rita, few, as_):
    for number in range(7):
        Party.enter({"name": f"Common{number} Word{'' if number % 2 else 's odd'} {'rare' * (number < 3)}"}, by=rita)
    db.session.commit()
    assert asking.hits(Wanted("common word"), [PARTY], 9) == ({PARTY: [3, 2, 1]}, {PARTY}, True)
    assert asking.hits(Wanted("common word"), [PARTY], 1) == ({PARTY: [1]}, {PARTY}, False)  # that is enough
    assert asking.hits(Wanted("common rare"), [PARTY], 9) == ({PARTY: [3, 2, 1]}, set(), False)
    assert asking.hits(Wanted("odd rare"), [PARTY], 9) == ({PARTY: [3, 1]}, set(), False)  # both looked up
    assert "not" not in as_(VERA).visit("/find", q="odd rare").text
    assert "One more word makes the answer complete" in as_(VERA).visit("/find", q="common word").text
