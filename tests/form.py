"""A form as it was shown: found by its words, filled in by label, sending what a browser would send."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml.html import HtmlElement

from tests import page as pages


class Form:
    """One form on a page and what somebody has entered into it so far."""

    def __init__(self, element: HtmlElement) -> None:
        self.element = element
        self.entered: dict[HtmlElement, Any] = {}

    @property
    def controls(self) -> list[HtmlElement]:
        return pages.controls_of(self.element)

    @property
    def buttons(self) -> list[HtmlElement]:
        return [control for control in self.controls if pages.is_submitter(control)]

    @property
    def labels(self) -> list[str]:
        return [pages.label_of(control) for control in self.controls if pages.is_labelled_control(control)]

    @property
    def names(self) -> set[str]:
        """Everything somebody might call this form."""
        own = {pages.name_of(self.element), self.element.get("id"), self.element.get("name")}
        return {name for name in own | {pages.name_of(button) for button in self.buttons} if name}

    @property
    def method(self) -> str:
        return (self.element.get("method") or "get").upper()

    @property
    def action(self) -> str:
        return str(self.element.get("action") or "")

    def has(self, label: str) -> bool:
        return bool(self._labelled(label))

    def fill(self, label: str, value: Any) -> None:
        """Enter one value: text, a choice by its words, True/False for a box, a path for a file
        or several in a list."""
        found = self._labelled(label)
        assert found, f"no field '{label}' in this form, it has: {', '.join(self.labels)}"
        if found[0].tag == "fieldset":
            found = [control for control in found[0].iter("input") if pages.label_of(control) == str(value)]
            assert found, f"'{label}' offers no '{value}'"
            value = True
        assert len(found) == 1, f"{len(found)} fields are called '{label}' in this form"
        (control,) = found
        assert control.get("disabled") is None, f"'{label}' is disabled"
        assert control.get("readonly") is None, f"'{label}' is read-only"
        self.entered[control] = self._choice(control, label, value) if control.tag == "select" else value

    def _labelled(self, label: str) -> list[HtmlElement]:
        named = [(pages.label_of(control), control) for control in self.controls if pages.is_labelled_control(control)]
        named += [(pages.name_of(group), group) for group in self.element.iter("fieldset")]
        exact = [control for name, control in named if name == label]
        return exact or [control for name, control in named if name.rstrip(" *:").removesuffix(" optional") == label]

    @staticmethod
    def _choice(control: HtmlElement, label: str, value: Any) -> list[str]:
        wanted = [str(each) for each in (value if isinstance(value, (list, tuple, set)) else [value])]
        offered = {pages.squeeze(option.text_content()): option.get("value") for option in control.iter("option")}
        offered = {words: words if value is None else value for words, value in offered.items()}
        for each in wanted:
            assert each in offered or each in offered.values(), f"'{label}' offers no '{each}' but {list(offered)}"
        return [offered.get(each, each) for each in wanted]

    def data(self, button: HtmlElement | None = None) -> list[tuple[str, Any]]:
        """The successful controls in page order, the pressed button among them."""
        sent: list[tuple[str, Any]] = []
        for control in self.controls:
            name = control.get("name")
            if not name or control.get("disabled") is not None or self._in_disabled_group(control):
                continue
            if control.tag == "button" or control.get("type") in {"submit", "image", "button", "reset"}:
                if control is button:
                    sent.append((name, control.get("value") or ""))
                continue
            sent += [(name, value) for value in self._values(control)]
        return sent

    def _values(self, control: HtmlElement) -> list[Any]:
        kind = control.get("type")
        entered = self.entered.get(control)
        if kind in {"checkbox", "radio"}:
            on = control.get("checked") is not None if entered is None else bool(entered)
            return [control.get("value") or "on"] if on and not self._outvoted(control) else []
        if control.tag == "select":
            return entered if entered is not None else self._selected(control)
        if kind == "file":
            several = entered if isinstance(entered, list) else [] if entered is None else [entered]
            return [_upload(each) for each in several]
        if entered is not None:
            return [str(entered)]
        if control.tag == "textarea":
            return [(control.text or "").removeprefix("\n")]
        return [control.get("value") or ""]

    def _outvoted(self, control: HtmlElement) -> bool:
        """A radio button gives way when another of its group was chosen."""
        return control.get("type") == "radio" and any(
            other is not control and other.get("name") == control.get("name") and other.get("type") == "radio"
            for other in self.entered
        )

    @staticmethod
    def _selected(control: HtmlElement) -> list[str]:
        options = list(control.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        if not chosen and control.get("multiple") is None:
            chosen = [option for option in options if option.get("disabled") is None][:1]
        words = [option.get("value") for option in chosen]
        return [
            pages.squeeze(option.text_content()) if word is None else word
            for option, word in zip(chosen, words, strict=True)
        ]

    @staticmethod
    def _in_disabled_group(control: HtmlElement) -> bool:
        return any(group.get("disabled") is not None for group in control.iterancestors("fieldset"))


def _upload(value: Any) -> Any:
    """What Flask's test client takes for a file: a stream and a name."""
    if isinstance(value, Path):
        return (value.open("rb"), value.name)
    return value
