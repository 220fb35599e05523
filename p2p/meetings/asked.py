"""The filter a meeting is held over: what the board's address says of it. All that meetings know of the board."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from flask import g

from p2p.board.addresses import View
from p2p.identity.queries import owners
from p2p.opportunities.narrowing.filters import BY_KEY, Narrowed


def kept(args: Mapping[str, str]) -> str:
    """The filter of an address, as a meeting keeps it: *mine* is whoever's it is, and what is no filter goes."""
    mine = {"owner": str(g.user.id)} if args.get("owner") == "me" else {}
    view = View.of({**args, **mine})
    made_sense = {key: typed for key, typed in view.typed.items() if key in view.values}
    return urlsplit(View.of(made_sense).at("board.index")).query


def _view(asked: str) -> View:
    return View.of(dict(parse_qsl(asked)))


def narrowed(asked: str) -> Narrowed:
    """What the opportunities of a meeting are narrowed to."""
    return _view(asked).narrowed()


def board_url(asked: str) -> str:
    """The board, narrowed as the meeting."""
    return _view(asked).at("board.index")


def words(asked: str) -> list[str]:
    """The filter in words, a piece each; none for all deals."""
    values = _view(asked).values
    owner = values.get("owner")
    name = dict(owners(kept=owner)).get(owner) if owner else None
    mine = {"owner": f"Owner: {name}"} if name else {}  # a chip may say *me*; here others read it, too
    return [mine.get(key) or BY_KEY[key].chip(value) for key, value in values.items()]
