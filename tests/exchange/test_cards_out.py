"""Contacts leave as cards that others read, and that say the same when they come back."""

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unicodedata import normalize

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import event

from p2p.contacts.models import Contact
from p2p.db import db
from p2p.exchange.contacts.drafts import Draft, drafted
from p2p.exchange.contacts.exporting import card_of, cards, channel_of
from p2p.exchange.runs import jobs
from p2p.exchange.vcards.reading import read
from p2p.exchange.vcards.writing import written
from p2p.parties.models import Party
from p2p.setup.queries import codes
from tests.cast import MAX, VERA
from tests.exchange.test_vcards import EXCERPTS, told
from tests.visitor import Visitor


def enter(**facts: Any) -> Contact:
    party = Party.enter({"name": facts.pop("party", "Öl, Gas & Co")}, by=None)
    channels = facts.pop("channels", [])
    person = Party.enter({"kind": "person", "name": facts.pop("name", "Zoë Müller")}, channels=channels, by=None)
    contact = Contact.enter(party, facts, person=person, by=None)
    db.session.commit()
    return contact


def purpose(word: str) -> int:
    return next(id for id, name in codes("channel_purpose") if name == word)


def test_one_contact_is_a_file(as_: Callable[..., Visitor]) -> None:
    reach = [("email", {"value": "zoe@example.com", "purpose_id": purpose("Work")})]
    reach += [("phone", {"value": "+41 79 204 35 64", "purpose_id": purpose("Mobile")})]
    reach += [("email", {"value": "bills@example.com", "purpose_id": purpose("Invoice")})]
    reach += [("address", {"street": "Hauptstr. 1", "postal_code": "8001", "city": "Zürich", "region": "ZH"})]
    contact = enter(job_title="Head of Sales; Europe", department="Sales", notes="one\ntwo, three", channels=reach)
    id = contact.id
    db.session.remove()
    visitor = as_(VERA).visit(f"/contacts/{id}")
    with visitor.client.get(f"/contacts/{id}.vcf") as answer:
        assert answer.mimetype == "text/vcard"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="contact-{id}.vcf"'
        assert answer.text == (
            "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Zoë Müller\r\nORG:Öl\\, Gas & Co;Sales\r\n"
            "TITLE:Head of Sales\\; Europe\r\nNOTE:one\\ntwo\\, three\r\nEMAIL;TYPE=work;PREF=1:zoe@example.com\r\n"
            "TEL;TYPE=cell;PREF=1:+41 79 204 35 64\r\n"
            "ADR;PREF=1:;;Hauptstr. 1;Zürich;ZH;8001;\r\nitem4.EMAIL:bills@example.com\r\nitem4.X-ABLabel:Invoice\r\n"
            "END:VCARD\r\n"
        )
    with visitor.client.get(f"/contacts/{id}.vcf?version=3.0") as answer:
        parsed = vobject.readOne(answer.text)
    assert (parsed.fn.value, parsed.n.value.family, parsed.org.value) == (
        *("Zoë Müller", "Müller", ["Öl, Gas & Co", "Sales"]),
    )
    visitor.visit(f"/contacts/{id}.vcf?version=1.0", expect=400)


def test_the_list_is_a_file_as_it_is_filtered(as_: Callable[..., Visitor]) -> None:
    for number in range(3):
        enter(party=f"Party {number}", name=f"Person {number}")
    visitor = as_(VERA).visit("/contacts/?q=person 1")
    links = [a.get("href") for a in visitor.page.xpath("//a[@download]")]
    assert "/contacts/cards.vcf?q=person+1" in links
    with visitor.client.get("/contacts/cards.vcf?q=person+1") as answer:
        assert [card.name for card in read(answer.data)] == ["Person 1"]
    with visitor.client.get("/contacts/cards.vcf?sort=-name&version=3.0") as answer:
        found = read(answer.data)
        assert [card.name for card in found if card.name.startswith("Person")] == ["Person 2", "Person 1", "Person 0"]
        assert {card.version for card in found} == {"3.0"}
    visitor.visit("/contacts/cards.vcf?sort=nonsense", expect=400)


