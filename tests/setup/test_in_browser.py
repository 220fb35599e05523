"""Set-up in Chromium: what only script, a narrow window or two colour schemes can show."""

import pytest

from tests.browser import axe
from tests.cast import ADA

pytestmark = pytest.mark.browser

PLACES = (
    "/setup/",
    "/setup/lists/source",
    "/setup/lists/currency",
    "/setup/reasons",
    "/setup/processes",
    "/setup/processes/1",
    "/setup/processes/2",
    "/setup/entries/step/1/edit",
    "/setup/bands",
    "/setup/bands/edit",
    "/setup/company",
    "/setup/entries/stage/1/edit",
)


@pytest.fixture
def at(page_as):
    """Ada, at an address of set-up."""

    def opened(address: str, **options):
        return page_as(ADA, address, **options)

    return opened


@pytest.mark.parametrize(("width", "scheme"), [(1360, "light"), (390, "dark")])
def test_everybody_can_read_every_page(at, live_server, width, scheme):
    page = at("/setup/", viewport={"width": width, "height": 800}, color_scheme=scheme)
    for place in PLACES:
        page.goto(f"{live_server}{place}")
        assert (place, axe(page)) == (place, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{place} is wider than the window"


def test_the_focus_stays_on_an_entry_while_it_moves(at):
    page = at("/setup/lists/source")
    page.get_by_role("button", name="Move Event up").press("Enter")
    page.get_by_text("“Event” was moved up.").wait_for()
    rows = page.get_by_role("table", name="Sources").locator("tbody tr")
    rows.nth(4).get_by_role("link", name="Event").wait_for()
    page.wait_for_function("document.activeElement.id.endsWith('-up')")
    assert [row.split("\n")[0].split("\t")[0] for row in rows.all_inner_texts()][4:6] == ["Event", "Web"]


def test_a_dialog_closes_when_its_change_was_made(at):
    page = at("/setup/bands")
    page.get_by_role("link", name="Edit bands").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Last day of band 5").fill("400")
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_role("alert").get_by_text("must be open").wait_for()
    assert axe(page, within="dialog") == []
    dialog.get_by_label("Last day of band 5").fill("")
    dialog.get_by_label("Name of new band").fill("This week")
    dialog.get_by_label("Last day of new band").fill("6")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("cell", name="This week").wait_for()
    dialog.wait_for(state="hidden")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("cell", name="This week").wait_for(state="detached")


def test_a_refused_deletion_opens_as_a_dialog(at, opportunity):
    page = at("/setup/processes/1")
    page.get_by_role("link", name="Qualify", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_text("used by 1 opportunity").wait_for()
    assert axe(page, within="dialog") == []


def test_it_works_without_script(at):
    page = at("/setup/lists/source", java_script_enabled=False)
    page.get_by_role("button", name="Move Event up").click()
    assert "“Event” was moved up." in page.get_by_role("status").inner_text()
    page.get_by_role("link", name="Event").click()
    page.get_by_role("button", name="Retire").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Sources"
    page.get_by_role("button", name="Bring back").click()
    page.get_by_role("button", name="Bring back").wait_for(state="detached")
    assert page.get_by_role("link", name="Event").count() == 1
