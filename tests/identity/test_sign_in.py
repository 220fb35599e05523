"""Signing in and out: who gets in, who does not, and what a copied cookie is worth."""

import re
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
from flask import Flask

from p2p.db import at, db, now
from p2p.identity.hashing import hashed, matches
from p2p.identity.models import GUESSES_PER_ACCOUNT, GUESSES_PER_ADDRESS, Guess, SignIn, User
from tests.cast import ADA, MAX, PASSWORD, RITA, VERA
from tests.identity.cookies import is_shut_out, posted, token_of, with_cookie
from tests.visitor import Visitor

As = Callable[..., Visitor]


def sign_in(visitor: Visitor, email: str, password: str, *, expect: int = 200) -> Visitor:
    return visitor.visit("/sign-in").fill({"E-mail": email, "Password": password}).submit("Sign in", expect=expect)


def test_a_user_signs_in_and_comes_to_the_page_asked_for(app: Flask) -> None:
    visitor = Visitor(app).visit("/profile")
    assert visitor.heading == "Sign in"
    visitor.submit("Sign in", expect=422)
    assert visitor.errors["Password"] == "Please give your password."
    visitor.fill({"E-mail": f" {RITA.email.upper()} ", "Password": PASSWORD}).submit("Sign in")
    assert visitor.heading == "Your profile"


@pytest.mark.parametrize("email", [RITA.email, "nobody@example.com", "\0", "x" * 400])
def test_a_wrong_password_and_an_unknown_user_get_the_same_words(app: Flask, email: str) -> None:
    visitor = sign_in(Visitor(app), email, "not the password", expect=422)
    assert "do not belong together" in visitor.text
    assert is_shut_out(visitor)


@pytest.mark.parametrize("wrong", [PASSWORD + " ", " " + PASSWORD, PASSWORD.title(), PASSWORD[:-1], PASSWORD + "\0"])
def test_a_password_is_taken_exactly_as_typed(app: Flask, wrong: str) -> None:
    sign_in(Visitor(app), RITA.email, wrong, expect=422)


def test_long_passwords_count_to_the_last_character(app: Flask) -> None:
    long = "ü" * 60 + "0123456789"
    assert matches(hashed(long), long)
    assert not matches(hashed(long), long[:-1])
    assert not matches(None, "nobody signs in with this")


def test_unknown_users_cost_the_same_time(app: Flask) -> None:
    stored, took = hashed(PASSWORD), {True: [], False: []}
    matches(None, "warm")
    for _ in range(40):
        for known in (True, False):
            began = perf_counter()
            matches(stored if known else None, "not the password")
            took[known].append(perf_counter() - began)
    assert median(took[False]) == pytest.approx(median(took[True]), rel=0.5)


def test_a_deactivated_user_and_one_without_password_stay_outside(app: Flask, user: Callable[..., User]) -> None:
    user(RITA).deactivate(by=user(ADA))
    User.add(email="new@example.com", name="New One", role="viewer", by=user(ADA))
    db.session.commit()
    sign_in(Visitor(app), RITA.email, PASSWORD, expect=422)
    sign_in(Visitor(app), "new@example.com", "", expect=422)


# -- guessing ---------------------------------------------------------------------------------------------------------


def test_an_account_waits_after_ten_wrong_guesses_whoever_guesses(app: Flask) -> None:
    visitor = Visitor(app)
    for _ in range(GUESSES_PER_ACCOUNT):
        sign_in(visitor, RITA.email, "wrong guess", expect=422)
    sign_in(visitor, RITA.email.upper(), PASSWORD, expect=429)
    assert "quarter of an hour" in visitor.text
    db.engine.dispose()  # a restart forgets nothing
    sign_in(Visitor(app), RITA.email, PASSWORD, expect=429)
    sign_in(Visitor(app), MAX.email, PASSWORD)
    with at(now() + timedelta(minutes=16)):
        sign_in(Visitor(app), RITA.email, PASSWORD)


def test_unknown_accounts_are_counted_alike(app: Flask) -> None:
    for _ in range(GUESSES_PER_ACCOUNT):
        sign_in(Visitor(app), "nobody@example.com", "wrong guess", expect=422)
    sign_in(Visitor(app), "nobody@example.com", "wrong guess", expect=429)


def test_an_address_waits_after_fifty_wrong_guesses(app: Flask) -> None:
    moment = now()
    db.session.add_all(Guess(key="address 127.0.0.1", at=moment) for _ in range(GUESSES_PER_ADDRESS))
    db.session.commit()
    sign_in(Visitor(app), RITA.email, PASSWORD, expect=429)


def test_the_right_password_starts_the_count_anew(app: Flask) -> None:
    visitor = Visitor(app)
    for _ in range(GUESSES_PER_ACCOUNT - 1):
        sign_in(visitor, RITA.email, "wrong guess", expect=422)
    sign_in(visitor, RITA.email, PASSWORD)
    for _ in range(GUESSES_PER_ACCOUNT - 1):
        sign_in(Visitor(app), RITA.email, "wrong guess", expect=422)
    sign_in(Visitor(app), RITA.email, PASSWORD)


