"""The triage by keyboard: no lead takes more than four keys besides what is typed."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from p2p.db import db
from p2p.filters import today
from p2p.leads.models import Lead
from p2p.opportunities.qualifying.queries import became
from tests.browser import axe
from tests.cast import RITA

pytestmark = pytest.mark.browser


@pytest.fixture
def leads(user):
    """Five leads of Rita's, newest last; the last two are twins."""
    made = {}
    for days, subject in enumerate(("Fifth", "Fourth", "Third", "Second", "First")):
        facts = {"subject": subject, "company_name": f"{subject} AG", "opened_on": today() - timedelta(9 - days)}
        facts |= {"email": "jana@nowak.example"} if subject in ("First", "Second") else {}
        made[subject] = Lead.capture(facts, by=user(RITA)).id
    db.session.commit()
    db.session.remove()
    return made


@pytest.fixture
def at_triage(page_as, leads):
    def arrive(**options) -> Page:
        return page_as(RITA, "/leads/triage", **options)

    return arrive


def on(page: Page, subject: str) -> None:
    """The lead is shown, and its heading has the focus."""
    heading = page.get_by_role("heading", name=subject, exact=True)
    expect(heading).to_be_focused()
    expect(page.get_by_role("dialog")).to_be_hidden()


def press(page: Page, *keys: str) -> int:
    for key in keys:
        page.keyboard.press(key)
        if len(key) == 1 and key in "qmdp":
            expect(page.get_by_role("dialog")).to_be_visible()
    return len(keys)


def status_of(id: int) -> str:
    lead = db.session.get_one(Lead, id, populate_existing=True)
    status = "merged" if lead.hidden else lead.status
    db.session.rollback()  # whoever reads on would hold up the server
    return status


def test_every_outcome_takes_four_keys_at_most_and_leads_to_the_next(at_triage, leads):
    page = at_triage()
    on(page, "First")
    assert press(page, "m", "Enter") <= 4
    on(page, "Second")
    expect(page.get_by_role("status")).to_contain_text("First was merged into")
    assert press(page, "s") <= 4
    on(page, "Third")
    assert press(page, "q", "Enter") <= 4
    on(page, "Fourth")
    assert press(page, "d", "n", "Enter") <= 4
    on(page, "Fifth")
    page.keyboard.press("p")
    expect(page.get_by_label("1 week")).to_be_focused()
    assert press(page, "ArrowDown", "ArrowDown", "Enter") + 1 <= 4  # the last of the near days, in a month
    expect(page.get_by_text("That was the last one")).to_be_visible()
    outcomes = {subject: status_of(id) for subject, id in leads.items()}
    assert outcomes == {
        "First": "merged",
        "Second": "open",
        "Third": "qualified",
        "Fourth": "not_qualified",
        "Fifth": "postponed",
    }
    press(page, "z")
    on(page, "Fifth")
    assert status_of(leads["Fifth"]) == "open"
    assert became(leads["Third"]).subject == "Third"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1360])
def test_axe_finds_nothing_wrong(at_triage, scheme, width):
    page = at_triage(color_scheme=scheme, viewport={"width": width, "height": 900})
    assert axe(page) == []
    press(page, "q")
    assert axe(page) == []


def test_without_script_it_is_the_same_in_plain_pages(at_triage, leads):
    page = at_triage(java_script_enabled=False)
    page.get_by_role("link", name="Qualify q", exact=True).click()
    page.get_by_role("button", name="Qualify", exact=True).click()
    # The twin joined, so the third is next.
    expect(page.get_by_role("heading", name="Third", exact=True)).to_be_visible()


def test_a_lead_without_twins_is_merged_by_words_typed_into_the_dialog(at_triage, leads):
    page = at_triage()
    for subject in ("First", "Second"):
        on(page, subject)
        press(page, "s")
    on(page, "Third")
    press(page, "m")
    expect(page.get_by_label("Another lead")).to_be_focused()
    page.keyboard.type("fourth")
    press(page, "Enter")
    expect(page.get_by_role("radio", name="Fourth AG")).to_be_focused()
    assert axe(page) == []
    press(page, "Enter")
    on(page, "Fourth")
    assert status_of(leads["Third"]) == "merged"


def test_on_a_phone_the_question_is_read_from_its_top_and_answered_with_enter(at_triage):
    page = at_triage(viewport={"width": 390, "height": 600})
    press(page, "q")
    expect(page.get_by_role("button", name="Qualify", exact=True)).to_be_focused()
    expect(page.get_by_role("heading", name="Qualify")).to_be_in_viewport(ratio=1)
    assert page.get_by_role("dialog").evaluate("dialog => dialog.getBoundingClientRect().bottom <= innerHeight")
    press(page, "Enter")
    on(page, "Third")  # the twin joined
