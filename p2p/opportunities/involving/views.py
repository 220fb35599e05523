"""Doors of who is involved: team, contacts, competitors."""

from typing import Any

from flask import Response, g, url_for

from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.identity.models import User
from p2p.opportunities import queries
from p2p.opportunities.doors import address, form_about, opportunities
from p2p.opportunities.involving.forms import InvolveForm, MemberForm, RivalEditForm, RivalForm
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Involved, Member, Rival
from p2p.web import changed, found


@opportunities.route("/<int:id>/team", methods=["GET", "POST"])
def join_team(id: int) -> Response:
    """Put somebody on the team."""
    opportunity = found(Opportunity, id)
    form = MemberForm()
    if not form.validate_on_submit():
        return form_about(opportunity, form, "Team", "Put on the team")
    user = db.session.get_one(User, form.user_id.data)
    if not any(member.user_id == user.id for member in opportunity.team):
        Member.add(opportunity, user, form.role_id.data, by=g.user)
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
    opportunity = found(Opportunity, id)
    form = InvolveForm()
    form.contact_id.choices_from = lambda kept: queries.contacts_of(opportunity.party_id)
    if not form.validate_on_submit():
        return form_about(opportunity, form, "Contacts", "Add")
    contact = db.session.get_one(Contact, form.contact_id.data)
    if not any(involved.contact_id == contact.id for involved in opportunity.contacts):
        Involved.add(opportunity, contact, by=g.user)
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
    opportunity = found(Opportunity, id)
    form = RivalForm(money_in=opportunity.currency)
    if not form.validate_on_submit():
        return form_about(opportunity, form, "Competitors", "Add")
    facts = form.facts
    competitor = db.session.get_one(Competitor, facts.pop("competitor_id"))
    if not any(line.competitor_id == competitor.id for line in opportunity.rivals):
        Rival.add(opportunity, competitor, facts, by=g.user)
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


def _part(cls: Any, part_id: int, opportunity_id: int) -> Any:
    """A part of this very opportunity, else 404."""
    part = found(cls, part_id)
    return part if part.opportunity_id == opportunity_id else found(cls, 0)
