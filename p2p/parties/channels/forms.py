"""What we accept about the ways to reach a party."""

from typing import Any

from wtforms import BooleanField

from p2p import forms
from p2p.forms import ChoiceField, CreateForm, EditForm, Form
from p2p.parties.channels.kinds import ADDRESS
from p2p.parties.forms import email, phone, website
from p2p.setup.queries import codes


def _purpose() -> Any:
    return ChoiceField("Purpose", lambda kept: codes("channel_purpose", kept))


def _primary() -> Any:
    return BooleanField("Primary", description="Lists show it, and it is used unless somebody says otherwise.")


class PhoneFacts:
    """A phone."""

    value = phone("Number", required="Please give a number.")
    purpose_id = _purpose()
    is_primary = _primary()


class EmailFacts:
    """An e-mail address."""

    value = email("E-mail address", required="Please give an e-mail address.")
    purpose_id = _purpose()
    is_primary = _primary()


class WebsiteFacts:
    """A web site."""

    value = website("Address", required="Please give a web address.")
    purpose_id = _purpose()
    is_primary = _primary()


class AddressFacts:
    """A postal address."""

    street = forms.line("Street", longest=200)
    postal_code = forms.line("Postal code", longest=20)
    city = forms.line("City")
    region = forms.line("State or region")
    country = forms.line("Country", longest=60)
    purpose_id = _purpose()
    is_primary = _primary()

    def validate(self, extra_validators: Any = None) -> bool:
        """An address says at least something."""
        said = super().validate(extra_validators)  # type: ignore[misc]
        if said and not any(self[name].data for name in ADDRESS):  # type: ignore[index]
            self.street.errors = ["Please give at least a street or a town."]
            return False
        return said


FACTS: dict[str, type] = {"phone": PhoneFacts, "email": EmailFacts, "website": WebsiteFacts, "address": AddressFacts}
_NEW = {kind: type(f"New{facts.__name__}Form", (facts, CreateForm), {}) for kind, facts in FACTS.items()}
_EDIT = {kind: type(f"{facts.__name__}Form", (facts, EditForm), {}) for kind, facts in FACTS.items()}


def new_channel(kind: str, *, first: bool) -> Form:
    """The form of a further channel of a kind; the first one is primary anyway."""
    return _asking(_NEW[kind](), not first)


def known_channel(channel: Any) -> Form:
    """The form of a channel; a primary one steps down only for another."""
    return _asking(_EDIT[channel.kind](channel), not channel.is_primary)


def _asking(form: Form, whether_primary: bool) -> Form:
    if not whether_primary:
        del form.is_primary
    return form


def refuse(form: Any, why: Exception) -> None:
    """Say why this cannot be kept, beside what was typed."""
    field = form["value" if "value" in form else "street"]
    field.errors = [*field.errors, str(why)]
