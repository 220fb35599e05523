"""Attaching files to records, as people do it: choose, see, download, rename, archive, undo."""

import errno
import hashlib
import os
import stat
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.attachments import files
from p2p.attachments.models import Attachment
from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.filters import today
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.prospects.models import Customer, Prospect
from p2p.setup.queries import codes, stages
from tests.cast import RITA, VERA

PDF = b"%PDF-1.7 the offer"
PNG = b"\x89PNG\r\n\x1a\n the cell"


@pytest.fixture(autouse=True)
def no_files_yet(app):
    """The folder stays between tests; the database does not."""
    for path in files.folder().rglob("*"):
        if path.is_file():
            path.unlink()


@pytest.fixture
def deal(user):
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    facts = {"subject": "Palletiser relocation", "party_id": party.id, "stage_id": stages()[0].id}
    opportunity = Opportunity.open(facts, by=user(RITA))
    db.session.commit()
    return opportunity


@pytest.fixture
def address(deal) -> str:
    return f"/attachments/on/opportunity/{deal.id}"


def a_file(content: bytes = PDF, name: str = "offer.pdf"):
    return (BytesIO(content), name)


def rows() -> list[Attachment]:
    db.session.expire_all()
    return list(db.session.scalars(select(Attachment).order_by(Attachment.id)))


def on_disk() -> list[Path]:
    return [path for path in files.folder().rglob("*") if path.is_file()]


def attach(visitor, address, *chosen, **kw):
    visitor.visit(address)
    return visitor.submit("Attach", **{"Add files": list(chosen)}, **kw)


# -- adding and getting -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_file_is_attached_listed_and_downloaded_as_it_was(as_, address, htmx):
    rita = attach(as_(RITA, htmx=htmx), address, a_file())
    assert "“offer.pdf” was attached" in rita.toast
    rita.visit(address)
    assert "offer.pdf 18 bytes · Rita Sommer" in rita.text
    vera = as_(VERA).visit(address)
    assert "Attach" not in vera.buttons
    vera.click("offer.pdf")
    assert vera.body == PDF
    told = vera.response.headers
    assert told["Content-Disposition"] == "attachment; filename=offer.pdf"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Content-Security-Policy"].startswith("sandbox")
    assert told["Content-Type"] == "application/pdf"
    assert "no-store" in told["Cache-Control"]


def test_the_panel_of_a_page_shows_the_new_file_at_once(as_, deal, address):
    rita = as_(RITA, htmx=True)
    attach(rita, address, a_file())
    assert "offer.pdf" in rita.text
    assert rita.value("Add files") == ""


def test_several_files_are_one_operation_and_one_undo(as_, deal, address):
    rita = attach(as_(RITA), address, a_file(), a_file(PNG, "cell.png"))
    assert "2 files were attached" in rita.toast
    assert {row.name for row in rows()} == {"offer.pdf", "cell.png"}
    rita.visit(address)
    assert "cell.png" in rita.text
    rita.visit("/history/")
    assert "Attached 2 files" in rita.text
    rita.press("Undo", within="Attached 2 files")
    assert "No files yet" in rita.visit(address).text
    assert len(on_disk()) == 2, "an undo may bring them back"
    rita.visit("/history/").press("Redo", within="Undid: attached 2 files")
    assert "offer.pdf" in rita.visit(address).text
    assert rita.click("cell.png").body == PNG


def test_the_same_content_is_kept_once(as_, address):
    rita = attach(as_(RITA), address, a_file(), a_file(name="the same.pdf"))
    attach(rita, address, a_file(name="again.pdf"))
    assert [row.digest for row in rows()] == [hashlib.sha256(PDF).hexdigest()] * 3
    (path,) = on_disk()
    assert path.parent.name + path.name == rows()[0].digest
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IMODE(files.folder().stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("say %22hello%22.pdf", 'say "hello".pdf'),
        ("Prüfplan für Łódź.pdf", "Prüfplan für Łódź.pdf"),
        ("../../p2p.sqlite.pdf", "p2p.sqlite.pdf"),
        ("two%0D%0ASet-Cookie: a=b.pdf", "two Set-Cookie: a=b.pdf"),
        ("عرض\u202efdp.pdf", "عرضfdp.pdf"),
        ("<b>bold</b>.pdf", "b>.pdf"),
        ("a; filename=evil.exe.pdf", "a; filename=evil.exe.pdf"),
    ],
)
def test_names_come_back_as_they_were_but_harmless(as_, address, sent, kept):
    rita = attach(as_(RITA), address, a_file(name=sent))
    assert rows()[0].name == kept
    rita.visit(address).click(kept)
    disposition = rita.response.headers["Content-Disposition"]
    told = unquote(disposition.partition("filename*=UTF-8''")[2]) or disposition.partition("filename=")[2]
    assert told.strip('"').replace("\\", "") == kept
    assert "Set-Cookie" not in rita.response.headers or "a=b" not in rita.response.headers["Set-Cookie"]
    assert list(files.folder().parent.glob("*.pdf")) == []


