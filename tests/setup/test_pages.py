"""Set-up as people meet it: lists, reasons, processes and the company, with and without script."""

from datetime import timedelta

import pytest

from p2p.db import db
from p2p.filters import today
from p2p.opportunities.models import Opportunity
from p2p.setup import queries
from p2p.setup.models import Code
from tests.cast import ADA, MAX, RITA, VERA

PLAIN_AND_HTMX = pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])


def names(visitor, caption: str) -> list[str]:
    return [next(iter(row.values())) for row in visitor.table(caption)]


def test_the_overview_says_what_each_list_is_for_and_how_long_it_is(as_):
    visitor = as_(MAX).visit("/setup/")
    rows = {row["List"]: row for row in visitor.table("Lists")}
    assert rows["Sources"]["Entries"] == "8"
    assert "came from" in rows["Sources"]["What it is for"]
    assert {row["List"]: row["Entries"] for row in visitor.table("How opportunities develop and end")} == {
        "Sales processes": "4 stages",
        "Qualification processes": "1",
        "Prognosis bands": "5",
        "Suggestions": "",
        "Probabilities": "11",
        "Reasons": "30",
        "Currencies": "1",
    }


@pytest.mark.parametrize("who", [RITA, VERA], ids=lambda person: person.role)
def test_others_find_no_way_in(as_, who):
    visitor = as_(who).visit("/parties/")
    assert "Set-up" not in [words for words, _ in visitor.links]
    for door in ("/setup/", "/setup/company", "/setup/lists/source", "/setup/reasons", "/setup/bands/edit"):
        visitor.visit(door, expect=403)
    visitor.visit("/parties/").post("/setup/entries/code/1/retire", expect=403)
    visitor.visit("/parties/").post("/setup/entries/reason/in/lost/add", {"name": "Mood"}, expect=403)


@PLAIN_AND_HTMX
def test_an_entry_is_added_renamed_moved_and_retired(as_, htmx):
    visitor = as_(MAX, htmx=htmx).visit("/setup/lists/source")
    visitor.click("Add").fill({"Name": "Podcast"}).submit("Add")
    assert "“Podcast” was added." in visitor.toast
    assert "Undo" in visitor.toast
    assert names(visitor, "Sources")[-1] == "Podcast"
    visitor.click("Podcast").fill({"Name": "Radio"}).submit("Save")
    assert names(visitor, "Sources")[-1] == "Radio"
    visitor.press("Move Radio up")
    assert names(visitor, "Sources")[-2:] == ["Radio", "Other"]
    visitor.press("Move Radio down")
    visitor.press("Move Radio down")
    assert "is at the end" in visitor.toast
    assert names(visitor, "Sources")[-2:] == ["Other", "Radio"]
    visitor.click("Radio").press("Retire")
    assert "Radio" not in names(visitor, "Sources")
    visitor.press("Bring back")
    assert names(visitor, "Sources")[-1] == "Radio"
    visitor.click("Radio").press("Delete")
    assert names(visitor, "Sources")[-1] == "Other"


@PLAIN_AND_HTMX
def test_a_name_that_is_there_is_refused_in_words(as_, htmx):
    visitor = as_(MAX, htmx=htmx).visit("/setup/lists/source")
    visitor.click("Add").fill({"Name": "wEB"}).submit("Add", expect=422)
    assert "“Web” is in this list already." in visitor.errors["Name"]
    assert visitor.value("Name") == "wEB"
    visitor.visit("/setup/lists/source").click("Event").fill({"Name": "Web"}).submit("Save", expect=422)
    assert "already" in visitor.errors["Name"]


@PLAIN_AND_HTMX
def test_a_used_entry_is_retired_instead(as_, user, opportunity, htmx):
    opportunity.edit({"source_id": queries.code_named("source", "Web").id}, by=user(MAX))
    db.session.commit()
    visitor = as_(MAX, htmx=htmx).visit("/setup/lists/source")
    visitor.click("Web").press("Delete", expect=422)
    assert "used by 1 opportunity" in visitor.text
    visitor.press("Retire instead")
    assert "Web" not in names(visitor, "Sources")
    assert visitor.table("Sources, retired")[0]["Used by"] == "1 opportunity"


def test_two_people_who_rename_one_entry_meet(as_):
    first, second = as_(MAX), as_(ADA)
    for visitor in (first, second):
        visitor.visit("/setup/lists/source").click("Web").fill({"Name": f"Web of {visitor is first}"})
    first.submit("Save")
    second.submit("Save", expect=409)
    assert "Web of True" in second.text


