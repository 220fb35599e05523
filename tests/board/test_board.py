"""The board: sorted by prognosis, moved and estimated by form, narrowed by owner, party and text."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from p2p.db import at, db, now
from p2p.filters import today
from p2p.history import operation
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import bands, reasons, stages
from tests.cast import ADA, MAX, RITA, ROLF, VERA
from tests.visitor import as_the_server_would


@pytest.fixture
def deals(user):
    """Three opportunities of Rita's in the first stage, decided in 60, 10 and no days; one of Rolf's in the second."""
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    other = Party.enter({"name": "Łódź Präzision"}, by=user(RITA))
    first, second = stages()[:2]

    def opened(subject, days, revenue, **facts):
        decide = {"decide_by": today() + timedelta(days=days)} if days is not None else {}
        base = {"subject": subject, "party_id": party.id, "stage_id": first.id, "revenue": revenue}
        return Opportunity.open(base | decide | facts, by=user(RITA))

    made = {
        "later": opened("Palletiser relocation", 60, 5_300_000),
        "soon": opened("Cooling loop", 10, 1_000_000),
        "none": opened("Robot cell", None, 9_000_000),
        "rolf": opened("Torque station", 20, 2_000_000, owner_id=user(ROLF).id, stage_id=second.id, party_id=other.id),
    }
    db.session.commit()
    return made


def subjects(visitor, column):
    section = next(s for s in visitor.page.iter("section") if column in (s.text_content() or "")[:80])
    return [h.text_content() for h in section.iter("h3")]


def heads(visitor):
    """Name of each column → (how many, how much, how much weighted) as its head says."""
    found = {}
    for head in visitor.page.xpath("//section[starts-with(@id, 'column-')]/header"):
        name, count, amount = next(head.iter("h2")).text_content().split()
        found[name] = (count, amount, next(head.iter("dd")).text_content())
    return found


def menu(visitor, deal):
    """Its card's menu, opened as without script: a page with the form, and the doors of the rest."""
    link = next(a for a in visitor.visit("/board").page.iter("a") if a.get("href") == f"/board/cards/{deal.id}/menu")
    return visitor.visit(link.get("href"))


def drop(visitor, deal, expect=200, **fields):
    """What a drag sends: the version the card was drawn from, and what the column stands for."""
    url = f"/board/cards/{deal.id}"
    card = next(li for li in visitor.page.iter("li") if li.get("id") == f"card-{deal.id}")
    headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#board"}
    headers |= {"HX-Current-URL": f"http://localhost{visitor.url}", "X-CSRFToken": visitor.csrf_token}
    sent = {"version": card.get("data-version")} | fields
    response = as_the_server_would(lambda: visitor.client.post(url, data=sent, headers=headers))
    assert response.status_code == expect, response.text
    return response.text


def test_cards_stand_in_the_order_of_their_prognosis_those_without_last(as_, deals):
    board = as_(RITA).visit("/board")
    assert subjects(board, "Qualify") == ["Cooling loop", "Palletiser relocation", "Robot cell"]
    assert "no prognosis" in board.text


def test_heads_and_figures_are_of_everything_the_filter_matches(as_, deals):
    board = as_(RITA).visit("/board")
    assert "153’000" in board.text  # 53'000 + 10'000 + 90'000
    assert "15’300" in board.text  # at 10 %
    board.visit("/board", owner="me")
    assert subjects(board, "Develop") == []
    board.visit("/board", party="lodz prazision")
    assert subjects(board, "Develop") == ["Torque station"]
    board.visit("/board", text="robot")
    assert subjects(board, "Qualify") == ["Robot cell"]
    board.visit("/board", party="nobody knows them")
    assert subjects(board, "Qualify") == []


def test_everybody_reads_everything_and_what_is_mine_is_the_same_set_on_board_and_list(as_, deals):
    """K05, as we have it: nothing is hidden from representatives; asked for theirs, heads are of just that set."""
    rolf = as_(ROLF).visit("/board")
    assert heads(rolf)["Qualify"] == ("3", "153’000", "15’300")
    rolf.visit("/board", owner="me")
    assert heads(rolf)["Qualify"] == ("0", "0", "0")
    assert heads(rolf)["Develop"] == ("1", "20’000", "6’000")
    (row,) = rolf.visit("/opportunities/", status="open", owner="me").table()
    assert (row["Opportunity"], row["Revenue"], row["Weighted"]) == ("Torque station", "20’000", "6’000")


