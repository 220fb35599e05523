"""The server is killed in the middle of something: after the next start it is done or it is not, and pages say so."""

import os
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from p2p.attachments import files
from p2p.attachments.models import Attachment
from p2p.db import db
from p2p.exchange.runs import jobs, uploads
from p2p.exchange.runs.models import ImportRun
from p2p.history import Head, Operation
from p2p.history.verifying import verify
from p2p.leads.models import Lead
from p2p.parties.models import Party
from tests.cast import ADA
from tests.doors import form_at
from tests.test_concurrency import Server, one
from tests.world import Caller, World, build

pytestmark = pytest.mark.slow

MANY = 3000
STOPPED = "p2p was stopped in the middle"


class Started(Server):
    """As `python app.py` starts it, but for the migrations."""

    script = """
import sys, waitress
from p2p import create_app
from p2p.duplicates import jobs as searches
from p2p.exchange.runs import jobs
app = create_app()
with app.app_context():
    jobs.fail_unfinished()
    searches.fail_unfinished()
waitress.serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=4)
"""


@pytest.fixture
def world(app: Flask) -> World:
    return build()


@pytest.fixture
def ada(app: Flask, world: World) -> Any:
    """`ada(server, url, data)` posts, `ada(server, url)` looks; tells (status, text), or None without an answer."""
    caller = Caller(app, ADA)
    db.session.remove()

    def ask(server: Server, url: str, data: dict[str, Any] | None = None) -> tuple[int, str] | None:
        headers = {"Cookie": f"{caller.name}={caller.cookie}"}
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        try:
            if data is None:
                connection.request("GET", url, headers=headers)
            else:
                boundary, body = encode_multipart(data | {"csrf_token": caller.token})
                headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
                connection.request("POST", url, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()

    ask.caller = caller  # type: ignore[attr-defined]
    return ask


def killed_while(server: Server, deed: Callable[[], Any], after: float) -> Any:
    """What the deed was answered by a server that is killed meanwhile."""
    killer = threading.Timer(after, server.kill)
    killer.start()
    try:
        return deed()
    finally:
        killer.join()


def whole() -> None:
    db.session.rollback()
    assert one(select(func.count()).select_from(Operation)) == one(select(Head.operation_id))
    assert verify() is None


def count(cls: Any, *conditions: Any) -> int:
    """How many there are; the session is given back, or no server could write."""
    db.session.rollback()
    found = db.session.scalar(select(func.count()).select_from(cls).where(*conditions)) or 0
    db.session.remove()
    return found


def until(look: Callable[[], Any], words: str) -> str:
    """The page as soon as it says something."""
    for _ in range(150):
        answer = look()
        if answer and words in answer[1]:
            return str(answer[1])
        time.sleep(0.2)
    raise AssertionError(f"it never said: {words}")


@pytest.mark.parametrize("after", [0.05, 0.6, 1.2])
def test_an_import_is_in_or_it_is_not(app: Flask, world: World, ada: Any, after: float) -> None:
    rows = "\n".join(f"Person {n},person{n}@firm{n % 50}.example,Firm {n % 50}" for n in range(MANY))
    source = f"Name,E-mail,Company\n{rows}\n".encode()
    with Started() as server:
        file = {"file": FileStorage(BytesIO(source), "people.csv"), "kind": "contacts", "key": "k"}
        assert ada(server, "/import/", file)[0] == 303
        run_id = db.session.scalar(select(func.max(ImportRun.id)))
        db.session.remove()
        url = f"/import/{run_id}"
        until(lambda: ada(server, url), "Import 3")
        assert ada(server, f"{url}/start", {"leave_out": "0"})[0] == 303
        killed_while(server, lambda: time.sleep(after), after)
    there = count(Party, Party.name.like("Person %"))
    assert there in (0, MANY)
    with Started() as server:
        until(lambda: ada(server, url), STOPPED if there == 0 else "Imported")
    whole()


@pytest.mark.parametrize("after", [0.02, 0.2, 0.5])
def test_a_file_hangs_on_the_record_or_it_does_not(app: Flask, world: World, ada: Any, after: float) -> None:
    content = b"%PDF-1.7 " + bytes(range(256)) * 60_000
    before = count(Attachment)
    with Started() as server:
        url = f"/attachments/on/opportunity/{world['deal']}/add"
        data = {"files": FileStorage(BytesIO(content), "large.pdf"), "key": "k"}
        answer = killed_while(server, lambda: ada(server, url, data), after)
    there = count(Attachment) - before
    assert there in (0, 1)
    if answer:
        assert there == 1
    if there:
        row = db.session.scalars(select(Attachment).order_by(Attachment.id.desc())).first()
        assert files.whole(row.digest, row.size), "the bytes were there before the row"
    whole()


@pytest.mark.parametrize("after", [0.05, 0.3, 0.8])
def test_leads_are_all_qualified_or_none(app: Flask, world: World, ada: Any, after: float) -> None:
    with app.app_context():
        for number in range(80):
            Lead.capture({"subject": f"Bulk {number}", "company_name": f"Company {number}"}, by=None)
        db.session.commit()
        ids = [f"{id}:1" for id in db.session.scalars(select(Lead.id).where(Lead.subject.like("Bulk %")))]
        db.session.remove()
    shown = form_at(app, "qualifying.several", world, ada.caller)
    shown.pop("lead", None)
    with Started() as server:
        data = shown | {"lead": ids, "go": "1", "unmatched": "new", "key": "k"}
        killed_while(server, lambda: ada(server, "/leads/qualification", data), after)
    done = count(Lead, Lead.subject.like("Bulk %"), Lead.status == "qualified")
    assert done in (0, 80)
    assert count(Party, Party.name.like("Company %")) == done
    whole()


def test_a_search_says_that_it_was_stopped(app: Flask, world: World, ada: Any) -> None:
    with Started() as server:
        answer = ada(server, "/duplicates/party/search", {})
        server.kill()
    assert (answer or (0,))[0] == 303
    with Started() as server:
        said = ada(server, "/duplicates/party/")[1]
        assert STOPPED in said or "pairs found" in said
        assert ada(server, "/duplicates/party/search", {})[0] == 303
        until(lambda: ada(server, "/duplicates/party/"), "found.")
    whole()


def test_uploads_nobody_knows_go_after_a_day(app: Flask, world: World) -> None:
    """Written, and killed before the run that names them was committed."""
    young, old = (uploads.folder() / name for name in ("a" * 32, "b" * 32))
    for path in (young, old):
        path.write_bytes(b"Name\nEva\n")
    os.utime(old, (time.time() - 2 * 86400,) * 2)
    known = uploads.folder() / str(db.session.get_one(ImportRun, world["import"]).kept_as)
    os.utime(known, (time.time() - 2 * 86400,) * 2)
    jobs.fail_unfinished()
    assert (young.exists(), old.exists(), known.exists()) == (True, False, True)
    young.unlink()
