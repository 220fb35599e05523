"""Leads come from tables: with owners, campaigns and list entries, matched to parties only where no other is meant."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from p2p.campaigns.models import Campaign
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.engine import reading_session
from p2p.exchange import importing, kinds, mapping
from p2p.exchange.importing import Written
from p2p.exchange.leads.kind import LEADS
from p2p.exchange.leads.staging import Leads
from p2p.filters import today
from p2p.history import Operation
from p2p.history.undoing import undo
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from tests.cast import RITA
from tests.visitor import Visitor

DYNAMICS = (
    "Lead Number,Topic,First Name,Last Name,Email,Business Phone,Company Name,Lead Source,Source Campaign,Rating,"
    "Priority,Owner,Status,Status Reason,Created On,Closed On,Follow Up On,Description,Industry\n"
    "L-2025-0007,Solar roof,Ann,Lee,ann@example.com,044 668 18 00,Acme,Web,Fair 2025,Hot,High,Rita Sommer,Open,,"
    '2025-03-01,,,"first\nsecond",Metal\n'
    ",,Bob,,bob@example.com,,,Trade fair,,Lukewarm,,Zed Zog,Disqualified,No budget,2025-03-02,2025-03-09,,,\n"
    ",Heat pump,,,,,Globex,,,,,,Qualified,whatever,2025-03-03,,,,\n"
    ",Windows,,,,,Globex,,,,,,On Hold,,2025-03-04,,2031-01-01,,\n"
)
GERMAN = (
    "Betreff;Firma;Ansprechpartner;E-Mail-Adresse;Telefon;Quelle;Kampagne;Besitzer;Status;Erstellt am;Beschreibung\n"
    "Solardach;Acme;Ann Lee;ann@example.com;044 668 18 00;Web;Messe;Rita Sommer;In Bearbeitung;01.03.2025;erste\n"
)


def staged(source: str, folder: Path, **options: Any) -> Leads:
    file = folder / "leads.csv"
    file.write_text(source, encoding="utf-8")
    with reading_session():
        kind, sheet = kinds.read(file, "", {}, "de_CH")
        assert kind is LEADS
        given = options.pop("given", None)
        found = kind.stage(sheet, mapping.propose(sheet, kind.fields, about=kind.about, given=given), **options)
        assert isinstance(found, Leads)
        return found


@pytest.fixture
def bring_in(app: Flask, tmp_path: Path) -> Callable[..., Written]:
    def brought(source: str, **options: Any) -> Written:
        written = importing.write(LEADS, staged(source, tmp_path, **options), by=None)
        db.session.commit()
        return written

    return brought


def lead(subject: str) -> Lead:
    return db.session.scalars(select(Lead).where(Lead.subject == subject, Lead.hidden.is_(False))).one()


def present(cls: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(cls).where(cls.hidden.is_(False))) or 0


def test_rows_become_leads(bring_in: Callable[..., Written]) -> None:
    written = bring_in(DYNAMICS)
    assert written.counts == {
        "created": 4, "brought_back": 0, "skipped": 0, "refused": 0, "matched": 0, "owners": 1, "campaigns": 1,
        "entries": 2,
    }  # fmt: skip
    roof = lead("Solar roof")
    assert (roof.number, roof.person_name, roof.company_name, roof.email) == (
        "L-2025-0007", "Ann Lee", "Acme", "ann@example.com",
    )  # fmt: skip
    assert (roof.phone, roof.phone_key, roof.description) == ("+41 44 668 18 00", "+41446681800", "first\nsecond")
    assert [str(each) for each in (roof.source, roof.campaign, roof.rating, roof.priority, roof.owner)] == [
        *("Web", "Fair 2025", "Hot", "High", "Rita Sommer")
    ]
    assert (roof.status, roof.opened_on, roof.party_id) == ("open", date(2025, 3, 1), None)
    assert (str(roof.process), str(roof.stage)) == ("Lead qualification", "First contact")
    lost = lead("Interest of Bob")
    assert (lost.status, str(lost.reason), lost.closed_on, lost.outcome_note) == (
        "not_qualified", "No budget", date(2025, 3, 9), None,
    )  # fmt: skip
    won = lead("Heat pump")
    assert (won.status, str(won.reason), won.outcome_note) == ("qualified", "Not recorded", "whatever")
    later = lead("Windows")
    assert (later.status, later.wake_on) == ("postponed", date(2031, 1, 1))
    assert {won.number[:7], lost.number[:7]} == {f"L-{today().year}-"}


def test_columns_without_a_place_stay_with_the_lead_and_go_along(
    bring_in: Callable[..., Written], as_: Callable[..., Visitor]
) -> None:
    bring_in(DYNAMICS)
    assert lead("Solar roof").imported == {"Industry": "Metal"}
    assert lead("Heat pump").imported is None
    rita = as_(RITA).visit(f"/leads/{lead('Solar roof').id}")
    assert "Industry imported Metal" in rita.text
    rita.click("Qualify").submit("Qualify")
    assert db.session.query(Opportunity).one().imported == {"Industry": "Metal"}


def test_german_headings(bring_in: Callable[..., Written]) -> None:
    bring_in(GERMAN)
    roof = lead("Solardach")
    assert (roof.company_name, roof.person_name, str(roof.campaign), roof.opened_on) == (
        "Acme", "Ann Lee", "Messe", date(2025, 3, 1),
    )  # fmt: skip


HEAD = "Topic,Company Name,Email,Phone,Lead Source\n"


@pytest.mark.parametrize(
    ("row", "party"),
    [
        ("x,ACMÉ,,,", "Acme"),
        ("x,Nobody,,,", None),
        ("x,Twin,,,", None),  # two have this name
        ("x,,ann@acme.example.com,,", "Acme"),
        ("x,Acme AG,Ann@ACME.example.com,,", "Acme"),  # the same but for its legal form
        ("x,Globex,ann@acme.example.com,,", None),  # an address there, but another name
        ("x,,,0446681800,", "Acme"),
        ("x,,shared@example.com,,", None),
    ],
)
def test_a_party_is_matched_only_where_no_other_can_be_meant(
    bring_in: Callable[..., Written], row: str, party: str | None
) -> None:
    reach = [("email", {"value": "ann@acme.example.com"})]
    acme = Party.enter({"name": "Acme", "phone": "044 668 18 00"}, by=None)
    Contact.enter(acme, {"name": "Ann Lee", "email": reach[0][1]["value"]}, by=None)
    for _ in range(2):
        Party.enter({"name": "Twin", "email": "shared@example.com"}, by=None)
    db.session.commit()
    bring_in(HEAD + row)
    found = lead("x")
    assert (found.party.name if found.party else None) == party
    assert found.company_name == (row.split(",")[1] or None if party is None else None)


def test_the_same_file_again_creates_nothing_and_an_undone_one_comes_back(bring_in: Callable[..., Written]) -> None:
    written = bring_in(DYNAMICS)
    assert bring_in(DYNAMICS, seen=True).counts["skipped"] == 4
    assert bring_in(DYNAMICS).counts["skipped"] == 1  # only the number tells
    assert written.operation_id
    db.session.rollback()
    newer = db.session.scalars(select(Operation.id).order_by(Operation.id.desc())).first()
    undo(db.session.get_one(Operation, newer), by=None)
    undo(db.session.get_one(Operation, written.operation_id), by=None)
    db.session.commit()
    assert (present(Lead), present(Campaign)) == (0, 0)
    again = bring_in(DYNAMICS)
    assert (again.counts["created"], again.counts["brought_back"]) == (3, 1)
    assert lead("Solar roof").number == "L-2025-0007"


def test_what_is_wrong_is_told(app: Flask, tmp_path: Path) -> None:
    source = (
        "Topic,Email,Lead Status,Created On,Lead Source,Lead Owner\n,,Open,2025-03-01,Web,\n"
        "x,nonsense,Open,2025-03-01,Web,\n"
        "y,bob@example.com,Sleeping,2025-03-01,Web,\nz,,New,1825-03-01,Web,\nq\x07,,Open,2025-03-01,Web,\nok,ann@example.com,Contacted,2025-03-01,Web,\n"
    )
    found = staged(source, tmp_path)
    assert [(each.line, each.column) for each in found.problems] == [
        *((2, "Topic"), (3, "Email"), (4, "Lead Status"), (5, "Created On"), (6, "Topic"))
    ]
    assert len(found.rows) == 1
