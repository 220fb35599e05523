"""Which files may be attached: names made harmless, kinds by ending and content."""

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p.attachments.kinds import ENDINGS, LONGEST_NAME, Refused, cleaned, ending, media_type


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("offer.pdf", "offer.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\fakepath\\offer.pdf", "offer.pdf"),
        ("Angebot „Größe“ (2).pdf", "Angebot „Größe“ (2).pdf"),
        ("Pru\u0308fplan.pdf", "Prüfplan.pdf"),
        ("%22quoted%22.pdf", '"quoted".pdf'),
        ("two%0D%0Alines\r\nmore.pdf", "two lines more.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("عرض سعر.pdf", "عرض سعر.pdf"),
        ("提案書.xlsx", "提案書.xlsx"),
        ("nul\0l.pdf", "null.pdf"),
        ("..", "file"),
        ("", "file"),
        ("  .  ", "file"),
        ("offer.pdf.", "offer.pdf"),
    ],
)
def test_a_name_is_kept_but_for_what_does_harm(sent, kept):
    assert cleaned(sent) == kept


def test_a_long_name_keeps_its_ending():
    assert cleaned("a" * 400 + ".pdf") == "a" * (LONGEST_NAME - 4) + ".pdf"
    assert len(cleaned("a." + "b" * 400)) == LONGEST_NAME


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_every_system_takes(sent):
    name = cleaned(sent)
    assert 0 < len(name) <= LONGEST_NAME
    assert not {"/", "\\", "\0", "\n", "\r", "\u202e"} & set(name)
    assert unicodedata.is_normalized("NFC", name)
    assert cleaned(name) == name


GOOD = {
    "offer.pdf": (b"%PDF-1.7 ...", "application/pdf"),
    "OFFER.PDF": (b"\xef\xbb\xbf%PDF-1.4", "application/pdf"),
    "cell.png": (b"\x89PNG\r\n\x1a\n...", "image/png"),
    "cell.jpeg": (b"\xff\xd8\xff\xe0..", "image/jpeg"),
    "list.csv": ("Größe;Preis\n".encode("latin-1"), "text/csv"),
    "list.tsv": ("a\tb".encode("utf-16"), "text/tab-separated-values"),
    "mz.txt": (b"MZ-1234 is a machine", "text/plain"),
    "mail.eml": (b"From: a@example.com\r\n\r\n<html>", "message/rfc822"),
    "mail.msg": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/vnd.ms-outlook"),
    "plan.docx": (b"PK\x03\x04....", None),
    "with password.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
    "cell.step": (b"ISO-10303-21;", "model/step"),
    "cell.dwg": (b"AC1032...", "image/vnd.dwg"),
    "all.zip": (b"PK\x05\x06", "application/zip"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_teams_send_one_another_is_taken(name):
    head, media = GOOD[name]
    assert media_type(name, head) == (media or ENDINGS["docx"][1])


@pytest.mark.parametrize(
    ("name", "head", "why"),
    [
        ("setup.exe", b"MZ\x90\0", "programs, scripts and web pages are not taken"),
        ("page.html", b"<html>", "programs, scripts and web pages are not taken"),
        ("logo.svg", b"<svg/>", "programs, scripts and web pages are not taken"),
        ("invoice.pdf.js", b"alert(1)", "programs, scripts and web pages are not taken"),
        ("part.sldprt", b"\xd0\xcf", ".sldprt files are not taken"),
        ("offer.pdf", b"MZ\x90\0\x03\0", "what is in it is a program"),
        ("offer.pdf", b"PK\x03\x04", "its content is none"),
        ("cell.png", b"  <!-- x --><SVG onload=alert(1)>", "what is in it is a web page"),
        ("notes.txt", b"\xef\xbb\xbf <!DOCTYPE html><script>", "what is in it is a web page"),
        ("notes.txt", "<html>".encode("utf-16"), "what is in it is a web page"),
        ("notes.txt", b"<?xml version='1.0'?>\n<svg xmlns='x'>", "what is in it is a web page"),
        ("notes.txt", b"#!/bin/sh\nrm -rf /", "what is in it is a script"),
        ("notes.txt", b"\x7fELF\x02\x01", "what is in it is a program"),
        ("notes.txt", b"one\0two", "its content is none"),
        ("README", b"hello", "has no ending"),
        ("empty.pdf", b"", "is empty"),
    ],
)
def test_what_is_refused_is_named_with_the_reason(name, head, why):
    with pytest.raises(Refused) as refusal:
        media_type(name, head)
    assert f"“{name}”" in str(refusal.value)
    assert why in str(refusal.value)


@given(st.sampled_from(sorted(ENDINGS)), st.binary(min_size=1, max_size=64))
def test_no_content_breaks_the_check(suffix, head):
    with suppress(Refused):
        assert media_type(f"x.{suffix}", head) == ENDINGS[ending(f"x.{suffix}")][1]
