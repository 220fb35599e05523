"""Processes designed in the browser, with and without script: stages, steps, copies, editions."""

import pytest

from p2p.db import db
from p2p.leads.models import Lead
from p2p.setup import queries
from p2p.setup.models import QUALIFICATION, Process
from tests.cast import MAX, RITA, VERA

PLAIN_AND_HTMX = pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])


@pytest.fixture
def process(app):
    return queries.qualification()


@pytest.fixture
def lead(process, user):
    made = Lead.capture({"subject": "Robot cell"}, by=user(RITA))
    db.session.commit()
    return made


def steps(visitor, stage: str) -> list[dict[str, str]]:
    return [
        {name: row[name] for name in ("What is to be done", "When", "By whom")}
        for row in visitor.table(f"Steps of {stage}")
    ]


def test_the_list_says_what_each_process_asks_and_what_runs_on_it(as_, lead):
    visitor = as_(MAX).visit("/setup/").click("Qualification processes")
    (sales,) = visitor.table("Sales processes")
    (leads,) = visitor.table("Qualification processes")
    assert (sales["Name"], sales["Stages"], sales["Steps"]) == ("Project sales", "4", "0")
    assert (leads["Name"], leads["Stages"], leads["Steps"], leads["Required steps"], leads["In use by"]) == (
        "Lead qualification new leads start here", "3", "4", "advice", "1 lead",
    )  # fmt: skip
    visitor.click("Lead qualification")
    assert visitor.heading == "Lead qualification"
    assert "in use by 1 lead and stays as it is" in visitor.text


@pytest.mark.parametrize("who", [RITA, VERA], ids=lambda person: person.role)
def test_only_managers_design(as_, process, who):
    for door in ("processes", f"processes/{process.id}", f"processes/{process.id}/edition", "entries/step/1/edit"):
        as_(who).visit(f"/setup/{door}", expect=403)


@PLAIN_AND_HTMX
def test_a_process_is_designed_from_nothing(as_, user, htmx):
    visitor = as_(MAX, htmx=htmx).visit("/setup/processes").click("Add a qualification process")
    visitor.fill({"Name": "Fairs", "First stage": "Card"}).submit("Add")
    visitor.visit(f"/setup/processes/{_named('Fairs').id}")
    visitor.click("Add a stage").fill({"Name": "Call"}).submit("Add")
    visitor.click("Add a step to Card")
    visitor.fill({"What is to be done": "Write down who it was", "Required": True, "Until day": "1"}).submit("Add")
    visitor.click("Add a step to Card")
    role = queries.codes("team_role")[1][1]
    visitor.fill({"What is to be done": "Thank them", "From day": "3", "Until day": "5", "Role": role}).submit("Add")
    assert "“Thank them” was added." in visitor.toast
    assert steps(visitor, "Card") == [
        {"What is to be done": "Write down who it was required", "When": "within 1 day", "By whom": "the owner"},
        {"What is to be done": "Thank them", "When": "day 3 to 5", "By whom": role},
    ]
    visitor.press("Move Thank them up")
    assert steps(visitor, "Card")[0]["What is to be done"] == "Thank them"
    visitor.click("Thank them").press("Delete")
    assert len(steps(visitor, "Card")) == 1
    visitor.click("Edit Fairs").fill({"Required steps are enforced": True}).submit("Save")
    assert "required steps are enforced" in visitor.text
    assert _named("Fairs").enforced


def _named(name: str) -> Process:
    return next(each for each in queries.entries(Process, Process.kind == QUALIFICATION) if each.name == name)


def test_bad_steps_are_refused_in_words(as_, process, user):
    visitor = as_(MAX).visit(f"/setup/processes/{process.id}").click("Add a step to Need")
    role = queries.codes("team_role")[0][1]
    wrong = {"What is to be done": "Visit", "From day": "5", "Until day": "3", "Person": RITA.name, "Role": role}
    visitor.fill(wrong).submit("Add", expect=422)
    assert "cannot end before it begins" in visitor.errors["Until day"]
    assert "a person or a role" in " ".join(visitor.errors.values())
    assert visitor.value("What is to be done") == "Visit"
    visitor.fill({"From day": "-1"}).submit("Add", expect=422)
    assert "0 to 999" in visitor.errors["From day"]
    visitor.fill({"From day": "1", "Role": "—", "What is to be done": "find out WHO decides"}).submit("Add", expect=422)
    assert "already" in " ".join(visitor.errors.values())


