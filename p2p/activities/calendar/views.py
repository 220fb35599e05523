"""Doors of the calendar feed: the feed itself, by its secret address, and one's own page about it."""

import hashlib

from flask import Response, abort, g, make_response, render_template, request, url_for

from p2p.activities.calendar import queries
from p2p.activities.calendar.models import CalendarFeed
from p2p.activities.calendar.writing import calendar as written
from p2p.activities.doors import activities
from p2p.activities.queries import subjects
from p2p.db import db
from p2p.filters import today
from p2p.identity.models import User
from p2p.web import changed, found, page


@activities.get("/calendar/<token>.ics")
def feed(token: str) -> Response:
    """Somebody's activities for a calendar program; whoever has the address may read it, until it is revoked."""
    known = queries.feed_with(token)
    if known is None:
        abort(404)
    rows = queries.of_user(known.user_id, today())
    body = written(
        f"p2p, {known.user.name}",
        rows,
        subjects=subjects(rows),
        changed_at=queries.changed_at(rows),
        host=request.host,
        url_of=lambda activity: url_for("activities.show", id=activity.id, _external=True),
    )
    response = Response(body, mimetype="text/calendar", headers={"Cache-Control": "private, no-cache"})
    response.set_etag(hashlib.sha256(body).hexdigest(), weak=True)
    return response.make_conditional(request)  # type: ignore[return-value]


@activities.get("/calendar")
def calendar() -> Response:
    """One's own feed: whether there is one, a new address, and the end of it."""
    own = queries.feed_of(g.user.id)
    return page("activities/calendar/show.html", live="activities/calendar/_show.html", feed=own)


@activities.post("/calendar/address")
def make_feed() -> Response:
    """A new address, shown this once; an earlier one stops working."""
    token = CalendarFeed.make(found(User, g.user.id), by=g.user)
    db.session.commit()
    url = url_for("activities.feed", token=token, _external=True)
    return make_response(render_template("activities/calendar/made.html", url=url))


@activities.post("/calendar/revocation")
def revoke_feed() -> Response:
    """The address leads nowhere from here on."""
    known = queries.feed_of(g.user.id)
    if known is None:
        abort(404)
    known.revoke(by=g.user)
    db.session.commit()
    return changed(url_for("activities.calendar"), "Your calendar address was revoked.", undo=False)
