"""What nobody's browser would send: fields no form shows, and values nobody types."""

import base64
import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, update
from sqlalchemy.exc import IntegrityError, OperationalError

from p2p import cli, headers, settings
from p2p import engine as units
from p2p.db import db, now
from p2p.engine import Busy
from p2p.exchange.runs import jobs
from p2p.exchange.runs.models import FAILED, WRITING, ImportRun
from p2p.history import nouns
from p2p.identity import guard
from p2p.identity.models import SignIn
from p2p.parties.models import Party
from tests import doors
from tests.cast import ADA, PASSWORD
from tests.doors import DOORS, address, form_at, own_fields
from tests.world import Caller, Snapshot, World, build, difference, nothing_kept, snapshot

HOSTILE = {
    "id": "2", "role": "administrator", "is_admin": "1", "hidden": "y", "archived": "y", "active": "", "by_id": "4",
    "number": "O-1900-0001", "status": "won", "created_at": "2020-01-01", "closed_on": "2020-01-01", "at": "2020-01-01",
    "password_hash": "$argon2id$forged", "user[role]": "administrator", "__proto__": "1", "_method": "DELETE",
    "__class__": "1", "operation_id": "1", "name": "Mallory", "email": "mallory@example.com", "list_name": "source",
}  # fmt: skip
#: Fields a form takes without showing them at first.
ON_REQUEST = {
    "board.add": {"decide_by"},  # on a board of months
    "contacts.create": {"person_id"},
    "leads.new": {"party_id", "seen", "anyway"},
    "leads.new_contact": {"person_id"},
    "qualifying.several": {"key", "reason_id", "note", "unmatched", "people", "force"},
}
#: What is another one every time.
VOLATILE = {
    "at", "digest", "salt", "token_digest", "started_at", "expires_at", "password_hash", "password_set_at", "done_at",
    "converted_at", "finished_at", "made_at", "added_at", "kept_as", "body", "key", "values", "stage_entered_at",
    "touched_at", "began_at", "ended_at",
}  # fmt: skip

GARBAGE = {"no text": "", "a null byte": "\0x", "a huge number": "9" * 40, "long": "💥" * 5000, "below zero": "-1"}
GARBAGE |= {"just beyond": str(2**31), "a date that is none": "2026-02-30", "markup": "<b>{{7*7}}</b>%s'\";--"}
#: Names that addresses may ask with.
ASKED = (
    "page", "before", "after", "sort", "q", "text", "party", "owner", "noun", "verb", "by", "day", "whose", "name",
    "field", "next", "status", "stage", "archived", "inline", "person", "version", "show.1", "show.9", "from", "to",
    "number", "subject", "prognosis", "order", "format", "contact", "competitor", "opportunity", "about",
)  # fmt: skip
#: What pages of errors never say; a token may hold ".py" by chance, but then it goes on.
LEAKS = re.compile(r"Traceback|sqlalchemy|psycopg|sqlite|SELECT |INSERT |site-packages|\.py(?![\w-])")


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


@pytest.mark.slow
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
    return answer.status_code < 500 and not (page and LEAKS.search(answer.text))


#: What PostgreSQL takes in its own way; the rest is the same to both databases, and looked at on SQLite.
ITS_OWN = {"a null byte", "a huge number", "just beyond", "a date that is none"}
ON_SQLITE = pytest.mark.engine("sqlite")


@pytest.mark.slow
@pytest.mark.parametrize("what", [pytest.param(what, marks=[] if what in ITS_OWN else ON_SQLITE) for what in GARBAGE])
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


@pytest.mark.slow
def test_forms_stand_missing_fields(app: Flask, world: World, ada: Caller) -> None:
    wrong = []
    for name in posting(app):
        for field in form_at(app, name, world, ada):
            data = {key: value for key, value in form_at(app, name, world, ada).items() if key != field}
            with nothing_kept(looking=False):
                answer = ada.knock("POST", address(app, name, world), data)
            wrong += [f"{name} without {field}: {answer.status}"] * (not quiet(answer))
    assert not wrong, "\n- ".join(["", *wrong])


@pytest.mark.slow
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


