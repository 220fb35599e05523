"""Doors of parties: the address book, and one entry of it."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for

from p2p.db import db
from p2p.listing import answer
from p2p.parties import queries
from p2p.parties.channels import queries as channels
from p2p.parties.forms import NewPartyForm, PartyForm
from p2p.parties.models import Party
from p2p.views import archive_doors, edit_doors, form_page
from p2p.web import found, moved_to, page, repeated, spend_key

parties = Blueprint("parties", __name__)
archive_doors(parties, Party)
edit_doors(parties, Party, PartyForm)


@parties.get("/")
def index() -> Response:
    return answer(queries.listing(), "parties/index.html", live="parties/_index.html")


@parties.get("/names")
def names() -> Response:
    """Suggestions while somebody types a party's name: the options of a list, nothing around them."""
    typed = request.args.get(request.args.get("field", "q")) or request.args.get("q", "")
    return page("parties/_names.html", found=queries.names_like(typed[:120]))


@parties.get("/<int:id>")
def show(id: int) -> Response:
    party, reach = found(Party, id), channels.by_kind(id)
    roles = queries.roles_of(id)
    return page("parties/show.html", live="parties/_party.html", party=party, roles=roles, reach=reach)


@parties.get("/new")
def new() -> Response:
    return _creating(NewPartyForm(data={"name": request.args.get("name", "")[:100]}))


@parties.post("/new")
def create() -> Response:
    if again := repeated():
        return again
    form = NewPartyForm()
    if not form.validate_on_submit():
        return _creating(form)
    if duplicates := form.likely_duplicates():
        return _creating(form, duplicates=duplicates)
    party = Party.enter(form.facts, by=g.user)
    location = url_for("parties.show", id=party.id)
    spend_key(location)
    db.session.commit()
    return moved_to(location, f"{party} was entered.")


def _creating(form: NewPartyForm, **context: Any) -> Response:
    return form_page(form, "New party", "Create", url_for("parties.index"), **context)
