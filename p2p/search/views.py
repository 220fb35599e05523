"""The doors of Find: its page, and what the box offers while somebody types."""

from flask import Blueprint, Response, abort, request

from p2p.search.finding import AS_TYPED, ON_PAGE, Found
from p2p.search.kinds import KINDS
from p2p.search.queries import MOST
from p2p.search.words import Wanted
from p2p.web import page

search = Blueprint("search", __name__)

LONGEST = 200


@search.get("/find")
def index() -> Response:
    """What a text finds among all nouns, or among those of one kind."""
    noun = request.args.get("in") or None
    kind = next((each for each in KINDS if each.noun == noun), None)
    if noun and not kind:
        abort(400)
    return page("search/found.html", found=_found(MOST if kind else ON_PAGE, noun), kind=kind, kinds=KINDS)


@search.get("/find/choices")
def choices() -> Response:
    """What is offered below the box while somebody types."""
    return page("search/_choices.html", found=_found(AS_TYPED))


def _found(limit: int, noun: str | None = None) -> Found:
    typed = request.args.get("q", "").strip()[:LONGEST]
    if "\0" in typed:
        abort(400)
    return Found(Wanted(typed), limit, noun)
