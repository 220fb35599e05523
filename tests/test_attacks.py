"""What nobody's browser would send: fields no form shows, and values nobody types."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from p2p.db import db
from p2p.history import nouns
from tests import doors
from tests.cast import ADA
from tests.doors import DOORS, address, form_at, own_fields
from tests.world import Caller, Snapshot, World, build, difference, nothing_kept, snapshot

HOSTILE = {
    "id": "2", "role": "administrator", "is_admin": "1", "hidden": "y", "archived": "y", "active": "", "by_id": "4",
    "number": "O-1900-0001", "status": "won", "created_at": "2020-01-01", "closed_on": "2020-01-01", "at": "2020-01-01",
    "password_hash": "$argon2id$forged", "user[role]": "administrator", "__proto__": "1", "_method": "DELETE",
    "__class__": "1", "operation_id": "1", "name": "Mallory", "email": "mallory@example.com", "list_name": "source",
}  # fmt: skip
#: Fields a form takes without showing them at first.
ON_REQUEST = {"contacts.create": {"person_id"}}
#: What is another one every time.
VOLATILE = {
    "at", "digest", "salt", "token_digest", "started_at", "expires_at", "password_hash", "password_set_at", "done_at",
    "converted_at", "finished_at", "kept_as", "body", "key", "values",
}  # fmt: skip

GARBAGE = {"no text": "", "a null byte": "\0x", "a huge number": "9" * 40, "long": "💥" * 5000, "below zero": "-1"}
GARBAGE |= {"just beyond": str(2**31), "a date that is none": "2026-02-30", "markup": "<b>{{7*7}}</b>%s'\";--"}
#: Names that addresses may ask with.
ASKED = (
    "page", "before", "after", "sort", "q", "text", "party", "owner", "noun", "verb", "by", "day", "whose", "name",
    "field", "next", "status", "stage", "archived", "inline", "person", "version", "show.1", "show.9", "from", "to",
    "number", "subject", "prognosis", "order", "format", "contact", "competitor", "opportunity", "about",
)  # fmt: skip
LEAKS = ("Traceback", "sqlalchemy", "psycopg", "sqlite", "SELECT ", "INSERT ", "site-packages", ".py")


@pytest.fixture
def world(app: Flask) -> World:
    return build()


@pytest.fixture
def ada(app: Flask, world: World) -> Caller:
    return Caller(app, ADA)


def posting(app: Flask) -> Iterator[str]:
    yield from (name for name in DOORS if name in app.view_functions and "POST" in doors.methods(app, name))


def steady(before: Snapshot, after: Snapshot) -> dict[str, Any]:
    """What changed, but for what is another one every time."""
    found = {}
    for name, sides in difference(before, after).items():
        columns = [column.name for column in db.metadata.tables[name].c]
        volatile = VOLATILE | ({"id"} if name == "change" else set())  # in any order
        columns = [column for column in columns if not (name == "sign_in" and column == "seen_at")]
        found[name] = [
            sorted(tuple(v for c, v in zip(columns, row, strict=True) if c not in volatile) for row in side)
            for side in sides
        ]
    return found


def test_forms_take_their_own_fields_only(app: Flask, world: World, ada: Caller, engine_name: str) -> None:
    """Each good form leaves the same with the names of all columns there are, and worse, sent along."""
    columns = {column.name: "4" for cls in nouns.values() for column in cls.__table__.c}
    before, wrong = snapshot(), []
    for name in posting(app):
        good = form_at(app, name, world, ada)
        keeps = own_fields(name) | good.keys() | ON_REQUEST.get(name, set())
        more = {key: value for key, value in (columns | HOSTILE).items() if key not in keeps}
        left = []
        for data in (good, good | more):
            with nothing_kept() as kept:
                status = ada.knock("POST", address(app, name, world), data | form_at(app, name, world, ada)).status_code
            left.append((status, steady(before, kept[-1].after) if kept else {}))
        if engine_name == "postgresql":  # ids once given are not given again
            left = [(status, set(found)) for status, found in left]
        if left[0] != left[1]:
            wrong.append(f"{name}: {left[0]} became {left[1]}")
    assert not wrong, "\n- ".join(["", *wrong])


def quiet(answer: Any) -> bool:
    """Whether an answer is no accident and tells nothing of the inside."""
    page = answer.mimetype == "text/html" and answer.status_code >= 400
    return answer.status_code < 500 and not (page and any(leak in answer.text for leak in LEAKS))


@pytest.mark.parametrize("what", GARBAGE)
def test_forms_stand_any_value(app: Flask, world: World, ada: Caller, what: str) -> None:
    wrong = []
    for name in posting(app):
        good = form_at(app, name, world, ada)
        for field in good:
            with nothing_kept(looking=False):
                answer = ada.knock(
                    "POST", address(app, name, world), form_at(app, name, world, ada) | {field: GARBAGE[what]}
                )
            wrong += [f"{name}, {field}: {answer.status}"] * (not quiet(answer))
    assert not wrong, f"{what}:\n- " + "\n- ".join(wrong)


def test_forms_stand_missing_fields(app: Flask, world: World, ada: Caller) -> None:
    wrong = []
    for name in posting(app):
        for field in form_at(app, name, world, ada):
            data = {key: value for key, value in form_at(app, name, world, ada).items() if key != field}
            with nothing_kept(looking=False):
                answer = ada.knock("POST", address(app, name, world), data)
            wrong += [f"{name} without {field}: {answer.status}"] * (not quiet(answer))
    assert not wrong, "\n- ".join(["", *wrong])


@pytest.mark.parametrize("what", GARBAGE)
def test_addresses_stand_any_question(app: Flask, world: World, ada: Caller, what: str) -> None:
    wrong = []
    for name in (name for name in DOORS if name in app.view_functions and "GET" in doors.methods(app, name)):
        for htmx in (False, True):
            url = address(app, name, world, **dict.fromkeys(ASKED, GARBAGE[what][:300]) | DOORS[name].address(world))
            answer = ada.knock("GET", url, htmx=htmx)
            if not quiet(answer):
                wrong.append(f"{name}: {answer.status}")
    assert not wrong, f"{what}:\n- " + "\n- ".join(wrong)