LISTS = ("opportunities", "parties", "contacts", "competitors", "activities", "prospects", "customers")
#: Values a link to another page of a list never names: half a letter, a moment nowhere, moments out of time.
NOWHERE = ("\ud800", "2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 2**62, None)


def test_a_line_holds_one_line(app: Flask, world: World, ada: Caller) -> None:
    """Else a name could begin lines of its own in the files that are exported."""
    data = form_at(app, "leads.edit", world, ada) | {"subject": "One\rEMAIL:evil@example.com\r\nTwo"}
    ada.knock("POST", address(app, "leads.edit", world), data)
    db.session.rollback()
    assert db.session.get_one(nouns["lead"], world["lead"]).subject == "One EMAIL:evil@example.com Two"


def test_torn_links_of_lists_lead_to_no_accident(app: Flask, world: World, ada: Caller) -> None:
    wrong = []
    for path in (f"/{name}/" for name in LISTS):
        offered = set(re.findall(r"[?&;]sort=-?(\w+)", ada.knock("GET", path).text))
        for sort in {way + key for key in offered for way in ("", "-")}:
            for value in NOWHERE:
                place = base64.urlsafe_b64encode(json.dumps([sort, value, 1, 1]).encode()).decode().rstrip("=")
                answer = ada.knock("GET", f"{path}?sort={sort}&after={place}")
                wrong += [f"{path} by {sort} after {value!r}: {answer.status}"] * (not quiet(answer))
        answer = ada.knock("GET", f"{path}?party={world['party']:018}{'9' * 30}")
        wrong += [f"{path} of a party with 48 digits: {answer.status}"] * (not quiet(answer))
    assert not wrong, "\n- ".join(["", *wrong])


@pytest.mark.parametrize("where", ["//[", "http://[", "http://a:b/"])
def test_addresses_that_are_none_lead_nowhere(app: Flask, world: World, ada: Caller, where: str) -> None:
    """As `next`, as the page that led here, and as the page htmx shows; also after an undo, which is done by then."""
    wrong = []
    for name in ("opportunities.new", "opportunities.win", "parties.edit", "activities.append", "history.undo"):
        url, headers = address(app, name, world), {"Referer": where, "HX_Current_URL": where}
        if name != "history.undo":
            wrong += [name] * (not quiet(ada.knock("GET", f"{url}?next={where}", **headers)))
        for more in ({"next": where}, {}):
            for htmx in (False, True):
                with nothing_kept(looking=False):
                    answer = ada.knock("POST", url, form_at(app, name, world, ada) | more, htmx=htmx, **headers)
                leads = answer.headers.get("Location") or answer.headers.get("HX-Redirect") or "/"
                wrong += [f"{name}: {answer.status} to {leads}"] * (not quiet(answer) or not re.match("/(?!/)", leads))
    assert not wrong, "\n- ".join(["", *wrong])


def test_numbers_too_long_to_read_are_no_accident(app: Flask, world: World, ada: Caller) -> None:
    """Python refuses to read numbers of more than 4,300 digits."""
    wrong = []
    for name in posting(app):
        for field in form_at(app, name, world, ada):
            if not field.endswith(("version", "id")):
                continue
            with nothing_kept(looking=False):
                data = form_at(app, name, world, ada) | {field: "9" * 5000}
                answer = ada.knock("POST", address(app, name, world), data)
            wrong += [f"{name}, {field}: {answer.status}"] * (not quiet(answer))
    assert quiet(ada.knock("GET", f"/board?show.{'9' * 5000}=1"))
    assert not wrong, "\n- ".join(["", *wrong])


@pytest.mark.parametrize("host", ["evil.example", "a" * 70, "[", "a b"])
def test_other_names_than_ours_are_refused_in_plain_words(app: Flask, host: str, monkeypatch: Any) -> None:
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["p2p.example"])
    for path in ("/sign-in", "/static/p2p.css", "/nowhere"):
        answer = app.test_client().get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert answer.headers["Content-Security-Policy"] == headers.CONTENT_SECURITY_POLICY
        assert host not in answer.text


def test_strangers_cannot_fill_the_memory_with_static_files(app: Flask) -> None:
    """What is kept compressed are files, each once; never a page with somebody's token in it."""
    client, taking = app.test_client(), {"Accept-Encoding": "gzip"}
    client.get("/static/p2p.css", headers=taking).close()
    kept = len(headers._compressed)
    for number in range(5):
        client.get(f"/static/p2p.css?{number}", headers=taking).close()
        client.get(f"/static/none{number}", headers=taking)
    assert len(headers._compressed) == kept


# -- when nothing can be written --------------------------------------------------------------------------------------


@pytest.fixture
def other_process(app: Flask) -> Iterator[Any]:
    """A connection to the same file that is none of ours."""
    connection = units.sqlite.connect(db.engine.url.database, isolation_level=None)
    yield connection
    connection.close()


@pytest.mark.engine("sqlite")  # a lock on the whole database
def test_whoever_looks_waits_for_nobody(app: Flask, ada: Caller, other_process: Any) -> None:
    """Another process writes; that somebody was here is due to be noted."""
    db.session.execute(update(SignIn).values(seen_at=now() - 2 * guard.SEEN_EVERY))
    db.session.commit()
    other_process.execute("begin immediate")
    began = time.monotonic()
    assert ada.knock("GET", "/parties/").status_code == 200
    assert time.monotonic() - began < 5
    other_process.execute("rollback")
    assert ada.knock("GET", "/parties/").status_code == 200
    assert db.session.scalar(db.select(SignIn.seen_at).order_by(SignIn.seen_at.desc())) > now() - guard.SEEN_EVERY


