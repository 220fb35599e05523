"""The first visit: one administrator, once, by somebody who may."""

import sys
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from p2p.db import db
from p2p.history import operation
from p2p.identity.models import User
from p2p.identity.queries import user_by_email
from p2p.setup.choices import currency_for, locale_for, locales, zone_for, zones
from p2p.setup.models import Company, Currency
from p2p.setup.queries import entries
from tests.cast import ADA
from tests.identity.cookies import posted, token_of
from tests.visitor import Visitor

FILLED = {
    "name": "Nora First", "email": "nora@example.com", "password": "seven quiet rivers", "company": "Rivers Ltd",
    "currency": "CHF", "zone": "Europe/Zurich", "locale": "de_CH",
}  # fmt: skip
LABELLED = {
    "Your name": "Nora First", "E-mail": "nora@example.com", "Password": "seven quiet rivers",
    "Company name": "Rivers Ltd", "Currency": "CHF", "Time zone": "Europe/Zurich", "Dates and figures": "de_CH",
}  # fmt: skip
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@pytest.fixture
def fresh(app: Flask) -> Flask:
    """The application before anybody can sign in."""
    with operation("user.set_password", by=None):
        for user in db.session.scalars(db.select(User)):
            user.password_hash = user.password_set_at = None
    db.session.get_one(Company, 1).edit({"name": "", "currency": "EUR", "zone": "UTC", "locale": "en_GB"}, by=None)
    db.session.commit()
    db.session.remove()
    return app


def from_afar(app: Flask) -> Visitor:
    """Somebody at another machine."""
    visitor = Visitor(app)
    visitor.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    return visitor


def test_every_page_leads_to_the_first_visit(fresh: Flask) -> None:
    for url in ("/", "/sign-in", "/users/", "/board"):
        assert Visitor(fresh).visit(url).heading == "Welcome to p2p"


def test_the_first_visit_sets_everything_up_and_signs_in(fresh: Flask) -> None:
    visitor = Visitor(fresh).visit("/first-visit")
    before = token_of(visitor)
    visitor.fill(LABELLED)
    answer = posted(visitor, "/first-visit", **FILLED)
    assert (answer.status_code, answer.location) == (303, "/")
    assert token_of(visitor) != before
    assert "Nora First" in visitor.visit("/profile").text
    company = db.session.get_one(Company, 1)
    assert (company.name, company.currency, company.zone, company.locale) == (
        "Rivers Ltd",
        "CHF",
        "Europe/Zurich",
        "de_CH",
    )
    listed = {entry.name: (entry.rate_millionths, entry.retired) for entry in entries(Currency)}
    assert listed == {"CHF": (1_000_000, False)}
    nora = user_by_email("nora@example.com")
    assert nora is not None
    assert nora.role == "administrator"


def test_the_shipped_currency_stays_when_it_is_chosen(fresh: Flask) -> None:
    posted(Visitor(fresh).visit("/first-visit"), "/first-visit", **FILLED | {"currency": "EUR"})
    assert [entry.name for entry in entries(Currency) if not entry.retired] == ["EUR"]


