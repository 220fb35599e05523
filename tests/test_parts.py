"""Every part alone is the same as that part in its page: what htmx swaps in is what a reload would have shown."""

import re
from typing import Any

import pytest
from flask import Flask
from lxml.html import HtmlElement

from tests import doors
from tests import page as pages
from tests.cast import ADA, RITA, VERA
from tests.doors import DOORS, address
from tests.world import Caller, World, build

#: What is another one each time it is shown.
ONCE = {"csrf_token", "key"}
#: No pages: what goes into a list that stands on other pages, and one word for machines.
NO_PAGES = {"parties.names", "contacts.names", "leads.likely", "search.choices", "health"}


@pytest.fixture
def world(app: Flask) -> World:
    return build()


def spelled(element: HtmlElement) -> str:
    """An element with all that is in it, written in one way."""
    attributes = {name: pages.squeeze(value) for name, value in element.attrib.items()}
    if attributes.get("name") in ONCE:
        attributes["value"] = "…"
    inside = [pages.squeeze(element.text or "")]
    for child in element:
        inside += [spelled(child) if isinstance(child.tag, str) else "", pages.squeeze(child.tail or "")]
    tag = "h2" if element.tag == "h1" else element.tag  # a dialog opens in a page that has its <h1> already
    start = "".join(f' {name}="{value}"' for name, value in sorted(attributes.items()))
    return f"<{tag}{start}>\n" + "\n".join(filter(None, inside)) + f"\n</{tag}>"


def undress(form: HtmlElement) -> None:
    """Take off what a form has only in the dialog: its own heading, and that it is sent from there."""
    for name in ("hx-post", "hx-target", "hx-swap"):
        form.attrib.pop(name, None)
    for heading in form.xpath("./h1 | ./h2[not(preceding-sibling::h2)]"):
        heading.drop_tree()


def first_difference(one: str, other: str) -> str:
    for mine, theirs in zip(one.splitlines(), other.splitlines(), strict=False):
        if mine != theirs:
            return f"alone {mine[:300]!r}, in the page {theirs[:300]!r}"
    return f"alone {len(one.splitlines())} lines, in the page {len(other.splitlines())}"


def in_both(root: HtmlElement, page: HtmlElement) -> tuple[HtmlElement | None, HtmlElement | None]:
    """A part and the same in its page: by id; what goes into the dialog has none and is known by its form."""
    if root.get("id"):
        return root, pages.by_id(page, root.get("id"))
    forms = [form for form in pages.elements(root, "form") if form.get("method") == "post"]
    if not forms:
        return None, None
    same = [form for form in pages.elements(page, "form") if form.get("action") == forms[0].get("action")]
    return forms[0], same[0] if len(same) == 1 else None


def complaint(caller: Caller, url: str) -> str | None:
    """What is wrong with a door's part; None when it is fine or the door has none."""
    whole, part = caller.knock("GET", url), caller.knock("GET", url, htmx=True)
    if part.status_code != 200 or part.mimetype != "text/html" or re.search(r"<html\b", part.text):
        return None
    tree = pages.parse(part.data, part=True)
    roots = [root for root in tree if root.tag != "hx-partial"]
    if pages.squeeze(tree.text or "") or any(pages.squeeze(root.tail or "") for root in roots):
        return "has words outside its root"
    if len(roots) != 1:
        return f"needs one root, it has {[(root.tag, root.get('id')) for root in roots]}"
    assert whole.status_code == 200, f"{url} answers a part, but {whole.status} as a page"
    root, there = in_both(roots[0], pages.parse(whole.data, part=False))
    if root is None or there is None:
        return f"is {roots[0].tag} #{roots[0].get('id')}, which is not in its page (parts have an id, dialogs a form)"
    if not root.get("id"):
        undress(root), undress(there)
    alone, within = spelled(root), spelled(there)
    return None if alone == within else first_difference(alone, within)


@pytest.mark.parametrize("person", [ADA, RITA, VERA], ids=lambda person: person.role)
def test_a_part_alone_equals_the_part_in_its_page(app: Flask, world: World, person: Any) -> None:
    caller, wrong, parts = Caller(app, person), [], 0
    for name in DOORS:
        if name not in app.view_functions or "GET" not in doors.methods(app, name) or name in NO_PAGES:
            continue
        url = address(app, name, world)
        parts += 1
        if said := complaint(caller, url):
            wrong.append(f"{name} ({url}): {said}")
    assert not wrong, "\n- ".join(["", *wrong])
    assert parts > 40


@pytest.mark.parametrize(
    "url",
    [
        "/board?owner=me", "/board?text=deal", "/opportunities/?status=won", "/opportunities/?archived=1",
        "/opportunities/?sort=-revenue", "/history/?noun=party", "/history/?verb=opportunity.win",
        "/history/timeline/opportunity/1?before=40", "/activities/?whose=everybody", "/setup/lists/currency",
        "/history/timeline/party/1", "/opportunities/4", "/opportunities/5", "/opportunities/3",
    ],
)  # fmt: skip
def test_so_it_does_when_something_is_asked_for(app: Flask, world: World, url: str) -> None:
    assert complaint(Caller(app, ADA), url) is None
