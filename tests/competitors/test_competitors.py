"""The register of competitors."""

from __future__ import annotations

from collections.abc import Callable

from p2p.competitors.models import Competitor
from p2p.db import db
from p2p.identity.models import User
from p2p.parties.models import Party
from tests.cast import MAX, RITA, VERA, Character
from tests.visitor import Visitor

As = Callable[..., Visitor]
Who = Callable[[Character], User]


def rival(user: Who, name: str = "Rival AG") -> Competitor:
    made = Competitor.register(Party.enter({"name": name}, by=user(MAX)), {"description": "Cranes"}, by=user(MAX))
    db.session.commit()
    return made


def test_a_manager_registers_a_party(as_: As, user: Who) -> None:
    alpha = Party.enter({"name": "Alpha AG"}, by=user(RITA))
    db.session.commit()
    visitor = as_(MAX).visit(f"/parties/{alpha.id}").click("Register as competitor")
    visitor.fill({"Strengths": "Close to the customer\nCheap", "Prices and products": "Lift 200: 80k"}).submit(
        "Register"
    )

    assert visitor.heading == "Alpha AG"
    assert "Close to the customer" in visitor.text
    assert "Competitor" in dict(visitor.visit(f"/parties/{alpha.id}").links)


def test_a_party_is_registered_once(as_: As, user: Who) -> None:
    rival(user)
    visitor = as_(MAX).visit("/competitors/new").fill({"Party": "rival ag"}).submit("Register", expect=422)

    assert "is in the register already" in visitor.text


def test_facts_are_changed_in_place_and_taken_back(as_: As, user: Who) -> None:
    made = rival(user)
    visitor = as_(MAX, htmx=True).visit(f"/competitors/{made.id}")
    visitor.click("Change prices and products").fill({"Prices and products": "Lift 300: 90k"}).submit("Save")
    assert "Lift 300: 90k" in visitor.text
    visitor.press("Undo", within="was saved")
    assert "Lift 300" not in visitor.visit(f"/competitors/{made.id}").text


def test_the_register_is_the_managers(as_: As, user: Who) -> None:
    made = rival(user)
    for person in (RITA, VERA):
        visitor = as_(person).visit("/competitors/")
        assert [row["Name"] for row in visitor.table("Competitors")] == ["Rival AG"]
        assert "Register a competitor" not in dict(visitor.links)
        visitor.click("Rival AG")
        assert not {"Edit", "Change notes"} & set(dict(visitor.links))
        assert "Archive" not in visitor.buttons
        for door in ("new", f"{made.id}/edit", f"{made.id}/facts/notes", f"{made.id}/archive"):
            visitor.visit("/competitors/").post(f"/competitors/{door}", {"notes": "x"}, expect=403)


def test_archive_and_back(as_: As, user: Who) -> None:
    made = rival(user)
    visitor = as_(MAX).visit(f"/competitors/{made.id}").press("Archive")
    assert "No competitors yet" in visitor.visit("/competitors/").text
    visitor.visit(f"/competitors/{made.id}").press("Restore")
    assert "Rival AG" in visitor.visit("/competitors/?q=crane").text