# -- sessions ---------------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_on_the_server(as_: As, app: Flask) -> None:
    visitor = as_(RITA)
    stolen = token_of(visitor)
    assert with_cookie(app, stolen).visit("/profile").heading == "Your profile"
    left = posted(visitor.visit("/profile"), "/sign-out")
    assert left.location == "/sign-in"
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert visitor.client.get_cookie(app.config["SESSION_COOKIE_NAME"]) is None
    assert is_shut_out(with_cookie(app, stolen))


def test_a_session_planted_before_signing_in_opens_nothing(app: Flask) -> None:
    visitor = Visitor(app).visit("/sign-in")
    planted = token_of(visitor)
    csrf_before = visitor.csrf_token
    visitor.fill({"E-mail": RITA.email, "Password": PASSWORD}).submit("Sign in")
    assert token_of(visitor) != planted
    assert visitor.visit("/profile").csrf_token != csrf_before
    assert is_shut_out(with_cookie(app, planted))


def test_signing_in_again_ends_the_session_before(as_: As, app: Flask) -> None:
    visitor = as_(RITA)
    first = token_of(visitor.visit("/profile"))
    posted(visitor, "/sign-in", email=VERA.email, password=PASSWORD)
    assert is_shut_out(with_cookie(app, first))
    assert "Vera Lang" in visitor.visit("/profile").text


def test_sessions_end_after_a_week_unused_and_a_month_in_any_case(as_: As, app: Flask) -> None:
    stolen = token_of(as_(RITA))
    start = now()
    with at(start + timedelta(days=8)):
        assert is_shut_out(with_cookie(app, stolen))
    for day in range(0, 30, 5):
        with at(start + timedelta(days=day)):
            with_cookie(app, stolen).visit("/profile")
    with at(start + timedelta(days=31)):
        assert is_shut_out(with_cookie(app, stolen))


def test_only_a_digest_of_the_token_is_stored(as_: As, app: Flask) -> None:
    visitor = as_(RITA)
    with visitor.client.session_transaction() as session:
        token = session["token"]
    assert len(token) >= 43
    stored = db.session.scalars(db.select(SignIn.token_digest)).all()
    assert stored
    assert token not in stored
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in stored)


# -- doors ------------------------------------------------------------------------------------------------------------

NASTY = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example",
    "https:evil.example", "http://evil.example", "http:///evil.example", "http://localhost@evil.example/",
    "http://localhost.evil.example/", "javascript:alert(1)", "data:text/html,x", " //evil.example", "?//evil.example",
    "\t//evil.example", "/\t/evil.example", "/\n/evil.example", "%2f%2fevil.example", "//[", "http://[::1",
    "/%0d%0aLocation:%20http://evil.example", "//evil.example%2f..", "/\u2028/evil.example", "ftp://localhost/",
    "http://evil.example\\@localhost/", "//localhost:99/", "",
]  # fmt: skip


@pytest.mark.parametrize("wanted", NASTY)
def test_signing_in_never_leads_off_the_site(app: Flask, wanted: str) -> None:
    visitor = Visitor(app).visit("/sign-in", next=wanted)
    answer = posted(visitor, "/sign-in", email=RITA.email, password=PASSWORD, next=wanted)
    assert answer.status_code == 303
    assert re.match(r"/(?![/\\])", answer.location), answer.location
    answer = visitor.client.get("/sign-in", query_string={"next": wanted})
    assert answer.status_code == 303
    assert re.match(r"/(?![/\\])", answer.location), answer.location


def test_signed_out_pages_lead_to_sign_in_and_back(app: Flask) -> None:
    answer = app.test_client().get("/users/?a=b")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/users/?a%3Db"


def test_signed_out_htmx_is_told_to_sign_in(app: Flask) -> None:
    shown = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Current-URL": "http://localhost/profile"}
    answer = app.test_client().get("/users/", headers=shown)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/profile"


def test_without_a_csrf_token_nobody_signs_in(app: Flask) -> None:
    sent = {"email": RITA.email, "password": PASSWORD}
    for token in ({}, {"csrf_token": "wrong"}, {"csrf_token": Visitor(app).visit("/sign-in").csrf_token}):
        answer = app.test_client().post("/sign-in", data=sent | token)
        assert answer.status_code in (400, 403)
    visitor = Visitor(app).visit("/sign-in")
    crossed = {"Sec-Fetch-Site": "cross-site"}
    answer = visitor.client.post("/sign-in", data=sent | {"csrf_token": visitor.csrf_token}, headers=crossed)
    assert answer.status_code == 403
    assert db.session.scalars(db.select(SignIn)).all() == []
