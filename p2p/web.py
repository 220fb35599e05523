"""All that p2p knows of browsers and htmx: pages and parts, answers to changes, refusals, one-time keys."""

import hashlib
import json
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, flash, g, make_response, redirect, render_template, request, url_for
from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from p2p.db import TABLE, Base, Instant, db, now
from p2p.history import Recorded, last_operation_id
from p2p.history.absorbing import became
from p2p.history.wording import place

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


def asking(template: str, *, form: Any, live: str | None = None, **context: Any) -> Response:
    """A form as a page or part: as it was asked for, or refused when it was sent."""
    shown: Any = refused if form.is_submitted() else page
    return shown(template, live=live, form=form, **context)


def changed(
    fallback: str, message: str, *, undo: bool = True, undo_label: str = "Undo", offer: tuple[str, str] | None = None
) -> Response:
    """The answer to a change that was made: a plain form goes back where it came from, htmx gets a toast.

    Living parts hear the `changed` event and fetch themselves again, so nothing else is sent. `offer` is what may be
    done next: the words of a link, and where its form stands.
    """
    told = _told(message, last_operation_id() if undo else None, undo_label, offer)
    if not wants_part():
        flash(told)  # type: ignore[arg-type]
        return make_response(redirect(back(fallback), 303))
    if _fills_the_page() and (location := back(fallback)) != request.path:
        flash(told)  # type: ignore[arg-type]
        return Response(status=204, headers={"HX-Redirect": location})
    return heard(make_response(render_template("_toast.html", told=told)), message=message)


def changed_here(live: str, message: str, **context: Any) -> Response:
    """A change was made, and the answer brings all of it that the page shows, its toast, too."""
    told = _told(message, last_operation_id(), "Undo")
    return heard(make_response(render_template(live, told=told, **context)), message=message, shown=True)


def heard(answer: Response, **change: Any) -> Response:
    """An answer after which living parts hear of a change: its `message`, and what they need not do any more."""
    answer.headers["HX-Trigger"] = json.dumps({"changed": change})
    return answer


def changed_and(next_url: str, message: str, *, live: str, **context: Any) -> Response:
    """A change was made, and its form gives way to the one that may come next: in the dialog, or on its own page."""
    if not wants_part() or _fills_the_page():
        return moved_to(next_url, message)
    told = _told(message, last_operation_id(), "Undo")
    shown = render_template(live, **context) + render_template("_toast.html", told=told)
    return heard(make_response(shown), message=message, stay=True)


def _fills_the_page() -> bool:
    """Whether the form stands on its own page, not in a dialog: left there, its version would be an old one."""
    return urlsplit(same_origin_path(request.headers.get("HX-Current-URL")) or "").path == request.path


def _told(
    message: str, operation_id: int | None, undo_label: str, offer: tuple[str, str] | None = None
) -> dict[str, Any]:
    """What a toast says; it offers to take back what was just done, under a word that fits, and what may come next."""
    undo = url_for("history.undo", id=operation_id) if operation_id else None
    return {"text": message, "undo": undo, "undo_label": undo_label, "offer": offer}


def moved_to(location: str, message: str | None = None, *, undo_label: str = "Undo") -> Response:
    """Send the browser to another page after a change, whichever way it asked."""
    if message:
        flash(_told(message, last_operation_id(), undo_label))  # type: ignore[arg-type]
    if wants_part():
        return Response(status=204, headers={"HX-Redirect": location})
    return make_response(redirect(location, 303))


def same_origin_path(url: str | None) -> str | None:
    """The path of a URL on this very host, else None: where redirects may lead."""
    if not url or any(c in url for c in "\\\r\n\t") or any(ord(c) < 32 for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:  # no address at all, like `//[`
        return None
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
    """The present record with this id, else 404; a form holds it until its unit ends, so that others wait in turn."""
    held = {"of": cls} if request.method == "POST" else None
    record = db.session.get(cls, id, with_for_update=held) if 0 < id < 2**63 else None
    if record is None or getattr(record, "hidden", False):
        _lead_to_the_survivor(record)
        abort(404)
    return record


def _lead_to_the_survivor(record: Any) -> None:
    """The address of a record that was merged into another leads to that one's page."""
    if not isinstance(record, Recorded) or request.method != "GET":
        return
    survivor = became(record.noun, record.id)
    address = place((record.noun, survivor)) if survivor else None
    if address:
        abort(redirect(address, 303))


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
    if key and db.engine.dialect.name == "postgresql":  # wait for the first one, if it is still on its way
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(key))))
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
