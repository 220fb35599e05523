"""Contacts, as people use them."""

from __future__ import annotations

from collections.abc import Callable

from p2p.contacts.models import Contact
from p2p.db import db
from p2p.identity.models import User
from p2p.parties.models import Party
from tests.cast import RITA, ROLF, VERA, Character
from tests.visitor import Visitor

As = Callable[..., Visitor]
Who = Callable[[Character], User]


def party(user: Who, name: str, kind: str = "organization", **facts: str) -> Party:
    made = Party.enter({"name": name, "kind": kind} | facts, by=user(RITA))
    db.session.commit()
    return made


def contact(user: Who, name: str = "Eva Roth", *, acts_for: Party | None = None, **facts: object) -> Contact:
    made = Contact.enter(acts_for or party(user, "Alpha AG"), {"name": name} | facts, by=user(RITA))
    db.session.commit()
    return made


def test_a_new_person_becomes_a_contact(as_: As, user: Who) -> None:
    alpha = party(user, "Alpha AG")
    visitor = as_(RITA).visit(f"/parties/{alpha.id}").click("New contact")
    assert visitor.value("Acts for") == "Alpha AG"
    visitor.fill(
        {"Name": "Eva Roth", "Job title": "Head of purchasing", "Function": "Purchasing", "Decision role": "Decides"}
        | {"Phone": "044 668 18 00", "E-mail": "eva@alpha.example.com"}
    ).submit("Create")

    assert visitor.heading == "Eva Roth"
    for words in ("Head of purchasing, Alpha AG", "Purchasing", "Decides", "+41 44 668 18 00"):
        assert words in visitor.text
    assert db.session.query(Contact).one().person.kind == "person"


def test_a_known_person_can_act_for_another_party(as_: As, user: Who) -> None:
    contact(user, phone="+41 44 668 18 00")
    party(user, "Beta AG")
    visitor = as_(RITA).visit("/contacts/new")
    visitor.fill({"Name": "eva röth", "Acts for": "beta ag", "E-mail": "eva@example.com"}).submit("Create", expect=422)
    visitor.press("Yes, Eva Roth")

    assert visitor.heading == "Eva Roth"
    assert "Acts also for Alpha AG" in visitor.text
    first, second = db.session.query(Contact).order_by(Contact.id)
    assert first.person_id == second.person_id
    assert (second.person.phone, second.person.email) == ("+41 44 668 18 00", "eva@example.com")


def test_a_namesake_is_another_person(as_: As, user: Who) -> None:
    contact(user)
    visitor = as_(RITA).visit("/contacts/new").fill({"Name": "Eva Roth", "Acts for": "Alpha AG"})
    visitor.submit("Create", expect=422).press("No, another person")

    assert len({each.person_id for each in db.session.query(Contact)}) == 2


def test_somebody_whose_e_mail_or_phone_is_known_is_asked_about(as_: As, user: Who) -> None:
    contact(user, email="eva@alpha.example.com", phone="+41 44 668 18 00")
    visitor = as_(RITA).visit("/contacts/new").fill({"Name": "E. Roth", "Acts for": "Alpha AG"})
    visitor.fill({"Phone": "0446681800"}).submit("Create", expect=422)
    assert "Yes, Eva Roth (eva@alpha.example.com) same phone number" in visitor.text

    visitor.fill({"E-mail": "EVA@alpha.example.com"}).submit("Create", expect=422)
    assert "Yes, Eva Roth (eva@alpha.example.com) same e-mail address" in visitor.text
    assert db.session.query(Contact).count() == 1

    visitor.press("No, another person")
    assert db.session.query(Contact).count() == 2


def test_nobody_acts_twice_for_a_party(as_: As, user: Who) -> None:
    contact(user)
    visitor = as_(RITA).visit("/contacts/new").fill({"Name": "Eva Roth", "Acts for": "Alpha AG"})
    visitor.submit("Create", expect=422).press("Yes, Eva Roth", expect=422)

    assert "already acts for this party" in visitor.text
    assert db.session.query(Contact).count() == 1


