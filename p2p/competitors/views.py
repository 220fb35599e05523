"""Doors of the register of competitors."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for

from p2p.competitors import queries
from p2p.competitors.forms import CompetitorForm, NewCompetitorForm
from p2p.competitors.models import AlreadyRegistered, Competitor
from p2p.db import db
from p2p.history import operation
from p2p.listing import answer
from p2p.parties.forms import one_fact
from p2p.views import archive_doors
from p2p.web import changed, found, moved_to, page, refused, repeated, spend_key

competitors = Blueprint("competitors", __name__)
archive_doors(competitors, Competitor)

FORM = {"template": "parties/form.html", "live": "parties/_form.html"}


@competitors.get("/")
def index() -> Response:
    return answer(queries.LISTING, "competitors/index.html", live="competitors/_index.html")


@competitors.get("/<int:id>")
def show(id: int) -> Response:
    competitor = found(Competitor, id)
    return page("competitors/show.html", live="competitors/_competitor.html", competitor=competitor)


@competitors.route("/new", methods=["GET", "POST"])
def register() -> Response:
    """Enter a party into the register."""
    if again := (request.method == "POST" and repeated()):
        return again
    party = request.args.get("party", "")
    chosen = {"party_id": int(party)} if party.isdecimal() and len(party) < 16 else None
    form = NewCompetitorForm(data=chosen if request.method == "GET" else None)
    if not form.validate_on_submit():
        return _registering(refused if form.is_submitted() else page, form)
    facts = {name: value for name, value in form.facts.items() if name != "party_id"}
    try:
        with operation("competitor.register", by=g.user):
            competitor = Competitor.register(form.party_id.party(), facts, by=g.user)
    except AlreadyRegistered as known:
        form.party_id.errors = [*form.party_id.errors, str(known)]
        return _registering(refused, form)
    location = url_for("competitors.show", id=competitor.id)
    spend_key(location)
    db.session.commit()
    return moved_to(location, f"{competitor} was registered.")


def _registering(shown: Any, form: NewCompetitorForm) -> Response:
    context = {"title": "Register a competitor", "button": "Register", "action": url_for("competitors.register")}
    return shown(**FORM, form=form, back=url_for("competitors.index"), **context)


@competitors.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    competitor = found(Competitor, id)
    title = f"Edit competitor {competitor}"
    return _edited(competitor, CompetitorForm(competitor), title, url_for("competitors.edit", id=id))


@competitors.route("/<int:id>/facts/<name>", methods=["GET", "POST"])
def fact(id: int, name: str) -> Response:
    """One fact, edited in place."""
    competitor, form_class = found(Competitor, id), one_fact(CompetitorForm, name)
    if form_class is None:
        abort(404)
    form = form_class(competitor)
    title = f"{form[name].label.text} of competitor {competitor}"
    return _edited(competitor, form, title, url_for("competitors.fact", id=id, name=name))


def _edited(competitor: Competitor, form: Any, title: str, action: str) -> Response:
    back = url_for("competitors.show", id=competitor.id)
    if not form.validate_on_submit():
        shown: Any = refused if form.is_submitted() else page
        return shown(**FORM, form=form, title=title, button="Save", action=action, back=back)
    competitor.edit(form.merged_into(competitor), by=g.user)
    db.session.commit()
    return changed(back, f"{competitor} was saved.")