def test_a_download_can_be_resumed_and_asked_for_anew(as_, address):
    rita = attach(as_(RITA), address, a_file())
    url = f"/attachments/{rows()[0].id}/file"
    part = rita.get(url, {"Range": "bytes=5-7"})
    assert (part.status_code, part.data) == (206, PDF[5:8])
    assert rita.get(url, {"If-None-Match": part.headers["ETag"]}).status_code == 304


def every_noun(by) -> dict[str, int]:
    party = Party.enter({"name": "Vogt Antriebe"}, by=by)
    kind = {"type_id": codes("prospect_type")[0][0], "currency": "CHF"}
    deal = Opportunity.open({"subject": "Cell", "party_id": party.id, "stage_id": stages()[0].id}, by=by)
    made = [party, deal, Contact.enter(party, {"name": "Miriam"}, by=by), Prospect.make(party, kind, by=by)]
    made += [Customer.open(party, by=by), Competitor.register(party, {}, by=by)]
    made += [Activity.plan(deal, {"purpose": "Call", "due_on": today()}, by=by)]
    return {record.noun: record.id for record in made}


def test_every_noun_takes_files(as_, user):
    records = every_noun(user(RITA))
    db.session.commit()
    rita = as_(RITA)
    for noun, id in records.items():
        attach(rita, f"/attachments/on/{noun}/{id}", a_file(name=f"of {noun}.pdf"))
        assert f"of {noun}.pdf" in rita.visit(f"/attachments/on/{noun}/{id}").text
    for noun in ("user", "code", "stage", "attachment", "unicorn"):
        rita.visit(f"/attachments/on/{noun}/1", expect=404)


def test_what_is_attached_to_an_activity_is_told_of_where_the_activity_is(as_, user, deal):
    call = Activity.plan(deal, {"purpose": "Call", "due_on": today()}, by=user(RITA))
    db.session.commit()
    rita = attach(as_(RITA), f"/attachments/on/activity/{call.id}", a_file())
    assert "Attached offer.pdf" in rita.visit(f"/history/timeline/opportunity/{deal.id}").text


# -- what is refused --------------------------------------------------------------------------------------------------


def refused(as_, address, *chosen) -> str:
    """What is said about files that are refused; nothing of them may stay."""
    rita = attach(as_(RITA), address, *chosen, expect=422)
    assert not rows()
    assert not on_disk()
    return rita.text


def test_an_empty_file_is_refused(as_, address):
    assert "“offer.pdf” is empty" in refused(as_, address, a_file(b""))


def test_no_file_at_all_is_refused(as_, address):
    assert "Choose at least one file" in refused(as_, address)


def test_one_bad_file_keeps_the_good_ones_out_and_says_so(as_, address):
    text = refused(as_, address, a_file(), a_file(b"MZ\x90\0", "setup.exe"), a_file(b"<svg>", "cell.png"))
    assert "“setup.exe”: programs, scripts and web pages are not taken." in text
    assert "“cell.png” calls itself .png, but what is in it is a web page." in text
    assert "Nothing was attached" in text


def test_a_large_file_is_refused_by_name_and_limit(as_, app, address, monkeypatch):
    monkeypatch.setitem(app.config, "ATTACHMENT_LIMIT", 10 * 1024)
    text = refused(as_, address, a_file(PDF + b"x" * 11_000))
    assert "“offer.pdf” has 11 kB; at most 10 kB are taken" in text


def test_more_than_a_request_may_carry_is_refused_in_words(as_, app, address, monkeypatch):
    rita = as_(RITA)
    rita.visit(address)
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1024)
    rita.submit("Attach", **{"Add files": [a_file(PDF + b"x" * 4096)]}, expect=413)
    assert "That is too large" in rita.heading
    assert not rows()


def test_too_many_files_at_once_are_refused(as_, address):
    assert "21 files are too many at once: send 20" in refused(as_, address, *(a_file() for _ in range(21)))


def test_viewers_attach_nothing(as_, address):
    vera = as_(VERA).visit(address)
    vera.post(f"{address}/add", {"files": [a_file()]}, expect=403)
    assert not rows()


# -- when things go wrong ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_full_disk_is_said_and_leaves_nothing_half_done(as_, address, monkeypatch, htmx):
    rita = as_(RITA, htmx=htmx).visit(address)
    flushed = os.fsync

    def full(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.ENOSPC, "No space left on device")
        flushed(descriptor)

    monkeypatch.setattr(files.os, "fsync", full)
    rita.submit("Attach", **{"Add files": [a_file(), a_file(PNG, "cell.png")]}, expect=503)
    said = rita.response.headers["P2P-Says"] if htmx else rita.text
    assert "There is no room left" in said
    assert not rows()
    assert not on_disk()


