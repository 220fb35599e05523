"""Doors of parties: the address book, and one entry of it."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for

from p2p.db import db
from p2p.listing import answer
from p2p.parties import queries
from p2p.parties.channels import queries as channels
from p2p.parties.forms import NewPartyForm, PartyForm, one_fact
from p2p.parties.models import Party
from p2p.views import archive_doors
from p2p.web import changed, found, moved_to, page, refused, repeated, spend_key

parties = Blueprint("parties", __name__)
archive_doors(parties, Party)

FORM = {"template": "parties/form.html", "live": "parties/_form.html"}


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
    return _creating(page, NewPartyForm(data={"name": request.args.get("name", "")[:100]}))


@parties.post("/new")
def create() -> Response:
    if again := repeated():
        return again
    form = NewPartyForm()
    if not form.validate_on_submit():
        return _creating(refused, form)
    if duplicates := form.likely_duplicates():
        return _creating(refused, form, duplicates=duplicates)
    party = Party.enter(form.facts, by=g.user)
    location = url_for("parties.show", id=party.id)
    spend_key(location)
    db.session.commit()
    return moved_to(location, f"{party} was entered.")


def _creating(shown: Any, form: NewPartyForm, **context: Any) -> Response:
    back, here = url_for("parties.index"), url_for("parties.create")
    return shown(**FORM, form=form, title="New party", button="Create", action=here, back=back, **context)


@parties.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    party = found(Party, id)
    return _edited(party, PartyForm(party), f"Edit {party}", url_for("parties.edit", id=id))


@parties.route("/<int:id>/facts/<name>", methods=["GET", "POST"])
def fact(id: int, name: str) -> Response:
    """One fact, edited in place."""
    party, form_class = found(Party, id), one_fact(PartyForm, name)
    if form_class is None:
        abort(404)
    form = form_class(party)
    return _edited(party, form, f"{form[name].label.text} of {party}", url_for("parties.fact", id=id, name=name))


def _edited(party: Party, form: Any, title: str, action: str) -> Response:
    back = url_for("parties.show", id=party.id)
    if not form.validate_on_submit():
        shown: Any = refused if form.is_submitted() else page
        return shown(**FORM, form=form, title=title, button="Save", action=action, back=back)
    party.edit(form.merged_into(party), by=g.user)
    db.session.commit()
    return changed(back, f"{party} was saved.")
