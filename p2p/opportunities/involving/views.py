"""Doors of who is involved: team, contacts, competitors."""

from typing import Any

from flask import Response, g, url_for
from wtforms.validators import NoneOf

from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.identity.models import User
from p2p.opportunities import queries
from p2p.opportunities.doors import address, opportunities
from p2p.opportunities.involving.forms import InvolveForm, MemberForm, RivalEditForm, RivalForm
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Involved, Member, Rival
from p2p.views import form_about
from p2p.web import changed, found, repeated, spend_key

#: What is said of somebody who is added a second time, by the field that names them.
ALREADY = {
    "user_id": "Is on the team already.",
    "contact_id": "Is involved already.",
    "competitor_id": "Bids on it already. What is known of the bid is edited there.",
}


@opportunities.route("/<int:id>/team", methods=["GET", "POST"])
def join_team(id: int) -> Response:
    """Put somebody on the team."""
    if again := repeated():
        return again
    opportunity = found(Opportunity, id)
    form = MemberForm()
    if not form.validate_on_submit(_not_yet(opportunity.team, "user_id")):
        return form_about(opportunity, form, "Team", "Put on the team")
    user = db.session.get_one(User, form.user_id.data)
    Member.add(opportunity, user, form.role_id.data, by=g.user)
    spend_key(address(opportunity))
    db.session.commit()
    return changed(address(opportunity), f"{user} is on the team of {opportunity}.")


@opportunities.post("/<int:id>/team/<int:member_id>/leaving")
def leave_team(id: int, member_id: int) -> Response:
    """Take somebody off the team."""
    member = _part(Member, member_id, id)
    member.remove(by=g.user)
    db.session.commit()
    return changed(url_for("opportunities.show", id=id), f"{member} is no longer on the team.")


@opportunities.route("/<int:id>/contacts", methods=["GET", "POST"])
def involve(id: int) -> Response:
    """Add a contact who has a part in the decision."""
    if again := repeated():
        return again
    opportunity = found(Opportunity, id)
    form = InvolveForm()
    form.contact_id.choices_from = lambda kept: queries.contacts_of(opportunity.party_id)
    if not form.validate_on_submit(_not_yet(opportunity.contacts, "contact_id")):
        return form_about(opportunity, form, "Contacts", "Add")
    contact = db.session.get_one(Contact, form.contact_id.data)
    Involved.add(opportunity, contact, by=g.user)
    spend_key(address(opportunity))
    db.session.commit()
    return changed(address(opportunity), f"{contact} is involved in {opportunity}.")


@opportunities.post("/<int:id>/contacts/<int:involved_id>/leaving")
def release(id: int, involved_id: int) -> Response:
    """The contact no longer has a part in it."""
    involved = _part(Involved, involved_id, id)
    involved.remove(by=g.user)
    db.session.commit()
    return changed(url_for("opportunities.show", id=id), f"{involved} is no longer involved.")


@opportunities.route("/<int:id>/competitors", methods=["GET", "POST"])
def add_rival(id: int) -> Response:
    """Add a competitor who bids, too."""
    if again := repeated():
        return again
    opportunity = found(Opportunity, id)
    form = RivalForm(money_in=opportunity.currency)
    if not form.validate_on_submit(_not_yet(opportunity.rivals, "competitor_id")):
        return form_about(opportunity, form, "Competitors", "Add")
    facts = form.facts
    competitor = db.session.get_one(Competitor, facts.pop("competitor_id"))
    Rival.add(opportunity, competitor, facts, by=g.user)
    spend_key(address(opportunity))
    db.session.commit()
    return changed(address(opportunity), f"{competitor} bids on {opportunity}, too.")


@opportunities.route("/<int:id>/competitors/<int:rival_id>", methods=["GET", "POST"])
def rival(id: int, rival_id: int) -> Response:
    """What is known of a competitor's bid."""
    line = _part(Rival, rival_id, id)
    opportunity = found(Opportunity, id)
    form = RivalEditForm(line, money_in=opportunity.currency)
    if not form.validate_on_submit():
        return form_about(opportunity, form, str(line), "Save")
    line.edit(form.merged_into(line), by=g.user)
    db.session.commit()
    return changed(url_for("opportunities.show", id=id), f"{line} was saved.")


@opportunities.post("/<int:id>/competitors/<int:rival_id>/removal")
def remove_rival(id: int, rival_id: int) -> Response:
    """The competitor does not bid after all."""
    line = _part(Rival, rival_id, id)
    line.remove(by=g.user)
    db.session.commit()
    return changed(url_for("opportunities.show", id=id), f"{line} was removed.")


def _not_yet(lines: list[Any], name: str) -> dict[str, list[NoneOf]]:
    """The rule that who is chosen in a field has no line of its own so far."""
    return {name: [NoneOf([getattr(line, name) for line in lines], ALREADY[name])]}


def _part(cls: Any, part_id: int, opportunity_id: int) -> Any:
    """A part of this very opportunity, else 404."""
    part = found(cls, part_id)
    return part if part.opportunity_id == opportunity_id else found(cls, 0)
