"""The ways to reach a party on its page and on the pages of contacts, as people use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from p2p.contacts.models import Contact
from p2p.db import db
from p2p.identity.models import User
from p2p.parties.channels import queries
from p2p.parties.channels.models import Channel
from p2p.parties.models import Party
from p2p.setup.queries import codes
from tests.cast import RITA, ROLF, VERA, Character
from tests.visitor import Visitor

As = Callable[..., Visitor]
Who = Callable[[Character], User]
ONE, TWO = "+41 44 668 18 01", "+41 44 668 18 02"


def phones(party: Party) -> list[tuple[str, bool]]:
    db.session.expire_all()
    return [(str(each), each.is_primary) for each in queries.of_party(party.id, "phone")]


def row(visitor: Visitor, label: str) -> str:
    """What the facts say under a label."""
    told = visitor.page.xpath(f"//dt[.='{label}']/following-sibling::*")
    until = next((place for place, each in enumerate(told) if each.tag == "dt"), len(told))
    return " | ".join(" ".join(each.text_content().split()) for each in told[:until])


@pytest.mark.parametrize("htmx", [False, True])
def test_phones_are_added_changed_made_primary_and_removed_in_place(as_: As, alpha: Party, htmx: bool) -> None:
    visitor = as_(RITA, htmx=htmx).visit(f"/parties/{alpha.id}").click("Add phone")
    visitor.fill({"Number": "044 668 18 01", "Purpose": "Work"}).submit("Add")
    assert "+41 44 668 18 01 was added." in visitor.toast
    assert row(visitor, "Phone").startswith(f"{ONE} Work Change"), "the only one needs no telling that it is primary"
    assert (f"{ONE}", "tel:+41446681801") in visitor.links

    visitor.click("Add phone").fill({"Number": "0446681802", "Purpose": "Mobile"}).submit("Add")
    assert phones(alpha) == [(ONE, True), (TWO, False)]
    visitor.click(f"Change {TWO}").fill({"Primary": True}).submit("Save")
    assert row(visitor, "Phone").startswith(f"{TWO} Mobile, primary Change")
    assert phones(alpha) == [(TWO, True), (ONE, False)]

    visitor.click(f"Change {TWO}").press(f"Remove {TWO}")
    assert phones(alpha) == [(ONE, True)]
    visitor.press("Undo", within="was removed")
    assert phones(alpha) == [(TWO, True), (ONE, False)]


@pytest.mark.parametrize(
    ("kind", "said", "shown", "link"),
    [
        ("e-mail", {"E-mail address": " Eva@EXAMPLE.com"}, "Eva@example.com", "mailto:Eva@example.com"),
        ("web site", {"Address": "example.com/shop"}, "example.com/shop", "https://example.com/shop"),
    ],
)
def test_each_kind_is_spelled_and_linked(
    as_: As, alpha: Party, kind: str, said: dict[str, str], shown: str, link: str
) -> None:
    visitor = as_(RITA).visit(f"/parties/{alpha.id}").click(f"Add {kind}").fill(said).submit("Add")
    assert (shown, link) in visitor.links


def test_an_address_is_a_block_of_lines(as_: As, alpha: Party) -> None:
    visitor = as_(RITA).visit(f"/parties/{alpha.id}").click("Add address")
    visitor.fill({"Street": "Gasse 1", "Postal code": "3011", "City": "Bern", "State or region": "BE"}).submit("Add")
    assert [each.strip() for each in visitor.page.xpath("//dt[.='Address']/following-sibling::dd[1]/text()")][:3] == [
        "Gasse 1", "3011 Bern", "BE",
    ]  # fmt: skip
    visitor.click("Change Gasse 1, 3011 Bern, BE").fill({"Street": "", "Postal code": "", "City": ""})
    visitor.fill({"State or region": ""}).submit("Save", expect=422)
    assert "at least a street or a town" in visitor.text


@pytest.mark.parametrize(
    ("kind", "label", "typed", "said"),
    [
        ("phone", "Number", "", "Please give a number."),
        ("phone", "Number", "call me", "needs figures"),
        ("email", "E-mail address", "   ", "Please give an e-mail address."),
        ("email", "E-mail address", "nobody", "no e-mail address"),
        ("website", "Address", "javascript:alert(1)", "web address"),
        ("address", "Street", "", "at least a street or a town"),
    ],
)
def test_what_cannot_be_kept_is_said(as_: As, alpha: Party, kind: str, label: str, typed: str, said: str) -> None:
    visitor = as_(RITA).visit(f"/parties/{alpha.id}/channels/{kind}").fill({label: typed, "Purpose": "Home"})
    visitor.submit("Add", expect=422)
    assert said in visitor.text
    home = next(str(id) for id, name in codes("channel_purpose") if name == "Home")
    assert visitor.value("Purpose") == home, "what was chosen is kept"
    assert not queries.of_party(alpha.id)


def test_what_is_kept_already_is_said_in_any_spelling(as_: As, alpha: Party) -> None:
    for number in (ONE, TWO):
        Channel.add(alpha, "phone", {"value": number}, by=None)
    db.session.commit()
    visitor = as_(RITA).visit(f"/parties/{alpha.id}").click("Add phone").fill({"Number": "0041446681801"})
    visitor.submit("Add", expect=422)
    assert f"{ONE} is kept already." in visitor.text
    visitor.visit(f"/parties/{alpha.id}").click(f"Change {TWO}").fill({"Number": "044/6681801"})
    visitor.submit("Save", expect=422)
    assert f"{ONE} is kept already." in visitor.text
    assert phones(alpha) == [(ONE, True), (TWO, False)]


def test_two_who_make_another_one_primary_leave_one(as_: As, alpha: Party) -> None:
    three = "+41 44 668 18 03"
    for number in (ONE, TWO, three):
        Channel.add(alpha, "phone", {"value": number}, by=None)
    db.session.commit()
    rita, rolf = as_(RITA).visit(f"/parties/{alpha.id}"), as_(ROLF).visit(f"/parties/{alpha.id}")
    rita.click(f"Change {TWO}").fill({"Primary": True})
    rolf.click(f"Change {three}").fill({"Primary": True}).submit("Save")
    rita.submit("Save")
    assert phones(alpha) == [(TWO, True), (ONE, False), (three, False)]


def test_two_who_change_the_same_number_are_told(as_: As, alpha: Party) -> None:
    Channel.add(alpha, "phone", {"value": ONE}, by=None)
    db.session.commit()
    rita, rolf = (as_(who).visit(f"/parties/{alpha.id}").click(f"Change {ONE}") for who in (RITA, ROLF))
    rolf.fill({"Number": TWO}).submit("Save")
    rita.fill({"Number": "+41 44 668 18 03"}).submit("Save", expect=409)
    assert phones(alpha) == [(TWO, True)]


def test_the_same_form_sent_twice_adds_once(as_: As, alpha: Party) -> None:
    visitor = as_(RITA).visit(f"/parties/{alpha.id}").click("Add phone")
    sent = dict(visitor.form(has=("Number",)).data()) | {"value": "044 668 18 01"}
    for _ in range(2):
        visitor.post(f"/parties/{alpha.id}/channels/phone", sent)
    assert phones(alpha) == [(ONE, True)]


def test_a_contacts_page_shows_and_changes_the_persons_channels(as_: As, alpha: Party, user: Who) -> None:
    eva = Contact.enter(alpha, {"name": "Eva Roth", "email": "eva@alpha.example.com"}, by=user(RITA))
    db.session.commit()
    visitor = as_(RITA).visit(f"/contacts/{eva.id}").click("Add e-mail")
    visitor.fill({"E-mail address": "eva@home.example", "Purpose": "Home"}).submit("Add")
    assert visitor.heading == "Eva Roth"
    assert [address for words, address in visitor.links if address.startswith("mailto:")] == [
        "mailto:eva@alpha.example.com", "mailto:eva@home.example",
    ]  # fmt: skip
    assert not queries.of_party(alpha.id), "they belong to the person"


def test_a_channel_of_another_party_is_not_there(as_: As, alpha: Party, user: Who) -> None:
    beta = Party.enter({"name": "Beta AG", "phone": ONE}, by=user(RITA))
    db.session.commit()
    channel = queries.of_party(beta.id)[0]
    visitor = as_(RITA).visit(f"/parties/{alpha.id}/channels/{channel.id}", expect=404)
    visitor.visit(f"/parties/{alpha.id}/channels/fax", expect=404)
    visitor.visit("/parties/").post(f"/parties/{alpha.id}/channels/{channel.id}/removal", expect=404)
    assert phones(beta) == [(ONE, True)]


def test_a_viewer_reads_only(as_: As, alpha: Party) -> None:
    channel = Channel.add(alpha, "phone", {"value": ONE}, by=None)
    db.session.commit()
    visitor = as_(VERA).visit(f"/parties/{alpha.id}")
    assert ONE in visitor.text
    assert not {"Add phone", f"Change {ONE}"} & set(dict(visitor.links))
    visitor.post(f"/parties/{alpha.id}/channels/{channel.id}/removal", expect=403)


@pytest.mark.parametrize(
    "typed", ["044 668 18 02", "+41446681802", "0041 (0)44/668 18 02", "668 18 02", "EVA@home", "Eva Roth <eva@home"]
)
def test_lists_find_by_any_way_of_typing_it(as_: As, alpha: Party, user: Who, typed: str) -> None:
    eva = Contact.enter(alpha, {"name": "Eva Roth", "email": "eva@alpha.example.com", "phone": ONE}, by=user(RITA))
    for kind, value in (("phone", TWO), ("email", "eva@home.example")):
        Channel.add(eva.person, kind, {"value": value}, by=None)
    Contact.enter(alpha, {"name": "Jan Moser", "phone": "+41 44 668 18 77"}, by=user(RITA))
    db.session.commit()
    for place, caption in (("/contacts/", "Contacts"), ("/parties/", "Parties")):
        visitor = as_(VERA).visit(place, q=typed)
        assert [row["Name"] for row in visitor.table(caption)] == ["Eva Roth"]


def test_a_list_shows_the_primary_one(as_: As, alpha: Party) -> None:
    for number in (ONE, TWO):
        Channel.add(alpha, "phone", {"value": number, "is_primary": True}, by=None)
    db.session.commit()
    assert as_(VERA).visit("/parties/").table("Parties")[0]["Phone"] == TWO


def test_history_names_the_one_that_was_meant_and_not_those_that_gave_way(as_: As, alpha: Party) -> None:
    first = Channel.add(alpha, "phone", {"value": ONE}, by=None)
    db.session.commit()
    second = Channel.add(alpha, "phone", {"value": TWO, "is_primary": True}, by=None)
    db.session.commit()
    for done in (first.make_primary, first.remove):
        done(by=None)
        db.session.commit()
    assert second.is_primary
    for place in ("/history/", f"/history/timeline/party/{alpha.id}"):
        told = [" ".join(each.text_content().split()) for each in as_(RITA).visit(place).page.xpath("//ol//b")]
        assert told[:4] == [f"Removed {ONE}", f"Made primary {ONE}", f"Added {TWO}", f"Added {ONE}"]
    visitor = (
        as_(RITA).visit(f"/history/timeline/party/{alpha.id}").press("Undo", within=f"Made primary {ONE}", expect=409)
    )
    visitor.visit("/history/").press("Undo", within=f"Removed {ONE}")
    assert f"Undone: removed {ONE}." in visitor.toast
