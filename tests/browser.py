"""A real browser in front of the real server, for what only script can show.

Fixtures, imported by conftest so that all tests share one browser: ``live_server`` (the address of the ``app`` fixture
behind waitress), ``new_page`` (opens a page as a person of its own) and ``chromium_page`` (one such page).
A test that leaves an error in the console fails, blocked scripts and styles among them.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any, NoReturn

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from waitress import wasyncore
from waitress.server import create_server

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# No sandbox inside containers; no traffic of the browser's own.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Refusals and conflicts are honest answers; the console calls every one of them an error.
HONEST = re.compile(r"Failed to load resource: .* status of (409|422)")


def lacking(what: str) -> NoReturn:
    """Skip for want of a browser or a database, unless this run promised to have them all."""
    if os.environ.get("P2P_TESTS_MAY_NOT_SKIP") == "1":
        pytest.fail(f"P2P_TESTS_MAY_NOT_SKIP=1, but {what}", pytrace=False)
    pytest.skip(what)


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    """Serve an application on a free loopback port as ``python app.py`` would; gives its address."""
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, name="live server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # Closed from inside its own loop, which ends when no socket is left; from here it would poll closed ones.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join(timeout=5)
        server.task_dispatcher.shutdown(timeout=2)


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    with serve(app) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if program is None:
        lacking("there is no Chromium here; install one to run the browser tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def console_errors() -> list[str]:
    """What the console complained about; a test that provokes an error on purpose clears it."""
    return []


@pytest.fixture
def new_page(chromium: Browser, console_errors: list[str]) -> Iterator[Callable[..., Page]]:
    """Open a page as a person of its own: ``new_page(color_scheme="dark", java_script_enabled=False, …)``."""
    contexts = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not HONEST.search(message.text):
            console_errors.append(f"{message.text} ({message.location.get('url')})")

    def open_page(**options: Any) -> Page:
        context = chromium.new_context(**{"locale": "en-GB", "reduced_motion": "reduce", **options})
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: console_errors.append(f"uncaught: {error}"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not console_errors, "the console must stay empty:\n- " + "\n- ".join(console_errors)


@pytest.fixture
def chromium_page(new_page: Callable[..., Page]) -> Page:
    return new_page()


def settle(page: Page) -> None:
    """Wait for the parts a page that was just opened asks for by itself; most ask for none."""
    if page.locator("[hx-trigger*=load]").count():
        page.wait_for_load_state("networkidle")


@cache
def _axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def axe(page: Page, *, within: str | None = None, without: tuple[str, ...] = ()) -> list[str]:
    """What axe finds wrong with the page as it stands, one line per rule; ``without`` names rules to leave out."""
    # Evaluated through the debugger, so the page's own policy stays as strict as it is.
    page.evaluate(_axe_source() + "\n;undefined")
    options = {
        "runOnly": {"type": "tag", "values": AXE_TAGS},
        "rules": {rule: {"enabled": False} for rule in without},
        "resultTypes": ["violations"],
    }
    # Only what is wrong comes back: the list of all that is well would take longer to send than to find.
    run = "([spot, options]) => axe.run(spot || document, options).then((found) => found.violations)"
    return [_sentence(violation) for violation in page.evaluate(run, [within, options])]


def _sentence(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    spots = "; ".join(f"{' '.join(map(str, node['target']))} → {node['html'][:120]}" for node in nodes[:5])
    reason = " ".join((nodes[0].get("failureSummary") or "").split()) if nodes else ""
    return f"{violation['id']} ({violation['impact']}, {len(nodes)}×) {violation['help']}: {spots} — {reason}"
