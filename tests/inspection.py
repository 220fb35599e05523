"""What every page must be, whoever opened it and why. A rule yields complaints in clear words.

Each rule is ``rule(sight) -> complaints``; those under ``PAGE_RULES`` need a whole page, the others hold for parts too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from flask import Flask
from lxml.html import HtmlElement
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from tests import page as pages

SWAPS = {"innerHTML", "outerHTML", "innerMorph", "outerMorph", "outerSync", "textContent"}
SWAPS |= {"before", "prepend", "append", "after", "delete", "none"}
GONE = {"hx-ext", "hx-vars", "hx-params", "hx-request", "hx-history", "hx-history-elt", "hx-disinherit", "hx-inherit"}
GONE |= {"hx-disabled-elt", "hx-prompt", "hx-sse", "hx-ws", "sse-swap", "sse-connect", "ws-connect", "ws-send"}
WRITING = {"hx-post", "hx-put", "hx-patch", "hx-delete"}


@dataclass(frozen=True)
class Sight:
    """One answer under inspection: its tree, its source and where it came from.

    Every rule walks the same page, so what they all look for is looked for once.
    """

    tree: HtmlElement
    source: str
    url: str
    app: Flask
    part: bool = False

    @cached_property
    def elements(self) -> list[HtmlElement]:
        return pages.elements(self.tree)

    @cached_property
    def by_tag(self) -> dict[str, list[HtmlElement]]:
        found: dict[str, list[HtmlElement]] = {}
        for element in self.elements:
            found.setdefault(element.tag, []).append(element)
        return found

    @cached_property
    def by_id(self) -> dict[str, HtmlElement]:
        return {element.get("id"): element for element in reversed(self.elements) if element.get("id") is not None}

    @cached_property
    def attributes(self) -> list[tuple[HtmlElement, str, str]]:
        return [(element, name, value) for element in self.elements for name, value in element.attrib.items()]

    @cached_property
    def htmx(self) -> list[tuple[HtmlElement, str, str, str]]:
        """Whose, bare name, modifiers, value of every htmx attribute. ``data-hx-`` is alive in htmx 4, so it counts."""
        found = []
        for element, name, value in self.attributes:
            bare, _, modifiers = name.removeprefix("data-").partition(":")
            if bare.startswith(("hx-", "sse-", "ws-")):
                found.append((element, bare, modifiers, value))
        return found

    def controls_of(self, form: HtmlElement) -> list[HtmlElement]:
        return self._controls.get(form, [])

    @cached_property
    def _controls(self) -> dict[HtmlElement | None, list[HtmlElement]]:
        found: dict[HtmlElement | None, list[HtmlElement]] = {}
        for control in _all(self, "input", "select", "textarea", "button"):
            owner = control.get("form")
            form = self.by_id.get(owner) if owner else next(control.iterancestors("form"), None)
            found.setdefault(form, []).append(control)
        return found


Rule = Callable[[Sight], Iterator[str]]


def show(element: HtmlElement) -> str:
    """An element as the start tag somebody would look for in the template."""
    attributes = "".join(f' {name}="{value[:60]}"' for name, value in list(element.attrib.items())[:6])
    return f"<{element.tag}{attributes}>"


def _all(sight: Sight, *tags: str) -> list[HtmlElement]:
    if len(tags) == 1:
        return sight.by_tag.get(tags[0], [])
    return [element for element in sight.elements if element.tag in tags]


# -- the page as a whole ----------------------------------------------------------------------------------------------


def one_main_heading(sight: Sight) -> Iterator[str]:
    found = _all(sight, "h1")
    if len(found) != 1:
        yield f"a page has exactly one <h1>, this one has {len(found)}"
    yield from ("the <h1> is empty" for heading in found if not pages.text(heading))


def title(sight: Sight) -> Iterator[str]:
    found = sight.tree.xpath("/html/head/title")
    if len(found) != 1 or not pages.squeeze(found[0].text_content()):
        yield f"a page has exactly one <title> with words in it, this one has {len(found)}"


def language(sight: Sight) -> Iterator[str]:
    if not sight.tree.get("lang"):
        yield "<html> has no lang"


def literal_frame(sight: Sight) -> Iterator[str]:
    # htmx restores history from the literal tags; with implied ones the Back button empties the page.
    for tag in ("<!doctype html", "<html", "<body"):
        if tag not in sight.source.lower():
            yield f"{tag}> is missing from the source"


def targets_exist(sight: Sight) -> Iterator[str]:
    for link in _all(sight, "a"):
        address = link.get("href", "")
        if address.startswith("#") and address[1:] not in sight.by_id:
            yield f"{show(link)} leads to an id that is not on the page"
    for element, name, _, value in sight.htmx:
        if name == "hx-target" and re.fullmatch(r"#[\w-]+", value) and value[1:] not in sight.by_id:
            yield f"{show(element)} targets {value}, which is not on the page"


def inherited_headers(sight: Sight) -> Iterator[str]:
    for body in _all(sight, "body"):
        if "hx-headers" in body.attrib:
            yield "hx-headers on <body> must be spelled hx-headers:inherited, nothing flows down by itself"


# -- what a part must keep too ----------------------------------------------------------------------------------------


def unique_ids(sight: Sight) -> Iterator[str]:
    counts = Counter(element.get("id") for element in sight.elements if element.get("id") is not None)
    for name, count in counts.items():
        if count > 1 or not (name or "").strip():
            yield f'id="{name}" stands {count} times' if name else 'there is an empty id=""'


def headings_in_order(sight: Sight) -> Iterator[str]:
    levels = {None: 99 if sight.part else 0}  # a part, and a dialog, may begin at any level
    for heading in _all(sight, "h1", "h2", "h3", "h4", "h5", "h6"):
        outline = next(heading.iterancestors("dialog"), None)
        level, before = int(heading.tag[1]), levels.get(outline, 99)
        if level > before + 1:
            yield f"heading '{pages.text(heading)}' is <h{level}> straight after level {before}"
        levels[outline] = level


def controls_labelled(sight: Sight) -> Iterator[str]:
    for control in _all(sight, "input", "select", "textarea"):
        if pages.is_labelled_control(control) and not pages.label_of(control):
            yield f"{show(control)} has no label"


def references_exist(sight: Sight) -> Iterator[str]:
    for label in _all(sight, "label"):
        if label.get("for") is not None:
            target = sight.by_id.get(label.get("for"))
            if target is None or target.tag not in {"input", "select", "textarea", "button", "output", "meter"}:
                yield f"{show(label)} points at no control"
    for element, name, value in sight.attributes:
        if name in {"aria-describedby", "aria-labelledby", "aria-controls", "form", "list"}:
            for wanted in value.split():
                if wanted not in sight.by_id and not (sight.part and name in {"aria-controls", "list"}):
                    yield f"{name} of {show(element)} points at #{wanted}, which does not exist"


def names_given(sight: Sight) -> Iterator[str]:
    for element in _all(sight, "a", "button", "summary", "input"):
        if element.tag == "input" and element.get("type") not in {"submit", "button", "image", "reset"}:
            continue
        if element.tag == "a" and element.get("href") is None:
            yield f"{show(element)} is a link without href: use a button"
        if not pages.name_of(element):
            yield f"{show(element)} has no accessible name"


def images_described(sight: Sight) -> Iterator[str]:
    for image in _all(sight, "img"):
        if image.get("alt") is None:
            yield f"{show(image)} has no alt"
    for drawing in _all(sight, "svg"):
        if drawing.get("aria-hidden") != "true" and not (
            drawing.get("role") == "img" and (drawing.get("aria-label") or drawing.get("aria-labelledby"))
        ):
            yield f"{show(drawing)} is neither aria-hidden nor role=img with a name"


def forms_lead_somewhere(sight: Sight) -> Iterator[str]:
    for form in _all(sight, "form"):
        method = (form.get("method") or "").lower()
        if method not in {"get", "post", "dialog"}:
            yield f"{show(form)} has no method (get, post or dialog)"
        elif method != "dialog" and not form.get("action"):
            yield f"{show(form)} has no action"
        elif method != "dialog":
            yield from _leads(sight, form, "action", method)
        for button in sight.controls_of(form):
            if button.get("formaction") is not None:
                yield from _leads(sight, button, "formaction", button.get("formmethod") or method)


def forms_stand_alone(sight: Sight) -> Iterator[str]:
    # Read off the source: a parser silently closes the outer form, and its later fields are never sent.
    depth = 0
    for tag in re.findall(r"<(/?)form\b", sight.source, re.IGNORECASE):
        depth += -1 if tag else 1
        if depth > 1:
            yield "a <form> stands inside another form"


def post_forms_carry_token(sight: Sight) -> Iterator[str]:
    for form in _all(sight, "form"):
        methods = [form.get("method"), *(control.get("formmethod") for control in sight.controls_of(form))]
        if "post" in {(method or "").lower() for method in methods}:
            tokens = [found for found in sight.controls_of(form) if found.get("name") == "csrf_token"]
            if len(tokens) != 1 or not tokens[0].get("value"):
                yield f"{show(form)} needs exactly one csrf_token with a value, it has {len(tokens)}"


def links_lead_somewhere(sight: Sight) -> Iterator[str]:
    for element, name, _value in sight.attributes:
        if name in {"href", "src"} and element.tag != "base":
            yield from _leads(sight, element, name, "get")
    for element, name, _, _value in sight.htmx:
        if name in {"hx-get", *WRITING}:
            attribute = next(key for key in element.attrib if key.removeprefix("data-").startswith(name))
            yield from _leads(sight, element, attribute, name.removeprefix("hx-"))


def _leads(sight: Sight, element: HtmlElement, attribute: str, method: str) -> Iterator[str]:
    """Complain unless the address is foreign or has an endpoint, and a static address has its file."""
    value = element.get(attribute)
    base = "/" if re.match("/(?!/)", value) else sight.url
    if reason := _dead_end(sight.app, base, value, method.upper()):
        yield f"{show(element)}: {attribute} {reason}"


@lru_cache(maxsize=4096)
def _dead_end(app: Flask, base: str, value: str, method: str) -> str:
    """What is wrong with an address on a page; nothing if all is well. Remembered: pages share most of their links."""
    address = urlsplit(urljoin(f"http://localhost{base}", value))
    if address.scheme == "javascript" or value in {"", "#"}:
        return "leads nowhere"
    if value.startswith("#"):
        return ""  # within this page, even where the page answers a POST
    if address.scheme not in {"http", "https"} or address.netloc != "localhost":
        return ""
    try:
        endpoint, values = app.url_map.bind("localhost").match(address.path, method=method)
    except RequestRedirect:
        return ""
    except (NotFound, MethodNotAllowed) as problem:
        return f"{address.path} has no endpoint for {method} ({problem.code})"
    if endpoint == "static" and not Path(app.static_folder or "", values["filename"]).is_file():
        return f"{address.path}: there is no such file"
    return ""


def nothing_inline(sight: Sight) -> Iterator[str]:
    for element in _all(sight, "style", "script"):
        if element.tag == "style" or not element.get("src"):
            yield f"{show(element)}: no inline <{element.tag}>, the policy blocks it"
    for element, name, _value in sight.attributes:
        if name == "style" or re.match(r"on[a-z]+$", name):
            yield f"{show(element)}: no {name}= attribute, the policy blocks it"


def no_evaluated_htmx(sight: Sight) -> Iterator[str]:
    for element, name, _, value in sight.htmx:
        if name.startswith("hx-on"):
            yield f"{show(element)}: no {name}, it needs eval"
        if re.match(r"\s*(js|javascript):", value):
            yield f"{show(element)}: no js: value in {name}, it needs eval"
        if name == "hx-trigger" and "[" in value:
            yield f"{show(element)}: no [filter] in hx-trigger, it needs eval and the request is never sent"


def htmx_four_spellings(sight: Sight) -> Iterator[str]:
    for element, name, _, value in sight.htmx:
        style = value.split()[0].split(":")[0] if value.split() else ""
        if name in GONE:
            yield f"{show(element)}: {name} is gone in htmx 4"
        elif name == "hx-boost":
            yield f"{show(element)}: links stay plain, no hx-boost"
        elif name == "hx-disable" and value in {"", "true"}:
            yield f"{show(element)}: hx-disable names what to disable; the old meaning is hx-ignore"
        elif name == "hx-swap" and style not in SWAPS:
            yield f"{show(element)}: hx-swap {style} is no htmx 4 style"
        elif name == "hx-trigger" and re.search(r"htmx:[a-z]+[A-Z]", value):
            yield f"{show(element)}: htmx 4 events are spelled htmx:after:swap"


def plain_first(sight: Sight) -> Iterator[str]:
    for element, name, _, value in sight.htmx:
        if name in WRITING - {"hx-post"}:
            yield f"{show(element)}: {name} has no plain form, POST a noun instead"
        if name == "hx-post" and value not in element.xpath("ancestor-or-self::form/@action"):
            yield f"{show(element)}: hx-post stands on a form whose action is the same address, or on its button"


def no_leaks(sight: Sight) -> Iterator[str]:
    # Only what a template can leak: Python's words for nothing, and the repr of a thing.
    leak = re.compile(r"\b(None|Undefined)\b|<[\w. ]+ object at 0x|&lt;\w+|{{|{%")
    body = next(iter(_all(sight, "body")), sight.tree)
    words = pages.text(body)
    if found := leak.search(words):
        yield f"'{found[0]}' leaked into the text: …{words[max(0, found.start() - 30) : found.end() + 30]}…"
    for element, name, value in sight.attributes:
        if re.search(r"(^|/|=)(None|Undefined)($|[/&?#])| object at 0x", value):
            yield f"{show(element)}: '{value[:60]}' leaked into {name}"


PAGE_RULES: list[Rule] = [one_main_heading, title, language, literal_frame, targets_exist, inherited_headers]
PART_RULES: list[Rule] = [
    unique_ids, headings_in_order, controls_labelled, references_exist, names_given, images_described,
    forms_lead_somewhere, forms_stand_alone, post_forms_carry_token, links_lead_somewhere, nothing_inline,
    no_evaluated_htmx, htmx_four_spellings, plain_first, no_leaks,
]  # fmt: skip


def header_complaints(response: Response) -> Iterator[str]:
    """The security headers, on whatever was answered: page, part, file, redirect or error."""
    policy = response.headers.get("Content-Security-Policy", "")
    if "default-src" not in policy or "unsafe-" in policy:
        yield f"Content-Security-Policy needs default-src and nothing unsafe-, it is '{policy}'"
    if "frame-ancestors" not in policy:
        yield "Content-Security-Policy needs frame-ancestors"
    for name, value in {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}.items():
        if response.headers.get(name) != value:
            yield f"{name} must be {value}, it is {response.headers.get(name)}"
    if response.mimetype == "text/html":
        if "no-store" not in response.headers.get("Cache-Control", ""):
            yield "HTML needs Cache-Control: no-store, or Back shows a bare part"
        if "hx-request-type" not in response.headers.get("Vary", "").lower():
            yield "HTML needs Vary: HX-Request-Type"


def complaints(sight: Sight) -> list[str]:
    """All that is wrong with a page or a part, each said once."""
    rules = PART_RULES if sight.part else PAGE_RULES + PART_RULES
    return list(dict.fromkeys(words for rule in rules for words in rule(sight)))