def test_what_left_is_known_when_it_comes_back(as_: Callable[..., Visitor]) -> None:
    enter(channels=[("email", {"value": "zoe@example.com"})])
    visitor = as_(MAX)
    with visitor.client.get("/contacts/cards.vcf") as answer:
        file = answer.data
    visitor.visit("/import/?kind=contacts")
    visitor.submit("Look at it", File=(io.BytesIO(file), "contacts.vcf"))
    jobs.wait()
    visitor.visit(visitor.url)
    assert "Nothing in this file is new" in visitor.text
    assert "skipped: Zoë Müller" in visitor.text


line = some.text(some.characters(exclude_categories=("C", "Z"), include_characters=" "), min_size=1, max_size=60)
line = line.map(lambda text: " ".join(normalize("NFC", text).split())).filter(
    lambda text: text.isprintable() and bool(text)
)


@given(line, line, line, some.lists(line, max_size=3), line, line, some.sampled_from(["4.0", "3.0"]))
@settings(max_examples=60)
def test_facts_survive_leaving_and_coming_back(
    family: str, title: str, department: str, notes: list[str], street: str, city: str, version: str
) -> None:
    row = {"name": f"Zoë {family}", "organization": "Acme", "job_title": title, "department": department}
    row |= {"function": "Buyer", "notes": "\n".join(notes) or None, "person_notes": None}
    blank = dict.fromkeys(("value", "street", "city", "region", "postal_code", "country", "purpose"))
    reach: list[dict[str, Any]] = [
        {"kind": "address", "is_primary": True, "street": street, "city": city},
        {"kind": "phone", "is_primary": True, "value": "+41 79 204 35 64", "purpose": "Mobile"},
        {"kind": "email", "is_primary": False, "value": "bills@example.com", "purpose": "Delivery"},
        {"kind": "email", "is_primary": True, "value": "zoe@example.com", "purpose": "Work"},
    ]
    channels = [channel_of(SimpleNamespace(**(blank | each))) for each in reach]
    text = written(card_of(SimpleNamespace(**row), channels), version)

    def refuse(field: str, reason: str) -> None:
        raise AssertionError((field, reason))

    draft: Draft = drafted(read(text.encode())[0], {"delivery": "Delivery"}, {"buyer": "Buyer"}, refuse)
    told = (draft.name, draft.organization, draft.job_title, draft.department, draft.function, draft.notes)
    assert told == (row["name"], "Acme", title, department, "Buyer", row["notes"])
    assert [(each.kind, each.facts["value"] or each.facts["street"], each.purpose) for each in draft.channels] == [
        ("email", "zoe@example.com", "Work"),
        ("email", "bills@example.com", "Delivery"),
        ("phone", "+41 79 204 35 64", "Mobile"),
        ("address", street, None),
    ]


def test_every_real_card_says_the_same_after_leaving_and_coming_back() -> None:
    for path in sorted(EXCERPTS.glob("*.vcf")):
        for card in read(path.read_bytes()):
            card.left_out.clear()
            card.name = card.name or "Somebody"
            for version in ("4.0", "3.0"):
                again = read(written(card, version).encode())[0]
                mine = {name: value for name, value in told(card).items() if name != "other_organizations"}
                theirs = told(again)
                if not (card.family or card.given):
                    theirs = {name: value for name, value in theirs.items() if name not in ("family", "given")}
                assert theirs == mine, path.name


@pytest.mark.usefixtures("app")
def test_export_reads_in_batches() -> None:
    ids = [enter(party=f"P{number}", name=f"N{number}").id for number in range(3)]
    statements = []
    connection = db.session.connection()
    event.listen(connection, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert [card.name for card in cards(connection, [*ids, 999_999])] == ["N0", "N1", "N2"]
    assert len(statements) == 3
