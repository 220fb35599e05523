"""Prospects, and the customers they become."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from p2p.contacts.models import Contact
from p2p.db import db
from p2p.identity.models import User
from p2p.parties.models import Party
from p2p.prospects.models import Customer, Prospect, Taken
from p2p.setup.models import Code
from p2p.setup.queries import codes
from tests.cast import MAX, RITA, ROLF, VERA, Character
from tests.visitor import Visitor

As = Callable[..., Visitor]
Who = Callable[[Character], User]


def party(user: Who, name: str = "Alpha AG") -> Party:
    made = Party.enter({"name": name}, by=user(RITA))
    db.session.commit()
    return made


def prospect(user: Who, name: str = "Alpha AG", by: Character = RITA) -> Prospect:
    facts = {"type_id": codes("prospect_type")[0][0], "currency": "CHF"}
    made = Prospect.make(party(user, name), facts, by=user(by))
    db.session.commit()
    return made


# -- rules ------------------------------------------------------------------------------------------------------------


def test_an_account_opened_directly_converts_the_prospect(user: Who) -> None:
    made = prospect(user)
    customer = Customer.open(made.party, by=user(ROLF))

    assert (made.customer_id, made.converted_by_id) == (customer.id, user(ROLF).id)
    assert made.converted_at is not None


def test_a_number_is_given_once(user: Who) -> None:
    Customer.open(party(user, "First"), number="C-7", by=user(RITA))
    with pytest.raises(Taken, match="already belongs to First"):
        Customer.open(party(user, "Second"), number="C-7", by=user(RITA))


def test_a_sequence_steps_over_numbers_given_by_hand(user: Who) -> None:
    first = Customer.open(party(user, "First"), by=user(RITA))
    following = first.number[:-1] + "2"
    Customer.open(party(user, "Second"), number=following, by=user(RITA))

    assert Customer.open(party(user, "Third"), by=user(RITA)).number == first.number[:-1] + "3"


def test_a_prospect_of_a_customer_joins_its_account(user: Who) -> None:
    alpha = party(user)
    customer = Customer.open(alpha, by=user(RITA))
    made = Prospect.make(alpha, {"type_id": codes("prospect_type")[0][0], "currency": "CHF"}, by=user(RITA))

    assert made.convert(by=user(RITA)) is customer
    assert made.customer_id == customer.id


# -- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [False, True])
def test_from_party_to_prospect_to_customer(as_: As, user: Who, htmx: bool) -> None:
    alpha = party(user)
    visitor = as_(RITA, htmx=htmx).visit(f"/parties/{alpha.id}").press("Make prospect")
    assert "Alpha AG is the prospect P-" in visitor.toast
    for words in ("Type Standard", "Currency CHF", "Responsible Rita Sommer"):
        assert words in visitor.text
    visitor.click("Change segment").fill({"Segment": "Large"}).submit("Save")
    assert "Large" in visitor.text

    visitor.click("Convert to customer").fill({"Account number": "K 100"}).submit("Convert")
    assert "is the customer K 100" in visitor.toast
    visitor.click("Customer")
    assert visitor.heading == "K 100 Alpha AG"
    assert "by Rita Sommer" in visitor.text
    visitor.click(db.session.query(Prospect).one().number)
    assert "Convert to customer" not in dict(visitor.links)
    visitor.visit(f"/prospects/{db.session.query(Prospect).one().id}/convert")
    visitor.submit("Convert", expect=409)


def test_an_account_number_that_is_taken_is_said(as_: As, user: Who) -> None:
    Customer.open(party(user, "First"), number="K 1", by=user(RITA))
    made = prospect(user)
    visitor = as_(RITA).visit(f"/prospects/{made.id}").click("Convert to customer")
    visitor.fill({"Account number": "K 1"}).submit("Convert", expect=422)

    assert "already belongs to First" in visitor.text
    assert visitor.value("Account number") == "K 1"
    db.session.refresh(made)
    assert made.customer_id is None


def test_a_role_is_held_once(as_: As, user: Who) -> None:
    made = prospect(user)
    visitor = as_(RITA).visit(f"/parties/{made.party_id}")
    assert "Make prospect" not in visitor.buttons
    visitor.visit("/prospects/new").fill({"Party": "Alpha AG", "Type": "Standard"}).submit("Make prospect", expect=422)
    assert f"already is the prospect {made.number}" in visitor.text


def test_making_a_customer_of_a_new_party_is_one_step(as_: As) -> None:
    visitor = as_(RITA).visit("/customers/new").fill({"Party": "Fresh AG"}).submit("Make customer")
    assert visitor.heading == "Fresh AG"
    visitor.press("Undo", within="is the customer")

    assert "No customers yet" in visitor.visit("/customers/").text
    assert "No parties yet" in visitor.visit("/parties/").text


def test_refused_facts_enter_no_party(as_: As, user: Who) -> None:
    Customer.open(party(user, "First"), number="K 1", by=user(RITA))
    db.session.commit()
    visitor = as_(RITA).visit("/customers/new").fill({"Party": "Fresh AG", "Account number": "K 1"})
    visitor.submit("Make customer", expect=422)

    assert [each.name for each in db.session.query(Party)] == ["First"]


def test_lists_of_all_mine_and_converted(as_: As, user: Who) -> None:
    prospect(user, "Alpha AG")
    prospect(user, "Beta AG", by=ROLF).convert(by=user(ROLF))
    db.session.commit()
    visitor = as_(RITA).visit("/prospects/")
    assert [row["Party"] for row in visitor.table("Prospects")] == ["Alpha AG", "Beta AG"]
    visitor.click("Mine")
    assert [row["Party"] for row in visitor.table("Prospects")] == ["Alpha AG"]
    visitor.click("Converted")
    assert [row["Party"] for row in visitor.table("Prospects")] == ["Beta AG"]
    visitor.visit("/customers/")
    assert [row["Party"] for row in visitor.table("Customers")] == ["Beta AG"]


def test_facts_are_changed_in_place(as_: As, user: Who) -> None:
    made = prospect(user)
    visitor = as_(RITA).visit(f"/prospects/{made.id}").click("Change prospect status")
    visitor.fill({"Prospect status": "In touch"}).submit("Save")
    assert "In touch" in visitor.text
    visitor.click("Edit").fill({"Type": "—"}).submit("Save", expect=422)
    assert "Please choose a type." in visitor.text


def test_archiving_is_for_the_responsible_and_managers(as_: As, user: Who) -> None:
    made = prospect(user)
    assert "Archive" not in as_(ROLF).visit(f"/prospects/{made.id}").buttons
    as_(ROLF).visit(f"/prospects/{made.id}").post(f"/prospects/{made.id}/archive", expect=403)
    as_(MAX).visit(f"/prospects/{made.id}").press("Archive")

    assert "Prospect" not in dict(as_(RITA).visit(f"/parties/{made.party_id}").links)
    as_(RITA).visit(f"/prospects/{made.id}").press("Restore")
    assert "Prospect" in dict(as_(RITA).visit(f"/parties/{made.party_id}").links)


def test_a_viewer_reads_only(as_: As, user: Who) -> None:
    made = prospect(user)
    visitor = as_(VERA)
    for door in ("/prospects/new", f"/prospects/{made.id}/convert", f"/prospects/{made.id}/edit", "/customers/new"):
        visitor.visit(f"/prospects/{made.id}")
        assert not {"Edit", "Convert to customer", "Change segment"} & set(dict(visitor.links))
        visitor.post(door, {"number": "1"}, expect=403)


def test_a_responsible_who_left_stays_until_somebody_chooses_another(as_: As, user: Who) -> None:
    made = prospect(user, by=ROLF)
    user(ROLF).deactivate(by=user(MAX))
    db.session.commit()
    as_(RITA).visit(f"/prospects/{made.id}/edit").fill({"Segment": "Large"}).submit("Save")
    fresh = db.session.get_one(Prospect, made.id, populate_existing=True)
    assert (fresh.responsible_id, fresh.segment_id is not None) == (user(ROLF).id, True)


def test_two_who_change_the_same_fact_are_told(as_: As, user: Who) -> None:
    made = prospect(user)
    rita, rolf = (as_(who).visit(f"/prospects/{made.id}/edit") for who in (RITA, ROLF))
    rolf.fill({"Segment": "Large"}).submit("Save")
    rita.fill({"Segment": "Small"}).submit("Save", expect=409)
    small = {"type_id": made.type_id, "currency": "CHF", "segment_id": codes("segment")[0][0]}
    rita.visit(f"/prospects/{made.id}").post(f"/prospects/{made.id}/edit", small, expect=409)  # of no version at all


def test_a_contact_makes_its_party_a_prospect_in_one_step(as_: As, user: Who) -> None:
    eva = Contact.enter(party(user), {"name": "Eva Roth"}, by=user(RITA))
    db.session.commit()
    visitor = as_(RITA).visit(f"/contacts/{eva.id}").press("Make prospect of Alpha AG")
    made = db.session.query(Prospect).one()
    assert visitor.heading == f"{made.number} Alpha AG"
    assert (made.party_id, made.responsible_id) == (eva.party_id, user(RITA).id)

    again = as_(ROLF).visit("/").post(f"/prospects/of/{eva.party_id}")
    assert f"Alpha AG already is the prospect {made.number}." in again.toast
    assert "Make prospect of Alpha AG" not in visitor.visit(f"/contacts/{eva.id}").buttons
    visitor.click("Prospect")
    assert visitor.heading == f"{made.number} Alpha AG"


def test_one_step_is_one_operation_that_goes_back(as_: As, user: Who) -> None:
    alpha = party(user)
    as_(RITA).visit(f"/parties/{alpha.id}").press("Make prospect").press("Undo", within="is the prospect")
    assert "Make prospect" in as_(RITA).visit(f"/parties/{alpha.id}").buttons


def test_without_any_type_the_form_says_what_is_missing(as_: As, user: Who) -> None:
    for id, _ in codes("prospect_type"):
        db.session.get_one(Code, id).retire(by=user(MAX))
    alpha = party(user)
    visitor = as_(RITA).visit(f"/parties/{alpha.id}").press("Make prospect")
    visitor.submit("Make prospect", expect=422)
    assert "Please choose a type." in visitor.text
    assert not db.session.query(Prospect).count()


def test_the_next_account_number_is_told_and_not_taken(as_: As, user: Who) -> None:
    made = prospect(user)
    for _ in range(2):
        visitor = as_(RITA).visit(f"/prospects/{made.id}").click("Convert to customer")
        told = visitor.page.xpath("//input[@name='number']/@placeholder")[0]
    visitor.submit("Convert")
    assert f"is the customer {told}" in visitor.toast


def test_lists_are_narrowed_by_the_market_and_by_how_to_reach_them(as_: As, user: Who) -> None:
    large = {name: id for id, name in codes("segment")}["Large"]
    one = prospect(user, "Alpha AG")
    one.edit({"segment_id": large}, by=user(RITA))
    one.party.edit({"phone": "044 668 18 00"}, by=user(RITA))
    two = prospect(user, "Beta AG", by=ROLF)
    direct = Customer.open(party(user, "Gamma AG"), by=user(RITA))
    for each in (one, two):
        each.convert(by=user(RITA))
    db.session.commit()

    def found(door: str, **asked: object) -> list[str]:
        return [row["Party"] for row in as_(VERA).visit(door, **asked).table()]

    for door in ("/prospects/", "/customers/"):
        assert found(door, segment=large) == ["Alpha AG"]
        assert found(door, q="0041 44 668 18 00") == ["Alpha AG"]
        assert found(door, responsible=user(ROLF).id) == ["Beta AG"]
    assert found("/customers/", came="prospect") == ["Alpha AG", "Beta AG"]
    assert found("/customers/", came="directly") == ["Gamma AG"]
    assert direct.number
    visitor = as_(ROLF).visit("/customers/").click("Mine")
    assert [row["Party"] for row in visitor.table("Customers")] == ["Beta AG"]
