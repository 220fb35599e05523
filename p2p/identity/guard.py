"""The guard at every door: who asks, from where, and whether they may; decided before any view runs."""

import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from p2p import engine as units
from p2p.db import db, now
from p2p.filters import use_format
from p2p.identity import policy, queries
from p2p.identity.models import SignIn
from p2p.setup import queries as setup
from p2p.web import same_origin_path

SAFE = ("GET", "HEAD", "OPTIONS")
SEEN_EVERY = timedelta(minutes=5)


def init(app: Flask) -> None:
    """Fasten the guard, and open and close the unit every request works in."""
    app.before_request(_open_unit)
    app.before_request(_check)
    app.teardown_request(_close_unit)
    app.extensions["p2p_code"] = secrets.token_hex(4)


def _open_unit() -> None:
    g.unit = units.reading(request.method in SAFE)


def _close_unit(error: BaseException | None) -> None:
    db.session.remove()
    token = g.pop("unit", None)
    if token is not None:
        units.end_unit(token)


def _check() -> Any:
    g.user = None
    endpoint = request.endpoint
    if endpoint in ("static", "health"):
        return None
    g.company = setup.company_row()
    use_format(setup.company_format(g.company))
    if request.method not in SAFE and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        abort(403, "This request came from another site.")
    g.user = queries.signed_in(session["token"]) if "token" in session else None
    if endpoint is None:
        return None  # Flask answers 404 or 405
    if endpoint not in policy.DOORS:
        abort(403)
    if policy.DOORS[endpoint] == policy.EVERYBODY:
        return None
    if g.user is None:
        return _to_the_door()
    _seen(g.user)
    if not policy.may_enter(g.user, endpoint, request.view_args or {}):
        abort(403)
    return None


def _to_the_door() -> Response:
    """Sign in first, then come back here; before anybody can, the first visit."""
    if not queries.anybody_can_sign_in():
        return redirect(url_for("identity.first_visit"), 303)  # type: ignore[return-value]
    if request.headers.get("HX-Request"):
        shown = same_origin_path(request.headers.get("HX-Current-URL"))
        return Response(status=401, headers={"HX-Redirect": url_for("identity.sign_in", next=shown)})
    wanted = request.full_path.rstrip("?") if request.method in SAFE else None
    return redirect(url_for("identity.sign_in", next=wanted), 303)  # type: ignore[return-value]


def _seen(person: queries.Person) -> None:
    """Note the session as used, in a unit of its own, at most every five minutes.

    Whoever only looks waits for nobody: while others write, or nothing can be written, it is noted another time.
    """
    if request.method in SAFE and now() - person.seen_at > SEEN_EVERY:
        used = update(SignIn).where(SignIn.token_digest == person.session).values(seen_at=now())
        with suppress(units.Busy, OperationalError), units.writing(patience=0.1) as connection:
            connection.execute(used)
