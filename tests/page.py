"""A page as somebody meets it: words, names, labels, forms. Nothing here knows the application."""

from __future__ import annotations

import re

from lxml import html
from lxml.etree import XPath
from lxml.html import HtmlElement

UNSEEN = {"script", "style", "template", "head", "datalist"}
INLINE = {"a", "abbr", "b", "bdi", "code", "data", "del", "em", "i", "ins", "kbd", "mark", "output"}
INLINE |= {"q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr", "tspan"}
NAMELESS_INPUTS = {"hidden", "submit", "button", "image", "reset"}

# Every page is asked these many times: read once, and walking straight down.
_BY_ID = XPath("/descendant-or-self::*[@id=$name]")
_LABELS = XPath("/descendant::label[@for=$name]")
_CONTROL = "self::input or self::select or self::textarea or self::button"
_CONTROLS = XPath(f"descendant::*[{_CONTROL}] | /descendant::*[@form=$name and ({_CONTROL})]")


def parse(body: bytes, part: bool) -> HtmlElement:
    """The tree of a whole page, or of a part wrapped in a ``<div>`` of its own."""
    parser = html.HTMLParser(encoding="utf-8", default_doctype=False)
    if part:
        return html.fragment_fromstring(body.decode(), create_parent="div", parser=html.HTMLParser())
    return html.document_fromstring(body, parser=parser)


def elements(tree: HtmlElement, *tags: str) -> list[HtmlElement]:
    return [element for element in tree.iter(*tags) if isinstance(element.tag, str)]


def squeeze(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()


def _add_words(element: HtmlElement, spoken: bool, skip: set[str], words: list[str]) -> None:
    edge = "" if element.tag in INLINE else " "
    words += edge, element.text or ""
    for child in element:
        if isinstance(child.tag, str) and not _unseen(child, spoken, skip):
            if spoken and (child.get("aria-label") or child.tag == "img"):
                words.append(f" {child.get('aria-label') or child.get('alt') or ''} ")
            else:
                _add_words(child, spoken, skip, words)
        words.append(child.tail or "")
    words.append(edge)


def _unseen(element: HtmlElement, spoken: bool, skip: set[str]) -> bool:
    if element.tag in UNSEEN or element.tag in skip or element.get("hidden") is not None:
        return True
    return spoken and element.get("aria-hidden") == "true"


def text(element: HtmlElement, *, spoken: bool = False, skip: set[str] | None = None) -> str:
    """The visible words in reading order; ``spoken`` gives what a screen reader would say."""
    words: list[str] = []
    _add_words(element, spoken, skip or set(), words)
    return squeeze("".join(words))


def by_id(tree: HtmlElement, name: str) -> HtmlElement | None:
    found = _BY_ID(tree, name=name)
    return found[0] if found else None


def by_ids(tree: HtmlElement, names: str) -> list[HtmlElement]:
    return [found for name in names.split() if (found := by_id(tree, name)) is not None]


def label_of(control: HtmlElement) -> str:
    """What a control is called: by aria, by its label, or by the label around it."""
    tree = control.getroottree().getroot()
    if names := control.get("aria-labelledby"):
        return squeeze(" ".join(text(found, spoken=True) for found in by_ids(tree, names)))
    if name := control.get("aria-label"):
        return squeeze(name)
    labels = _LABELS(tree, name=control.get("id")) if control.get("id") else []
    labels += list(control.iterancestors("label"))
    controls = {"input", "select", "textarea", "button"}
    return squeeze(" ".join(text(label, spoken=True, skip=controls) for label in labels))


def name_of(element: HtmlElement) -> str:
    """The accessible name of a link, a button, a form, a table or a section."""
    tree = element.getroottree().getroot()
    if names := element.get("aria-labelledby"):
        return squeeze(" ".join(text(found, spoken=True) for found in by_ids(tree, names)))
    if name := element.get("aria-label"):
        return squeeze(name)
    if element.tag == "input":
        words = element.get("alt") if element.get("type") == "image" else element.get("value")
        return squeeze(words or {"submit": "Submit", "reset": "Reset"}.get(element.get("type", ""), ""))
    if element.tag in {"a", "button", "summary"}:
        return text(element, spoken=True) or squeeze(element.get("title") or "")
    for tag in {"table": ["caption"], "fieldset": ["legend"]}.get(element.tag, ["legend", "h1", "h2", "h3", "h4"]):
        for inner in element.iter(tag):
            return text(inner, spoken=True)
    return ""


def is_labelled_control(element: HtmlElement) -> bool:
    return element.tag in {"select", "textarea"} or (
        element.tag == "input" and (element.get("type") or "text").lower() not in NAMELESS_INPUTS
    )


def is_submitter(element: HtmlElement) -> bool:
    kind = (element.get("type") or ("submit" if element.tag == "button" else "text")).lower()
    return element.tag in {"button", "input"} and kind in {"submit", "image"}


def form_of(element: HtmlElement) -> HtmlElement | None:
    """The form a control belongs to: named by its ``form`` attribute, else the one around it."""
    if owner := element.get("form"):
        return by_id(element.getroottree().getroot(), owner)
    return next(element.iterancestors("form"), None)


def controls_of(form: HtmlElement) -> list[HtmlElement]:
    """What stands in the form, or names it from elsewhere, in page order."""
    return [found for found in _CONTROLS(form, name=form.get("id") or "") if form_of(found) is form]


def closest(candidates: list[HtmlElement], words: str) -> list[HtmlElement]:
    """Those candidates that stand nearest to the words, as somebody looking at the screen would decide."""
    distances: list[tuple[int, HtmlElement]] = []
    for candidate in candidates:
        for distance, around in enumerate([candidate, *candidate.iterancestors()]):
            if around.tag not in {"body", "html"} and words in text(around):
                distances.append((distance, candidate))
                break
    nearest = min((distance for distance, _ in distances), default=0)
    return [candidate for distance, candidate in distances if distance == nearest]
