"""Importing in the browser and from the shell: look first, then all or nothing, and take it back."""

import io
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from p2p.db import db, now
from p2p.engine import Busy, reading_session
from p2p.exchange import importing
from p2p.exchange.runs import jobs, queries, uploads
from p2p.exchange.runs.models import ImportRun
from p2p.history import Operation
from p2p.identity.models import User
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from tests.cast import MAX, RITA
from tests.exchange.files import BAD, ENGLISH, EUROPEAN, HEAD, ROWS, WITHOUT_NUMBERS
from tests.visitor import Visitor


def counted() -> int:
    found = db.session.scalar(select(func.count()).select_from(Opportunity).where(Opportunity.hidden.is_(False)))
    db.session.remove()
    return found or 0


def sent(visitor: Visitor, source: str, name: str = "export.csv") -> Visitor:
    """Upload a file and wait until it was looked at."""
    visitor.visit("/import/")
    visitor.submit("Look at it", File=(io.BytesIO(source.encode()), name))
    return settled(visitor)


def settled(visitor: Visitor) -> Visitor:
    jobs.wait()
    return visitor.visit(visitor.url)


def kept() -> list[Path]:
    return [path for path in uploads.folder().iterdir() if path.suffix != ".csv"]


@pytest.fixture(autouse=True)
def _no_uploads_left(app: Flask) -> None:
    for path in uploads.folder().iterdir():
        path.unlink()


def test_a_file_is_looked_at_then_imported_then_taken_back(as_: Callable[..., Visitor]) -> None:
    visitor = sent(as_(MAX), ENGLISH)
    assert visitor.heading == "Import of export.csv"
    for words in ("New opportunities 5", "Tromp LLC (AN-1)", "renee.lo@example.invalid", "“Value” means Estimated"):
        assert words in visitor.text
    assert counted() == 0
    assert len(kept()) == 1
    visitor.press("Import 5 rows")
    settled(visitor)
    assert "Created 5" in visitor.text
    assert counted() == 5
    assert not kept()
    visitor.click("What was done")
    assert "Imported" in visitor.heading
    visitor.visit("/import/").click("export.csv").press("Undo")
    assert counted() == 0
    visitor.visit("/import/").click("export.csv")
    assert "Taken back" in visitor.text
    sent(visitor, ENGLISH).press("Import 5 rows")
    settled(visitor)
    assert counted() == 5


def test_the_same_file_again_says_so(as_: Callable[..., Visitor]) -> None:
    visitor = sent(as_(MAX), WITHOUT_NUMBERS)
    settled(visitor.press("Import 3 rows"))
    sent(visitor, WITHOUT_NUMBERS)
    assert "This very file was imported on" in visitor.text
    assert "Nothing in this file is new" in visitor.text
    visitor.press("Cancel this file")
    assert counted() == 3
    assert not kept()


def test_bad_rows_are_listed_and_left_out_only_expressly(as_: Callable[..., Visitor]) -> None:
    visitor = sent(as_(MAX), BAD)
    assert "8 problems" in visitor.text
    assert "line 2 has this number already" in visitor.text
    with visitor.client.get(f"{visitor.url}/problems.csv") as download:
        assert "a lot" in download.get_data(as_text=True)
    visitor.press("Import 1, leave out 7 with problems")
    settled(visitor)
    assert "Left out 7" in visitor.text
    assert counted() == 1


def test_a_stale_button_imports_nothing(as_: Callable[..., Visitor]) -> None:
    visitor = sent(as_(MAX), BAD)
    visitor.post(f"{visitor.url}/start", {"leave_out": "0"}, expect=409)
    jobs.wait()
    assert counted() == 0


def test_the_mapping_can_be_corrected(as_: Callable[..., Visitor]) -> None:
    source = ENGLISH.replace("Opportunity No", "Zettel").replace("Value", "Summe X")
    visitor = sent(as_(MAX), source)
    assert "next number" in visitor.text
    visitor.fill({"Column for Number": "Zettel", "Column for Estimated Revenue": "Summe X"}, form="Mapping")
    visitor.submit("Check again")
    settled(visitor)
    assert "chosen by you" in visitor.text
    assert "CHF 12’500.50" in visitor.text
    visitor.fill({"Format of Estimated Revenue": "1.234,56"}, form="Mapping").submit("Check again")
    settled(visitor)
    assert "12500.50" in visitor.text
    assert "problem" in visitor.text


def test_a_missing_column_is_asked_for(as_: Callable[..., Visitor]) -> None:
    visitor = sent(as_(MAX), "Whatever,Value\nAcme,100\nGlobex,200\n")
    assert "A column is missing" in visitor.text
    visitor.fill({"Column for Account": "Whatever"}, form="Mapping").submit("Check again")
    settled(visitor).press("Import 2 rows")
    settled(visitor)
    assert counted() == 2


