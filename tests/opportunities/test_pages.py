"""Opportunities in the browser: opened, read, edited, decided, with and without htmx."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.filters import today
from p2p.history import Operation, operation
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import bands, probabilities, reasons, stages
from tests.cast import MAX, RITA, ROLF, VERA


@pytest.fixture
def deal(user):
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    Contact.enter(party, {"name": "Miriam Städler"}, by=user(RITA))
    facts = {"subject": "Palletiser relocation", "party_id": party.id, "stage_id": stages()[0].id, "revenue": 5_300_000}
    opportunity = Opportunity.open(facts, by=user(RITA))
    db.session.commit()
    return opportunity


@pytest.fixture
def address(deal):
    return f"/opportunities/{deal.id}"


def test_opening_one_with_a_new_party(as_, app):
    page = as_(RITA).visit("/opportunities/new")
    page.submit(
        "Open it",
        **{"Subject": "Robot cell", "Party": "Brunner Guss", "Estimated revenue": "90'000", "Stage": "Develop"},
    )
    assert page.heading == "Robot cell"
    assert "Brunner Guss" in page.text
    assert "CHF 90’000.00" in page.text
    opened = db.session.scalars(select(Opportunity)).one()
    assert (opened.probability, opened.owner.name) == (30, RITA.name)


def test_bad_input_keeps_what_was_typed_and_changes_nothing(as_, app):
    page = as_(RITA).visit("/opportunities/new")
    page.submit("Open it", expect=422, **{"Subject": "", "Party": "Brunner Guss", "Estimated revenue": "1.5.2"})
    assert "Please give a subject." in page.text
    assert page.value("Party") == "Brunner Guss"
    assert page.value("Estimated revenue") == "1.5.2"
    assert db.session.scalars(select(Party)).all() == []


def test_the_same_form_sent_twice_opens_one(as_, app):
    page = as_(RITA).visit("/opportunities/new")
    form = page.form(has=("Subject",))
    form.fill("Subject", "Robot cell")
    form.fill("Party", "Brunner Guss")
    data = dict(form.data())
    page.post("/opportunities/new", data)
    page.post("/opportunities/new", data)
    assert len(db.session.scalars(select(Opportunity)).all()) == 1
    page.post("/opportunities/new", data | {"subject": "Something else"}, expect=422)


def test_saving_twice_on_the_edit_page_is_no_conflict_with_oneself(as_, deal, address):
    rita = as_(RITA, htmx=True).visit(address)
    for subject in ("Palletiser", "Palletiser, hall 2"):
        rita.visit(f"{address}/edit").submit("Save", Subject=subject)
        assert rita.url == address, "left on the form, the next save would meet an old version"
        assert subject in rita.text


def test_edit_conflict_shows_both_values_and_lets_me_choose(as_, deal, address):
    rita, max_ = as_(RITA).visit(f"{address}/edit"), as_(MAX).visit(f"{address}/edit")
    max_.submit("Save", Subject="Robot cell")
    rita.submit("Save", expect=409, Subject="Palletiser", Description="Two lines")
    assert "Robot cell" in rita.text
    assert "Palletiser" in rita.text
    assert MAX.name in rita.text


def test_different_fields_merge(as_, deal, address):
    rita, max_ = as_(RITA).visit(f"{address}/edit"), as_(MAX).visit(f"{address}/edit")
    max_.submit("Save", Subject="Robot cell")
    rita.submit("Save", Description="Two lines")
    fresh = db.session.get_one(Opportunity, deal.id, populate_existing=True)
    assert (fresh.subject, fresh.description) == ("Robot cell", "Two lines")


def test_winning_asks_for_a_reason_and_closes_what_was_planned(as_, deal, address, user):
    Activity.plan(deal, {"purpose": "Call back", "due_on": today()}, by=user(RITA))
    db.session.commit()
    page = as_(RITA).visit(address).click("Win")
    page.submit("Win", expect=422)
    assert "Please choose a reason." in page.text
    page.submit("Win", Reason="Fit")
    assert "Won" in page.text
    fresh = db.session.get_one(Opportunity, deal.id, populate_existing=True)
    assert (fresh.status, fresh.closed_on, fresh.reason.name) == ("won", today(), "Fit")
    assert db.session.scalars(select(Activity)).one().status == "done"
    page.press("Undo")
    fresh = db.session.get_one(Opportunity, deal.id, populate_existing=True)
    assert (fresh.status, fresh.closed_on, fresh.reason) == ("active", None, None)
    assert db.session.scalars(select(Activity)).one().status == "open"


def test_winning_what_nobody_priced_asks_for_the_amount_too_and_one_undo_takes_both_back(as_, deal, address, user):
    """K08: just what is missing is asked for, once; left blank it stays blank, and the reason alone is required."""
    page = as_(RITA).visit(f"{address}/win")
    assert "Estimated revenue" not in page.text, "it has one"
    deal.edit({"revenue": None}, by=user(RITA))
    db.session.commit()
    page.visit(f"{address}/win").submit("Win", expect=422, **{"Estimated revenue": "a lot", "Reason": "Fit"})
    assert "is not a number" in page.text
    page.submit("Win", **{"Estimated revenue": "48'000"})
    fresh = db.session.get_one(Opportunity, deal.id, populate_existing=True)
    assert (fresh.status, fresh.revenue) == ("won", 4_800_000)
    page.press("Undo")
    fresh = db.session.get_one(Opportunity, deal.id, populate_existing=True)
    assert (fresh.status, fresh.revenue) == ("active", None)
    page.visit(f"{address}/win").submit("Win", Reason="Fit")
    fresh = db.session.get_one(Opportunity, deal.id, populate_existing=True)
    assert (fresh.status, fresh.revenue, fresh.closed_on) == ("won", None, today()), "the day is recorded by itself"


def test_a_probability_by_hand_says_so_until_it_is_handed_back(as_, deal, address):
    """P02: shown as set by hand through every stage, and one button makes it the stage's again."""
    page = as_(RITA).visit(address)
    assert "10 % from the stage" in page.text
    page.click("Probability").submit("Save", Probability="45")
    page.press("Develop")
    assert "45 % set by hand" in page.text
    page.press("Back to the stage’s 30 %")
    assert "30 % from the stage" in page.text
    page.press("Propose")
    assert "50 % from the stage" in page.text