def test_the_same_form_sent_twice_adds_once(as_):
    visitor = as_(MAX).visit("/setup/lists/product").click("Add")
    sent = dict(visitor.fill({"Name": "Robot"}).form(has=("Name",)).data()) | {"name": "Robot"}
    for _ in range(2):
        visitor.post("/setup/entries/code/in/product/add", sent)
    assert [name for _, name in queries.codes("product")] == ["Robot"]


@PLAIN_AND_HTMX
def test_a_stage_with_open_opportunities_leads_to_them(as_, opportunity, htmx):
    visitor = as_(MAX, htmx=htmx).visit("/setup/processes/1")
    visitor.click("Qualify").press("Retire", expect=422)
    assert "still holds 1 opportunity" in visitor.text
    shown = f"/opportunities/?stage={opportunity.stage_id}&status=undecided"
    assert ("Show these opportunities", shown) in visitor.links
    visitor.visit("/setup/processes/1").click("Qualify").press("Delete", expect=422)
    assert "Retire instead" not in visitor.buttons
    visitor.click("Show these opportunities")
    assert "Assembly line" in visitor.text


@PLAIN_AND_HTMX
def test_a_stage_in_use_is_emptied_from_where_it_was_refused_and_then_goes(as_, user, opportunity, htmx):
    """P09: deleting says how many it holds and leads to moving them, those that rest among them."""
    facts = {"party_id": opportunity.party_id, "stage_id": opportunity.stage_id}
    Opportunity.open(facts | {"subject": "Asleep"}, by=user(RITA)).postpone(today() + timedelta(9), by=user(RITA))
    db.session.commit()
    visitor = as_(MAX, htmx=htmx).visit("/setup/processes/1")
    visitor.click("Qualify").press("Delete", expect=422)
    assert "is used by 2 opportunities" in visitor.text
    visitor.click("Move them to another stage").submit("Move", Stage="Develop")
    assert "2 opportunities were moved." in visitor.toast
    db.session.refresh(opportunity)
    assert (opportunity.stage.name, opportunity.probability) == ("Develop", 30)
    visitor.visit("/setup/processes/1").click("Qualify").press("Delete")
    visitor.visit("/setup/processes/1")
    assert names(visitor, "Stages of Project sales") == ["Develop", "Propose", "Close"]


@PLAIN_AND_HTMX
def test_another_default_reaches_those_that_follow_the_stage_when_somebody_says_so(as_, user, opportunity, htmx):
    """P10: how many is shown beforehand; what was set by hand and what is closed stays, and one undo takes it back."""
    facts = {"party_id": opportunity.party_id, "stage_id": opportunity.stage_id}
    by_hand, won, elsewhere = (Opportunity.open(facts | {"subject": each}, by=user(RITA)) for each in "HWE")
    by_hand.estimate(40, by=user(RITA))
    won.win(queries.reasons("won")[0], by=user(RITA))
    elsewhere.move(queries.stages()[1], by=user(RITA))
    db.session.commit()
    visitor = as_(MAX, htmx=htmx).visit("/setup/processes/1")
    visitor.click("Qualify").fill({"Default probability": "15"}).submit("Save")

    def stand():
        db.session.expire_all()
        return [deal.probability for deal in (opportunity, by_hand, won, elsewhere)]

    assert stand() == [10, 40, 10, 30]
    visitor.visit("/setup/processes/1").click("Qualify").click("Update those that follow it")
    assert [(row["Opportunity"], row["What happens"]) for row in visitor.table("Will change")] == [
        ("Assembly line Alpen AG", "15 %")
    ]
    assert [row["What happens"] for row in visitor.table("Stay as they are")] == ["was set to 40 % by hand"]
    visitor.submit("Update")
    assert stand() == [15, 40, 10, 30]
    visitor.press("Undo")
    assert stand() == [10, 40, 10, 30]


def test_stages_are_added_and_given_another_default(as_, opportunity):
    """P03: nothing open is impossible or certain by a default, and (P10) a new one changes no deal by itself."""
    visitor = as_(MAX).visit("/setup/processes/1")
    for certain in ("0", "100"):
        visitor.click("Qualify").fill({"Default probability": certain}).submit("Save", expect=422)
        assert "1 to 99" in visitor.errors["Default probability"]
        visitor.visit("/setup/processes/1")
    visitor.click("Add a stage").fill({"Name": "Hand over", "Default probability": "100"}).submit("Add", expect=422)
    assert "1 to 99" in visitor.errors["Default probability"]
    visitor.fill({"Default probability": "95"}).submit("Add")
    assert names(visitor, "Stages of Project sales")[-1] == "Hand over"
    visitor.click("Qualify").fill({"Default probability": "15"}).submit("Save")
    db.session.refresh(opportunity)
    assert (opportunity.stage.probability, opportunity.probability) == (15, 10)


