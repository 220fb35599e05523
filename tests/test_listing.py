"""The machine behind every list page: filters, order, pages by key and the CSV file, without a page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from p2p.db import db
from p2p.filters import the_format
from p2p.listing import About, Choice, Column, Flag, Listed, Listing, NoSuchList, Text
from p2p.listing import reading as machine
from p2p.listing.sheets import as_it_was, harmless, lines
from p2p.parties.models import KINDS, Party, fold

PARTIES = Listing(
    name="parties",
    caption="Parties",
    base=select(Party.id).where(Party.hidden.is_(False)),
    id=Party.id,
    columns=(
        Column("name", "Name", Party.name, sort=Party.name_folded, nullable=False),
        Column("city", "City", Party.city),
        Column("kind", "Kind", Party.kind, words=KINDS, sortable=False),
        Column("version", "Version", Party.version, kind="number", numeric=True),
    ),
    sort="name",
    filters=(
        Text("q", "Text", lambda words: Party.name_folded.contains(fold(words), autoescape=True)),
        Choice("kind", "Kind", lambda kind: Party.kind == kind, choices=lambda: list(KINDS.items())),
        Flag("placed", "Has a city", lambda _: Party.city.is_not(None)),
        About("like", "Like", lambda id: Party.id == id, name=lambda id: "one" if id == 1 else None),
    ),
    archived=Party.archived,
)


@pytest.fixture
def parties(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Party]]:
    """23 parties, some of one name, every third without a city, on pages of five."""
    monkeypatch.setattr(machine, "PAGE_SIZE", 5)
    facts = [
        {"name": f"Party {chr(65 + number % 7)}", "city": None if number % 3 == 0 else f"City {number % 4}"}
        for number in range(23)
    ]
    with app.test_request_context():
        made = [Party.enter(each, by=None) for each in facts]
        db.session.commit()
        yield made


def look(**asked: str) -> Listed:
    return Listed(PARTIES, "/parties/", asked).read()


def walk(sort: str) -> list[list[int]]:
    """Every page from the first to the last, then back again: the same rows both ways."""
    there, asked = [look(sort=sort)], {"sort": sort}
    while there[-1].next:
        there.append(look(**asked, after=str(there[-1].next)))
    back = [there[-1]]
    while back[-1].previous:
        back.append(look(**asked, before=str(back[-1].previous)))
    ids = [[row["id"] for row in page.rows] for page in there]
    assert [[row["id"] for row in page.rows] for page in reversed(back)] == ids
    assert [page.first for page in reversed(back)] == [page.first for page in there]
    return ids


@pytest.mark.parametrize("sort", ["name", "-name", "city", "-city", "version", "-version"])
def test_pages_hold_every_row_once_in_order(parties: list[Party], sort: str) -> None:
    def key(party: Party) -> tuple[Any, ...]:
        value = {"name": party.name_folded, "city": party.city, "version": party.version}[sort.removeprefix("-")]
        return (value is not None, value or "", party.id) if down else (value is None, value or "", party.id)

    down = sort.startswith("-")
    ids = [id for page in walk(sort) for id in page]

    assert ids == [party.id for party in sorted(parties, key=key, reverse=down)]


def test_a_page_knows_its_place_among_all(parties: list[Party]) -> None:
    first = look()
    second = look(after=str(first.next))

    assert (first.first, first.last, first.total_words) == (1, 5, "23")
    assert (second.first, second.last) == (6, 10)
    assert first.previous is None
    assert look(before=str(second.previous)).previous is None


def test_rows_added_meanwhile_shift_nothing(parties: list[Party]) -> None:
    first = look()
    Party.enter({"name": "Aardvark"}, by=None)

    assert not {row["id"] for row in look(after=str(first.next)).rows} & {row["id"] for row in first.rows}


def test_a_count_stops_at_its_limit(parties: list[Party], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "COUNT_UP_TO", 10)

    assert look().total_words == "10+"


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"q": "PÀRTY a"}, 4),
        ({"q": "%"}, 0),
        ({"kind": "person"}, 0),
        ({"placed": "1"}, 15),
        ({"placed": "1", "q": "party a"}, 2),
        ({"archived": "1"}, 0),
        ({"q": "", "unknown": "'; drop table party"}, 23),
    ],
)
def test_filters_narrow(parties: list[Party], asked: dict[str, str], count: int) -> None:
    assert look(**asked).total == count


def test_archived_rows_show_only_when_asked(parties: list[Party]) -> None:
    parties[0].archive(by=None)

    assert look().total == 22
    assert [row["id"] for row in look(archived="1").rows] == [parties[0].id]


@pytest.mark.parametrize(
    "asked",
    [
        {"sort": "secret"}, {"sort": "kind"}, {"sort": "--name"}, {"kind": "robot"}, {"placed": "yes"}, {"q": "a\0"},
        {"like": "2"}, {"like": "1e9"}, {"after": "nonsense"}, {"after": "WzFd"}, {"before": "====="},
        {"after": str(machine.Place("-name", "a", 1, 1))}, {"after": str(machine.Place("name", 5, 1, 1))},
        {"after": str(machine.Place("name", "a", -1, 1))}, {"after": str(machine.Place("name", "\0", 1, 1))},
        {"sort": "version", "after": str(machine.Place("version", 2**70, 1, 1))},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(parties: list[Party], asked: dict[str, str]) -> None:
    with pytest.raises(NoSuchList):
        look(**asked)


def test_addresses_keep_what_was_chosen(parties: list[Party]) -> None:
    listed = look(q="party", placed="1", sort="-city", utm="x")

    assert listed.url() == "/parties/?q=party&placed=1&sort=-city"
    assert listed.chips == [
        {"label": "Text: party", "href": "/parties/?placed=1&sort=-city"},
        {"label": "Has a city", "href": "/parties/?q=party&sort=-city"},
    ]
    name, city = PARTIES.columns[:2]
    assert listed.sort_url(city) == "/parties/?q=party&placed=1&sort=city"
    assert listed.sort_url(name) == "/parties/?q=party&placed=1"
    assert (listed.direction(city), listed.direction(name)) == ("descending", None)


def test_a_list_costs_two_statements(parties: list[Party]) -> None:
    counted: list[str] = []
    look()  # begins the transaction
    note: Callable[..., None] = lambda *told: counted.append(told[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", note)
    look()
    few = len(counted)
    for number in range(100):
        Party.enter({"name": f"More {number}"}, by=None)
    counted.clear()
    look()
    event.remove(db.engine, "before_cursor_execute", note)

    assert few == len(counted) == 2


@pytest.mark.engine("sqlite")
def test_pages_by_name_are_read_off_the_index(parties: list[Party]) -> None:
    listed = look(after=str(look().next))
    assert listed.after is not None
    wanted = listed.ordered().where(listed._beyond(listed.after, backwards=False)).limit(6)
    told = str(wanted.compile(db.engine, compile_kwargs={"literal_binds": True}))
    plan = " ".join(row[-1] for row in db.session.connection().exec_driver_sql(f"explain query plan {told}"))

    assert "ix_party_name" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"), ("@sum", "'@sum"), ("+cmd|x", "'+cmd|x"), ("-2+3", "'-2+3"), ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"), ("-12.50", "-12.50"), ("+41 44 668 18 00", "+41 44 668 18 00"), ("a=b", "a=b"), ("", ""),
        ("＝1+1", "'＝1+1"), ("＠sum", "'＠sum"), ("'quoted'", "'quoted'"),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(cell: str, written: str) -> None:
    assert harmless(cell) == written
    assert as_it_was(written) == cell, "imported again it is what it was"


def test_the_file_holds_all_that_matches(parties: list[Party]) -> None:
    Party.enter({"name": "=HYPERLINK(1)", "city": 'Zürich, "Enge"'}, by=None)
    db.session.flush()
    rows = db.session.execute(Listed(PARTIES, "/parties/", {"placed": "1"}).ordered()).mappings()
    told = "".join(lines(list(PARTIES.columns), rows, the_format()))

    assert told.startswith("\ufeffName,City,Kind,Version\r\n")
    sheet = list(csv.DictReader(io.StringIO(told.removeprefix("\ufeff"))))
    assert len(sheet) == 16
    assert sheet[0] == {"Name": "'=HYPERLINK(1)", "City": 'Zürich, "Enge"', "Kind": "Organization", "Version": "1"}
