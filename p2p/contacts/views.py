"""Doors of contacts."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for

from p2p.contacts import queries
from p2p.contacts.forms import ContactForm, NewContactForm
from p2p.contacts.models import Circle, Contact
from p2p.db import db
from p2p.history import operation
from p2p.listing import answer
from p2p.parties import queries as parties
from p2p.parties.channels import queries as channels
from p2p.parties.forms import one_fact
from p2p.views import archive_doors
from p2p.web import changed, found, moved_to, page, refused, repeated, spend_key

contacts = Blueprint("contacts", __name__)
archive_doors(contacts, Contact)

FORM = {"template": "parties/form.html", "live": "parties/_form.html"}


@contacts.get("/")
def index() -> Response:
    return answer(queries.LISTING, "contacts/index.html", live="contacts/_index.html")


@contacts.get("/names")
def names() -> Response:
    """Suggestions while somebody types a contact's name: the options of a list, nothing around them."""
    typed = request.args.get(request.args.get("field", "q")) or request.args.get("q", "")
    return page("contacts/_names.html", found=queries.names_like(typed[:120]))


@contacts.get("/<int:id>")
def show(id: int) -> Response:
    contact = found(Contact, id)
    people: Any = {"others": queries.acts_also_for(contact), "team": queries.reporting_to(id)}
    people |= {"reach": channels.by_kind(contact.person_id), "roles": parties.roles_of(contact.party_id)}
    return page("contacts/show.html", live="contacts/_contact.html", contact=contact, **people)


@contacts.get("/new")
def new() -> Response:
    party = request.args.get("party", "")
    chosen = {"party_id": int(party)} if party.isdecimal() and len(party) < 16 else {}
    return _creating(page, NewContactForm(data=chosen | {"name": request.args.get("name", "")[:100]}))


@contacts.post("/new")
def create() -> Response:
    if again := repeated():
        return again
    form = NewContactForm()
    if not form.validate_on_submit():
        return _creating(refused, form)
    if namesakes := form.namesakes():
        return _creating(refused, form, namesakes=namesakes)
    with operation("contact.enter", by=g.user):
        contact = form.enter(by=g.user)
    location = url_for("contacts.show", id=contact.id)
    spend_key(location)
    db.session.commit()
    return moved_to(location, f"{contact} was entered.")


def _creating(shown: Any, form: NewContactForm, **context: Any) -> Response:
    action = {"action": url_for("contacts.create"), "back": url_for("contacts.index")}
    return shown("contacts/new.html", live="contacts/_new.html", form=form, title="New contact", **action, **context)


@contacts.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    contact = found(Contact, id)
    return _edited(contact, ContactForm(contact), f"Edit contact {contact}", url_for("contacts.edit", id=id))


@contacts.route("/<int:id>/facts/<name>", methods=["GET", "POST"])
def fact(id: int, name: str) -> Response:
    """One fact, edited in place."""
    contact, form_class = found(Contact, id), one_fact(ContactForm, name)
    if form_class is None:
        abort(404)
    form = form_class(contact)
    title = f"{form[name].label.text} of contact {contact}"
    return _edited(contact, form, title, url_for("contacts.fact", id=id, name=name))


def _edited(contact: Contact, form: Any, title: str, action: str) -> Response:
    back = url_for("contacts.show", id=contact.id)
    if not form.validate_on_submit():
        shown: Any = refused if form.is_submitted() else page
        return shown(**FORM, form=form, title=title, button="Save", action=action, back=back)
    try:
        contact.edit(form.merged_into(contact), by=g.user)
    except Circle as circle:
        form.reports_to_id.errors = [str(circle)]
        return refused(**FORM, form=form, title=title, button="Save", action=action, back=back)
    db.session.commit()
    return changed(back, f"{contact} was saved.")