def test_a_process_is_added_with_its_first_stage(as_):
    visitor = as_(MAX).visit("/setup/processes").click("Add a sales process")
    visitor.fill({"Name": "Service", "First stage": "Look", "Its default probability": "20"}).submit("Add")
    assert names(visitor, "Stages of Service") == ["Look"]
    visitor.click("Look").press("Retire", expect=422)
    assert "last stage" in visitor.text


def test_reasons_say_what_they_apply_to(as_):
    visitor = as_(MAX).visit("/setup/reasons").click("Add a reason for lost")
    visitor.fill({"Name": "Politics"}).submit("Add", expect=422)
    assert "at least one" in visitor.errors["For quotations"]
    visitor.fill({"For opportunities": True, "Needs a note": True}).submit("Add")
    row = next(row for row in visitor.table("Lost") if "Politics" in row["Name"])
    assert (row["Name"], row["Applies to"]) == ("Politics needs a note", "opportunities")
    given = next(reason for reason in queries.reasons("lost", imports=True) if reason.imports_only)
    visitor.visit(f"/setup/entries/reason/{given.id}/edit")
    assert not {"Retire", "Delete"} & set(visitor.buttons)


def test_reasons_of_leads_apply_to_leads_only(as_):
    visitor = as_(MAX).visit("/setup/reasons").click("Add a reason for disqualified")
    visitor.fill({"Name": "Too far away"}).submit("Add")
    assert next(row for row in visitor.table("Disqualified") if row["Name"] == "Too far away")["Applies to"] == "leads"


def test_a_percentage_is_added_in_its_place(as_):
    visitor = as_(MAX).visit("/setup/lists/probability").click("Add").fill({"Percent": "35"}).submit("Add")
    assert names(visitor, "Probabilities")[3:5] == ["30 %", "35 %"]
    visitor.click("Add").fill({"Percent": "35"}).submit("Add", expect=422)
    assert "already" in visitor.errors["Percent"]


def test_a_currency_has_a_rate_of_up_to_six_decimals(as_):
    visitor = as_(MAX).visit("/setup/lists/currency").click("Add")
    visitor.fill({"Currency": "EUR", "Rate": "0.9512345"}).submit("Add", expect=422)
    assert "six decimals" in visitor.errors["Rate"]
    visitor.fill({"Rate": "0.951234"}).submit("Add")
    assert visitor.table("Currencies")[1] == {"Currency": "EUR", "Rate": "0.951234", "Used by": "nothing"}
    visitor.click("EUR").fill({"Rate": "0"}).submit("Save", expect=422)
    visitor.visit("/setup/lists/currency").click("CHF")
    assert "company currency" in visitor.text


def test_the_administrator_sets_the_company_up(as_):
    visitor = as_(ADA).visit("/setup/").click("Edit company")
    visitor.fill({"Company name": "Brunner & Co", "Company currency": "EUR", "Time zone": "UTC"}).submit("Save")
    assert "Brunner & Co" in visitor.text
    assert [currency.name for currency in queries.currencies()] == ["EUR"]
    as_(MAX).visit("/setup/company", expect=403)


def test_the_company_currency_is_fixed_once_figures_are_kept(as_, opportunity):
    visitor = as_(ADA).visit("/setup/company")
    assert "can no longer change" in visitor.text
    sent = dict(visitor.form("Company").data()) | {"currency": "EUR"}
    visitor.post("/setup/company", sent)
    assert queries.company_row().currency == "CHF"


def test_there_is_nothing_behind_unknown_names(as_):
    visitor = as_(MAX)
    for door in ("lists/nonsense", "entries/user/1/edit", "entries/code/999/edit", "entries/code/in/nonsense/add"):
        visitor.visit(f"/setup/{door}", expect=404)


def test_an_entry_can_be_looked_at_by_nobody_once_deleted(as_, user):
    web = queries.code_named("source", "Web")
    web.delete(by=user(MAX))
    db.session.commit()
    assert isinstance(web, Code)
    as_(MAX).visit(f"/setup/entries/code/{web.id}/edit", expect=404)


@PLAIN_AND_HTMX
def test_every_change_can_be_undone_where_it_was_made(as_, htmx):
    visitor = as_(MAX, htmx=htmx).visit("/setup/lists/source")
    before = names(visitor, "Sources")
    visitor.press("Move Event up").press("Undo")
    assert names(visitor.visit("/setup/lists/source"), "Sources") == before
    visitor.click("Event").press("Delete").press("Undo")
    assert names(visitor.visit("/setup/lists/source"), "Sources") == before