def test_a_card_is_moved_by_its_form_and_the_toast_takes_it_back(as_, deals):
    board = as_(RITA)
    menu(board, deals["soon"]).submit("Save", Stage="Develop")
    assert subjects(board, "Develop") == ["Cooling loop", "Torque station"]
    db.session.refresh(deals["soon"])
    assert (deals["soon"].probability, deals["soon"].probability_manual) == (30, False)
    board.press("Undo")
    assert subjects(board, "Qualify")[0] == "Cooling loop"


def test_probability_typed_by_hand_survives_the_next_stage(as_, deals):
    board = as_(RITA)
    menu(board, deals["soon"]).submit("Save", Probability="45")
    menu(board, deals["soon"]).submit("Save", Stage="Develop")
    db.session.refresh(deals["soon"])
    assert (deals["soon"].probability, deals["soon"].probability_manual) == (45, True)


@pytest.mark.parametrize("typed", ["101", "-1", "abc", ""])
def test_a_probability_out_of_range_is_refused_and_what_was_typed_stays(as_, deals, typed):
    board = as_(RITA)
    menu(board, deals["soon"]).submit("Save", expect=422, Probability=typed, Stage="Develop")
    assert "whole number from 0 to 100" in board.text
    assert (board.value("Probability"), board.value("Stage")) == (typed, str(stages()[1].id))
    deal = db.session.get_one(Opportunity, deals["soon"].id, populate_existing=True)
    assert (deal.probability, deal.stage.name) == (10, "Qualify")
    assert board.submit("Save", Probability="15").heading == "Board"
    assert subjects(board, "Develop") == ["Cooling loop", "Torque station"]


def test_choosing_a_prognosis_sets_the_window_from_today(as_, deals):
    board = menu(as_(RITA), deals["none"]).submit("Save", Prognosis="2–3 months")
    deal = db.session.get_one(Opportunity, deals["none"].id, populate_existing=True)
    assert (deal.window_from, deal.window_to) == (today() + timedelta(days=31), today() + timedelta(days=90))
    assert (deal.decide_by, deal.prognosis_given_on) == (deal.window_to, today())
    assert board.toast.startswith(f"Robot cell: Qualify, 10 %, by {deal.decide_by.day} ")


def test_the_key_of_the_prognosis_gives_the_same_one_anew_and_a_mere_visit_does_not(as_, deals):
    deal, board = deals["none"], as_(RITA)
    with at(now() - timedelta(days=40)):
        deal.forecast({"prognosis_id": bands()[1].id}, by=None)
        db.session.commit()
    menu(board, deal).submit("Save")
    assert db.session.get_one(Opportunity, deal.id, populate_existing=True).decide_by == today() + timedelta(days=50)
    board.visit(f"/board/cards/{deal.id}/menu", key="g").submit("Save")
    assert db.session.get_one(Opportunity, deal.id, populate_existing=True).decide_by == today() + timedelta(days=90)
    assert ", by " in board.toast


def test_a_drop_brings_the_card_in_its_place_and_the_heads_of_both_columns(as_, deals):
    board = as_(RITA).visit("/board")
    deal, develop = deals["soon"], stages()[1].id
    answer = drop(board, deal, stage=develop)
    assert f'hx-target="#card-{deal.id}" hx-swap="delete"' in answer
    assert f'hx-target="#card-{deals["rolf"].id}" hx-swap="before"' in answer, "it is decided before that one"
    assert {f"head-{stage.id}" for stage in stages()[:2]} <= set(re.findall(r'<header id="([^"]+)"', answer))
    assert answer.count("<li") == 1
    board.visit("/board", stage=develop)
    assert "<li" not in drop(board, deals["soon"], stage=stages()[2].id), "the filter keeps it out of sight there"


def test_a_stale_drop_answers_409_with_the_true_board(as_, deals):
    rita, max_ = as_(RITA).visit("/board"), as_(MAX).visit("/board")
    drop(max_, deals["soon"], stage=stages()[2].id)
    answer = drop(rita, deals["soon"], expect=409, stage=stages()[1].id)
    propose = answer.partition(f'id="column-{stages()[2].id}"')[2].partition("</section>")[0]
    assert "Cooling loop" in propose
    assert "was moved by somebody else" in answer


def test_changes_of_other_fields_merge(as_, deals):
    rita, max_ = menu(as_(RITA), deals["soon"]), menu(as_(MAX), deals["soon"])
    max_.submit("Save", Prognosis="4–6 months")
    rita.submit("Save", Stage="Develop")
    deal = db.session.get_one(Opportunity, deals["soon"].id, populate_existing=True)
    assert (deal.stage.name, deal.prognosis.name) == ("Develop", "4–6 months")


@pytest.mark.parametrize(("key", "heading"), [("w", "Win"), ("s", "Postpone"), ("a", "Log or plan")])
def test_a_key_leads_through_the_menu_to_the_door_it_opens(as_, deals, key, heading):
    visitor = as_(RITA).visit(f"/board/cards/{deals['soon'].id}/menu", key=key)
    assert visitor.heading.startswith(heading)