@pytest.mark.parametrize("typed", ["101", "-1", "abc", ""])
@pytest.mark.parametrize("door", ["probability", "edit"])
def test_a_probability_out_of_range_is_refused_wherever_it_is_typed(as_, deal, address, door, typed):
    """P05: the range is named, what was typed can be mended, and the old value stands."""
    page = as_(RITA).visit(f"{address}/{door}").submit("Save", expect=422, Probability=typed)
    assert "whole number from 0 to 100" in page.text
    assert page.value("Probability") == typed
    assert "10 % from the stage" in page.visit(address).text


def test_what_is_won_shows_100_what_is_lost_0_and_what_is_reopened_its_estimate(as_, deal, address):
    """P04, as we have it: closing decides what counts and keeps the estimate, which reopening brings back."""
    page = as_(RITA).visit(address).press("Develop")
    page.click("Win").submit("Win", Reason="Fit")
    assert "Probability 100 % estimate 30 %" in page.text
    page.press("Reactivate")
    assert "Probability 30 % Estimated" in page.text
    page.click("Lose").submit("Lose", Reason="Price")
    assert "Probability 0 % estimate 30 %" in page.text


def test_lists_are_sorted_by_what_deals_are_worth_over_all_pages(as_, deal, user):
    """P13: amount times what the probability counts as; blanks are zero, and each deal stands on one page only."""
    facts = {"party_id": deal.party_id, "stage_id": deal.stage_id}
    for number in range(60):
        revenue = None if number % 5 == 0 else (number * 37 % 50) * 100_000
        made = Opportunity.open(facts | {"subject": f"Deal {number}", "revenue": revenue}, by=user(RITA))
        if number % 4 == 0:
            made.estimate(number, by=user(RITA))
        if number % 7 == 0:
            made.win(reasons("won")[0], by=user(RITA))
        elif number % 11 == 0:
            made.lose(reasons("lost")[0], by=user(RITA))
    db.session.commit()
    worth = {
        each.subject: (each.revenue or 0) * each.counts_as // 10_000 for each in db.session.scalars(select(Opportunity))
    }
    assert sum(value == 0 for value in worth.values()) > 12
    for sort in ("-weighted", "weighted"):
        page = as_(RITA).visit("/opportunities/", sort=sort)
        shown = page.table() + page.click("Next").table()
        said = [int(row["Weighted"].replace("’", "")) for row in shown]
        assert said == sorted(worth.values(), reverse=sort == "-weighted")
        assert sorted(row["Opportunity"] for row in shown) == sorted(worth)


