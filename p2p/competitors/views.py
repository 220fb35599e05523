"""Doors of the register of competitors."""

from flask import Blueprint, Response, g, request, url_for

from p2p.competitors import queries
from p2p.competitors.forms import CompetitorForm, NewCompetitorForm
from p2p.competitors.models import AlreadyRegistered, Competitor
from p2p.db import db
from p2p.forms import whole
from p2p.history import operation
from p2p.listing import answer
from p2p.views import archive_doors, edit_doors, form_page
from p2p.web import found, moved_to, page, repeated, spend_key

competitors = Blueprint("competitors", __name__)
archive_doors(competitors, Competitor)
edit_doors(competitors, Competitor, CompetitorForm, "competitor ")


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
    if again := repeated():
        return again
    chosen = {"party_id": whole(request.args.get("party"))}
    form = NewCompetitorForm(data=chosen if request.method == "GET" else None)
    if not form.validate_on_submit():
        return _registering(form)
    facts = {name: value for name, value in form.facts.items() if name != "party_id"}
    try:
        with operation("competitor.register", by=g.user):
            competitor = Competitor.register(form.party_id.party(), facts, by=g.user)
    except AlreadyRegistered as known:
        form.party_id.errors = [*form.party_id.errors, str(known)]
        return _registering(form)
    location = url_for("competitors.show", id=competitor.id)
    spend_key(location)
    db.session.commit()
    return moved_to(location, f"{competitor} was registered.")


def _registering(form: NewCompetitorForm) -> Response:
    return form_page(form, "Register a competitor", "Register", url_for("competitors.index"))
