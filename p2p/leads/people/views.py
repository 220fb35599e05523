"""Doors of the people behind a lead."""

from typing import Any

from flask import Response, g, url_for
from wtforms.validators import NoneOf

from p2p.contacts.forms import NewContactForm
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.history import operation
from p2p.leads.doors import address, leads
from p2p.leads.models import Lead
from p2p.leads.parts import LeadContact
from p2p.leads.people.forms import ContactOfLeadForm, what_is_known
from p2p.views import form_about
from p2p.web import asking, changed, found, repeated, spend_key


@leads.route("/<int:id>/contacts", methods=["GET", "POST"])
def add_contact(id: int) -> Response:
    """Somebody of the address book is behind it, too."""
    if again := repeated():
        return again
    lead = found(Lead, id)
    form = ContactOfLeadForm(lead)
    known = NoneOf([line.contact_id for line in lead.contacts], "Is a contact of this lead already.")
    if not form.validate_on_submit({"contact_id": [known]}):
        return form_about(lead, form, "Add a contact", "Add")
    contact = db.session.get_one(Contact, form.contact_id.data)
    LeadContact.add(lead, contact, by=g.user)
    spend_key(address(lead))
    db.session.commit()
    return changed(address(lead), f"{contact} is a contact of {lead}.")


@leads.route("/<int:id>/contacts/new", methods=["GET", "POST"])
def new_contact(id: int) -> Response:
    """Enter somebody new, who is behind it."""
    if again := repeated():
        return again
    lead = found(Lead, id)
    form = NewContactForm(data=what_is_known(lead))
    if not form.validate_on_submit():
        return _entering(lead, form)
    if namesakes := form.namesakes():
        return _entering(lead, form, namesakes=namesakes)
    with operation("contact.enter", by=g.user):
        contact = form.enter(by=g.user)
        LeadContact.add(lead, contact, by=g.user)
    spend_key(address(lead))
    db.session.commit()
    return changed(address(lead), f"{contact} was entered, and is a contact of {lead}.")


def _entering(lead: Lead, form: NewContactForm, **context: Any) -> Response:
    context |= {"form": form, "title": f"New contact of {lead}", "back": address(lead)}
    return asking("contacts/new.html", live="contacts/_new.html", **context)


@leads.post("/<int:id>/contacts/<int:line_id>/leaving")
def remove_contact(id: int, line_id: int) -> Response:
    """The contact is not behind it after all."""
    line = found(LeadContact, line_id)
    line = line if line.lead_id == id else found(LeadContact, 0)
    line.remove(by=g.user)
    db.session.commit()
    return changed(url_for("leads.show", id=id), f"{line} is no longer a contact of this lead.")