@pytest.mark.parametrize(
    ("field", "value", "label"),
    [
        ("password", "short", "Password"), ("password", "nora first 2026", "Password"),
        ("password", "rivers-ltd-2026", "Password"), ("name", " ", "Your name"), ("email", "nora", "E-mail"),
        ("currency", "XXX", "Currency"), ("zone", "Mars/Base", "Time zone"), ("locale", "xx", "Dates and figures"),
        ("company", "", "Company name"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field(fresh: Flask, field: str, value: str, label: str) -> None:
    visitor = Visitor(fresh).visit("/first-visit")
    visitor.post("/first-visit", FILLED | {field: value}, expect=422)
    assert label in visitor.errors
    assert user_by_email("nora@example.com") is None


def test_it_guesses_what_fits_the_browser(fresh: Flask) -> None:
    visitor = Visitor(fresh)
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de-CH,de;q=0.9,en;q=0.8"
    visitor.visit("/first-visit")
    assert visitor.value("Currency") == "CHF"
    assert visitor.value("Dates and figures") == "de_CH"
    assert locale_for(["fr", "en"]).startswith("fr_")
    assert locale_for(["tlh"]) == locale_for([]) == "en_GB"
    assert currency_for("ja_JP") == "JPY"
    assert zone_for("tlh_XX") in zones()
    assert locales()["de_CH"] == "German (Switzerland) · 1’250.50 · 31.12.2026"
    assert {"UTC", "Europe/Zurich", "America/New_York"} <= set(zones())


# -- who may ----------------------------------------------------------------------------------------------------------


def test_another_machine_needs_the_code(fresh: Flask) -> None:
    visitor = from_afar(fresh).visit("/first-visit")
    visitor.post("/first-visit", FILLED, expect=422)
    assert "One-time code" in visitor.errors
    visitor.post("/first-visit", FILLED | {"code": "00000000x"}, expect=422)
    assert "That is not the code" in visitor.errors["One-time code"]
    code = fresh.extensions["p2p_code"]
    assert posted(visitor, "/first-visit", **FILLED, code=f" {code.upper()} ").status_code == 303
    assert user_by_email("nora@example.com") is not None


def test_guessing_the_code_is_throttled(fresh: Flask) -> None:
    visitor = from_afar(fresh).visit("/first-visit")
    answers = [posted(visitor, "/first-visit", **FILLED, code=f"wrong{n}").status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2
    assert posted(visitor, "/first-visit", **FILLED, code=fresh.extensions["p2p_code"]).status_code == 429
    here = Visitor(fresh).visit("/first-visit")
    assert posted(here, "/first-visit", **FILLED).status_code == 303


@pytest.mark.parametrize(
    "told",
    [
        {"headers": {"X-Forwarded-For": "127.0.0.1"}}, {"headers": {"Forwarded": "for=127.0.0.1"}},
        {"headers": {"X-Real-IP": "127.0.0.1"}}, {"base_url": "http://p2p.evil.example"},
        {"environ_overrides": {"REMOTE_ADDR": "10.0.0.1"}}, {"environ_overrides": {"REMOTE_ADDR": "::ffff:10.0.0.1"}},
    ],
)  # fmt: skip
def test_only_this_very_machine_goes_without_the_code(fresh: Flask, told: dict[str, Any]) -> None:
    assert "One-time code" in fresh.test_client().get("/first-visit", **told).text


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_goes_without_the_code(fresh: Flask, address: str) -> None:
    here = {"environ_overrides": {"REMOTE_ADDR": address}}
    for base in ("http://localhost:5000", "http://127.0.0.1:5000", "http://[::1]:5000", "http://localhost"):
        assert "One-time code" not in fresh.test_client().get("/first-visit", base_url=base, **here).text


# -- dead afterwards --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_it_is_dead_once_somebody_can_sign_in(app: Flask, method: str) -> None:
    visitor = Visitor(app).visit("/sign-in")
    token = {"X-CSRFToken": visitor.csrf_token, "X-HTTP-Method-Override": "GET"}
    answer = visitor.client.open("/first-visit", method=method, data=FILLED, headers=token)
    assert answer.status_code == 404
    assert user_by_email("nora@example.com") is None


def test_only_forms_open_it_while_it_lives(fresh: Flask) -> None:
    visitor = Visitor(fresh).visit("/first-visit")
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
        headers = {"X-CSRFToken": visitor.csrf_token}
        assert visitor.client.open("/first-visit", method=method, headers=headers).status_code == 405
    assert visitor.client.post("/first-visit", data=FILLED).status_code == 400
    assert user_by_email("nora@example.com") is None


@pytest.mark.slow
def test_of_fifty_at_once_one_becomes_administrator(fresh: Flask) -> None:
    visitors = [Visitor(fresh).visit("/first-visit") for _ in range(50)]
    together, answers = threading.Barrier(50), []

    def knock(number: int, visitor: Visitor) -> None:
        together.wait()
        answers.append(posted(visitor, "/first-visit", **FILLED | {"email": f"nora{number}@example.com"}).status_code)

    threads = [threading.Thread(target=knock, args=each) for each in enumerate(visitors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303] + [404] * 49
    made = db.session.scalars(db.select(User.email).where(User.email.like("nora%"))).all()
    assert len(made) == 1


# -- demo -------------------------------------------------------------------------------------------------------------


def test_the_tick_box_fills_in_the_demo(fresh: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []
    monkeypatch.setitem(sys.modules, "p2p.demo", SimpleNamespace(build=lambda by: built.append(by.name)))
    answer: TestResponse = posted(Visitor(fresh).visit("/first-visit"), "/first-visit", **FILLED, demo="y")
    assert answer.status_code == 303
    assert built == ["Nora First"]


def test_without_the_tick_there_is_no_demo(fresh: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "p2p.demo", None)
    assert posted(Visitor(fresh).visit("/first-visit"), "/first-visit", **FILLED).status_code == 303


def test_a_demo_that_fails_leaves_nothing_behind(fresh: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(by: User) -> None:
        raise RuntimeError("no demo today")

    monkeypatch.setitem(sys.modules, "p2p.demo", SimpleNamespace(build=fail))
    assert posted(Visitor(fresh).visit("/first-visit"), "/first-visit", **FILLED, demo="y").status_code == 500
    assert user_by_email("nora@example.com") is None
    assert user_by_email(ADA.email) is not None