@pytest.mark.parametrize("harm", ["missing", "shorter", "changed"])
def test_a_file_that_is_lost_on_the_server_is_said_in_words_and_mended_by_attaching_it_again(as_, address, harm):
    rita = attach(as_(RITA), address, a_file())
    (path,) = on_disk()
    {
        "missing": path.unlink,
        "shorter": lambda: path.write_bytes(PDF[:-1]),
        "changed": lambda: path.write_bytes(b"X" * len(PDF)),
    }[harm]()
    rita.visit(address).click("offer.pdf", expect=410)
    assert "This file is lost" in rita.heading
    assert "An administrator can put the folder “files” of a copy back" in rita.text
    attach(rita, address, a_file(name="again.pdf"))
    assert rita.visit(address).click("offer.pdf").body == PDF


def test_a_form_sent_twice_attaches_once(as_, address):
    rita = as_(RITA).visit(address)
    form = dict(rita.form("Attach files").data())
    for _ in range(2):
        rita.post(f"{address}/add", form | {"files": [a_file()]})
    assert len(rows()) == 1


def test_what_no_row_names_is_cleaned_away_after_a_day_and_nothing_else(as_, address):
    rita = attach(as_(RITA), address, a_file(), a_file(PNG, "cell.png"))
    rita.press("Undo")  # its row is hidden now, and may come back
    old = [files.path_of(files.keep(BytesIO(b"nobody's")).digest), files.folder() / "incoming-torn"]
    old[1].write_bytes(b"half")
    young = files.path_of(files.keep(BytesIO(b"on its way")).digest)
    for path in on_disk():
        if path != young:
            os.utime(path, (0, 0))
    assert files.clean() == 2
    assert not any(path.exists() for path in old)
    assert young.exists()
    assert len(on_disk()) == 3


# -- afterwards -------------------------------------------------------------------------------------------------------


def test_a_file_is_renamed_and_noted_but_keeps_its_ending(as_, address):
    rita = attach(as_(RITA), address, a_file())
    rita.visit(address).click("Edit offer.pdf")
    rita.submit("Save", **{"File name": "offer.exe"}, expect=422)
    assert "must keep its ending .pdf" in rita.text
    rita.submit("Save", **{"File name": "../offer 2.pdf", "Note": "as signed"})
    assert "offer 2.pdf 18 bytes" in rita.visit(address).text
    assert "as signed" in rita.text


def test_a_file_is_archived_and_restored(as_, address):
    rita = attach(as_(RITA), address, a_file())
    rita.visit(address).press("Archive offer.pdf")
    assert "No files yet" in rita.visit(address).text
    rita.click("1 archived").press("Restore offer.pdf")
    assert "offer.pdf 18 bytes" in rita.visit(address).text
    rita.visit(f"/attachments/{rows()[0].id}").press("Archive")
    assert "This file is archived" in rita.visit(f"/attachments/{rows()[0].id}").text


def test_an_undone_file_is_nowhere(as_, address):
    rita = attach(as_(RITA), address, a_file())
    id = rows()[0].id
    rita.press("Undo")
    for path in ("", "/file", "/edit"):
        rita.visit(f"/attachments/{id}{path}", expect=404)


def test_files_of_a_record_that_was_taken_back_are_not_to_be_had(as_, deal, address, user):
    rita = attach(as_(RITA), address, a_file())
    deal = db.session.get_one(Opportunity, deal.id)
    db.session.connection().execute(Opportunity.__table__.update().values(hidden=True))
    db.session.commit()
    rita.visit(f"/attachments/{rows()[0].id}/file", expect=404)
    rita.visit(address, expect=404)


def test_history_tells_what_was_done_with_a_file(as_, deal, address):
    rita = attach(as_(RITA), address, a_file())
    rita.visit("/history/")
    assert "Attached offer.pdf to Palletiser relocation Rita Sommer" in rita.text
    assert "size: 18 bytes" in rita.text
    attached = rita.page.xpath("//li[contains(., 'Attached offer.pdf')]/a/@href")[0]
    assert hashlib.sha256(PDF).hexdigest() in rita.visit(attached).text
    assert "Attached offer.pdf Rita Sommer" in rita.visit(f"/history/timeline/opportunity/{deal.id}").text
    rita.visit(address).press("Archive offer.pdf")
    assert "Archived offer.pdf on Palletiser relocation" in rita.visit("/history/").text


def test_a_long_list_comes_by_pages(as_, deal, address, user):
    facts = {"media_type": "application/pdf", "size": 1, "digest": "0" * 64}
    Attachment.attach(deal, [facts | {"name": f"offer {number}.pdf"} for number in range(60)], by=user(RITA))
    db.session.commit()
    vera = as_(VERA).visit(address)
    assert "offer 59.pdf" in vera.text
    assert "offer 9.pdf" not in vera.text
    assert "offer 0.pdf" in vera.click("Older files").text
    assert "offer 59.pdf" in vera.click("Newest files").text
