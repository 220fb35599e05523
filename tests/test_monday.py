"""A team's Monday, played through three times: by mouse, by keyboard alone, and with JavaScript off."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from p2p.activities.models import Activity
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.opportunities.qualifying.queries import became
from tests.cast import MAX, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEADS = """Subject;Company;Contact;E-mail;Phone;Source
Conveyor in hall nine;Zementwerk Süd AG;Karl Ott;karl.ott@zementwerk.example;+41 44 668 18 11;Web
Cheap toner;Toner Express;;sales@toner.example;;Web
Dryer section;Papier Nord;Ute Kern;ute@papier.example;;Web
"""
PEOPLE = """BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Nora Blum\r\nN:Blum;Nora;;;\r\nORG:Glashütte Blum\r\nEND:VCARD\r
BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ivo Senn\r\nN:Senn;Ivo;;;\r\nORG:Senn Pumpen\r\nEND:VCARD\r\n"""


class Mouse:
    """Somebody who points and clicks."""

    scripts = True

    def __init__(self, page: Page) -> None:
        self.page = page

    def field(self, label: str, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_label(re.compile(rf"^{re.escape(label)}(\s+optional)?$"))

    def press(self, name: str, role: str = "button", within: Locator | None = None) -> None:
        self.act((within or self.page).get_by_role(role, name=name, exact=True).first)

    def act(self, control: Locator) -> None:
        control.click()

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        self.field(label, within).fill(text)

    def choose(self, label: str, option: str, within: Locator | None = None) -> None:
        self.field(label, within).select_option(option)

    def send(self, label: str, path: Path) -> None:
        self.field(label).set_input_files(path)


class NoScript(Mouse):
    """The same in a browser that runs no JavaScript."""

    scripts = False


class Keyboard(Mouse):
    """Somebody who has nothing but keys: Tab leads to every control."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        # Whoever asks for the dialog of files only when it opens, may ask too late.
        page.on("filechooser", lambda chooser: None)

    def act(self, control: Locator) -> None:
        self.reach(control)
        self.page.keyboard.press("Enter")

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        self.reach(self.field(label, within))
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str, within: Locator | None = None) -> None:
        self.reach(self.field(label, within))
        self.page.keyboard.type(option)

    def send(self, label: str, path: Path) -> None:
        self.reach(self.field(label))
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(path)

    def reach(self, control: Locator) -> None:
        """Tab until the control has the focus."""
        control.wait_for()
        for _ in range(250):
            if control.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab leads nowhere near {control}")


@pytest.fixture(params=[Mouse, Keyboard, NoScript], ids=["mouse", "keyboard", "no script"])
def hands(request, live_server: str, new_page: Callable[..., Page]) -> Mouse:
    page = new_page(java_script_enabled=request.param.scripts, viewport={"width": 1360, "height": 900})
    page.goto(f"{live_server}/sign-in?next=/leads/")
    hands = request.param(page)
    hands.fill("E-mail", MAX.email)
    hands.fill("Password", PASSWORD)
    hands.press("Sign in")
    expect(page.get_by_role("heading", name="Leads", level=1)).to_be_visible()
    return hands


def asked(hands: Mouse) -> Locator:
    """Where a form stands: in the dialog, or in a page of its own."""
    return hands.page.get_by_role("dialog") if hands.scripts else hands.page.get_by_role("main")


def says(hands: Mouse, words: str) -> None:
    expect(hands.page.get_by_role("status").filter(has_text=words)).to_be_visible()


def until(hands: Mouse, there: Locator) -> None:
    """Wait for what goes on in the background; without script the page is asked again."""
    for _ in range(20):
        if hands.scripts or there.is_visible():
            break
        hands.page.wait_for_timeout(300)
        hands.press("Refresh", "link")
    expect(there).to_be_visible()


def go(hands: Mouse, *names: str) -> None:
    for name in names:
        hands.press(name, "link")
        if name in ("Leads", "Contacts", "Import", "Duplicates", "Triage"):
            expect(hands.page.get_by_role("heading", name=name, level=1, exact=True)).to_be_visible()


def capture(hands: Mouse) -> None:
    hands.press("New lead", "link")
    form = asked(hands)
    hands.fill("Subject", "Conveyor for hall 9", form)
    hands.fill("Company", "Zementwerk Süd", form)
    hands.fill("Person", "Karl Ott", form)
    hands.fill("E-mail", "Karl.OTT@Zementwerk.example", form)
    hands.press("Capture", within=form)
    expect(hands.page.get_by_role("heading", name="Conveyor for hall 9", level=1)).to_be_visible()


