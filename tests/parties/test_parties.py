"""The address book, as people use it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from p2p.db import db
from p2p.identity.models import User
from p2p.parties.models import Party
from tests.cast import MAX, RITA, ROLF, VERA, Character
from tests.visitor import Visitor

As = Callable[..., Visitor]
Who = Callable[[Character], User]


def enter(user: Who, *names: str, **facts: Any) -> list[Party]:
    made = [Party.enter({"name": name} | facts, by=user(RITA)) for name in names]
    db.session.commit()
    return made


def names(visitor: Visitor) -> list[str]:
    return [row["Name"] for row in visitor.table("Parties")]


# -- the list ---------------------------------------------------------------------------------------------------------


def test_an_empty_list_teaches(as_: As) -> None:
    assert "No parties yet" in as_(RITA).visit("/parties/").text


def test_filters_are_addresses(as_: As, user: Who) -> None:
    enter(user, "Alpha AG", city="Zürich")
    enter(user, "Beta AG", city="Bern", email="info@beta.example.com")
    enter(user, "Rosa Alpha", kind="person")
    visitor = as_(VERA).visit("/parties/")
    assert names(visitor) == ["Alpha AG", "Beta AG", "Rosa Alpha"]

    visitor.fill({"Text": "ALPHÄ"}).submit("Filter")
    assert names(visitor) == ["Alpha AG", "Rosa Alpha"]
    visitor.fill({"Kind": "Person"}).submit("Filter")
    assert names(visitor) == ["Rosa Alpha"]
    visitor.click("Without Text: ALPHÄ").click("Without Kind: Person")
    assert len(names(visitor)) == 3
    assert names(visitor.visit("/parties/?q=zürich")) == ["Alpha AG"]
    assert names(visitor.visit("/parties/?q=beta.example")) == ["Beta AG"]
    assert "Nothing matches" in visitor.visit("/parties/?q=nobody").text


def test_the_list_tells_roles(as_: As, user: Who) -> None:
    from p2p.competitors.models import Competitor
    from p2p.prospects.models import Customer

    _, both = enter(user, "Plain", "Both")
    Customer.open(both, by=user(RITA))
    Competitor.register(both, {}, by=user(MAX))
    db.session.commit()
    visitor = as_(RITA).visit("/parties/")

    assert {row["Name"]: row["Roles"] for row in visitor.table()} == {"Plain": "", "Both": "Customer, Competitor"}
    assert names(visitor.visit("/parties/?role=none")) == ["Plain"]
    assert names(visitor.visit("/parties/?role=customer")) == ["Both"]
    assert "Nothing matches" in visitor.visit("/parties/?role=prospect").text


def test_a_list_is_sorted_by_its_heads(as_: As, user: Who) -> None:
    enter(user, "B", city="Aarau")
    enter(user, "A", city="Zug")
    visitor = as_(RITA).visit("/parties/").click("City")
    assert names(visitor) == ["B", "A"]
    visitor.click("City")
    assert names(visitor) == ["A", "B"]
    assert visitor.page.xpath("//th[@aria-sort='descending']")


@pytest.mark.parametrize("query", ["sort=password", "kind=robot", "after=x", "archived=maybe", "q=a%00b"])
def test_nonsense_in_an_address_is_refused(as_: As, query: str) -> None:
    as_(RITA).visit(f"/parties/?{query}", expect=400)


def test_pages_lead_forth_and_back(as_: As, user: Who) -> None:
    enter(user, *(f"Party {number:03}" for number in range(120)))
    visitor = as_(RITA).visit("/parties/")
    assert "1–50 of 120" in visitor.text
    visitor.click("Next").click("Next")
    assert "101–120 of 120" in visitor.text
    assert names(visitor)[-1] == "Party 119"
    visitor.click("Previous").click("Previous")
    assert names(visitor)[0] == "Party 000"


def test_a_list_costs_the_same_for_one_row_and_for_a_hundred(as_: As, user: Who) -> None:
    visitor = as_(RITA)
    enter(user, "One")
    counted: list[str] = []
    note: Callable[..., None] = lambda *told: counted.append(told[2])  # noqa: E731

    def cost() -> int:
        visitor.visit("/parties/")  # the first read after a write also tells the connection so
        counted.clear()
        event.listen(db.engine, "before_cursor_execute", note)
        visitor.visit("/parties/")
        event.remove(db.engine, "before_cursor_execute", note)
        return len(counted)

    one = cost()
    enter(user, *(f"Party {number}" for number in range(100)))

    assert cost() == one


def test_the_file_holds_what_the_filter_matches(as_: As, user: Who) -> None:
    enter(user, *(f"Many {number:02}" for number in range(60)))
    enter(user, "Other", "=Many()", phone="+41 44 668 18 00")
    visitor = as_(VERA).visit("/parties/?q=many")
    visitor.click("Export these 61 as CSV")
    assert visitor.response is not None
    assert visitor.response.mimetype == "text/csv"
    assert "parties-" in visitor.response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(visitor.body.decode("utf-8-sig"))))
    assert len(rows) == 61
    assert rows[0]["Name"] == "'=Many()"
    assert rows[0]["Phone"] == "+41 44 668 18 00"


def test_the_part_for_htmx_is_the_list_alone(as_: As, user: Who) -> None:
    enter(user, "Alpha")
    part = as_(RITA).visit("/parties/").part_of("/parties/?q=alp")
    assert part[0].get("id") == "parties-list"


# -- entering and changing --------------------------------------------------------------------------------------------


def test_a_party_is_entered_in_the_normal_spelling(as_: As) -> None:
    visitor = as_(RITA).visit("/parties/").click("New party")
    visitor.fill(
        {"Name": "  Müller Bau AG ", "Phone": "044 668 18 00", "E-mail": "Eva@EXAMPLE.com", "Web site": "example.com"}
    ).submit("Create")

    assert visitor.heading == "Müller Bau AG"
    assert "was entered" in visitor.toast
    party = db.session.query(Party).one()
    assert (party.phone, party.email, party.website) == ("+41 44 668 18 00", "Eva@example.com", "https://example.com")


@pytest.mark.parametrize(
    ("label", "typed", "said"),
    [
        ("Name", "", "Please give a name."),
        ("Name", "   ", "Please give a name."),
        ("Name", "x" * 101, "At most 100"),
        ("E-mail", "nobody", "no e-mail address"),
        ("Web site", "javascript:alert(1)", "web address"),
        ("Web site", "ftp://example.com", "web address"),
        ("Phone", "call me", "needs figures"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_lost(as_: As, label: str, typed: str, said: str) -> None:
    visitor = as_(RITA).visit("/parties/new")
    visitor.fill({"Name": "Kept AG", "Notes": "long story", label: typed}).submit("Create", expect=422)

    assert said in {words.removesuffix(" optional"): why for words, why in visitor.errors.items()}[label]
    assert visitor.value("Notes") == "long story"
    assert db.session.query(Party).count() == 0


def test_foreign_and_odd_phone_numbers_are_kept(as_: As) -> None:
    visitor = as_(RITA).visit("/parties/new")
    visitor.fill({"Name": "A", "Phone": "+49 (0)30 901820"}).submit("Create")
    visitor.visit("/parties/new").fill({"Name": "B", "Phone": "12, ask for Eva"}).submit("Create")

    phones = {party.name: party.phone for party in db.session.query(Party)}
    assert phones == {"A": "+49 30 901820", "B": "12, ask for Eva"}


def test_a_likely_duplicate_is_pointed_out_first(as_: As, user: Who) -> None:
    enter(user, "Meier & Söhne AG", city="Chur")
    visitor = as_(RITA).visit("/parties/new")
    visitor.fill({"Name": "Meier + Sohne GmbH", "City": "Davos"}).submit("Create", expect=422)
    assert "Meier & Söhne AG, Chur" in visitor.text
    assert db.session.query(Party).count() == 1

    visitor.press("Create anyway")
    assert visitor.heading == "Meier + Sohne GmbH"
    assert "Davos" in visitor.text


def test_the_same_form_sent_twice_creates_once(as_: As) -> None:
    visitor = as_(RITA).visit("/parties/new")
    sent = dict(visitor.form(has=("Name",)).data()) | {"name": "Once AG"}
    visitor.post("/parties/new", sent)
    visitor.post("/parties/new", sent)

    assert db.session.query(Party).count() == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_facts_are_changed_and_taken_back(as_: As, user: Who, htmx: bool) -> None:
    (party,) = enter(user, "Alpha")
    visitor = as_(RITA, htmx=htmx).visit(f"/parties/{party.id}")
    visitor.click("Edit").fill({"City": "Olten"}).submit("Save")
    assert "was saved" in visitor.toast
    assert "Olten" in visitor.text

    visitor.click("Add phone").fill({"Number": "044 668 18 00"}).submit("Add")
    assert "+41 44 668 18 00" in visitor.text
    visitor.press("Undo", within="was added")
    assert "+41 44 668 18 00" not in visitor.visit(f"/parties/{party.id}").text
    assert "Olten" in visitor.text


def test_a_fact_that_is_none_has_no_form(as_: As, user: Who) -> None:
    (party,) = enter(user, "Alpha")
    visitor = as_(RITA)
    for name in ("hidden", "version", "id", "csrf_token", "merged_into", "__class__"):
        visitor.visit(f"/parties/{party.id}/facts/{name}", expect=404)


def test_two_people_change_different_facts(as_: As, user: Who) -> None:
    (party,) = enter(user, "Alpha")
    rita = as_(RITA).visit(f"/parties/{party.id}/edit").fill({"City": "Olten"})
    as_(ROLF).visit(f"/parties/{party.id}/edit").fill({"Country": "CH"}).submit("Save")
    rita.submit("Save")

    db.session.refresh(party)
    assert (party.city, party.country) == ("Olten", "CH")


def test_two_people_change_the_same_fact(as_: As, user: Who) -> None:
    (party,) = enter(user, "Alpha")
    rita = as_(RITA).visit(f"/parties/{party.id}/facts/city").fill({"City": "Olten"})
    as_(ROLF).visit(f"/parties/{party.id}/facts/city").fill({"City": "Aarau"}).submit("Save")
    rita.submit("Save", expect=409)

    assert "Olten" in rita.text
    assert "Aarau" in rita.text
    db.session.refresh(party)
    assert party.city == "Aarau"


def test_an_archived_party_leaves_lists_and_comes_back(as_: As, user: Who) -> None:
    (party,) = enter(user, "Alpha")
    visitor = as_(RITA).visit(f"/parties/{party.id}").press("Archive")
    assert "is archived" in visitor.text
    assert "No parties yet" in visitor.visit("/parties/").text
    assert names(visitor.visit("/parties/?archived=1")) == ["Alpha"]
    visitor.click("Alpha").press("Restore")
    assert names(visitor.visit("/parties/")) == ["Alpha"]


def test_an_undone_party_is_nowhere(as_: As) -> None:
    visitor = as_(RITA).visit("/parties/new").fill({"Name": "Gone AG"}).submit("Create")
    address = visitor.url
    visitor.press("Undo", within="was entered")

    visitor.visit(address, expect=404)
    assert "No parties yet" in visitor.visit("/parties/").text


def test_a_viewer_reads_only(as_: As, user: Who) -> None:
    (party,) = enter(user, "Alpha")
    visitor = as_(VERA).visit("/parties/")
    assert "New party" not in dict(visitor.links)
    visitor.click("Alpha")
    assert not {"Edit", "Add phone", "Make prospect", "New contact"} & set(dict(visitor.links))
    assert "Archive" not in visitor.buttons
    for door in ("/parties/new", f"/parties/{party.id}/edit", f"/parties/{party.id}/facts/city"):
        visitor.visit(door, expect=403)
        visitor.visit("/parties/").post(door, {"name": "X"}, expect=403)
    visitor.visit("/parties/").post(f"/parties/{party.id}/archive", expect=403)


# -- naming a party elsewhere -----------------------------------------------------------------------------------------


def test_names_are_suggested_while_typing(as_: As, user: Who) -> None:
    enter(user, "Zeta Alpha", "Alpha AG", "Beta", city="Bern")
    first, second = enter(user, "Alphorn", "Alphorn")
    archived, *_ = enter(user, "Alpha gone")
    archived.archive(by=user(RITA))
    db.session.commit()
    part = as_(RITA).visit("/parties/").part_of("/parties/names?q=alph")

    offered = [option.get("value") for option in part.iter("option")]
    assert offered == ["Alpha AG", f"Alphorn (#{first.id})", f"Alphorn (#{second.id})", "Zeta Alpha"]


def test_the_number_of_a_party_that_is_gone_makes_no_new_one(as_: As, user: Who) -> None:
    """Else whoever picked it from the list, and was slower than a merge, would enter a party of that spelling."""
    visitor = as_(RITA).visit("/contacts/new")
    visitor.fill({"Name": "Nadia Roth", "Acts for": "Alpha AG (#987654)"}).submit("Create", expect=422)
    assert "“Alpha AG (#987654)” is not in the address book any more" in visitor.text


def test_at_most_twelve_names_are_suggested(as_: As, user: Who) -> None:
    enter(user, *(f"Alpha {number}" for number in range(20)))
    visitor = as_(RITA).visit("/parties/")

    assert len(list(visitor.part_of("/parties/names?field=party&party=alpha").iter("option"))) == 12
    assert not list(visitor.part_of("/parties/names?q=").iter("option"))


@pytest.mark.engine("sqlite")
def test_roles_are_read_off_their_index(app: object) -> None:
    from p2p.listing import Listed
    from p2p.parties.queries import listing

    wanted = Listed(listing(), "/parties/", {"role": "prospect"}).ordered().limit(51)
    told = str(wanted.compile(db.engine, compile_kwargs={"literal_binds": True}))
    plan = [row[-1] for row in db.session.connection().exec_driver_sql(f"explain query plan {told}")]

    assert not [step for step in plan if step.startswith("SCAN") and "party" not in step], plan


def test_inside_another_page_a_list_says_only_what_is_new(as_: As, user: Who) -> None:
    from p2p.contacts.models import Contact

    (alpha,) = enter(user, "Alpha AG")
    Contact.enter(alpha, {"name": "Eva Roth"}, by=user(RITA))
    db.session.commit()
    visitor = as_(RITA).visit(f"/parties/{alpha.id}")
    part = visitor.part_of(f"/contacts/?party={alpha.id}&bare=1")

    heads = [cell.text_content() for cell in part.iter("th")]
    assert "Name" in heads
    assert "Acts for" not in heads
    assert part[0].get("hx-get") == f"/contacts/?party={alpha.id}&bare=1"


def test_an_address_typed_by_filtering_has_no_empty_fields(as_: As) -> None:
    visitor = as_(RITA).visit("/parties/")
    sent = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Source": "form#parties-list-filter"}
    answer = visitor.client.get("/parties/?q=alp&kind=&role=", headers=sent)

    assert answer.headers["HX-Replace-Url"] == "/parties/?q=alp"
