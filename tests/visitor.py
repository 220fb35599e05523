"""A visitor opens pages, follows links and sends the forms it was shown, found by the words on them.

Every page and part it meets is inspected (``tests/inspection.py``), so a test about something else still notices a
missing label or a dead link. With ``htmx=True`` it behaves as the script would: forms with ``hx-post`` are sent in the
background, dialogs open in place, and living parts refresh when the answer says that something changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextvars import copy_context
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from flask import Flask, current_app, has_app_context
from flask.globals import _cv_app
from lxml.html import HtmlElement
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse

from tests import page as pages
from tests.form import Form
from tests.inspection import Sight, complaints, header_complaints

REDIRECTS = {301, 302, 303, 307, 308}


def as_the_server_would(request: Callable[[], Any]) -> Any:
    """What a request answers that shares nothing with the test: no application context, no unit that was left open."""
    if has_app_context() and "sqlalchemy" in current_app.extensions:
        current_app.extensions["sqlalchemy"].session.rollback()

    def alone() -> Any:
        _cv_app.set(None)  # type: ignore[arg-type]
        return request()

    return copy_context().run(alone)


class Visitor:
    """Somebody in front of a browser. ``status``, ``text``, ``heading`` … speak of the page last seen."""

    def __init__(self, app: Flask, *, htmx: bool = False, inspect: bool = True) -> None:
        self.app = app
        self.client = app.test_client()
        self.htmx = htmx
        self.inspect = inspect
        self.url = "/"
        #: Where somebody stands who has asked for nothing yet: opened when first looked at, which few do.
        self.begins_at: str | None = None
        self._tree: HtmlElement | None = None
        self.part: HtmlElement | None = None
        self._response: TestResponse | None = None
        self.triggered: dict[str, Any] = {}
        self._form: Form | None = None
        self._titles: dict[str, str] = {}

    # -- going places -------------------------------------------------------------------------------------------------

    def visit(self, url: str, *, expect: int = 200, **query: Any) -> Visitor:
        """Open an address as a whole page, following redirects."""
        return self._open("GET", f"{url}?{urlencode(query, doseq=True)}" if query else url, expect=expect)

    def click(self, words: str, *, within: str | None = None, expect: int = 200) -> Visitor:
        """Follow the link that says so; ``within`` picks the one nearest to some other words."""
        links = [link for link in pages.elements(self.page, "a") if pages.name_of(link) == words]
        link = self._one(links, f"link '{words}'", within, [name for name, _ in self.links])
        href = urljoin(self.url, link.get("href"))
        if self.htmx and link.get("data-dialog") is not None:
            return self._background("GET", href, expect=expect, target="#dialog-body")
        return self._open("GET", href, expect=expect)

    def part_of(self, url: str, *, expect: int = 200) -> HtmlElement:
        """The part htmx would get from an address; the page stays as it is."""
        response = self._request("GET", url, partial=True)
        self._expect(response, expect)
        return self._parse_part(response, url)

    def get(self, url: str, headers: dict[str, str]) -> TestResponse:
        """A bare request with headers of its own; neither inspected nor shown."""
        return as_the_server_would(lambda: self.client.get(url, headers=headers, buffered=True))

    # -- forms --------------------------------------------------------------------------------------------------------

    def form(self, name: str | None = None, *, within: str | None = None, has: tuple[str, ...] = ()) -> Form:
        """The form with this name, heading, or button; or the only one that has these labels."""
        forms = [Form(element) for element in pages.elements(self.page, "form")]
        fitting = [form for form in forms if (name is None or name in form.names) and all(map(form.has, has))]
        wanted = f"form '{name}'" if name else f"form with {', '.join(has) or 'anything in it'}"
        names = [" / ".join(sorted(form.names)) for form in forms]
        element = self._one([form.element for form in fitting], wanted, within, names)
        return next(form for form in fitting if form.element is element)

    def fill(
        self, values: dict[str, Any] | None = None, *, form: str | None = None, within: str | None = None, **more: Any
    ) -> Visitor:
        """Enter values by label into the form that has them; ``form`` and ``within`` tell similar ones apart."""
        entries = {**(values or {}), **more}
        if self._form is None or form or within or not all(map(self._form.has, entries)):
            self._form = self.form(form, within=within, has=() if form else tuple(entries))
        for label, value in entries.items():
            self._form.fill(label, value)
        return self

    def submit(
        self, button: str | None = None, *, within: str | None = None, expect: int = 200, **fields: Any
    ) -> Visitor:
        """Send the form just filled in, or the one with this button; ``fields`` are filled in first, by label."""
        if within or self._form is None or (button is not None and button not in self._form.names):
            self._form = self.form(button, within=within, has=tuple(fields))
        for label, value in fields.items():
            self._form.fill(label, value)
        fitting = [found for found in self._form.buttons if button in (None, pages.name_of(found))]
        if not fitting:
            fitting = self._form.buttons  # the form itself was named, not its button
        return self._send(self._form, fitting[0] if fitting else None, expect)

    def press(self, button: str, *, within: str | None = None, expect: int = 200) -> Visitor:
        """Press a button as it stands, without filling anything in."""
        buttons = [found for found in pages.elements(self.page, "button", "input") if pages.is_submitter(found)]
        fitting = [found for found in buttons if pages.name_of(found) == button]
        found = self._one(fitting, f"button '{button}'", within, [pages.name_of(each) for each in buttons])
        element = pages.form_of(found)
        assert element is not None, f"button '{button}' belongs to no form"
        form = self._form if self._form and self._form.element is element else Form(element)
        return self._send(form, found, expect)

    def post(self, url: str, data: Any = None, *, token: bool = True, expect: int = 200) -> Visitor:
        """Send what no form offered: for attacks and stale copies. ``token`` adds the page's CSRF token."""
        sent = MultiDict(data or {})
        if token and self.csrf_token:
            sent.setdefault("csrf_token", self.csrf_token)
        return self._open("POST", url, expect=expect, data=sent)

    def _send(self, form: Form, button: HtmlElement | None, expect: int) -> Visitor:
        given = {} if button is None else button.attrib
        method = (given.get("formmethod") or form.method).upper()
        url = urljoin(self.url, given.get("formaction") or form.action)
        data = MultiDict(form.data(button))
        assert method in {"GET", "POST"}, f"a form with method {method} sends nothing"
        if form.element.get("enctype") != "multipart/form-data":
            data = MultiDict((name, _file_name(value)) for name, value in data.items(multi=True))
        if method == "GET":
            address = url.partition("?")[0] + "?" + urlencode(list(data.items(multi=True)))
            return self._open("GET", address, expect=expect)
        background = form.element.get("hx-post")
        if self.htmx and background and "formaction" not in given:
            target = form.element.get("hx-target")
            swap = form.element.get("hx-swap", "innerHTML")
            url = urljoin(self.url, background)
            return self._background("POST", url, expect=expect, data=data, target=target, swap=swap)
        return self._open("POST", url, expect=expect, data=data)

    # -- what is to be seen -------------------------------------------------------------------------------------------

    @property
    def tree(self) -> HtmlElement | None:
        """The page that is open; nothing if the last answer was none."""
        self._arrive()
        return self._tree

    @property
    def response(self) -> TestResponse | None:
        self._arrive()
        return self._response

    def _arrive(self) -> None:
        if self.begins_at is not None:
            self.visit(self.begins_at)

    @property
    def page(self) -> HtmlElement:
        assert self.tree is not None, f"no HTML page is open, the last answer was {self.response}"
        return self.tree

    @property
    def status(self) -> int:
        assert self.response is not None, "nothing was opened yet"
        return self.response.status_code

    @property
    def body(self) -> bytes:
        """The last answer as it came, for files and fragments."""
        assert self.response is not None, "nothing was opened yet"
        return self.response.data

    @property
    def text(self) -> str:
        return pages.text(self.page)

    @property
    def heading(self) -> str:
        return pages.text(self.page.xpath("//h1")[0])

    @property
    def title(self) -> str:
        return pages.squeeze(self.page.findtext("head/title") or "")

    @property
    def links(self) -> list[tuple[str, str]]:
        """Every link as (words, address)."""
        return [(pages.name_of(link), link.get("href") or "") for link in pages.elements(self.page, "a")]

    @property
    def buttons(self) -> list[str]:
        return [pages.name_of(button) for button in pages.elements(self.page, "button")]

    @property
    def toast(self) -> str:
        """What the page's status line says."""
        spot = pages.by_id(self.page, "toast") if self.tree is not None else None
        return "" if spot is None else pages.text(spot)

    @property
    def errors(self) -> dict[str, str]:
        """Complaints about fields: label → words."""
        wrong = self.page.xpath("//*[@aria-invalid='true']")
        return {pages.label_of(field): _description(self.page, field) for field in wrong}

    @property
    def csrf_token(self) -> str:
        found = self.tree.xpath("//input[@name='csrf_token']/@value") if self.tree is not None else []
        return str(found[0]) if found else ""

    def value(self, label: str) -> str:
        """What stands in a field now."""
        form = self.form(has=(label,))
        (control, *_) = form._labelled(label)
        return str(dict(form.data()).get(control.get("name"), ""))

    def table(self, caption: str | None = None) -> list[dict[str, str]]:
        """The rows of a table as column heading → words."""
        tables = [found for found in pages.elements(self.page, "table") if caption in (None, pages.name_of(found))]
        found = self._one(tables, f"table '{caption}'", None, [pages.name_of(table) for table in tables])
        heads = [pages.text(cell) for cell in found.xpath("(.//thead/tr)[last()]/*")]
        rows = [[pages.text(cell) for cell in row.xpath("./td|./th")] for row in found.xpath(".//tbody/tr")]
        return [dict(zip(heads, row, strict=False)) for row in rows]

    # -- the wire -----------------------------------------------------------------------------------------------------

    def _request(self, method: str, url: str, *, partial: bool = False, **sent: Any) -> TestResponse:
        headers = {"HX-Current-URL": f"http://localhost{self.url}"} if partial else {}
        if partial:
            headers |= {"HX-Request": "true", "HX-Request-Type": "partial", "X-CSRFToken": self.csrf_token}
        else:
            headers["Referer"] = f"http://localhost{self.url}"
        response = as_the_server_would(
            lambda: self.client.open(url, method=method, headers=headers, buffered=True, **sent)
        )
        self.begins_at, self._response = None, response
        if self.inspect:
            self._fail(list(header_complaints(response)), f"{method} {url}")
        return response

    def _open(self, method: str, url: str, *, expect: int, **sent: Any) -> Visitor:
        response = self._request(method, url, **sent)
        for _ in range(5):
            if response.status_code not in REDIRECTS or expect in REDIRECTS:
                break
            assert method == "GET" or response.status_code == 303, f"{method} {url} answers 303, not {response.status}"
            url, method = urljoin(url, response.location), "GET"
            assert urlsplit(url).netloc in {"", "localhost"}, f"redirected off the site, to {url}"
            response = self._request("GET", url)
        self.url = urlsplit(url)._replace(scheme="", netloc="").geturl()
        self._tree = self._form = self.part = None
        if response.mimetype == "text/html" and response.data:
            self._tree = pages.parse(response.data, part=False)
        self._expect(response, expect)
        if self.inspect and self._tree is not None:
            self._fail(complaints(Sight(self._tree, response.text, self.url, self.app)), f"{method} {url}")
            self._note_title(method)
        return self

    def _background(
        self, method: str, url: str, *, expect: int, target: str | None, swap: str = "innerHTML", **sent: Any
    ) -> Visitor:
        """One htmx request: swap the answer, show partials, refresh living parts, obey HX-Redirect."""
        response = self._request(method, url, partial=True, **sent)
        if address := response.headers.get("HX-Redirect"):
            return self.visit(urljoin(url, address))
        self._expect(response, expect)
        self._form = None
        self.triggered = json.loads(response.headers.get("HX-Trigger") or "{}")
        if response.status_code not in {204, 304}:
            self._show(self._parse_part(response, url), target, swap)
        if "changed" in self.triggered:
            self._refresh()
        return self

    def _parse_part(self, response: TestResponse, url: str) -> HtmlElement:
        assert "<html" not in response.text.lower(), f"{url} answered a whole page where a part was asked for"
        self.part = pages.parse(response.data, part=True)
        if self.inspect:
            self._fail(complaints(Sight(self.part, response.text, url, self.app, part=True)), f"part of {url}")
        return self.part

    def _show(self, part: HtmlElement, target: str | None, swap: str) -> None:
        # Parsed anew: the nodes move into the page, while ``part`` keeps the answer as it came.
        answer = pages.parse(_source(part), part=True)
        for partial in pages.elements(answer, "hx-partial"):
            self._put(partial, partial.get("hx-target"))
            partial.drop_tree()
        if len(answer) or pages.text(answer):
            self._put(answer, target, swap)

    def _put(self, content: HtmlElement, target: str | None, swap: str = "innerHTML") -> None:
        spot = pages.by_id(self.page, target[1:]) if target and target.startswith("#") else None
        if spot is None or swap.startswith("none"):
            return
        if swap.startswith("outer") and len(content):
            content[0].tail = spot.tail
            spot.getparent().replace(spot, content[0])
            return
        for child in list(spot):
            spot.remove(child)
        spot.text = content.text
        spot.extend(list(content))

    def _refresh(self) -> None:
        """What ``changed from:body`` sets off: every living part asks its own address again."""
        for living in [found for found in pages.elements(self.page) if "changed from:" in found.get("hx-trigger", "")]:
            last, part = self.response, self.part
            url = urljoin(self.url, living.get("hx-get"))
            answer = self._parse_part(self._request("GET", url, partial=True), url)
            self._response, self.part = last, part
            if living.getparent() is not None and len(answer):
                fresh = pages.parse(_source(answer), part=True)[0]
                fresh.tail = living.tail
                living.getparent().replace(living, fresh)

    # -- complaints ---------------------------------------------------------------------------------------------------

    def _note_title(self, method: str) -> None:
        """Two different doors must not share a title, or tabs and bookmarks cannot be told apart."""
        if method == "GET" and self.status == 200:
            door, _ = self.app.url_map.bind("localhost").match(urlsplit(self.url).path)
            other = self._titles.setdefault(self.title, door)
            assert other == door, f"{door} and {other} share the title '{self.title}'"

    def _expect(self, response: TestResponse, expect: int) -> None:
        if response.status_code != expect:
            html = response.mimetype == "text/html" and response.data
            words = pages.text(pages.parse(response.data, part=False)) if html else response.text
            raise AssertionError(f"expected {expect}, got {response.status} for {response.request.path}: {words[:600]}")

    def _one(self, found: list[HtmlElement], wanted: str, within: str | None, present: list[str]) -> HtmlElement:
        if within is not None:
            found = pages.closest(found, within)
        near = f" near '{within}'" if within else ""
        assert found, f"no {wanted}{near} on {self.url}; there is: {', '.join(filter(None, present)) or 'nothing'}"
        assert len(found) == 1, f"{len(found)} times {wanted}{near} on {self.url}; say which by within="
        return found[0]

    @staticmethod
    def _fail(found: list[str], where: str) -> None:
        assert not found, f"{where} is not as a page should be:\n- " + "\n- ".join(found)


def _source(element: HtmlElement) -> bytes:
    inner = "".join(pages.html.tostring(child, encoding="unicode") for child in element)
    return ((element.text or "") + inner).encode()


def _file_name(value: Any) -> Any:
    """A form without multipart encoding sends a file's name only, as a browser does."""
    if isinstance(value, FileStorage):
        return value.filename
    return value[1] if isinstance(value, tuple) else value


def _description(tree: HtmlElement, field: HtmlElement) -> str:
    found = pages.by_ids(tree, field.get("aria-describedby") or "")
    errors = [each for each in found if "error" in f"{each.get('id')} {each.get('class')}"]
    return pages.squeeze(" ".join(pages.text(each) for each in errors or found))
