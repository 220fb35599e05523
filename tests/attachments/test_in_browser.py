"""Files dropped on the panel of a record are attached; dropped beside it they do no harm."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from p2p.db import db
from p2p.identity.models import User
from p2p.leads.models import Lead
from tests.cast import RITA, Character

pytestmark = pytest.mark.browser

DROP = """(target, names) => {
  const held = new DataTransfer();
  names.forEach((name) => held.items.add(new File([`This is ${name}.`], name, {type: "text/plain"})));
  const event = (kind) => new DragEvent(kind, {dataTransfer: held, bubbles: true, cancelable: true});
  return ["dragover", "drop"].map((kind) => !target.dispatchEvent(event(kind)));
}"""


@pytest.fixture
def page(page_as: Callable[..., Page], user: Callable[[Character], User]) -> Page:
    id = Lead.capture({"subject": "Robot cell", "process_id": None}, by=user(RITA)).id
    db.session.commit()
    db.session.remove()
    page = page_as(RITA, f"/leads/{id}")
    page.get_by_text("No files yet").wait_for()
    return page


def drop(target: Locator, *names: str) -> list[bool]:
    """Drag files over something and let go of them; says whether the browser is kept from opening them itself."""
    return target.evaluate(DROP, list(names))


def test_files_dropped_on_the_panel_are_attached(page: Page) -> None:
    panel = page.get_by_role("region", name="Files")
    assert drop(panel, "offer.txt", "notes.txt") == [True, True]
    for name in ("offer.txt", "notes.txt"):
        expect(panel.get_by_role("link", name=name, exact=True)).to_be_visible()
    drop(panel, "later.txt")  # once more into the list that took its place
    expect(panel.get_by_role("link", name="later.txt", exact=True)).to_be_visible()
    with page.expect_download() as download:
        panel.get_by_role("link", name="offer.txt", exact=True).click()
    assert download.value.path().read_text() == "This is offer.txt."


def test_a_file_dropped_beside_it_neither_replaces_the_page_nor_is_attached(page: Page) -> None:
    assert drop(page.get_by_role("heading", name="Robot cell", level=1), "offer.txt") == [True, True]
    page.reload()
    expect(page.get_by_text("No files yet")).to_be_visible()
