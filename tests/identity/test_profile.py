"""One's own profile: name, theme, e-mail, password and sessions."""

from collections.abc import Callable

import pytest
from flask import Flask

from p2p.db import db
from p2p.identity.browsers import browser_words
from p2p.identity.models import GUESSES_PER_ACCOUNT, User
from p2p.identity.queries import user_by_email
from tests.cast import ADA, CAST, MAX, PASSWORD, RITA, VERA, Character
from tests.identity.cookies import is_shut_out, posted, token_of, with_cookie
from tests.visitor import Visitor

As = Callable[..., Visitor]
NEW = "seven quiet rivers"


@pytest.mark.parametrize("person", CAST, ids=lambda person: person.role)
def test_everybody_has_a_profile(as_: As, person: Character) -> None:
    visitor = as_(person).visit("/profile")
    assert visitor.value("Name") == person.name
    assert ("Users" in [words for words, _ in visitor.links]) == (person is ADA)
    assert "Sign out" in visitor.buttons


def test_name_and_theme_are_kept(as_: As) -> None:
    visitor = as_(VERA).visit("/profile")
    assert visitor.page.get("data-theme") is None
    visitor.fill({"Name": "Vera Kurz", "Theme": "Dark"}, form="You").submit("Save")
    assert visitor.toast.startswith("Your profile was saved.")
    assert visitor.page.get("data-theme") == "dark"
    assert visitor.value("Name") == "Vera Kurz"
    visitor.fill({"Name": " "}, form="You").submit("Save", expect=422)
    assert "Name" in visitor.errors


def test_the_profile_takes_no_role(as_: As, user: Callable[..., User]) -> None:
    visitor = as_(RITA).visit("/profile")
    sent = {"name": "Rita", "theme": "light", "role": "administrator", "active": "0", "email": "x@example.com"}
    posted(visitor, "/profile", version="1", **sent)
    db.session.expire_all()
    assert (user(RITA).role, user(RITA).name) == ("representative", "Rita")


# -- e-mail -----------------------------------------------------------------------------------------------------------


def test_changing_the_address_needs_the_password(as_: As, app: Flask) -> None:
    visitor = as_(RITA).visit("/profile")
    visitor.fill({"E-mail": "rita@elsewhere.example", "Current password": "wrong"}).submit("Change e-mail", expect=422)
    assert visitor.errors["Current password"].startswith("That is not your current password.")
    visitor.fill({"E-mail": "rita@elsewhere.example", "Current password": PASSWORD}).submit("Change e-mail")
    assert "rita@elsewhere.example" in visitor.toast
    signing = {"E-mail": "Rita@Elsewhere.example", "Password": PASSWORD}
    assert Visitor(app).visit("/sign-in", next="/profile").fill(signing).submit("Sign in").heading == "Your profile"


@pytest.mark.parametrize("taken", [MAX.email, "MAX@EXAMPLE.COM", "ｍａｘ@example.com"])
def test_the_address_of_another_is_refused_in_any_spelling(as_: As, taken: str) -> None:
    visitor = as_(RITA).visit("/profile")
    visitor.fill({"E-mail": taken, "Current password": PASSWORD}).submit("Change e-mail", expect=422)
    assert visitor.errors["E-mail"].startswith("Max Keller has this address already.")


# -- password ---------------------------------------------------------------------------------------------------------


def change(visitor: Visitor, current: str, new: str, *, expect: int = 200) -> Visitor:
    visitor.visit("/profile/password")
    return visitor.fill({"Current password": current, "New password": new}).submit("Change password", expect=expect)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(as_: As, app: Flask) -> None:
    here, elsewhere = as_(RITA), as_(RITA)
    stolen = token_of(elsewhere)
    assert change(here, PASSWORD, NEW).heading == "Your profile"
    assert is_shut_out(with_cookie(app, stolen))
    assert not is_shut_out(here)
    visitor = Visitor(app).visit("/sign-in")
    visitor.fill({"E-mail": RITA.email, "Password": PASSWORD}).submit("Sign in", expect=422)
    visitor.fill({"E-mail": RITA.email, "Password": NEW}).submit("Sign in")


def test_a_new_password_needs_the_current_one(as_: As) -> None:
    visitor = change(as_(RITA), "wrong", NEW, expect=422)
    assert visitor.errors["Current password"].startswith("That is not your current password.")


@pytest.mark.parametrize("bad", ["short", "qwertyuiop", "P@ssw0rd123", "ritasommer99", "brunner-projects", "a" * 129])
def test_a_bad_password_is_refused_with_the_reason(as_: As, bad: str) -> None:
    visitor = change(as_(RITA), PASSWORD, bad, expect=422)
    assert "Please" in visitor.errors["New password"]
    assert bad not in visitor.body.decode()


def test_guessing_the_current_password_is_throttled(as_: As) -> None:
    visitor = as_(RITA).visit("/profile/password")
    answers = [
        posted(visitor, "/profile/password", current=f"wrong {n}", password=NEW).status_code
        for n in range(GUESSES_PER_ACCOUNT + 1)
    ]
    assert answers == [422] * GUESSES_PER_ACCOUNT + [429]


def test_password_fields_are_for_password_keepers(as_: As) -> None:
    visitor = as_(RITA).visit("/profile/password")
    fields = visitor.page.xpath("//input[@type='password']")
    assert [field.get("autocomplete") for field in fields] == ["current-password", "new-password"]
    assert not any(field.get("maxlength") or field.get("onpaste") for field in fields)


# -- sessions ---------------------------------------------------------------------------------------------------------


def test_own_sessions_can_be_ended_one_by_one_and_all(as_: As) -> None:
    here, second, third = as_(RITA), as_(RITA), as_(RITA)
    here.visit("/profile")
    addresses = here.page.xpath("//form/@action[starts-with(., '/profile/sessions/')]")
    single = [address for address in addresses if address != "/profile/sessions/end"]
    assert len(single) == 2
    here.post(single[0])
    assert [is_shut_out(second), is_shut_out(third)].count(True) == 1
    here.visit("/profile").press("End all others")
    assert is_shut_out(second)
    assert is_shut_out(third)
    assert not is_shut_out(here)


def test_sessions_of_others_are_out_of_reach(as_: As) -> None:
    rita, max_ = as_(RITA), as_(MAX)
    max_.visit("/profile")
    rita.visit("/profile")
    for session_id in range(1, 5):
        posted(max_, f"/profile/sessions/{session_id}/end")
    assert not is_shut_out(rita)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("", "A browser"),
    ],
)  # fmt: skip
def test_browsers_have_names(agent: str, words: str) -> None:
    assert browser_words(agent) == words


def test_two_tabs_that_change_the_address_are_told(as_: As) -> None:
    first, second = as_(RITA).visit("/profile"), as_(RITA).visit("/profile")
    second.fill({"E-mail": "rita@here.example", "Current password": PASSWORD}).submit("Change e-mail")
    first.fill({"E-mail": "rita@there.example", "Current password": PASSWORD}).submit("Change e-mail", expect=409)
    assert "changed to rita@here.example meanwhile" in first.errors["E-mail"]
    assert PASSWORD not in first.response.text
    first.fill({"E-mail": "rita@there.example", "Current password": PASSWORD}).submit("Change e-mail")
    assert user_by_email("rita@there.example") is not None