def test_every_way_to_close_leaves_the_same_facts_and_the_same_entry_in_the_log(as_, deal, user):
    """K09: by the form of its page, by what a drop on the board opens, and with others."""
    facts = {"party_id": deal.party_id, "stage_id": deal.stage_id, "revenue": deal.revenue}
    deals = [deal, *(Opportunity.open(facts | {"subject": name}, by=user(RITA)) for name in ("By drag", "In bulk"))]
    ids = [each.id for each in deals]
    db.session.commit()
    as_(RITA).visit(f"/opportunities/{ids[0]}/win").submit("Win", Reason="Fit", Note="At last")
    dropped = as_(RITA, htmx=True).visit("/board").click("Actions", within="By drag").click("Win w")
    dropped.submit("Win", Reason="Fit", Note="At last")
    as_(RITA).visit("/opportunities/bulk/win", opportunity=ids[2]).submit("Win", Reason="Fit", Note="At last")
    told = []
    for operation_ in db.session.scalars(select(Operation).order_by(Operation.id.desc()).limit(3)):
        told.append((operation_.verb, operation_.by_id, [(each.noun, each.values) for each in operation_.changes]))
    assert told[0] == told[1] == told[2]
    assert (told[0][0], told[0][1], len(told[0][2])) == ("opportunity.win", user(RITA).id, 1)
    closed = [db.session.get_one(Opportunity, id, populate_existing=True) for id in ids]
    assert {(each.status, each.closed_by_id, each.closed_on) for each in closed} == {("won", user(RITA).id, today())}


@pytest.mark.parametrize("door", ["win", "loss", "cancellation"])
def test_the_reason_is_asked_for_first(as_, deal, address, user, door):
    Activity.plan(deal, {"purpose": "Call", "due_on": today()}, by=user(RITA))
    db.session.commit()
    form = as_(RITA).visit(f"{address}/{door}").form(has=("Reason",))
    assert form.labels[0] == "Reason"
    assert "Mark what is still planned as done" in form.labels


def test_losing_names_a_new_competitor_and_the_price_gap_in_one_operation(as_, deal, address):
    page = as_(RITA).visit(address).click("Lose")
    page.submit("Lose", **{"Reason": "Price", "Another competitor": "Robotec", "Price gap": "12'000"})
    assert "Robotec" in page.text
    assert "CHF 12’000.00" in page.text
    page.press("Undo")
    fresh = db.session.get_one(Opportunity, deal.id, populate_existing=True)
    assert (fresh.status, fresh.rivals, fresh.price_gap) == ("active", [], None)


def test_other_needs_a_note_on_every_outcome(as_, deal, address):
    for door, button in (("win", "Win"), ("loss", "Lose"), ("cancellation", "Cancel it")):
        page = as_(RITA).visit(f"{address}/{door}")
        page.submit(button, expect=422, Reason="Other")
        assert "needs a note" in page.text


def test_the_reason_list_offers_only_reasons_of_that_kind(as_, deal, address):
    page = as_(RITA).visit(f"{address}/win")
    options = [option.text_content() for option in page.page.iter("option")]
    assert "Only bidder" in options
    assert "No decision" not in options
    assert "Not recorded" not in options


def test_somebody_elses_deal_cannot_be_decided_by_a_representative(as_, deal, address):
    rolf = as_(ROLF).visit(address)
    assert "Win" not in [name for name, _ in rolf.links]
    rolf.visit(f"{address}/loss", expect=403)
    rolf.post(f"{address}/loss", {"reason_id": "1"}, expect=403)
    as_(MAX).visit(f"{address}/loss")


def test_postponing_wants_a_day_to_come(as_, deal, address):
    page = as_(RITA).visit(address).click("Postpone")
    page.submit("Postpone", expect=422, **{"Wake up on": today().isoformat()})
    assert "after today" in page.text
    page.submit("Postpone", **{"Wake up on": (today() + timedelta(days=9)).isoformat()})
    assert "Postponed until" in page.text
    page.press("Resume")
    assert "Postponed until" not in page.text


def test_a_viewer_reads_and_cannot_write(as_, deal, address):
    page = as_(VERA).visit(address)
    assert page.heading == "Palletiser relocation"
    assert "Edit" not in [name for name, _ in page.links]
    for door in ("edit", "win", "loss", "postponement", "probability"):
        page.visit(f"{address}/{door}", expect=403)


def test_who_is_involved_comes_and_goes(as_, deal, address):
    page = as_(RITA).visit(address).click("Add somebody to the team")
    page.submit("Put on the team", Person=ROLF.name, Role="Engineer")
    assert ROLF.name in page.text
    page.visit(f"{address}/about").click("Add a contact").submit("Add", Contact="Miriam Städler")
    assert "Miriam Städler" in page.text
    page.press("Remove Miriam Städler")
    assert "Miriam Städler" not in page.visit(f"{address}/about").text


def test_the_dialog_is_the_part_of_its_page(as_, deal, address):
    page = as_(RITA, htmx=True).visit(address)
    page.click("Probability").submit("Save", Probability="45")
    assert "45 %" in page.text
    assert page.triggered["changed"]["message"] == "Palletiser relocation is at 45 %."