@PLAIN_AND_HTMX
def test_a_change_under_leads_is_said_to_open_an_edition(as_, process, lead, htmx):
    visitor = as_(MAX, htmx=htmx).visit(f"/setup/processes/{process.id}")
    visitor.click("Call to introduce ourselves").fill({"What is to be done": "Write"}).submit("Save")
    assert "It went into edition 2; edition 1 goes on for 1 lead." in visitor.toast
    assert "Undo" in visitor.toast
    visitor.visit(f"/setup/processes/{process.id}")
    assert visitor.heading == "Lead qualification, edition 2"
    assert [row["What is to be done"] for row in steps(visitor, "First contact")] == ["Write required"]
    assert "No lead runs on this edition yet" in visitor.text
    visitor.click("Edition 1")
    assert "Edition 2 has replaced it" in visitor.text
    assert [row["What is to be done"] for row in steps(visitor, "First contact")] == [
        "Call to introduce ourselves required"
    ]
    assert not [words for words in visitor.buttons if words.startswith("Move")]
    assert "Call to introduce ourselves" in visitor.visit(f"/leads/{lead.id}").text


@PLAIN_AND_HTMX
def test_the_edition_is_undone_where_it_was_opened(as_, process, lead, htmx):
    visitor = as_(MAX, htmx=htmx).visit(f"/setup/processes/{process.id}")
    visitor.press("Move Need up").press("Undo")
    visitor.visit(f"/setup/processes/{process.id}")
    assert visitor.heading == "Lead qualification"
    assert queries.qualification().edition == 1


def test_a_form_of_an_edition_that_was_replaced_meanwhile_changes_nothing(as_, process, lead, user):
    visitor = as_(MAX).visit(f"/setup/processes/{process.id}").click("Call to introduce ourselves")
    process.stages()[1].edit({"name": "Needs"}, by=user(MAX))
    db.session.commit()
    visitor.fill({"What is to be done": "Write"}).submit("Save", expect=422)
    assert "Edition 2 has replaced edition 1" in visitor.text
    first = process.stages()[0]
    visitor.visit("/setup/processes")
    visitor.post(f"/setup/entries/stage/{first.id}/down", expect=422)
    assert "Edition 2 has replaced edition 1" in visitor.text
    visitor.visit(f"/setup/processes/{process.id}").click("Add a step to Needs")


@PLAIN_AND_HTMX
def test_a_copy_is_made_changed_and_brought_into_use(as_, process, htmx):
    visitor = as_(MAX, htmx=htmx).visit(f"/setup/processes/{process.id}").click("Copy")
    visitor.fill({"Name": "Lead qualification"}).submit("Copy", expect=422)
    assert "already" in visitor.errors["Name"]
    visitor.fill({"Name": "Fairs"}).submit("Copy")
    visitor.visit(f"/setup/processes/{_named('Fairs').id}")
    assert "not in use" in visitor.text
    visitor.press("Activate")
    assert "“Fairs” is back in the menus." in visitor.toast
    visitor.visit("/setup/processes").press("Move Fairs up")
    assert queries.qualification().name == "Fairs"
    visitor.visit(f"/setup/processes/{_named('Fairs').id}").press("Deactivate")
    assert queries.qualification().name == "Lead qualification"


@PLAIN_AND_HTMX
def test_a_process_goes_when_nothing_runs_on_it(as_, process, user, htmx):
    copied = process.copy("Fairs", by=user(MAX))
    db.session.commit()
    visitor = as_(MAX, htmx=htmx).visit(f"/setup/processes/{copied.id}").click("Edit Fairs").press("Delete")
    assert [row["Name"] for row in visitor.visit("/setup/processes").table("Qualification processes")] == [
        "Lead qualification new leads start here"
    ]


def test_a_process_that_leads_run_on_stays(as_, process, lead):
    visitor = as_(MAX).visit(f"/setup/processes/{process.id}").click("Edit Lead qualification")
    visitor.press("Delete", expect=422)
    assert "used by 1 lead" in visitor.text
    visitor.press("Retire instead")
    assert queries.qualification() is None


def test_the_steps_of_a_sales_process_hold_for_everybody_and_the_page_says_so(as_, app):
    visitor = as_(MAX).visit("/setup/processes/1")
    assert "hold for every open opportunity" in visitor.text
    visitor.click("Add a step to Develop").fill({"What is to be done": "Visit the site"}).submit("Add")
    assert steps(visitor, "Develop")[0]["What is to be done"] == "Visit the site"


def test_there_is_nothing_behind_unknown_numbers(as_):
    for door in ("processes/99", "processes/99/edition", "processes/99/copy", "entries/step/in/99/add"):
        as_(MAX).visit(f"/setup/{door}", expect=404)
