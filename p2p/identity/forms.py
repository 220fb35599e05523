"""What identity accepts: proofs, people, and passwords worth having."""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import g, request
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from p2p.forms import CreateForm, EditForm, Form, line
from p2p.identity.models import REPRESENTATIVE, ROLES, User
from p2p.identity.queries import user_by_email
from p2p.setup import choices

SHORTEST, LONGEST = 10, 128
FEWEST_CHARACTERS = 5
#: Words of the product itself, which everybody who guesses would try.
PRODUCT_WORDS = ("p2p", "project", "profit", "password")
RULES = (
    f"At least {SHORTEST} characters. A sentence or a few unrelated words are easy to keep in mind and hard to guess."
)


# ── Passwords ───────────────────────────────────────────────────────────────────────────────────────────────────────


def password_problem(password: str, name: str, email: str, company: str = "") -> str | None:
    """What is wrong with a new password, in words; None when it is good.

    It is taken exactly as typed. Refused are short ones, well-known ones (an offline list of several hundred
    common passwords of ten characters and more, and their usual disguises; no breach corpus is consulted), and those
    made of the person's, the company's or the product's own words.
    """
    if "\0" in password:
        return "This holds a character that cannot be typed. Please choose another password."
    if len(password) < SHORTEST:
        return f"Please take at least {SHORTEST} characters."
    if len(password) > LONGEST:
        return f"Please take at most {LONGEST} characters."
    if len(set(password.casefold())) < FEWEST_CHARACTERS:
        return "That repeats too few characters. Please take more different ones."
    if is_common(password):
        return "Many people use that password, so it is among the first to be tried. Please take another one."
    if _made_of(password, _own_words(name, email, company)):
        return "That is made of names anybody could guess: yours, the company's or p2p's. Please take other words."
    return None


def is_common(password: str) -> bool:
    """Whether a password is on the list, as it stands or in its usual disguise (P@ssw0rd…, …123!)."""
    folded = password.casefold()
    return not _disguises(folded).isdisjoint(_common_passwords())


@lru_cache(maxsize=1)
def _common_passwords() -> frozenset[str]:
    listed = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in listed if line and not line.startswith("#"))


def _disguises(folded: str) -> set[str]:
    undisguise = str.maketrans("@4301!5$7", "aaeoiisst")
    stem = folded.rstrip("0123456789!?.,*#-_ ")
    return {folded, folded.translate(undisguise), stem, stem.translate(undisguise)}


def _own_words(name: str, email: str, company: str) -> list[str]:
    text = f"{name} {email} {company}".casefold()
    words = "".join(character if character.isalnum() else " " for character in text).split()
    return sorted({word for word in (*words, *PRODUCT_WORDS) if len(word) >= 3}, key=len, reverse=True)


def _made_of(password: str, words: list[str]) -> bool:
    """Whether too little is left of a password without these words, digits and punctuation."""
    rest = password.casefold()
    for word in words:
        rest = rest.replace(word, " ")
    return rest != password.casefold() and sum(character.isalpha() for character in rest) < 6


def password(label: str, *, new: bool = False) -> PasswordField:
    """A password exactly as typed: not stripped, never cut."""
    looks = {"autocomplete": "new-password" if new else "current-password"}
    asked = InputRequired("Please give a password." if new else "Please give your password.")
    return PasswordField(label, [asked], render_kw=looks, description=RULES if new else "")


class NewPassword:
    """Mixed into forms that take a new password; `owner` is (name, e-mail) of whose it will be."""

    owner: tuple[str, str] = ("", "")

    def validate_password(self, field: PasswordField) -> None:
        name, email = self.owner
        problem = password_problem(field.data or "", name, email, g.company.name)
        if problem:
            raise ValidationError(problem)


# ── Fields ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def email_address(form: Form, field: StringField) -> None:
    """An address as far as a sign-in name needs it: intranets know addresses that the internet does not."""
    before, at, after = (field.data or "").rpartition("@")
    odd = any(c.isspace() or unicodedata.category(c) in ("Cc", "Cf") for c in field.data or "")
    if not before or not at or not after or "@" in before or odd:
        raise ValidationError("Please give an e-mail address, like name@example.com.")