def test_a_record_that_is_hidden_or_never_was_is_404(as_, deal, address):
    page = as_(RITA)
    for number in ("999999", "9223372036854775808"):
        page.visit(f"/opportunities/{number}", expect=404)


def test_the_list_filters_sorts_and_exports(as_, deal):
    page = as_(RITA).visit("/opportunities/", status="open", sort="-revenue")
    assert [row["Opportunity"] for row in page.table()] == ["Palletiser relocation"]
    assert page.visit("/opportunities/", text="vogt").table()
    assert "Nothing matches" in page.visit("/opportunities/", status="won").text
    page.visit("/opportunities/", sort="password_hash", expect=400)


def test_one_fact_is_edited_in_place_and_a_conflict_is_seen_there_too(as_, deal, address):
    rita, max_ = as_(RITA).visit(address).click("Change estimated revenue"), as_(MAX).visit(f"{address}/facts/revenue")
    max_.submit("Save", **{"Estimated revenue": "60'000"})
    rita.submit("Save", expect=409, **{"Estimated revenue": "70'000"})
    assert "60’000" in rita.text
    rita.visit(address).click("Change product")
    rita.submit("Save")
    rita.visit(f"{address}/facts/status", expect=404)
    as_(VERA).visit(f"{address}/facts/subject", expect=403)


def test_lists_count_a_closed_deal_as_what_it_is(as_, deal, user):
    from p2p.setup.queries import reasons

    deal.lose(reasons("lost")[0], by=user(RITA))
    db.session.commit()
    (row,) = as_(RITA).visit("/opportunities/", status="closed").table()
    assert (row["Probability"].split()[0], row["Weighted"]) == ("0", "0")


def test_a_woken_deal_is_among_the_active_ones(as_, deal, user):
    from p2p.db import at, now

    deal.postpone(today() + timedelta(days=3), by=user(RITA))
    db.session.commit()
    page = as_(RITA)
    assert "Nothing matches" in page.visit("/opportunities/", status="active").text
    with at(now() + timedelta(days=3)):
        assert len(page.visit("/opportunities/", status="active").table()) == 1


def test_saving_another_field_keeps_what_menus_no_longer_offer(as_, deal, address, user):
    deal.forecast({"prognosis_id": bands()[1].id}, by=user(RITA))
    kept = (deal.prognosis_id, deal.stage_id, deal.owner_id)
    with operation("test", by=None):
        deal.prognosis.retired = deal.stage.retired = True
        deal.owner.active = False
    db.session.commit()
    page = as_(MAX).visit(address)
    assert stages(kept[1])[0].name in page.text
    page.visit(f"{address}/edit").submit("Save", Description="Two lines")
    page.visit(f"{address}/prognosis").submit("Save")
    fresh = db.session.get_one(Opportunity, deal.id, populate_existing=True)
    assert (fresh.prognosis_id, fresh.stage_id, fresh.owner_id) == kept
    assert fresh.description == "Two lines"


@pytest.mark.parametrize(
    ("door", "button", "choice", "refusal"),
    [
        ("team", "Put on the team", {"Person": "Rolf Weber"}, "Is on the team already."),
        ("contacts", "Add", {"Contact": "Miriam Städler"}, "Is involved already."),
        ("competitors", "Add", {"Competitor": "Robotec", "Note": "Cheap"}, "Bids on it already."),
    ],
)
def test_nobody_is_involved_twice(as_, deal, address, user, door, button, choice, refusal):
    Competitor.name_while_losing("Robotec", by=user(RITA))
    db.session.commit()
    page = as_(RITA).visit(f"{address}/{door}").submit(button, **choice)
    page.visit(f"{address}/{door}").submit(button, expect=422, **choice)
    assert refusal in page.text
    if "Note" in choice:
        assert page.value("Note") == "Cheap"
    fresh = db.session.get_one(Opportunity, deal.id, populate_existing=True)
    assert len(fresh.team + fresh.contacts + fresh.rivals) == 1


def test_a_form_that_involves_somebody_sent_twice_is_no_mistake(as_, deal, address):
    page = as_(RITA).visit(f"{address}/contacts")
    form = page.form(has=("Contact",))
    form.fill("Contact", "Miriam Städler")
    data = dict(form.data())
    for _ in range(2):
        page.post(f"{address}/contacts", data)
    assert len(db.session.get_one(Opportunity, deal.id, populate_existing=True).contacts) == 1


def test_the_percentages_that_are_set_up_are_offered(as_, deal, address):
    page = as_(RITA)
    for door in ("probability", "edit"):
        page.visit(f"{address}/{door}")
        (field,) = (control for control in page.page.iter("input") if control.get("name") == "probability")
        offered = page.page.get_element_by_id(field.get("list"))
        assert [int(option.get("value")) for option in offered] == probabilities()
