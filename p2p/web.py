"""All that p2p knows of browsers and htmx: pages and parts, answers to changes, refusals, headers, errors."""

import gzip
import hashlib
import json
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, flash, g, make_response, redirect, render_template, request, url_for
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter

from p2p.db import TABLE, Base, Busy, Instant, db, now
from p2p.history import last_operation_id, nouns
from p2p.history.merging import Conflict
from p2p.history.standing import tell_clashes
from p2p.states import IllegalMove

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg+xml")


# ── Pages and parts ─────────────────────────────────────────────────────────────────────────────────────────────────


def wants_part() -> bool:
    """Whether htmx asks for the living part alone; everything else gets the whole page."""
    return request.headers.get("HX-Request-Type") == "partial"


def page(template: str, *, live: str | None = None, status: int = 200, **context: Any) -> Response:
    """The page, or its living part alone when htmx asked for that. A page is its part in a frame."""
    return make_response(render_template(live if live and wants_part() else template, **context), status)


def refused(template: str, *, live: str | None = None, **context: Any) -> Response:
    """The same page or part again, 422: what was typed, and what is wrong with it."""
    db.session.rollback()
    return page(template, live=live, status=422, **context)


def changed(fallback: str, message: str, *, undo: bool = True) -> Response:
    """The answer to a change that was made: a plain form goes back where it came from, htmx gets a toast.

    Living parts hear the `changed` event and fetch themselves again, so nothing else is sent.
    """
    operation_id = last_operation_id() if undo else None
    told = {"text": message, "undo": url_for("history.undo", id=operation_id) if operation_id else None}
    if not wants_part():
        flash(told)  # type: ignore[arg-type]
        return make_response(redirect(back(fallback), 303))
    answer = make_response(render_template("_toast.html", told=told))
    answer.headers["HX-Trigger"] = json.dumps({"changed": {"message": message}})
    return answer


def moved_to(location: str, message: str | None = None) -> Response:
    """Send the browser to another page after a change, whichever way it asked."""
    if message:
        operation_id = last_operation_id()
        undo = url_for("history.undo", id=operation_id) if operation_id else None
        flash({"text": message, "undo": undo})  # type: ignore[arg-type]
    if wants_part():
        return Response(status=204, headers={"HX-Redirect": location})
    return make_response(redirect(location, 303))


def same_origin_path(url: str | None) -> str | None:
    """The path of a URL on this very host, else None: where redirects may lead."""
    if not url or any(c in url for c in "\\\r\n\t") or any(ord(c) < 32 for c in url):
        return None
    parts = urlsplit(url)
    if (parts.netloc and parts.netloc != request.host) or parts.scheme not in ("", "http", "https"):
        return None
    if not parts.path.startswith("/") or parts.path.startswith("//"):
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def came_from() -> str | None:
    """The page of ours that led here: what a link names as `next`, else the page that held it."""
    for url in (request.values.get("next"), request.referrer):
        path = same_origin_path(url)
        if path and urlsplit(path).path != request.path:
            return path
    return None


def back(fallback: str) -> str:
    """Where to go after a form: where it came from, else `fallback`."""
    return came_from() or fallback


def found(cls: Any, id: int) -> Any:
    """The present record with this id, else 404."""
    record = db.session.get(cls, id) if 0 < id < 2**63 else None
    if record is None or getattr(record, "hidden", False):
        abort(404)
    return record


# ── One-time keys of creating forms ─────────────────────────────────────────────────────────────────────────────────


class SpentKey(Base):
    """The key of a form that created something, kept with where that went: posting it twice creates once."""

    __tablename__ = "spent_key"
    __table_args__ = (TABLE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    body: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(500))
    at: Mapped[Any] = mapped_column(Instant)


class Repeated(Exception):
    """The same form arrived a second time while the first was on its way."""


def _body_digest() -> str:
    fields = sorted((k, v) for k, v in request.form.items(multi=True) if k not in ("csrf_token", "next"))
    return hashlib.sha256(json.dumps([request.path, fields]).encode()).hexdigest()


def repeated() -> Response | None:
    """The answer to a form whose key was spent: the first one's result; 422 if it says something else now."""
    key = request.form.get("key", "")
    spent = (
        db.session.scalar(select(SpentKey).where(SpentKey.key == key, SpentKey.user_id == g.user.id)) if key else None
    )
    if spent is None:
        return None
    if spent.body != _body_digest():
        abort(422, "This form was already sent with other words. Open it anew to create another one.")
    return changed(spent.location, "That was saved already.", undo=False)


def spend_key(location: str) -> None:
    """Remember, in the same transaction, what this form made; raises Repeated when another post was first."""
    key = request.form.get("key", "")
    if not key:
        return
    spent = SpentKey(key=key[:80], user_id=g.user.id, body=_body_digest(), location=location, at=now())
    db.session.add(spent)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise Repeated from error


