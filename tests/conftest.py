"""Fixtures: one application for the whole run, a fresh copy of a prepared database for every test."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from playwright.sync_api import Page

from p2p import create_app
from p2p.db import db
from p2p.identity.models import SignIn, User
from p2p.identity.queries import user_by_email
from p2p.setup.models import Company
from p2p.setup.shipped import ship_when_empty
from p2p.starting import use_company_format
from tests.browser import *  # noqa: F403 (fixtures of the browser tests)
from tests.cast import CAST, PASSWORD, RITA, Character
from tests.prepared import Prepared, database, forget_power_cuts
from tests.visitor import Visitor, as_the_server_would

# How long an example takes says something about the machine only: what stood still while others had it is no failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=("sqlite", "postgresql"), default="sqlite", help="the database to test on")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs no database, or one of the two, runs once; what takes long comes first: no core waits for it."""
    here = config.getoption("--engine")
    elsewhere = [item for item in items if here not in _engines(item)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in set(elsewhere)]
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _engines(item: pytest.Item) -> tuple[str, ...]:
    """The databases it runs on; SQLite, where it needs none."""
    marker = item.get_closest_marker("engine")
    both = ("sqlite", "postgresql") if "engine_name" in getattr(item, "fixturenames", ()) else ("sqlite",)
    return marker.args if marker else both


@pytest.fixture(scope="session")
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--engine"))


@pytest.fixture(scope="session")
def _prepared(engine_name: str) -> Iterator[Prepared]:
    with database(engine_name) as url:
        os.environ["P2P_DATABASE_URL"] = url
        app = create_app({"ARGON2": {"time_cost": 1, "memory_cost": 8, "parallelism": 1}})
        with app.app_context():
            forget_power_cuts(db.engine)
            db.create_all()
            ship_when_empty()
            company = {"name": "Brunner Projects", "currency": "CHF", "locale": "de_CH", "zone": "Europe/Zurich"}
            db.session.get_one(Company, 1).edit(company, by=None)
            for person in CAST:
                user = User.add(email=person.email, name=person.name, role=person.role, by=None)
                user.set_password(PASSWORD, by=None)
            db.session.commit()
            prepared = Prepared(app)
        yield prepared
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(_prepared: Prepared) -> Iterator[Flask]:
    """The application on a database with what ships, the company and the cast."""
    with _prepared.app.app_context():
        use_company_format()
        db.session.remove()
        yield _prepared.app
        _prepared.restore()


@pytest.fixture
def user(app: Flask) -> Callable[[Character], User]:
    """A character as the user it is: `user(RITA)`."""

    def find(person: Character) -> User:
        found = user_by_email(person.email)
        assert found is not None
        return found

    return find


@pytest.fixture
def rita(user: Callable[[Character], User]) -> User:
    """The representative whom most of what tests make belongs to."""
    return user(RITA)


@pytest.fixture
def as_(app: Flask, user: Callable[[Character], User]) -> Callable[..., Visitor]:
    """A visitor signed in as a character: `as_(RITA)`; `as_(RITA, htmx=True)` asks for parts as htmx does.

    The session is begun without the form, which has tests of its own.
    """

    def begin(visitor: Visitor, person: Character) -> None:
        with app.app_context():
            token = SignIn.start(user(person), "a visitor")
            db.session.commit()
            with visitor.client.session_transaction() as session:
                session["token"] = token

    def signed_in(person: Character, **kw: Any) -> Visitor:
        visitor = Visitor(app)
        as_the_server_would(lambda: begin(visitor, person))
        visitor.url = visitor.begins_at = "/board"
        visitor.htmx = bool(kw.get("htmx"))
        return visitor

    return signed_in


@pytest.fixture
def page_as(as_: Callable[..., Visitor], live_server: str, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """Chromium before a page, signed in as a character: `page_as(RITA, "/leads/", color_scheme="dark")`."""

    def opened(person: Character, address: str, **options: Any) -> Page:
        page, client = new_page(**options), as_(person).client
        name = client.application.config["SESSION_COOKIE_NAME"]
        cookie = client.get_cookie(name)
        assert cookie is not None
        page.context.add_cookies([{"name": name, "value": cookie.value, "url": live_server}])
        page.goto(live_server + address)
        return page

    return opened