def test_a_party_is_named_so_that_it_is_the_right_one(as_: As, user: Who) -> None:
    first, _ = party(user, "Twin", city="Bern"), party(user, "Twin", city="Chur")
    visitor = as_(RITA).visit("/contacts/new").fill({"Name": "Eva", "Acts for": "twin"}).submit("Create", expect=422)
    assert f"Twin (#{first.id}) in Bern" in visitor.errors["Acts for"]
    assert visitor.value("Acts for") == "twin"
    visitor.fill({"Acts for": f"Twin (#{first.id})"}).submit("Create")

    assert db.session.query(Contact).one().party_id == first.id


def test_a_new_party_is_entered_in_place(as_: As) -> None:
    as_(RITA).visit("/contacts/new").fill({"Name": "Eva", "Acts for": "Fresh AG"}).submit("Create")

    assert db.session.query(Contact).one().party.name == "Fresh AG"


def test_a_new_party_much_like_a_known_one_is_asked_about(as_: As, user: Who) -> None:
    party(user, "Meier & Söhne AG")
    visitor = as_(RITA).visit("/contacts/new").fill({"Name": "Eva", "Acts for": "Meier + Sohne GmbH"})
    visitor.submit("Create", expect=422)
    assert visitor.errors["Acts for"] == "Do you mean Meier & Söhne AG?"
    visitor.fill({"It is a new party": True}).submit("Create")

    assert db.session.query(Contact).one().party.name == "Meier + Sohne GmbH"


def test_facts_are_changed_in_place(as_: As, user: Who) -> None:
    made = contact(user)
    visitor = as_(RITA, htmx=True).visit(f"/contacts/{made.id}")
    visitor.click("Change decision role").fill({"Decision role": "Recommends"}).submit("Save")
    assert "Recommends" in visitor.text
    visitor.click("Add phone").fill({"Number": "044 668 18 00"}).submit("Add")
    assert "+41 44 668 18 00" in visitor.text
    visitor.click("Edit").fill({"Acts for": "Nobody AG"}).submit("Save", expect=422)
    assert "No party is called" in visitor.text


def test_two_people_change_the_same_fact(as_: As, user: Who) -> None:
    made = contact(user)
    rita = as_(RITA).visit(f"/contacts/{made.id}/edit").fill({"Job title": "Buyer"})
    as_(ROLF).visit(f"/contacts/{made.id}/edit").fill({"Job title": "Head"}).submit("Save")
    rita.submit("Save", expect=409)

    assert "Head" in rita.text


def test_the_list_is_filtered(as_: As, user: Who) -> None:
    alpha = party(user, "Alpha AG")
    contact(user, "Eva Roth", acts_for=alpha)
    contact(user, "Jan Moser", acts_for=party(user, "Beta AG"), job_title="Engineer")
    visitor = as_(VERA).visit(f"/contacts/?party={alpha.id}")
    assert [row["Name"] for row in visitor.table("Contacts")] == ["Eva Roth"]
    assert "Acts for: Alpha AG" in visitor.text
    visitor.visit("/contacts/?q=engineer")
    assert [row["Acts for"] for row in visitor.table("Contacts")] == ["Beta AG"]
    visitor.visit("/contacts/?party=999", expect=400)


def test_archive_and_back(as_: As, user: Who) -> None:
    made = contact(user)
    visitor = as_(RITA).visit(f"/contacts/{made.id}").press("Archive")
    assert "is archived" in visitor.text
    assert "No contacts yet" in visitor.visit("/contacts/").text
    visitor.visit(f"/contacts/{made.id}").press("Restore")
    assert "Eva Roth" in visitor.visit("/contacts/").text


def test_a_viewer_reads_only(as_: As, user: Who) -> None:
    made = contact(user)
    visitor = as_(VERA).visit(f"/contacts/{made.id}")
    assert not {"Edit", "Add phone", "Change loyalty"} & set(dict(visitor.links))
    for door in ("/contacts/new", f"/contacts/{made.id}/edit", f"/contacts/{made.id}/facts/notes"):
        visitor.post(door, {"notes": "x"}, expect=403)
        visitor.visit(f"/contacts/{made.id}")
    visitor.post(f"/contacts/{made.id}/archive", expect=403)