# ── Headers, compression, errors ────────────────────────────────────────────────────────────────────────────────────

_compressed: dict[str, bytes] = {}


def finish(response: Response) -> Response:
    """Headers for every answer, errors included; text compressed."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
        response.vary.update(("Cookie", "HX-Request-Type"))
    return compress(response)


def compress(response: Response) -> Response:
    """gzip for browsers that take it: level 1 for pages, 9 once per version of a static file."""
    kind = response.mimetype or ""
    if (
        not kind.startswith(COMPRESSED)
        or "gzip" not in request.accept_encodings
        or response.status_code in (204, 206, 304)
    ):
        return response
    static = request.endpoint == "static"
    if response.is_streamed and not static:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < 600:
        return response
    if static:
        name = f"{request.full_path} {len(body)}"
        if name not in _compressed:
            _compressed[name] = gzip.compress(body, 9, mtime=0)
        response.set_data(_compressed[name])
    else:
        response.set_data(gzip.compress(body, 1, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers.pop("ETag", None)
    return response


def problem(status: int, title: str, message: str, **headers: str) -> Response:
    """A friendly error: the page, or the part inside a dialog."""
    db.session.rollback()
    answer = page("error.html", live="_problem.html", status=status, title=title, message=message, status_code=status)
    answer.headers.update(headers)
    return answer


TITLES = {
    400: ("That request made no sense", "Go back and try again. If it was a form, reload the page first."),
    403: ("You may not do that", "Your role does not allow it. An administrator can change that."),
    404: ("There is nothing here", "The address may be old, or the record was taken away."),
    405: ("That is not how this door opens", "Go back and use the buttons of the page."),
    413: ("That is too large", "Send a smaller file or less text."),
    422: ("That could not be saved", "Check what was typed."),
    429: ("Too many tries", "Wait a quarter of an hour and try again."),
    500: ("Something went wrong", "It was noted. Nothing was changed; please try again."),
}


def on_http_error(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:
        return make_response(error.get_response())
    title, advice = TITLES.get(code, TITLES[400 if code < 500 else 500])
    said = (
        error.description if code in (403, 409, 422, 429) and error.description != type(error).description else advice
    )
    return problem(code, title, said or advice)


def on_conflict(error: Conflict) -> Response:
    """409: each field with what was, what is and what was typed; the choice posts the same form again."""
    db.session.rollback()
    record = error.record
    posted = [(k, v) for k, v in request.form.items(multi=True) if k not in ("csrf_token", "version", "keep_theirs")]
    clashes = tell_clashes(record, error.clashes)
    kept = sorted({*request.form.getlist("keep_theirs"), *error.left_alone})
    context = {"record": record, "clashes": clashes, "posted": posted, "kept": kept}
    context["action"] = request.full_path.rstrip("?")
    return page("conflict.html", live="_conflict.html", status=409, **context)


def on_illegal_move(error: IllegalMove) -> Response:
    return problem(409, "That is not possible any more", str(error))


def on_busy(error: Exception) -> Response:
    """503 with the text kept: the browser still shows the form; a plain page offers to send it again."""
    db.session.rollback()
    posted = [(k, v) for k, v in request.form.items(multi=True) if k != "csrf_token"]
    answer = page("busy.html", live="_busy.html", status=503, posted=posted, action=request.full_path.rstrip("?"))
    answer.headers["Retry-After"] = "10"
    return answer


def on_repeated(error: Repeated) -> Response:
    return repeated() or problem(409, "That was just saved", "Somebody sent the same form at the same moment.")


class Number(IntegerConverter):
    """Numbers in addresses; a larger one than any id leads nowhere, where databases would choke on it."""

    def __init__(self, map: Any, max: int = 2**31 - 1, **kw: Any) -> None:
        super().__init__(map, max=max, **kw)


def static_version(app: Flask) -> Any:
    """Static addresses carry a digest of their file, so browsers may keep them for ever."""
    known: dict[str, str] = {}

    def add(endpoint: str, values: dict[str, Any]) -> None:
        name = values.get("filename")
        if endpoint != "static" or not name:
            return
        if name not in known:
            with app.open_resource(f"static/{name}") as file:
                known[name] = hashlib.sha256(file.read()).hexdigest()[:10]
        values["v"] = known[name]

    return add


def init(app: Flask) -> None:
    """Fasten headers and error answers to the application."""
    app.url_map.converters["int"] = Number
    app.after_request(finish)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Conflict, on_conflict)
    app.register_error_handler(IllegalMove, on_illegal_move)
    app.register_error_handler(Busy, on_busy)
    app.register_error_handler(Repeated, on_repeated)
    app.url_defaults(static_version(app))
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31536000
    app.jinja_env.globals["nouns"] = nouns