def test_what_is_no_table_is_refused_in_words(as_: Callable[..., Visitor]) -> None:
    visitor = sent(as_(MAX), "PK\x03\x04 not a table")
    assert "This is a workbook" in visitor.text
    visitor.press("Cancel this file")
    assert not kept()
    visitor.visit("/import/").submit("Look at it", expect=422)
    assert "Please choose a file." in visitor.text


def test_only_those_who_manage_import(as_: Callable[..., Visitor]) -> None:
    as_(RITA).visit("/import/", expect=403)


def test_while_it_is_written_the_page_counts(as_: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = sent(as_(MAX), ENGLISH)
    go_on, started = threading.Event(), threading.Event()
    write = importing.write

    def slowly(*args: object, **kw: object) -> object:
        started.set()
        go_on.wait(20)
        return write(*args, **kw)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "write", slowly)
    visitor.press("Import 5 rows")
    try:
        assert started.wait(20)
        assert queries.import_running()
        visitor.visit(visitor.url)
        assert "An import is running." in visitor.text
        visitor.post(f"{visitor.url}/start", {"leave_out": "0"}, expect=409)
    finally:
        go_on.set()
    jobs.wait()
    assert counted() == 5
    assert not queries.import_running()


def test_whoever_waits_too_long_is_told(as_: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch) -> None:
    db.session.add(ImportRun(file_name="x.csv", digest="", status="writing", started_at=now()))
    db.session.commit()
    db.session.remove()

    def busy(*args: object, **kw: object) -> None:
        raise Busy

    monkeypatch.setattr(Party, "enter", busy)
    visitor = as_(MAX).visit("/parties/new")
    visitor.fill({"Name": "Typed Words"}).submit(expect=503)
    assert "An import is running" in visitor.text
    assert "Typed Words" in visitor.text


def test_what_breaks_leaves_nothing_and_says_so(as_: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = sent(as_(MAX), ENGLISH)

    def broken(*args: object, **kw: object) -> None:
        raise RuntimeError("by the test")

    monkeypatch.setattr("p2p.exchange.bulk.change", broken)
    settled(visitor.press("Import 5 rows"))
    assert "Something went wrong, so nothing was imported." in visitor.text
    assert counted() == 0
    monkeypatch.undo()
    visitor.press("Check again")
    settled(visitor).press("Import 5 rows")
    settled(visitor)
    assert counted() == 5


def test_what_a_stop_left_unfinished_is_marked(as_: Callable[..., Visitor]) -> None:
    visitor = sent(as_(MAX), ENGLISH)
    run = db.session.scalars(select(ImportRun)).one()
    run.status = "writing"
    db.session.commit()
    jobs.fail_unfinished()
    visitor.visit(visitor.url)
    assert "p2p was stopped in the middle" in visitor.text


def test_uploads_left_behind_are_taken_away(as_: Callable[..., Visitor]) -> None:
    visitor = sent(as_(MAX), ENGLISH)
    sent(visitor, EUROPEAN)
    assert len(kept()) == 2
    run = db.session.scalars(select(ImportRun).order_by(ImportRun.id)).first()
    assert run is not None
    run.started_at -= timedelta(days=8)
    db.session.commit()
    sent(visitor, EUROPEAN)
    assert len(kept()) == 2
    assert "Cancelled" in visitor.visit("/import/").text


# From the shell


@pytest.fixture
def shell(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    monkeypatch.setattr("p2p.exchange.commands.get_ready", lambda app: None)

    def run(source: str, *options: str, kind: str = "opportunities") -> tuple[int, str]:
        file = tmp_path / "export.csv"
        file.write_text(source, encoding="utf-8")
        done = app.test_cli_runner().invoke(args=["import", kind, str(file), *options])
        db.session.remove()
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        return done.exit_code, done.output

    return run


def test_the_shell_says_what_it_decided(shell: Callable[..., tuple[int, str]]) -> None:
    code, said = shell(EUROPEAN)
    assert code == 0, said
    for words in (
        "revenue ← Geschätzter Umsatz",
        "1.234,56",
        "kept with the record: Branche",
        "5 created",
        "4 parties",
    ):
        assert words in said
    assert counted() == 5
    code, said = shell(ENGLISH)
    assert code == 0
    assert "5 known already" in said
    assert "Nothing in this file was new" in said


def test_the_shell_stops_at_bad_rows_unless_told(shell: Callable[..., tuple[int, str]]) -> None:
    code, said = shell(BAD)
    assert (code, counted()) == (1, 0)
    assert "line 3, Sales Stage" in said
    code, said = shell(BAD, "--skip-bad")
    assert (code, counted()) == (0, 1)
    assert "7 left out" in said


def test_the_shell_takes_a_mapping_and_a_name(shell: Callable[..., tuple[int, str]], user: Callable[..., User]) -> None:
    code, said = shell(HEAD.replace("Value", "Summe X") + ROWS[1], "--map", "revenue=Summe X", "--as", MAX.email)
    assert code == 0, said
    with reading_session():
        assert db.session.scalars(select(Opportunity.revenue)).one() == 1250050
        last = db.session.scalars(select(Operation).order_by(Operation.id.desc())).first()
        assert last is not None
        assert (last.verb, last.by_id) == ("exchange.import", user(MAX).id)
    assert shell(ENGLISH, "--as", RITA.email)[0] == 1
    code, said = shell(ENGLISH, "--map", "revenue=Valu")
    assert code == 1
    assert "Did you mean “Value”?" in said


# Other kinds


CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Lee\r\nORG:Acme\r\nEMAIL:ann@example.com\r\nBDAY:1980-01-01\r\nEND:VCARD\r\n"
)
PEOPLE = "First Name,Last Name,Company,E-mail Address,Mobile Phone\nAnn,Lee,Acme,ann@example.com,044 668 18 00\n"
INTEREST = "Topic,Company,First Name,Last Name,Lead Source,Lead Owner\nRoof,Acme,Ann,Lee,Fair,Zed Zog\n"


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        (CARDS, "contacts", "This is one vCard, version 3.0."),
        (PEOPLE, "contacts", "Its headings say that this file holds contacts."),
        (INTEREST, "leads", "Its headings say that this file holds leads."),
        (WITHOUT_NUMBERS, "opportunities", "Its headings say that this file holds opportunities."),
    ],
)
def test_a_file_says_what_it_holds(as_: Callable[..., Visitor], source: str, kind: str, words: str) -> None:
    visitor = sent(as_(MAX), source)
    assert words in visitor.text
    assert f"New {kind}" in visitor.text
    if source is CARDS:
        assert "Left out, because it is private or has no place here: birthday (1)." in visitor.text
        assert "What the columns mean" not in visitor.text