def test_without_script_the_menu_leads_to_where_several_are_ticked(as_, deals):
    rita = menu(as_(RITA), deals["soon"]).click("Select x")
    rita.fill({"Tick Cooling loop, Vogt Antriebe": True}).submit("Lose …")
    assert rita.heading == "Lose 1 opportunity"


def test_who_may_not_decide_a_deal_is_told_so(as_, deals):
    visitor = as_(RITA).visit(f"/board/cards/{deals['rolf'].id}/menu")
    assert "Win" not in " ".join(name for name, _ in visitor.links)
    visitor.visit(f"/board/cards/{deals['rolf'].id}/menu", key="w", expect=403)


def test_a_viewer_sees_the_board_but_no_menus(as_, deals):
    """K03: there is nothing to drag by, and the door is closed."""
    board = as_(VERA).visit("/board")
    assert subjects(board, "Qualify")
    assert "Save" not in board.buttons
    board.post(f"/board/cards/{deals['soon'].id}", {"stage": stages()[1].id}, expect=403)
    assert subjects(board.visit("/board"), "Qualify")[0] == "Cooling loop"


def test_who_is_made_a_viewer_before_an_open_board_moves_nothing_any_more(as_, deals, user):
    """K03: the role ends the session; what is dropped then is not moved, and signing in leads to the true board."""
    board = as_(RITA).visit("/board")
    user(RITA).edit({"role": "viewer"}, by=user(ADA))
    db.session.commit()
    drop(board, deals["soon"], expect=401, stage=stages()[1].id)
    assert subjects(as_(RITA).visit("/board"), "Qualify")[0] == "Cooling loop"


def test_quick_add_opens_an_opportunity_with_a_new_party_as_one_operation(as_, deals):
    board = as_(RITA).visit("/board")
    board.submit("Add", within="Torque station", Subject="Leak tester", Party="Brunner Guss", Amount="12'500.50")
    deal = db.session.scalars(select(Opportunity).where(Opportunity.subject == "Leak tester")).one()
    assert (deal.party.name, deal.revenue, deal.stage.name) == ("Brunner Guss", 1_250_050, "Develop")
    board.press("Undo")
    assert subjects(board, "Develop") == ["Torque station"]
    assert db.session.scalars(select(Party).where(Party.name == "Brunner Guss")).one().hidden


def test_quick_add_in_one_line_says_what_and_of_whom(as_, deals):
    as_(RITA).visit("/board").submit("Add", within="Torque station", Subject="Leak tester @ vogt antriebe")
    deal = db.session.scalars(select(Opportunity).where(Opportunity.subject == "Leak tester")).one()
    assert (deal.party.name, deal.stage.name) == ("Vogt Antriebe", "Develop")


def test_quick_add_keeps_what_was_typed_when_refused(as_, deals):
    board = as_(RITA).visit("/board")
    board.submit(
        "Add", within="Torque station", expect=422, Subject="Leak tester", Party="Brunner Guss", Amount="a lot"
    )
    assert 'value="Leak tester"' in board.body.decode()
    assert "is not a number" in board.text


def test_closed_and_sleeping_cards_leave_the_board_and_woken_ones_come_back(as_, deals, user):
    deals["soon"].win(reasons("won")[0], by=user(RITA))
    deals["later"].postpone(today() + timedelta(days=5), by=user(RITA))
    db.session.commit()
    board = as_(RITA).visit("/board")
    assert subjects(board, "Qualify") == ["Robot cell"]
    from p2p.db import at, now

    with at(now() + timedelta(days=6)):
        board.visit("/board")
        assert subjects(board, "Qualify") == ["Palletiser relocation", "Robot cell"]
        assert "143’000" in board.text
        menu(board, deals["later"]).submit("Save", Stage="Develop")
        deal = db.session.get_one(Opportunity, deals["later"].id, populate_existing=True)
        assert (deal.status, deal.wake_on) == ("active", None)


def test_a_poll_that_finds_nothing_changed_is_304(as_, deals):
    board = as_(RITA).visit("/board")
    drawn = json.loads(board.page.get_element_by_id("board").get("hx-headers"))
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"} | drawn
    assert board.get("/board", headers=headers).status_code == 304
    menu(as_(MAX), deals["soon"]).submit("Save", Stage="Propose")
    assert board.get("/board", headers=headers).status_code == 200