@pytest.mark.engine("sqlite")  # a lock on the whole database
def test_waiting_for_others_ends_once(app: Flask, other_process: Any, monkeypatch: Any) -> None:
    """Behind a thread of this process that waits for another process nobody waits twice."""
    monkeypatch.setattr(units, "BUSY_SECONDS", 1)
    other_process.execute("begin immediate")
    began = time.monotonic()
    with pytest.raises(OperationalError), units.writing(patience=0.3):
        pass
    assert time.monotonic() - began < 1
    other_process.execute("rollback")
    with units.writing() as connection:
        assert connection.exec_driver_sql("pragma busy_timeout").scalar() == 1000


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_full_disk_loses_nothing_and_says_so(app: Flask, ada: Caller, htmx: bool) -> None:
    pages = db.session.scalar(db.text("pragma page_count")) + 12
    db.session.remove()

    def limit(connection: Any, *rest: Any) -> None:
        connection.execute(f"pragma max_page_count={pages}")

    event.listen(db.engine, "checkout", limit)
    try:
        known, answers = set(), []
        for number in range(40):
            words = f"{number} words " * 300
            data = {
                "name": f"{number:03} Firm {number**5}",
                "kind": "organization",
                "notes": words,
                "key": f"key-{number}",
            }
            answer = ada.knock("POST", "/parties/new", data, htmx=htmx)
            answers.append(answer)
            if answer.status_code in (204, 303):
                known.add(data["name"])
        full = answers[-1]
        assert full.status_code == 503
        assert known
        assert "no room left" in (full.headers["P2P-Says"] if htmx else full.text)
        assert htmx or f"{39} words {39} words" in full.text
        assert {answer.status_code for answer in answers} <= {204, 303, 503}
        assert ada.knock("GET", "/parties/").status_code == 200
    finally:
        event.remove(db.engine, "checkout", limit)
        db.engine.dispose()
    assert set(db.session.scalars(db.select(Party.name).where(Party.name.like("0__ Firm%")))) == known
    assert ada.knock("POST", "/parties/new", data | {"key": "another"}, htmx=htmx).status_code in (204, 303)


def test_an_import_that_cannot_even_say_so_says_so_later(app: Flask, ada: Caller, monkeypatch: Any) -> None:
    """Else it would be at work for ever, and nobody could cancel it."""
    run = db.session.scalar(db.select(ImportRun))
    run.status, run.by_id = WRITING, None
    db.session.commit()
    run_id, tries, note = run.id, [], jobs.note
    db.session.remove()  # or this would be what keeps it busy

    def busy_at_first(*args: Any, **facts: Any) -> None:
        tries.append(facts)
        if len(tries) < 3:
            raise Busy
        note(*args, **facts)

    monkeypatch.setattr(jobs, "note", busy_at_first)
    monkeypatch.setattr(jobs, "AGAIN_SECONDS", 0)
    monkeypatch.setattr(jobs, "write_run", busy_at_first)
    jobs.start(run_id, jobs.write_run)
    jobs.wait()
    db.session.remove()
    assert db.session.get_one(ImportRun, run_id).status == FAILED


# -- copied cookies ---------------------------------------------------------------------------------------------------


def test_a_copied_cookie_ends_with_the_password_it_came_by(app: Flask, as_: Any) -> None:
    """Whoever changes a password stays; a copy of the very cookie of that browser opens nothing any more."""
    owner, thief = as_(ADA), app.test_client()
    name = app.config["SESSION_COOKIE_NAME"]
    thief.set_cookie(name, owner.client.get_cookie(name).value)
    assert thief.get("/profile").status_code == 200
    owner.visit("/profile/password")
    owner.submit("Change password", **{"Current password": PASSWORD, "New password": doors.NEW_PASSWORD})
    assert thief.get("/profile").status_code == 303
    assert owner.visit("/profile").status == 200


# -- starting, and what the log keeps ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("P2P_SECRET_KEY", "short"),
        ("P2P_SECRET_KEY", "a" * 40),
        ("P2P_PORT", "abc"),
        ("P2P_TRUSTED_PROXIES", "-1"),
        ("P2P_TRUSTED_PROXIES", "all"),
    ],
)
def test_unsafe_settings_are_refused_in_words(tmp_path: Any, monkeypatch: Any, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(settings.UnsafeSetting, match=name):
        settings.load(tmp_path)


def test_nobody_serves_in_debug_mode(app: Flask, monkeypatch: Any) -> None:
    monkeypatch.setattr(app, "debug", True)
    with pytest.raises(settings.UnsafeSetting, match="FLASK_DEBUG"):
        cli.serve(app)


def test_errors_of_the_database_tell_no_parameters(app: Flask) -> None:
    with pytest.raises(IntegrityError) as told:
        db.session.execute(db.text("insert into party (id, name) values (1, :name)"), {"name": "a secret"})
    assert "SQL parameters hidden" in str(told.value)
    db.session.rollback()
