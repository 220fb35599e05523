"""Doors of cards: one contact, or those of a list, as a file other address books read."""

from flask import Blueprint, Response, abort, request

from p2p.contacts.models import Contact
from p2p.db import db
from p2p.exchange.contacts import queries
from p2p.exchange.contacts.exporting import cards, streamed
from p2p.exchange.vcards.writing import VERSIONS, written
from p2p.filters import today
from p2p.listing import NoSuchList
from p2p.web import found

vcards = Blueprint("vcards", __name__)


@vcards.get("/<int:id>.vcf")
def show(id: int) -> Response:
    """One contact as a card."""
    contact = found(Contact, id)
    text = "".join(written(card, _version()) for card in cards(db.session.connection(), [contact.id]))
    return _file(text, f"contact-{id}.vcf")


@vcards.get("/cards.vcf")
def index() -> Response:
    """The contacts of the list, filtered as there, as cards in one file."""
    try:
        wanted = queries.filtered(request.args)
    except NoSuchList:
        abort(400)
    return _file(streamed(db.engine, wanted, _version()), f"contacts-{today().isoformat()}.vcf")


def _version() -> str:
    """4.0 unless an older one is asked for: `?version=3.0`."""
    version = request.args.get("version", VERSIONS[0])
    return version if version in VERSIONS else abort(400)


def _file(text: object, name: str) -> Response:
    answer = Response(text, mimetype="text/vcard")  # type: ignore[arg-type]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
