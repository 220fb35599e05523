"""What forms have in common: stripped text with limits, choices, versions and one-time keys."""

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from p2p.history import Recorded
from p2p.history.merging import merge
from p2p.web import came_from

NOT_FACTS = ("csrf_token", "version", "key", "next")


def stripped(text: str | None) -> str | None:
    """Typed text without blanks around it; None when nothing is left."""
    text = unicodedata.normalize("NFC", text).strip() if text else None
    return text or None


def on_one_line(text: str | None) -> str | None:
    """As a browser sends one line: without line breaks and tabs inside."""
    return stripped(re.sub(r"[\r\n\t]+", " ", text) if text else None)


def whole(typed: Any) -> int | None:
    """The number a hidden field or an address holds; None for anything no id and no version can be."""
    digits = str(typed or "")
    return int(digits) if digits.isdecimal() and len(digits) < 16 else None


def no_control_characters(form: FlaskForm, field: Field) -> None:
    if any(unicodedata.category(c) == "Cc" and c not in "\n\r\t" for c in field.data or ""):
        raise ValidationError("This holds characters that cannot be shown. Please type it again.")


class Form(FlaskForm):
    """Every form: its `facts` are what the model gets."""

    #: Where the browser goes afterwards without script: back to the page that led to the form.
    next = HiddenField(default=came_from)

    def __init__(self, *args: Any, money_in: str | None = None, **kw: Any) -> None:
        #: The currency of what the form is about; its amounts are read and shown in it. None: the company's.
        self.money_in = money_in
        super().__init__(*args, **kw)
        # Several forms may stand in one page (a dialog above it, a line to log in): their ids are theirs alone.
        kind = type(self).__name__.removesuffix("Form").lower() or "form"
        for field in self:
            field.id = field.label.field_id = f"{kind}-{field.name}"

    @property
    def facts(self) -> dict[str, Any]:
        return {field.name: field.data for field in self if field.name not in NOT_FACTS}


class EditForm(Form):
    """A form made from a version of a record; `merged_into` keeps what others changed meanwhile."""

    version = HiddenField()

    def __init__(self, record: Recorded | None = None, **kw: Any) -> None:
        super().__init__(obj=record, **kw)

    def merged_into(self, record: Recorded) -> dict[str, Any]:
        """The facts to set; raises Conflict where somebody else changed the same fields."""
        kept = request.form.getlist("keep_theirs")
        facts = {name: value for name, value in self.facts.items() if name not in kept}
        # Without a version it was made from none of ours: the record's own, which stands in `data`, would fit always.
        version = self.version.raw_data[0] if self.version.raw_data else None
        return merge(record, whole(version) or 0, facts)


def one_fact(larger: type[Form], name: str) -> type[EditForm] | None:
    """The form of one fact of a larger form, for editing it in place; None where that form has no such field."""
    known = getattr(larger, name, None)
    if not hasattr(known, "field_class") or name in NOT_FACTS:
        return None
    checks = {key: getattr(larger, key) for key in (f"validate_{name}",) if hasattr(larger, key)}
    return type("FactForm", (EditForm,), {name: known, **checks})


class CreateForm(Form):
    """A form that creates: its random key makes sure that sending it twice creates once."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(12))


def line(label: str, *, required: bool = False, longest: int = 100, **kw: Any) -> StringField:
    """One line of text."""
    rules = [DataRequired(f"Please give a {label.lower()}.")] if required else [Optional()]
    rules += [Length(max=longest, message=f"At most {longest} characters."), no_control_characters]
    return StringField(label, [*rules, *kw.pop("validators", [])], filters=[on_one_line], **kw)


def text(label: str, *, longest: int = 4000, **kw: Any) -> TextAreaField:
    """Several lines of text."""
    rules = [Optional(), Length(max=longest, message=f"At most {longest} characters."), no_control_characters]
    return TextAreaField(label, rules, filters=[stripped], **kw)


def day(label: str, *, required: bool = False, **kw: Any) -> DateField:
    """A calendar day."""
    rules = [InputRequired("Please give a date.")] if required else [Optional()]
    return DateField(label, [*rules, _sensible_day, *kw.pop("validators", [])], **kw)


def _sensible_day(form: FlaskForm, field: DateField) -> None:
    if field.data is not None and not date(1990, 1, 1) <= field.data <= date(2199, 12, 31):
        raise ValidationError("Please give a date between 1990 and 2199.")


class SelectMultipleChecks(SelectMultipleField):
    """Several of a list, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ChoiceField(SelectField):
    """A record of a list, by id; blank where none need be chosen. A retired entry stays while it is the one chosen."""

    def __init__(self, label: str, choices_from: Callable[[int | None], Iterable[tuple[int, str]]], **kw: Any) -> None:
        self.required: str | None = kw.pop("required", None)
        self.blank: str = kw.pop("blank", "—")
        self.choices_from = choices_from
        kw.setdefault("validators", [InputRequired(self.required)] if self.required else [Optional()])
        super().__init__(label, coerce=whole, validate_choice=False, **kw)
        self.choices: list[Any] = []

    def offer(self) -> None:
        """Read the choices; called when the form is shown or checked."""
        if not self.choices:
            kept = self.object_data if isinstance(self.object_data, int) else None
            self.choices = [("", self.blank), *self.choices_from(kept)]

    def iter_choices(self) -> Any:
        self.offer()
        return super().iter_choices()

    def pre_validate(self, form: Any) -> None:
        self.offer()
        nothing = self.data is None and not any(str(raw).strip() for raw in self.raw_data or [])
        if not nothing and (self.data is None or self.data not in {value for value, *_ in self.choices}):
            raise ValidationError("Please choose one of the list.")
