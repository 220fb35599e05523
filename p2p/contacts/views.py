"""Doors of contacts."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for

from p2p.contacts import queries
from p2p.contacts.forms import ContactForm, NewContactForm
from p2p.contacts.models import Circle, Contact
from p2p.db import db
from p2p.forms import one_fact, whole
from p2p.history import operation
from p2p.listing import answer
from p2p.parties import queries as parties
from p2p.parties.channels import queries as channels
from p2p.views import archive_doors, edited, form_page
from p2p.web import asking, found, moved_to, page, repeated, spend_key

contacts = Blueprint("contacts", __name__)
archive_doors(contacts, Contact)


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
    asked = {"party_id": whole(request.args.get("party")), "name": request.args.get("name", "")[:100]}
    return _creating(NewContactForm(data=asked))


@contacts.post("/new")
def create() -> Response:
    if again := repeated():
        return again
    form = NewContactForm()
    if not form.validate_on_submit():
        return _creating(form)
    if namesakes := form.namesakes():
        return _creating(form, namesakes=namesakes)
    with operation("contact.enter", by=g.user):
        contact = form.enter(by=g.user)
    location = url_for("contacts.show", id=contact.id)
    spend_key(location)
    db.session.commit()
    return moved_to(location, f"{contact} was entered.")


def _creating(form: NewContactForm, **context: Any) -> Response:
    context |= {"form": form, "title": "New contact", "back": url_for("contacts.index")}
    return asking("contacts/new.html", live="contacts/_new.html", **context)


@contacts.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    contact = found(Contact, id)
    return _edited(contact, ContactForm(contact), f"Edit contact {contact}")


@contacts.route("/<int:id>/facts/<name>", methods=["GET", "POST"])
def fact(id: int, name: str) -> Response:
    """One fact, edited in place."""
    contact, form_class = found(Contact, id), one_fact(ContactForm, name)
    if form_class is None:
        abort(404)
    form = form_class(contact)
    return _edited(contact, form, f"{form[name].label.text} of contact {contact}")


def _edited(contact: Contact, form: Any, title: str) -> Response:
    try:
        return edited(contact, form, title)
    except Circle as circle:
        form.reports_to_id.errors = [str(circle)]
        return form_page(form, title, "Save", url_for("contacts.show", id=contact.id))
