"""What is known of a contact: whom it reports to, VIP, consent, inactive; and when it must stay."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from p2p.archiving import StillNeeded
from p2p.contacts import queries
from p2p.contacts.models import Circle, Contact
from p2p.db import db
from p2p.filters import the_format, today
from p2p.identity.models import User
from p2p.leads.models import Lead
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Involved
from p2p.parties.models import Party
from p2p.setup.queries import reasons, stages
from tests.cast import MAX, RITA, VERA, Character
from tests.visitor import Visitor

As = Callable[..., Visitor]
Who = Callable[[Character], User]


@pytest.fixture
def alpha(user: Who) -> Party:
    party = Party.enter({"name": "Alpha AG"}, by=user(RITA))
    db.session.commit()
    return party


def contact(party: Party, name: str, **facts: object) -> Contact:
    made = Contact.enter(party, {"name": name} | facts, by=None)
    db.session.commit()
    return made


def names(visitor: Visitor) -> list[str]:
    return [row["Name"] for row in visitor.table("Contacts")]


# -- reports to -------------------------------------------------------------------------------------------------------


def test_a_contact_reports_to_another_and_both_pages_say_so(as_: As, alpha: Party) -> None:
    boss, eva = contact(alpha, "Anna Boss"), contact(alpha, "Eva Roth")
    visitor = as_(RITA).visit(f"/contacts/{eva.id}").click("Change reports to")
    visitor.fill({"Reports to": "anna boss"}).submit("Save")
    visitor.click("Anna Boss")
    assert visitor.heading == "Anna Boss"
    assert "Manages Eva Roth" in visitor.text

    visitor.click("Change reports to").fill({"Reports to": "Eva Roth"}).submit("Save", expect=422)
    assert "Anna Boss cannot report to Eva Roth, who reports to Anna Boss already." in visitor.text
    db.session.expire_all()
    assert boss.reports_to_id is None


def test_nobody_reports_to_themselves_through_however_many(alpha: Party) -> None:
    line = [contact(alpha, name) for name in ("A", "B", "C", "D")]
    for one, above in pairwise(line):
        one.edit({"reports_to_id": above.id}, by=None)
    assert queries.above(line[0].id) == [each.id for each in line]
    for boss in line:
        with pytest.raises(Circle):
            line[-1].edit({"reports_to_id": boss.id}, by=None)


def test_a_boss_who_left_stays_while_other_facts_change(as_: As, alpha: Party) -> None:
    boss = contact(alpha, "Anna Boss")
    eva = contact(alpha, "Eva Roth", reports_to_id=boss.id)
    boss.archive(by=None)
    db.session.commit()
    as_(RITA).visit(f"/contacts/{eva.id}/edit").fill({"Department": "Purchasing"}).submit("Save")
    db.session.expire_all()
    assert (eva.reports_to_id, eva.department) == (boss.id, "Purchasing")


def test_contacts_that_become_one_never_report_to_themselves(alpha: Party) -> None:
    top = contact(alpha, "Top")
    middle = contact(alpha, "Middle", reports_to_id=top.id)
    low = contact(alpha, "Low", reports_to_id=middle.id)
    low.absorb([top], {}, by=None)
    db.session.commit()
    assert (low.reports_to_id, middle.reports_to_id) == (None, low.id)


# -- VIP, consent, inactive -------------------------------------------------------------------------------------------


def test_consent_is_kept_with_its_day_and_filtered(as_: As, alpha: Party) -> None:
    eva = contact(alpha, "Eva Roth")
    contact(alpha, "Jan Moser")
    visitor = as_(RITA).visit(f"/contacts/{eva.id}")
    assert "Mailings Not asked" in visitor.text
    visitor.click("Change mailings").fill({"Consent to mailings": "Agreed"}).submit("Save")
    assert f"Mailings Agreed, {the_format().date(today())}" in visitor.text
    visitor.visit("/contacts/").fill({"Consent": "Agreed"}).submit("Filter")
    assert names(visitor) == ["Eva Roth"]


def test_vips_are_marked_and_filtered(as_: As, alpha: Party) -> None:
    eva = contact(alpha, "Eva Roth")
    contact(alpha, "Jan Moser")
    visitor = as_(RITA, htmx=True).visit(f"/contacts/{eva.id}").click("Change vip").fill({"VIP": True}).submit("Save")
    assert "VIP yes" in visitor.text
    visitor.visit("/contacts/")
    assert {row["Name"]: row["Marks"] for row in visitor.table("Contacts")} == {"Eva Roth": "VIP", "Jan Moser": ""}
    visitor.visit("/contacts/?vip=1")
    assert names(visitor) == ["Eva Roth"]


def test_the_inactive_leave_menus_and_stay_in_lists(as_: As, alpha: Party, user: Who) -> None:
    eva = contact(alpha, "Eva Roth")
    contact(alpha, "Eva Moser")
    facts = {"subject": "Cell", "party_id": alpha.id, "stage_id": stages()[0].id}
    deal = Opportunity.open(facts, by=user(RITA))
    db.session.commit()
    as_(RITA).visit(f"/contacts/{eva.id}").click("Change inactive").fill({"Inactive": True}).submit("Save")
    assert [each.name for each in queries.names_like("eva")] == ["Eva Moser"]
    visitor = as_(RITA).visit(f"/opportunities/{deal.id}/contacts")
    assert "Eva Roth" not in visitor.text
    assert "Eva Moser" in visitor.text
    assert names(visitor.visit("/contacts/")) == ["Eva Moser", "Eva Roth"]
    assert names(visitor.visit("/contacts/?inactive=1")) == ["Eva Roth"]
    assert "inactive" in visitor.click("Eva Roth").text


# -- when a contact must stay -----------------------------------------------------------------------------------------


def test_a_contact_stays_while_open_work_needs_it(as_: As, alpha: Party, user: Who) -> None:
    eva = contact(alpha, "Eva Roth")
    facts = {"subject": "Robot cell", "party_id": alpha.id, "stage_id": stages()[0].id}
    deal = Opportunity.open(facts, by=user(RITA))
    Involved.add(deal, eva, by=None)
    Lead.capture({"subject": "Conveyor", "party_id": alpha.id}, contacts=[eva], by=user(RITA))
    db.session.commit()
    visitor = as_(RITA).visit(f"/contacts/{eva.id}").press("Archive", expect=409)
    assert "Robot cell" in visitor.text
    assert "Conveyor" in visitor.text
    assert "or mark it inactive" in visitor.text
    db.session.expire_all()
    assert not eva.archived


def test_what_is_decided_needs_nobody(alpha: Party, user: Who) -> None:
    eva = contact(alpha, "Eva Roth")
    facts = {"subject": "Robot cell", "party_id": alpha.id, "stage_id": stages()[0].id}
    deal = Opportunity.open(facts, by=user(RITA))
    part = Involved.add(deal, eva, by=None)
    with pytest.raises(StillNeeded):
        eva.archive(by=None)
    deal.win(reasons("won")[0], by=user(MAX))
    eva.archive(by=None)
    eva.restore(by=None)
    deal.reactivate(by=user(MAX))
    part.remove(by=None)
    eva.archive(by=None)
    assert eva.archived


def test_a_viewer_changes_nothing(as_: As, alpha: Party) -> None:
    eva = contact(alpha, "Eva Roth")
    visitor = as_(VERA).visit(f"/contacts/{eva.id}")
    assert not {"Change vip", "Change reports to", "Add phone"} & set(dict(visitor.links))
    visitor.post(f"/contacts/{eva.id}/facts/vip", {"vip": "y"}, expect=403)