def test_more_cards_than_a_page_are_shown_on_demand_and_counted_all_the_same(as_, deals, user):
    """K06: the head is of all 60 whatever is shown, and an empty column says 0."""
    party, stage = deals["soon"].party_id, stages()[2].id
    for number in range(60):
        facts = {"subject": f"Deal {number}", "party_id": party, "stage_id": stage, "prognosis_id": bands()[1].id}
        Opportunity.open(facts | {"revenue": 1_000_000}, by=user(RITA))
    db.session.commit()
    board = as_(RITA).visit("/board")
    assert len(subjects(board, "Propose")) == 50
    assert heads(board)["Propose"] == ("60", "600’000", "300’000")
    assert heads(board)["Close"] == ("0", "0", "0")
    board.click("Show 10 more")
    assert len(subjects(board, "Propose")) == 60
    assert heads(board)["Propose"] == ("60", "600’000", "300’000")


def test_a_card_keeps_a_prognosis_whose_band_is_retired(as_, deals, user):
    deal = deals["soon"]
    band, name = deal.prognosis_id, deal.prognosis.name
    with operation("test", by=None):
        deal.prognosis.retired = True
    db.session.commit()
    board = menu(as_(RITA), deals["none"])
    with pytest.raises(AssertionError, match="offers no"):
        board.form("Save").fill("Prognosis", name)
    menu(board, deal).submit("Save", Stage="Develop")
    fresh = db.session.get_one(Opportunity, deal.id, populate_existing=True)
    assert (fresh.stage.name, fresh.prognosis_id) == ("Develop", band)


def test_what_is_added_on_a_filtered_board_is_whose_the_filter_asks_for(as_, deals, user):
    for asked, owner in (("", RITA), ("me", RITA), (user(ROLF).id, ROLF), ("nobody", None)):
        board = as_(RITA).visit("/board", owner=asked)
        board.submit("Add", within="Develop", Subject=f"Leak tester {asked} @ Vogt Antriebe")
        made = db.session.scalars(select(Opportunity).order_by(Opportunity.id.desc()).limit(1)).one()
        assert (made.subject, made.owner_id) == (f"Leak tester {asked}".strip(), owner and user(owner).id)


def test_quick_add_shows_a_likely_duplicate_before_it_enters_a_party(as_, deals):
    board = as_(RITA).visit("/board")
    board.submit("Add", within="Torque station", expect=422, Subject="Leak tester", Party="Vogt Antrieb GmbH")
    assert "Do you mean Vogt Antriebe?" in board.text
    form = next(form for form in board.page.iter("form") if form.get("aria-label") == "Add to Develop")
    assert form.xpath(".//input[@name='subject']/@value") == ["Leak tester"]
    board.submit("Add", within="It is a new party", **{"It is a new party": True})
    assert db.session.scalars(select(Party).where(Party.name == "Vogt Antrieb GmbH")).one()


def test_quick_add_offers_whom_it_may_mean_and_takes_the_one_that_is_picked(as_, deals):
    board = as_(RITA).visit("/board")
    board.submit(
        "Add",
        within="Torque station",
        expect=422,
        Subject="Leak tester",
        Party="Vogt Antrieb GmbH",
        Prognosis="2–3 months",
    )
    board.submit("Vogt Antriebe", within="It is a new party")
    deal = db.session.scalars(select(Opportunity).where(Opportunity.subject == "Leak tester")).one()
    assert (deal.party.name, deal.prognosis.name) == ("Vogt Antriebe", "2–3 months")


def test_who_changed_the_same_sees_both_values_and_chooses(as_, deals):
    rita, max_ = menu(as_(RITA), deals["soon"]), menu(as_(MAX), deals["soon"])
    max_.submit("Save", Probability="60")
    rita.submit("Save", expect=409, Probability="35")
    assert "60 %" in rita.text
    assert "35 %" in rita.text
    assert "Max Keller" in rita.text
    rita.submit("Save")
    deal = db.session.get_one(Opportunity, deals["soon"].id, populate_existing=True)
    assert (deal.probability, deal.stage.name) == (35, "Qualify")


def test_a_prognosis_is_kept_though_somebody_moved_the_card_meanwhile(as_, deals):
    rita, max_ = menu(as_(RITA), deals["soon"]), menu(as_(MAX), deals["soon"])
    max_.submit("Save", Stage="Propose")
    rita.submit("Save", Prognosis="4–6 months")
    deal = db.session.get_one(Opportunity, deals["soon"].id, populate_existing=True)
    assert (deal.stage.name, deal.prognosis.name) == ("Propose", "4–6 months")


def test_parties_are_suggested_while_typing(as_, deals):
    names = as_(RITA).visit("/board").part_of("/parties/names?field=party&party=pra")
    assert "Łódź Präzision" in [option.get("value") for option in names.iter("option")]