def test_whoever_knows_better_says_what_a_file_holds(as_: Callable[..., Visitor]) -> None:
    visitor = sent(as_(MAX), PEOPLE)
    visitor.fill({"It holds": "leads"}, form="Mapping").submit("Check again")
    settled(visitor)
    assert "New leads 1" in visitor.text
    assert "Interest of Acme" in visitor.text
    visitor.fill({"It holds": "opportunities"}, form="Mapping").submit("Check again")
    settled(visitor).fill({"It holds": "contacts"}, form="Mapping").submit("Check again")
    settled(visitor).press("Import 1 row")
    settled(visitor)
    assert "Created 1" in visitor.text
    visitor.click("Open the contacts")
    assert "Ann Lee" in visitor.text


def test_a_tick_fills_blanks_of_those_we_know(as_: Callable[..., Visitor]) -> None:
    visitor = sent(as_(MAX), CARDS)
    settled(visitor.press("Import 1 row"))
    sent(visitor, PEOPLE)
    assert "skipped: Ann Lee" in visitor.text
    visitor.fill({"Fill in what is blank of those known already": True}, form="Mapping").submit("Check again")
    settled(visitor)
    assert "Known already, blanks filled in 1" in visitor.text
    settled(visitor.press("Import 1 row"))
    assert "Filled in 1" in visitor.text
    with visitor.client.get("/contacts/?format=csv") as answer:
        assert "+41 44 668 18 00" in answer.text


def test_cards_are_no_leads(as_: Callable[..., Visitor]) -> None:
    visitor = as_(MAX).visit("/import/?kind=leads")
    visitor.submit("Look at it", File=(io.BytesIO(CARDS.encode()), "ann.vcf"))
    settled(visitor)
    assert "These are vCards: they hold contacts, no leads." in visitor.text
    visitor.fill({"It holds": "contacts"}, form="Check again").submit("Check again")
    settled(visitor)
    assert "New contacts 1" in visitor.text


def test_contacts_and_leads_come_in_and_go_out_by_the_shell(
    shell: Callable[..., tuple[int, str]], app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = shell(CARDS, kind="contacts")
    assert code == 0, said
    assert "Rows: 1 created" in said
    assert "New: 1 organizations" in said
    code, said = shell(PEOPLE, kind="contacts")
    assert "Nothing in this file was new" in said
    assert "skipped: Ann Lee" in said
    assert shell(INTEREST, kind="leads")[0] == 0

    def export(kind: str, name: str) -> tuple[int, str, str]:
        done = app.test_cli_runner().invoke(args=["export", kind, str(tmp_path / name)])
        there = (tmp_path / name).exists()
        return done.exit_code, done.output, (tmp_path / name).read_text(encoding="utf-8-sig") if there else ""

    assert "FN:Ann Lee" in export("contacts", "a.vcf")[2]
    assert "Ann Lee,Acme" in export("contacts", "a.csv")[2]
    assert "Roof" in export("leads", "l.csv")[2]
    code, said, _ = export("leads", "l.csv")
    assert (code, "is there already" in said) == (1, True)
    assert export("leads", "l.vcf")[0] == 1
    assert "Acme" in export("parties", "p.csv")[2]
    assert export("opportunities", "o.csv")[2].startswith("Decide by,")
