"""Doors of prospects and of the customers they become."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for

from p2p.db import db
from p2p.history import operation
from p2p.listing import answer
from p2p.parties.forms import one_fact
from p2p.parties.models import Party
from p2p.prospects import queries
from p2p.prospects.forms import ConvertForm, NewCustomerForm, NewProspectForm, ProspectForm
from p2p.prospects.models import Customer, Prospect, Taken
from p2p.views import archive_doors
from p2p.web import changed, found, moved_to, page, refused, repeated, spend_key

prospects = Blueprint("prospects", __name__)
archive_doors(prospects, Prospect)
customers = Blueprint("customers", __name__)
archive_doors(customers, Customer)

FORM = {"template": "parties/form.html", "live": "parties/_form.html"}


def _party_asked_for() -> dict[str, int]:
    party = request.args.get("party", "")
    return {"party_id": int(party)} if party.isdecimal() and len(party) < 16 else {}


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
    if again := (request.method == "POST" and repeated()):
        return again
    form = NewProspectForm(data=_defaults() if request.method == "GET" else None)
    if not form.validate_on_submit():
        return _making(refused if form.is_submitted() else page, form)
    facts = {name: value for name, value in form.facts.items() if name != "party_id"}
    try:
        with operation("prospect.make", by=g.user):
            prospect = Prospect.make(form.party_id.party(), facts, by=g.user)
    except Taken as taken:
        form.number.errors = [*form.number.errors, str(taken)]
        return _making(refused, form)
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


def _making(shown: Any, form: NewProspectForm) -> Response:
    context = {"title": "Make prospect", "button": "Make prospect", "action": url_for("prospects.make")}
    return shown(**FORM, form=form, back=url_for("prospects.index"), **context)


@prospects.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    prospect = found(Prospect, id)
    return _edited(prospect, ProspectForm(prospect), f"Edit prospect {prospect}", url_for("prospects.edit", id=id))


@prospects.route("/<int:id>/facts/<name>", methods=["GET", "POST"])
def fact(id: int, name: str) -> Response:
    """One fact, edited in place."""
    prospect, form_class = found(Prospect, id), one_fact(ProspectForm, name)
    if form_class is None:
        abort(404)
    form = form_class(prospect)
    title = f"{form[name].label.text} of prospect {prospect}"
    return _edited(prospect, form, title, url_for("prospects.fact", id=id, name=name))


def _edited(prospect: Prospect, form: Any, title: str, action: str) -> Response:
    back = url_for("prospects.show", id=prospect.id)
    if not form.validate_on_submit():
        shown: Any = refused if form.is_submitted() else page
        return shown(**FORM, form=form, title=title, button="Save", action=action, back=back)
    prospect.edit(form.merged_into(prospect), by=g.user)
    db.session.commit()
    return changed(back, f"{prospect} was saved.")


@prospects.route("/<int:id>/convert", methods=["GET", "POST"])
def convert(id: int) -> Response:
    """Make the prospect a customer."""
    prospect = found(Prospect, id)
    if again := (request.method == "POST" and repeated()):
        return again
    form = ConvertForm()
    if not form.validate_on_submit():
        return _converting(refused if form.is_submitted() else page, prospect, form)
    try:
        customer = prospect.convert(number=form.number.data, by=g.user)
    except Taken as taken:
        form.number.errors = [*form.number.errors, str(taken)]
        return _converting(refused, prospect, form)
    spend_key(url_for("customers.show", id=customer.id))
    db.session.commit()
    return moved_to(
        url_for("parties.show", id=customer.party_id), f"{customer.party} is the customer {customer.number}."
    )


def _converting(shown: Any, prospect: Prospect, form: ConvertForm) -> Response:
    context = {"title": f"Convert {prospect} to a customer", "button": "Convert"}
    context |= {
        "action": url_for("prospects.convert", id=prospect.id),
        "back": url_for("prospects.show", id=prospect.id),
    }
    _say_coming_number(form)
    return shown(**FORM, form=form, **context)


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
    if again := (request.method == "POST" and repeated()):
        return again
    form = NewCustomerForm(data=_party_asked_for() if request.method == "GET" else None)
    if not form.validate_on_submit():
        return _opening(refused if form.is_submitted() else page, form)
    try:
        with operation("customer.open", by=g.user):
            customer = Customer.open(form.party_id.party(), number=form.number.data, by=g.user)
    except Taken as taken:
        form.number.errors = [*form.number.errors, str(taken)]
        return _opening(refused, form)
    spend_key(url_for("customers.show", id=customer.id))
    db.session.commit()
    return moved_to(
        url_for("parties.show", id=customer.party_id), f"{customer.party} is the customer {customer.number}."
    )


def _opening(shown: Any, form: NewCustomerForm) -> Response:
    _say_coming_number(form)
    context = {"title": "Make customer", "button": "Make customer", "action": url_for("customers.open")}
    return shown(**FORM, form=form, back=url_for("customers.index"), **context)
