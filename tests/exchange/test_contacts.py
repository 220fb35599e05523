"""People come from vCards and tables: once each, with all ways to reach them, and can be taken back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from p2p.contacts.models import Contact
from p2p.db import db
from p2p.engine import reading_session
from p2p.exchange import importing, kinds, mapping
from p2p.exchange.contacts import queries
from p2p.exchange.contacts.kind import CONTACTS
from p2p.exchange.contacts.staging import Contacts
from p2p.exchange.importing import Written
from p2p.history import Operation
from p2p.history.undoing import undo
from p2p.parties.channels.models import Channel
from p2p.parties.models import Party
from tests.exchange.test_vcards import EXCERPTS

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\n{}\r\nEND:VCARD\r\n"
GOOGLE = (
    "First Name,Middle Name,Last Name,Name Prefix,Organization Name,Organization Title,Organization Department,Notes,"
    "Birthday,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,"
    "Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Address 1 - Label,Address 1 - Street,Address 1 - City,"
    "Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Website 1 - Label,"
    "Website 1 - Value\n"
    'Zoë,Anna,Müller,Dr.,"Öl, Gas & Co",Head of Sales,Sales,"one\ntwo",1980-01-01,VIP ::: * myContacts,* Work,'
    "zoe@example.com,Home,z@example.org,Mobile,+41 79 204 35 64,Work Fax,044 668 18 01,Work,Bahnhofstr. 1,Zürich,"
    "Postfach 12,ZH,8001,Schweiz,Blog,www.example.com/zoe\n"
)
OUTLOOK = (
    '"Title","First Name","Middle Name","Last Name","Suffix","Company","Department","Job Title","Business Street",'
    '"Business Street 2","Business City","Business State","Business Postal Code","Business Country/Region",'
    '"Home Street","Home City","Business Fax","Business Phone","Business Phone 2","Home Phone","Mobile Phone",'
    '"Birthday","Categories","E-mail Address","E-mail Type","E-mail 2 Address","Notes","Web Page"\n'
    '"Dr.","Zoë","Anna","Müller","","Öl, Gas & Co","Sales","Head of Sales","Bahnhofstr. 1","Postfach 12","Zürich",'
    '"ZH","8001","Schweiz","Gartenweg 3","Bern","044 668 18 01","044 668 18 00","044 668 18 02","","+41 79 204 35 64",'
    '"1.1.1980","VIP","zoe@example.com","SMTP","z@example.org","one","www.example.com/zoe"\n'
)
GERMAN = (
    "Anrede;Vorname;Nachname;Firma;Abteilung;Position;Straße geschäftlich;Ort geschäftlich;Postleitzahl geschäftlich;"
    "Land/Region geschäftlich;Straße privat;Ort privat;Fax geschäftlich;Telefon geschäftlich;Telefon (privat);"
    "Mobiltelefon;E-Mail-Adresse;E-Mail 2: Adresse;Notizen;Webseite\n"
    "Frau;Zoë;Müller;Öl, Gas & Co;Verkauf;Leiterin;Bahnhofstr. 1;Zürich;8001;Schweiz;Gartenweg 3;Bern;044 668 18 01;"
    "044 668 18 00;;+41 79 204 35 64;zoe@example.com;z@example.org;eins;www.example.com/zoe\n"
)


def staged(source: bytes, folder: Path, **options: Any) -> Contacts:
    file = folder / "people"
    file.write_bytes(source)
    with reading_session():
        kind, sheet = kinds.read(file, "", {}, "de_CH")
        assert kind is CONTACTS
        chosen = mapping.propose(sheet, kind.fields if sheet.columns else (), about=kind.about, locale="de_CH")
        assert not kind.missing(chosen)
        found = kind.stage(sheet, chosen, **options)
        assert isinstance(found, Contacts)
        return found


@pytest.fixture
def bring_in(app: Flask, tmp_path: Path) -> Callable[..., Written]:
    def brought(source: bytes | str, **options: Any) -> Written:
        data = source.encode() if isinstance(source, str) else source
        written = importing.write(CONTACTS, staged(data, tmp_path, **options), by=None)
        db.session.commit()
        return written

    return brought


def person(name: str) -> Party:
    return db.session.scalars(select(Party).where(Party.name == name, Party.hidden.is_(False))).one()


def reached(party: Party) -> list[tuple[Any, ...]]:
    rows = select(Channel).where(Channel.party_id == party.id, Channel.hidden.is_(False)).order_by(Channel.id)
    return [
        (each.kind, each.value or ", ".join(each.lines), str(each.purpose or ""), each.is_primary)
        for each in db.session.scalars(rows)
    ]


def present(cls: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(cls).where(cls.hidden.is_(False), *conditions)) or 0


def test_every_card_of_the_samples_becomes_a_person(bring_in: Callable[..., Written]) -> None:
    for path in sorted(EXCERPTS.glob("*.vcf")):
        bring_in(path.read_bytes())
    ann = person("Simon Perreault")
    assert reached(ann) == [
        ("email", "simon.perreault@viagenie.ca", "Work", True),
        ("phone", "+1-418-656-9254 ext. 102", "Work", True),
        ("phone", "+1 418-262-6501", "Mobile", False),
        ("website", "http://nomis80.org", "Home", True),
        ("address", "Suite D2-630, 2875 Laurier, G1V 2M2 Quebec, QC, Canada", "Work", True),
    ]
    outlook = person("John Doe III")
    assert (outlook.email, outlook.phone, outlook.city) == ("jdoe@hotmail.com", None, "Austin")
    contact = db.session.scalars(select(Contact).where(Contact.person_id == outlook.id)).one()
    told = (contact.party.name, contact.job_title, contact.department)
    assert told == ("Company, The", "The Job Title", "TheDepartment")
    assert contact.notes == (
        "This is the note field!!\nSecond line\n\nThird line is empty\nNickname: Joey\n"
        "Role: TheProfession\nPhone (work): BusinessPhone\nPhone (home): HomePhone\nPhone (cell): MobilePhone\n"
        "Phone (work, fax): BusinessFaxPhone"
    )
    # the same John Doe, by e-mail, in five address books
    assert present(Party, Party.name.like("Mr. John Richter%")) == 2  # ibm.com, and ibm.cm of Outlook
    assert present(Party, Party.name == "IBM") == 1
    assert present(Party, Party.name == "john.doe@company.com", Party.kind == "person") == 1


def test_a_card_is_taken_over_whole(bring_in: Callable[..., Written]) -> None:
    written = bring_in((EXCERPTS / "gmail-single2.vcf").read_bytes())
    assert written.counts == {
        "created": 1, "skipped": 0, "refused": 0, "organizations": 1, "purposes": 2,
    }  # fmt: skip
    party = person("VCard Test")
    assert [each[1:] for each in reached(party) if each[0] == "email"] == [
        ("email@example.com", "", True),
        ("homeemail@example.com", "Home", False),
        ("workemail@example.com", "Work", False),
        ("otheremail@example.com", "", False),
        ("customcategory@example.com", "", False),
    ]
    assert [each[2] for each in reached(party) if each[0] == "phone"] == [
        *("", "Home", "Work", "", "Mobile", "", "", "", "Fax", "Fax", "Pager")
    ]
    contact = db.session.scalars(select(Contact)).one()
    assert contact.notes is not None
    assert "customcategory@example.com: CustomEmailCategory" in contact.notes.split("\n")


@pytest.mark.parametrize("source", [GOOGLE, OUTLOOK, GERMAN])
def test_tables_of_address_books_are_understood(bring_in: Callable[..., Written], source: str) -> None:
    bring_in(source)
    zoe = db.session.scalars(select(Party).where(Party.email == "zoe@example.com")).one()
    assert zoe.name in ("Dr. Zoë Anna Müller", "Frau Zoë Müller")
    told = reached(zoe)
    for each in (
        ("email", "z@example.org"), ("phone", "+41 79 204 35 64"), ("phone", "+41 44 668 18 01"),
        ("website", "https://www.example.com/zoe"),
    ):  # fmt: skip
        assert each in [row[:2] for row in told]
    assert ("phone", "+41 79 204 35 64", "Mobile") in [row[:3] for row in told]
    assert ("phone", "+41 44 668 18 01", "Fax", False) in told
    assert (zoe.city, zoe.postal_code, zoe.country) == ("Zürich", "8001", "Schweiz")
    contact = db.session.scalars(select(Contact).where(Contact.person_id == zoe.id)).one()
    assert contact.party.name == "Öl, Gas & Co"
    assert (contact.job_title, contact.department) in (("Head of Sales", "Sales"), ("Leiterin", "Verkauf"))
    assert contact.notes in (
        "one\ntwo\nCategories: VIP\nhttps://www.example.com/zoe: Blog",
        "one\nCategories: VIP",
        "eins",
    )


def test_the_same_people_again_are_nobody_new(bring_in: Callable[..., Written]) -> None:
    source = (EXCERPTS / "rfc2426-example.vcf").read_bytes()
    assert bring_in(source).counts["created"] == 2
    again = bring_in(source.replace(b"6544 Battleford", b"1 Battleford"))
    assert (again.counts["created"], again.counts["skipped"], again.operation_id) == (0, 2, None)
    assert present(Contact) == 2


@pytest.mark.parametrize(
    ("other", "known"),
    [
        ("FN:Ann Lee\r\nEMAIL:ANN@example.com", True),
        ("FN:Lee\\, Ann M.\r\nEMAIL:ann@example.com", True),
        ("FN:Bob Kerr\r\nEMAIL:ann@example.com", False),  # they share a mailbox
        ("FN:ANN LEE\r\nTEL:0446681800", True),
        ("FN:Bob Kerr\r\nTEL:0446681800", False),
        ("FN:Änn Lee\r\nORG:ACME", True),
        ("FN:Ann Lee\r\nORG:Globex", False),
        ("FN:Ann Lee", True),
        ("FN:Somebody Else\r\nUID:4711", True),
        ("FN:Somebody Else\r\nUID:4712", False),
    ],
)
def test_whom_we_know(bring_in: Callable[..., Written], other: str, known: bool) -> None:
    bring_in(CARD.format("FN:Ann Lee\r\nORG:Acme\r\nEMAIL:ann@example.com\r\nTEL:+41 44 668 18 00\r\nUID:4711"))
    assert bring_in(CARD.format(other)).counts["created"] == (0 if known else 1)


def test_who_was_merged_is_known_by_the_cards_of_both(bring_in: Callable[..., Written]) -> None:
    for name, uid in (("Ann Lee", "1"), ("Anne Lee", "2"), ("Anna Lee", "3")):
        bring_in(CARD.format(f"FN:{name}\r\nUID:{uid}"))
    ann, anne, anna = (
        db.session.query(Party).filter_by(name=name).one() for name in ("Ann Lee", "Anne Lee", "Anna Lee")
    )
    anne.absorb([anna], {}, by=None)
    ann.absorb([anne], {}, by=None)
    ids = ann.id, anne.id
    db.session.commit()
    merged = db.session.query(func.max(Operation.id)).scalar()
    for uid in "123":
        assert bring_in(CARD.format(f"FN:Somebody Else\r\nUID:{uid}")).counts["created"] == 0
    undo(db.session.get_one(Operation, merged), by=None)
    db.session.commit()
    assert queries.uids("123") == {"1": ids[0], "2": ids[1], "3": ids[1]}


def test_nobody_comes_twice_from_one_file(bring_in: Callable[..., Written], tmp_path: Path) -> None:
    source = CARD.format("FN:Ann Lee\r\nEMAIL:ann@example.com") * 2 + CARD.format("FN:Ann Lee\r\nEMAIL:a@example.org")
    assert bring_in(source).counts["created"] == 2


def test_an_import_is_taken_back_and_can_come_again(bring_in: Callable[..., Written]) -> None:
    source = (EXCERPTS / "gmail-single2.vcf").read_bytes()
    before = present(Party)
    written = bring_in(source)
    assert written.operation_id
    undo(db.session.get_one(Operation, written.operation_id), by=None)
    db.session.commit()
    assert (present(Party), present(Contact), present(Channel)) == (before, 0, 0)
    assert bring_in(source).counts["created"] == 1
    assert present(Channel) == 27


def test_companies_and_groups(bring_in: Callable[..., Written], tmp_path: Path) -> None:
    source = "".join(
        CARD.format(inside)
        for inside in (
            "KIND:group\r\nFN:Friends", "KIND:org\r\nFN:Acme\r\nTEL:0446681800", "FN:Globex\r\nORG:Globex",
            "FN:Ann Lee\r\nN:Lee;Ann;;;\r\nORG:Acme",
        )
    )  # fmt: skip
    found = staged(source.encode(), tmp_path)
    assert found.counts["organizations"] == 0
    assert bring_in(source).counts["created"] == 3
    assert (person("Acme").kind, person("Globex").kind, person("Acme").phone) == (
        "organization",
        "organization",
        "+41 44 668 18 00",
    )
    assert db.session.scalars(select(Contact)).one().party.name == "Acme"


def test_what_is_wrong_with_a_card_is_told(app: Flask, tmp_path: Path) -> None:
    source = CARD.format("N:;;;;") + CARD.format(f"FN:{'x' * 101}") + CARD.format("FN:Ann\r\nNOTE:a\x07b")
    source += CARD.format(f"FN:Bob\r\nADR:;;;{'x' * 101};;;")
    found = staged(source.encode(), tmp_path)
    assert [(each.line, each.column, each.reason) for each in found.problems] == [
        (1, "FN", "the card says neither a name nor a way to reach anybody"),
        (5, "FN", "this has 101 characters, at most 100 fit"),
        (9, "NOTE", "this holds characters that cannot be shown"),
        (14, "ADR", "this has 101 characters, at most 100 fit"),
    ]


def test_nobody_is_reached_in_a_hundred_thousand_ways(app: Flask, tmp_path: Path) -> None:
    """Their page would show them all, to everybody."""
    numbers = "\r\n".join(f"TEL:+4144{number:07}" for number in range(101))
    found = staged(CARD.format(f"FN:Eva\r\n{numbers}").encode(), tmp_path)
    assert not found.rows
    assert "101 ways to reach somebody, at most 100 fit" in found.problems[0].reason


def test_an_organization_that_may_be_either_is_asked_about(app: Flask, tmp_path: Path) -> None:
    for _ in range(2):
        Party.enter({"name": "Acme"}, by=None)
    db.session.commit()
    found = staged(CARD.format("FN:Ann\r\nORG:acme").encode(), tmp_path)
    assert [each.reason for each in found.problems] == [
        "several parties have this name: rename one of them, or merge them"
    ]


def test_blanks_of_those_we_know_are_filled_only_when_asked(bring_in: Callable[..., Written]) -> None:
    bring_in(CARD.format("FN:Ann Lee\r\nORG:Acme\r\nTITLE:Buyer\r\nEMAIL:ann@example.com"))
    more = "FN:Ann Lee\r\nORG:Acme;Sales\r\nTITLE:Boss\r\nEMAIL:ANN@example.com\r\nTEL;TYPE=fax:0446681800"
    assert bring_in(CARD.format(more)).counts["skipped"] == 1
    written = bring_in(CARD.format(more), fill=True)
    assert (written.counts["filled"], written.counts["skipped"], written.counts["purposes"]) == (1, 0, 1)
    ann = person("Ann Lee")
    assert reached(ann) == [
        ("email", "ann@example.com", "", True),
        ("phone", "+41 44 668 18 00", "Fax", True),
    ]
    contact = db.session.scalars(select(Contact)).one()
    assert (contact.job_title, contact.department) == ("Buyer", "Sales")
    again = bring_in(CARD.format(more), fill=True)
    assert (again.counts["skipped"], again.operation_id) == (1, None)
    assert written.operation_id
    undo(db.session.get_one(Operation, written.operation_id), by=None)
    db.session.commit()
    assert reached(person("Ann Lee")) == [("email", "ann@example.com", "", True)]


def test_somebody_known_who_acts_for_another_party_becomes_a_contact_of_it(bring_in: Callable[..., Written]) -> None:
    bring_in(CARD.format("FN:Ann Lee\r\nORG:Acme\r\nEMAIL:ann@example.com"))
    bring_in(CARD.format("FN:Ann Lee\r\nORG:Globex\r\nTITLE:Boss\r\nEMAIL:ann@example.com"), fill=True)
    found = db.session.scalars(select(Contact).order_by(Contact.id))
    assert [(each.party.name, each.job_title) for each in found] == [("Acme", None), ("Globex", "Boss")]
    assert present(Party, Party.name == "Ann Lee") == 1