def email(label: str = "E-mail") -> StringField:
    looks = {"inputmode": "email", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "email"}
    return line(label, required=True, longest=254, validators=[email_address], render_kw=looks)


def name_of(what: str, autocomplete: str = "off") -> StringField:
    """A name with more to it than blanks."""
    given = DataRequired(f"Please give a {what.lower()}.")
    return line(what, required=True, validators=[given], render_kw={"autocomplete": autocomplete})


def not_taken(email: str | None, by: User | None = None) -> None:
    """Raise when somebody else signs in with this address, however it is spelled."""
    other = user_by_email(email or "")
    if other is not None and other is not by:
        raise ValidationError(f"{other.name} has this address already.")


class Stays:
    """Mixed into forms that lead on to a page of their own, not back to where somebody came from."""

    next = None


# ── Forms ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class SignInForm(Form):
    email = StringField(
        "E-mail",
        [InputRequired("Please give your e-mail address.")],
        render_kw={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = password("Password")


class FirstVisitForm(Stays, NewPassword, Form):
    code = name_of("One-time code")
    name = name_of("Your name", "name")
    email = email()
    password = password("Password", new=True)
    company = name_of("Company name", "organization")
    currency = SelectField("Currency", choices=choices.currencies)
    zone = SelectField("Time zone", choices=choices.zones)
    locale = SelectField("Dates and figures", choices=choices.locales)
    demo = BooleanField("Fill p2p with demo data to look around")

    def guess(self) -> None:
        """Choose beforehand what fits the browser and the machine."""
        self.locale.data = choices.locale_for([language for language, _ in request.accept_languages])
        self.currency.data = choices.currency_for(self.locale.data)
        self.zone.data = choices.zone_for(self.locale.data)

    def validate_password(self, field: PasswordField) -> None:
        problem = password_problem(
            field.data or "", self.name.data or "", self.email.data or "", self.company.data or ""
        )
        if problem:
            raise ValidationError(problem)

    @property
    def administrator(self) -> dict[str, str]:
        return {name: self[name].data for name in ("name", "email", "password")}

    @property
    def company_facts(self) -> dict[str, Any]:
        chosen = {name: self[name].data for name in ("currency", "zone", "locale")}
        return {"name": self.company.data, **chosen}


class WelcomeForm(Stays, NewPassword, Form):
    password = password("New password", new=True)


class SetPasswordForm(Stays, NewPassword, Form):
    password = password("New password", new=True)


class ChangePasswordForm(Stays, NewPassword, Form):
    current = password("Current password")
    password = password("New password", new=True)


class ProfileForm(Stays, EditForm):
    name = name_of("Name", "name")
    theme = RadioField("Theme", choices={"auto": "As the device", "light": "Light", "dark": "Dark"})


class ChangeEmailForm(Stays, EditForm):
    email = email()
    current = password("Current password")

    def __init__(self, user: User, **kw: Any) -> None:
        super().__init__(user, **kw)
        self.user = user

    @property
    def facts(self) -> dict[str, Any]:
        return {"email": self.email.data}

    def validate_email(self, field: StringField) -> None:
        not_taken(field.data, by=self.user)


class AddUserForm(Stays, CreateForm):
    name = name_of("Name")
    email = email()
    role = SelectField("Role", choices=ROLES, default=REPRESENTATIVE)

    def validate_email(self, field: StringField) -> None:
        not_taken(field.data)


class UserForm(Stays, EditForm):
    name = name_of("Name")
    email = email()
    role = SelectField("Role", choices=ROLES)

    def __init__(self, user: User, **kw: Any) -> None:
        super().__init__(user, **kw)
        self.user = user
        if user.id == g.user.id:  # one's own address asks for the password, in the profile
            del self.email

    def validate_email(self, field: StringField) -> None:
        not_taken(field.data, by=self.user)
