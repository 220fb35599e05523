"""Doors of prospects and of the customers they become."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for

from p2p.db import db
from p2p.forms import whole
from p2p.history import operation
from p2p.listing import answer
from p2p.parties.models import Party
from p2p.prospects import queries
from p2p.prospects.forms import ConvertForm, NewCustomerForm, NewProspectForm, ProspectForm
from p2p.prospects.models import Customer, Prospect, Taken
from p2p.views import archive_doors, edit_doors, form_page
from p2p.web import found, moved_to, page, repeated, spend_key

prospects = Blueprint("prospects", __name__)
archive_doors(prospects, Prospect)
edit_doors(prospects, Prospect, ProspectForm, "prospect ")
customers = Blueprint("customers", __name__)
archive_doors(customers, Customer)


def _party_asked_for() -> dict[str, int | None]:
    return {"party_id": whole(request.args.get("party"))}


# ── Prospects ───────────────────────────────────────────────────────────────────────────────────────────────────────


@prospects.get("/")
def index() -> Response:
    return answer(queries.PROSPECTS, "prospects/index.html", live="prospects/_index.html")


@prospects.get("/<int:id>")
def show(id: int) -> Response:
    prospect = found(Prospect, id)
    by = queries.user_name(prospect.converted_by_id)
    return page("prospects/show.html", live="prospects/_prospect.html", prospect=prospect, converted_by=by)


@prospects.route("/new", methods=["GET", "POST"])
def make() -> Response:
    """Give a party the prospect role."""
    if again := repeated():
        return again
    form = NewProspectForm(data=_defaults() if request.method == "GET" else None)
    if not form.validate_on_submit():
        return _making(form)
    facts = {name: value for name, value in form.facts.items() if name != "party_id"}
    try:
        with operation("prospect.make", by=g.user):
            prospect = Prospect.make(form.party_id.party(), facts, by=g.user)
    except Taken as taken:
        form.number.errors = [*form.number.errors, str(taken)]
        return _making(form)
    spend_key(url_for("prospects.show", id=prospect.id))
    db.session.commit()
    return moved_to(
        url_for("parties.show", id=prospect.party_id), f"{prospect.party} is the prospect {prospect.number}."
    )


@prospects.post("/of/<int:party_id>")
def make_of(party_id: int) -> Response:
    """Give a party the prospect role in one step; its facts are changed in place afterwards."""
    party = found(Party, party_id)
    if known := queries.prospect_of(party_id):
        return moved_to(url_for("prospects.show", id=known.id), f"{party} already is the prospect {known.number}.")
    if queries.usual_type() is None:  # nobody can be one of no type: the form says what is missing
        return moved_to(url_for("prospects.make", party=party_id))
    prospect = Prospect.make(party, {}, by=g.user)
    db.session.commit()
    return moved_to(url_for("prospects.show", id=prospect.id), f"{party} is the prospect {prospect.number}.")


def _defaults() -> dict[str, Any]:
    given = {"currency": g.company.currency, "type_id": queries.usual_type(), "responsible_id": g.user.id}
    return given | _party_asked_for()


def _making(form: NewProspectForm) -> Response:
    return form_page(form, "Make prospect", "Make prospect", url_for("prospects.index"))


@prospects.route("/<int:id>/convert", methods=["GET", "POST"])
def convert(id: int) -> Response:
    """Make the prospect a customer."""
    prospect = found(Prospect, id)
    if again := repeated():
        return again
    form = ConvertForm()
    if not form.validate_on_submit():
        return _converting(prospect, form)
    try:
        customer = prospect.convert(number=form.number.data, by=g.user)
    except Taken as taken:
        form.number.errors = [*form.number.errors, str(taken)]
        return _converting(prospect, form)
    spend_key(url_for("customers.show", id=customer.id))
    db.session.commit()
    return moved_to(
        url_for("parties.show", id=customer.party_id), f"{customer.party} is the customer {customer.number}."
    )


def _converting(prospect: Prospect, form: ConvertForm) -> Response:
    _say_coming_number(form)
    back = url_for("prospects.show", id=prospect.id)
    return form_page(form, f"Convert {prospect} to a customer", "Convert", back)


def _say_coming_number(form: ConvertForm) -> None:
    form.number.render_kw = {"placeholder": queries.coming_number(Customer, "customer"), "autocomplete": "off"}


# ── Customers ───────────────────────────────────────────────────────────────────────────────────────────────────────


@customers.get("/", endpoint="index")
def customer_index() -> Response:
    return answer(queries.CUSTOMERS, "customers/index.html", live="customers/_index.html")


@customers.get("/<int:id>", endpoint="show")
def customer_page(id: int) -> Response:
    customer = found(Customer, id)
    was = queries.converted_from(customer)
    by = queries.user_name(was.converted_by_id) if was else None
    return page("customers/show.html", live="customers/_customer.html", customer=customer, was=was, converted_by=by)


@customers.route("/new", methods=["GET", "POST"], endpoint="open")
def open_account() -> Response:
    """Make a party a customer; its prospect counts as converted."""
    if again := repeated():
        return again
    form = NewCustomerForm(data=_party_asked_for() if request.method == "GET" else None)
    if not form.validate_on_submit():
        return _opening(form)
    try:
        with operation("customer.open", by=g.user):
            customer = Customer.open(form.party_id.party(), number=form.number.data, by=g.user)
    except Taken as taken:
        form.number.errors = [*form.number.errors, str(taken)]
        return _opening(form)
    spend_key(url_for("customers.show", id=customer.id))
    db.session.commit()
    return moved_to(
        url_for("parties.show", id=customer.party_id), f"{customer.party} is the customer {customer.number}."
    )


def _opening(form: NewCustomerForm) -> Response:
    _say_coming_number(form)
    return form_page(form, "Make customer", "Make customer", url_for("customers.index"))
