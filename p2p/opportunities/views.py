"""Doors of opportunities: the list, the page, developing and deciding."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for

from p2p.activities.queries import open_on
from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.filters import the_format
from p2p.history import operation
from p2p.identity.models import User
from p2p.listing import answer
from p2p.opportunities import queries
from p2p.opportunities.forms import (
    CancelForm,
    InvolveForm,
    LossForm,
    MemberForm,
    OpenForm,
    OpportunityForm,
    OutcomeForm,
    PostponeForm,
    ProbabilityForm,
    PrognosisForm,
    RivalEditForm,
    RivalForm,
    StageForm,
    WinForm,
)
from p2p.opportunities.listing import listing
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Involved, Member, Rival
from p2p.setup import queries as setup
from p2p.setup.models import Stage
from p2p.web import back, changed, found, moved_to, page, refused, repeated, spend_key

opportunities = Blueprint("opportunities", __name__)


def _address(opportunity: Opportunity) -> str:
    return url_for("opportunities.show", id=opportunity.id)


# ── The list and the page ───────────────────────────────────────────────────────────────────────────────────────────


@opportunities.get("/")
def index() -> Response:
    """All opportunities: filter, sort, page, export."""
    return answer(listing(), "opportunities/index.html", live="opportunities/_index.html")


@opportunities.get("/<int:id>")
def show(id: int) -> Response:
    """One opportunity: facts, what comes next, who is involved, its timeline."""
    opportunity = found(Opportunity, id)
    context = {"opportunity": opportunity, "stages": setup.stages()}
    return page("opportunities/show.html", live="opportunities/_facts.html", **context)


@opportunities.get("/<int:id>/people")
def people(id: int) -> Response:
    """Who is involved: team, contacts, competitors."""
    opportunity = found(Opportunity, id)
    return page("opportunities/people.html", live="opportunities/_people.html", opportunity=opportunity)


@opportunities.route("/new", methods=["GET", "POST"])
def new() -> Response:
    """Open an opportunity."""
    if again := (request.method == "POST" and repeated()):
        return again
    form = OpenForm(data=_suggested() if request.method == "GET" else None)
    if not form.validate_on_submit():
        shown = refused if form.is_submitted() else page
        return shown("opportunities/new.html", live="opportunities/_new.html", form=form)
    opportunity = form.open(by=g.user)
    spend_key(_address(opportunity))
    db.session.commit()
    return moved_to(_address(opportunity), f"{opportunity} was opened.")


def _suggested() -> dict[str, Any]:
    asked = request.args
    party = int(asked["party"]) if asked.get("party", "").isdecimal() else None
    return {"stage_id": setup.stages()[0].id, "owner_id": g.user.id, "party_id": party}


@opportunities.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    """Everything about it on one form."""
    opportunity = found(Opportunity, id)
    form = OpportunityForm(opportunity)
    if not form.validate_on_submit():
        return _form(opportunity, form, "Edit", "Save")
    opportunity.edit(form.merged_into(opportunity), by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{opportunity} was saved.")


def _form(opportunity: Opportunity, form: Any, title: str, action: str, **context: Any) -> Response:
    """A form about one opportunity, as a page or in the dialog; refused when it was sent."""
    context |= {"opportunity": opportunity, "form": form, "title": title, "action": action}
    context["back_url"] = back(_address(opportunity))
    shown = refused if form.is_submitted() else page
    return shown("opportunities/form.html", live="opportunities/_form.html", **context)


# ── Developing ──────────────────────────────────────────────────────────────────────────────────────────────────────


@opportunities.post("/<int:id>/stage")
def stage(id: int) -> Response:
    """Move to another stage from the page."""
    opportunity = found(Opportunity, id)
    form = StageForm(opportunity)
    if not form.validate_on_submit():
        return _form(opportunity, form, "Stage", "Move")
    if form.merged_into(opportunity):
        opportunity.move(db.session.get_one(Stage, form.stage_id.data), by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{opportunity} is in {opportunity.stage} now.")


@opportunities.route("/<int:id>/probability", methods=["GET", "POST"])
def probability(id: int) -> Response:
    """Estimate the probability by hand."""
    opportunity = found(Opportunity, id)
    form = ProbabilityForm(opportunity)
    if not form.validate_on_submit():
        return _form(opportunity, form, "Probability", "Save", menu=setup.probabilities())
    opportunity.steer(form.merged_into(opportunity), by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{opportunity} is at {opportunity.probability} %.")


@opportunities.post("/<int:id>/probability/from-stage")
def follow_stage(id: int) -> Response:
    """Hand the probability back to the stage."""
    opportunity = found(Opportunity, id)
    opportunity.follow_stage(by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{opportunity} follows its stage again: {opportunity.probability} %.")


@opportunities.route("/<int:id>/prognosis", methods=["GET", "POST"])
def prognosis(id: int) -> Response:
    """Give a prognosis: a band or a decision date."""
    opportunity = found(Opportunity, id)
    form = PrognosisForm(opportunity)
    if not form.validate_on_submit():
        return _form(opportunity, form, "Prognosis", "Save")
    opportunity.steer(form.merged_into(opportunity), by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"The prognosis of {opportunity} was given.")


# ── Postponing and deciding ─────────────────────────────────────────────────────────────────────────────────────────


@opportunities.route("/<int:id>/postponement", methods=["GET", "POST"])
def postpone(id: int) -> Response:
    """Off the board until a day."""
    opportunity = found(Opportunity, id)
    form = PostponeForm()
    if not form.validate_on_submit():
        return _form(opportunity, form, "Postpone", "Postpone")
    opportunity.postpone(form.wake_on.data, note=form.note.data, by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{opportunity} sleeps until {the_format().date(opportunity.wake_on)}.")


@opportunities.post("/<int:id>/resumption")
def resume(id: int) -> Response:
    """Back to the board before its day."""
    opportunity = found(Opportunity, id)
    opportunity.resume(by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{opportunity} is active again.")


def _outcome(
    id: int, form_class: type[OutcomeForm], title: str, action: str
) -> tuple[Opportunity, Any, Response | None]:
    """The dialog that all outcomes share; the third is the answer while there is nothing to decide yet."""
    opportunity = found(Opportunity, id)
    form = form_class()
    planned = open_on(opportunity.noun, opportunity.id)
    if not planned:
        del form.finish_open
    if form.validate_on_submit():
        return opportunity, form, None
    return opportunity, form, _form(opportunity, form, title, action, planned=planned)


@opportunities.route("/<int:id>/win", methods=["GET", "POST"])
def win(id: int) -> Response:
    """Won, for a reason."""
    opportunity, form, unfinished = _outcome(id, WinForm, "Win", "Win")
    if unfinished:
        return unfinished
    opportunity.win(form.reason, note=form.note.data, finish_open=form.finishes, by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{opportunity} is won.")


@opportunities.route("/<int:id>/loss", methods=["GET", "POST"])
def lose(id: int) -> Response:
    """Lost: why, to whom, by how much."""
    opportunity, form, unfinished = _outcome(id, LossForm, "Lose", "Lose")
    if unfinished:
        return unfinished
    with operation("opportunity.lose", by=g.user):
        winners = [db.session.get_one(Competitor, winner) for winner in form.winners.data or []]
        if form.new_winner.data:
            winners.append(Competitor.name_while_losing(form.new_winner.data, by=g.user))
        gap, note = form.price_gap.data, form.note.data
        opportunity.lose(form.reason, note=note, winners=winners, price_gap=gap, finish_open=form.finishes, by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{opportunity} is lost.")


@opportunities.route("/<int:id>/cancellation", methods=["GET", "POST"])
def cancel(id: int) -> Response:
    """Canceled, which is not lost."""
    opportunity, form, unfinished = _outcome(id, CancelForm, "Cancel the opportunity", "Cancel it")
    if unfinished:
        return unfinished
    opportunity.cancel(form.reason, note=form.note.data, finish_open=form.finishes, by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{opportunity} is canceled.")


@opportunities.post("/<int:id>/reactivation")
def reactivate(id: int) -> Response:
    """Open again."""
    opportunity = found(Opportunity, id)
    opportunity.reactivate(by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{opportunity} is active again.")


@opportunities.post("/<int:id>/archive")
def archive(id: int) -> Response:
    """Put it away."""
    opportunity = found(Opportunity, id)
    opportunity.archive(by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{opportunity} was archived.")


@opportunities.post("/<int:id>/restoration")
def restore(id: int) -> Response:
    """Bring it back."""
    opportunity = found(Opportunity, id)
    opportunity.restore(by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{opportunity} was restored.")


# ── Who is involved ─────────────────────────────────────────────────────────────────────────────────────────────────


@opportunities.route("/<int:id>/team", methods=["GET", "POST"])
def join_team(id: int) -> Response:
    """Put somebody on the team."""
    opportunity = found(Opportunity, id)
    form = MemberForm()
    if not form.validate_on_submit():
        return _form(opportunity, form, "Team", "Put on the team")
    user = db.session.get_one(User, form.user_id.data)
    if not any(member.user_id == user.id for member in opportunity.team):
        Member.add(opportunity, user, form.role_id.data, by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{user} is on the team of {opportunity}.")


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
        return _form(opportunity, form, "Contacts", "Add")
    contact = db.session.get_one(Contact, form.contact_id.data)
    if not any(involved.contact_id == contact.id for involved in opportunity.contacts):
        Involved.add(opportunity, contact, by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{contact} is involved in {opportunity}.")


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
    form = RivalForm()
    if not form.validate_on_submit():
        return _form(opportunity, form, "Competitors", "Add")
    facts = form.facts
    competitor = db.session.get_one(Competitor, facts.pop("competitor_id"))
    if not any(line.competitor_id == competitor.id for line in opportunity.rivals):
        Rival.add(opportunity, competitor, facts, by=g.user)
    db.session.commit()
    return changed(_address(opportunity), f"{competitor} bids on {opportunity}, too.")


@opportunities.route("/<int:id>/competitors/<int:rival_id>", methods=["GET", "POST"])
def rival(id: int, rival_id: int) -> Response:
    """What is known of a competitor's bid."""
    line = _part(Rival, rival_id, id)
    form = RivalEditForm(line)
    if not form.validate_on_submit():
        return _form(found(Opportunity, id), form, str(line), "Save")
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
