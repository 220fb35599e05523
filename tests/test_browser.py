"""The browser harness itself: it must notice what it is there to notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response
from playwright.sync_api import Page

from tests.browser import axe, lacking, serve

pytestmark = pytest.mark.browser
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
GOOD = """<!doctype html><html lang="en"><head><title>Good</title><link rel="icon" href="/icon.svg"></head>
<body><main><h1>Good</h1><p>Words.</p></main></body></html>"""


@pytest.fixture
def address() -> Iterator[str]:
    app = Flask("behind", static_folder=None)
    app.add_url_rule("/", view_func=lambda: GOOD, endpoint="good")
    app.add_url_rule("/nameless", view_func=lambda: GOOD.replace("Words.", "<input>"), endpoint="nameless")
    blocked = GOOD.replace("Words.", "<script>document.title = 'ran'</script>")
    app.add_url_rule("/blocked", view_func=lambda: blocked, endpoint="blocked")
    icon = '<svg xmlns="http://www.w3.org/2000/svg"/>'
    app.add_url_rule("/icon.svg", view_func=lambda: Response(icon, mimetype="image/svg+xml"), endpoint="icon")
    app.add_url_rule("/conflict", view_func=lambda: ("taken", 409), endpoint="conflict")

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    with serve(app) as here:
        yield here


def test_a_good_page_has_nothing_to_complain_about(address: str, chromium_page: Page) -> None:
    chromium_page.goto(address)
    assert axe(chromium_page) == []


def test_axe_works_under_the_strict_policy(address: str, chromium_page: Page) -> None:
    chromium_page.goto(f"{address}/nameless")
    (found,) = axe(chromium_page)
    assert found.startswith("label (critical, 1×)")
    assert axe(chromium_page, without=("label",)) == []


def test_a_blocked_script_is_noticed(address: str, chromium_page: Page, console_errors: list[str]) -> None:
    chromium_page.goto(f"{address}/blocked")
    assert chromium_page.title() == "Good"
    assert "Content Security Policy" in console_errors.pop()


def test_an_honest_refusal_is_no_error(address: str, chromium_page: Page, console_errors: list[str]) -> None:
    chromium_page.goto(address)
    chromium_page.evaluate("() => fetch('/conflict').then(() => fetch('/gone'))")
    assert "404" in console_errors.pop()
    assert console_errors == []


def test_two_people_have_two_browsers(address: str, new_page: Callable[..., Page]) -> None:
    light, dark = new_page(), new_page(color_scheme="dark", java_script_enabled=False)
    light.goto(address)
    dark.goto(address)
    light.context.add_cookies([{"name": "a", "value": "1", "url": address}])
    assert dark.context.cookies() == []


def test_a_run_that_promised_everything_may_not_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("P2P_TESTS_MAY_NOT_SKIP", "1")
    with pytest.raises(pytest.fail.Exception, match="no database"):
        lacking("there is no database")
    monkeypatch.setenv("P2P_TESTS_MAY_NOT_SKIP", "")
    with pytest.raises(pytest.skip.Exception):
        lacking("there is no database")