def bring_in(hands: Mouse, path: Path, rows: int) -> None:
    hands.press("Import", "link")
    hands.send("File", path)
    hands.press("Look at it")
    until(hands, hands.page.get_by_role("button", name=f"Import {rows} rows"))
    hands.press(f"Import {rows} rows")
    until(hands, hands.page.get_by_role("heading", name="Imported"))


def merge_and_part(hands: Mouse) -> None:
    """The twins are found, made one, and parted again."""
    go(hands, "Leads", "Duplicates")
    hands.press("Search all leads")
    pair = hands.page.get_by_role("link", name="Merge ", exact=False).first
    until(hands, pair)
    hands.act(pair)
    expect(hands.page.get_by_role("heading", name="Merge 2 leads")).to_be_visible()
    hands.press("Merge")
    says(hands, "are one now")
    hands.press("Undo")
    says(hands, "Undone")


def triage(hands: Mouse) -> None:
    page = hands.page

    def decide(subject: str, what: str, key: str, **answers: str) -> None:
        expect(page.get_by_role("heading", name=subject, exact=True)).to_be_visible()
        if isinstance(hands, Keyboard):
            expect(page.get_by_role("heading", name=subject, exact=True)).to_be_focused()
            page.keyboard.press(key)
        else:
            hands.press(f"{what} {key}", "link")
        form = asked(hands)
        for label, option in answers.items():
            hands.choose(label, option, form)
        hands.press(what.removesuffix(" into"), within=form)

    go(hands, "Leads", "Triage")
    decide("Dryer section", "Postpone", "p")
    decide("Cheap toner", "Disqualify", "d", Reason="No budget")
    decide("Conveyor in hall nine", "Merge into", "m")
    expect(page.get_by_role("heading", name="Conveyor for hall 9", exact=True)).to_be_visible()


def log_in_the_row(hands: Mouse) -> None:
    go(hands, "Leads")
    hands.act(hands.page.get_by_role("link", name="Log or plan on Conveyor for hall 9"))
    form = asked(hands)
    hands.fill("What", "Called Karl about the belt", form)
    hands.press("Save", within=form)
    says(hands, "Called Karl about the belt")


def qualify(hands: Mouse) -> None:
    page = hands.page
    hands.press("Conveyor for hall 9", "link")
    hands.press("Done Call to introduce ourselves")
    expect(page.get_by_role("button", name="Reopen Call to introduce ourselves")).to_be_visible()
    hands.press("On to Need")
    hands.press("Done Understand need and budget")
    expect(page.get_by_role("button", name="Reopen Understand need and budget")).to_be_visible()
    hands.press("Qualify", "link")
    form = page.get_by_role("form", name="Qualify")
    hands.press("Qualify", within=form)
    says(hands, "Conveyor for hall 9")


def planned() -> date:
    """The day of the step that the process planned."""
    due = db.session.query(Activity.due_on).filter_by(purpose="Find out who decides", status="open").scalar()
    db.session.rollback()  # whoever reads on would hold up the server
    return due


def agenda(hands: Mouse) -> None:
    page = hands.page
    go(hands, "Activities")
    go(hands, "Everybody’s")
    for view in ("Day", "Week", "List"):
        hands.press(view, "link")
        expect(page.get_by_role("link", name=view, exact=True)).to_have_attribute("aria-current", "page")
    due = planned()
    hands.press("+1 day “Find out who decides”")
    says(hands, "Find out who decides")
    assert planned() == due + timedelta(1)


def test_a_monday(hands: Mouse, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
    (tmp_path / "people.vcf").write_text(PEOPLE, encoding="utf-8", newline="")
    capture(hands)
    go(hands, "Leads")
    bring_in(hands, tmp_path / "leads.csv", 3)
    go(hands, "Contacts")
    bring_in(hands, tmp_path / "people.vcf", 2)
    merge_and_part(hands)
    triage(hands)
    log_in_the_row(hands)
    qualify(hands)
    agenda(hands)

    leads = {lead.subject: lead for lead in db.session.query(Lead)}
    assert {subject: lead.status for subject, lead in leads.items() if not lead.hidden} == {
        "Conveyor for hall 9": "qualified",
        "Cheap toner": "not_qualified",
        "Dryer section": "postponed",
    }
    assert leads["Conveyor in hall nine"].hidden
    (opportunity,) = db.session.query(Opportunity)
    assert became(leads["Conveyor for hall 9"].id) == opportunity
    assert str(opportunity.party) == "Zementwerk Süd"
    assert {contact.name for contact in db.session.query(Contact)} == {"Karl Ott", "Nora Blum", "Ivo Senn"}
    done = db.session.query(Activity).filter_by(purpose="Called Karl about the belt").one()
    assert (done.status, done.subject) == ("done", leads["Conveyor for hall 9"])
