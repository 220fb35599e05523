"""Errors as answers: domain errors and HTTP errors become friendly pages and parts in this one place."""

import errno
import logging
from typing import Any, ClassVar

from flask import Flask, Response, current_app, has_request_context, make_response, render_template, request
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadHost, HTTPException, SecurityError

from p2p.archiving import StillNeeded
from p2p.db import db
from p2p.engine import Busy
from p2p.history.holding import Went
from p2p.history.merging import Conflict
from p2p.history.standing import tell_clashes
from p2p.states import IllegalMove
from p2p.web import Repeated, page, repeated, wants_part


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
    413: ("That is too large", "Nothing was saved. Send smaller files, fewer at once, or less text."),
    422: ("That could not be saved", "Check what was typed."),
    429: ("Too many tries", "Wait a quarter of an hour and try again."),
    500: ("Something went wrong", "It was noted. Nothing was changed; please try again."),
}


def on_http_error(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:
        return make_response(error.get_response())
    if isinstance(error, (BadHost, SecurityError)):  # under a name that is not ours, no page has an address
        return make_response("There is nothing under this name.\n", code, {"Content-Type": "text/plain"})
    title, advice = TITLES.get(code, TITLES[400 if code < 500 else 500])
    said = (
        error.description if code in (403, 409, 422, 429) and error.description != type(error).description else advice
    )
    return problem(code, title, said or advice)


def told_conflict(error: Conflict) -> dict[str, Any]:
    """What `_conflict.html` shows: each field as it was, is and was typed; its form posts the same again."""
    posted = [(k, v) for k, v in request.form.items(multi=True) if k not in ("csrf_token", "version", "keep_theirs")]
    kept = sorted({*request.form.getlist("keep_theirs"), *error.left_alone})
    told = {"record": error.record, "clashes": tell_clashes(error.record, error.clashes), "posted": posted}
    return told | {"kept": kept, "action": request.full_path.rstrip("?")}


def on_conflict(error: Conflict) -> Response:
    """409: both values, and the choice between them."""
    db.session.rollback()
    return page("conflict.html", live="_conflict.html", status=409, **told_conflict(error))


def on_illegal_move(error: IllegalMove) -> Response:
    return problem(409, error.title, str(error))


def on_still_needed(error: StillNeeded) -> Response:
    return problem(409, "That is still needed", str(error))


def on_stale(error: StaleDataError) -> Response:
    """Somebody else changed, between reading and writing here, a record this unit did not hold."""
    said = str(error) if isinstance(error, Went) else "It was changed at the same moment. Look at it again."
    return problem(409, "Somebody else was quicker", said)


def on_taken(error: IntegrityError) -> Response:
    """Only one of two can have what both took at the same moment; anything else is an error like others."""
    if not any(sign in str(error.orig) for sign in ("UNIQUE constraint", "unique constraint")):
        raise error
    return problem(409, "Somebody else was quicker", "The same was saved at the same moment. Look at it again.")


def on_busy(error: Exception, *, full: bool = False) -> Response:
    """503 with the text kept: the browser still shows the form; a plain page offers to send it again."""
    db.session.rollback()
    posted = [(k, v) for k, v in request.form.items(multi=True) if k not in ("csrf_token", "password", "current")]
    context = {"posted": posted, "action": request.full_path.rstrip("?"), "full": full}
    answer = page("busy.html", live="_busy.html", status=503, **context)
    answer.headers["Retry-After"] = "10"
    if wants_part():  # the script shows no body of an error, but says this
        answer.headers["P2P-Says"] = render_template("_why_busy.html", full=full).strip()
    return answer


#: What SQLite and PostgreSQL say when nothing more can be written.
NO_ROOM = ("disk is full", "disk I/O error", "readonly database", "No space left", "could not extend file")


def on_database_error(error: OperationalError) -> Response:
    """Waiting for a lock for too long is *busy*, and so is a full disk; anything else is an error like others."""
    if any(sign in str(error.orig) for sign in ("database is locked", "lock timeout", "deadlock detected")):
        return on_busy(error)
    if any(sign in str(error.orig) for sign in NO_ROOM):
        current_app.logger.error("nothing can be written: %s", error.orig)
        return on_busy(error, full=True)
    raise error


def on_system_error(error: OSError) -> Response:
    """A file that could not be kept because the disk is full is an answer; anything else is an error like others."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        raise error
    current_app.logger.error("nothing can be written: %s", error)
    advice = "Nothing of yours was saved. An administrator should look at the disk; then try again."
    answer = problem(503, "There is no room left", advice)
    if wants_part():  # the script shows no body of an error, but says this
        answer.headers["P2P-Says"] = f"There is no room left. {advice}"
    return answer


def on_impossible_value(error: DataError) -> Response:
    """A number larger than any, or a null byte: nothing a database could look for or keep."""
    title, advice = TITLES[400]
    return problem(400, title, advice)


def on_repeated(error: Repeated) -> Response:
    try:
        answer = repeated()
    except HTTPException as refusal:  # the key was spent on other words; raised in here, it would end as a 500
        return on_http_error(refusal)
    return answer or problem(409, "That was just saved", "Somebody sent the same form at the same moment.")


class OneLine(logging.Filter):
    """Keeps what the log says in one line: an address may carry line ends, and so forge lines of its own.

    An address may hold a secret as well (a calendar's, a link to set a password): that is left out.
    """

    CONTROLS: ClassVar[dict[int, str]] = {
        code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160), 0x2028, 0x2029)
    }

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if has_request_context() and (token := (request.view_args or {}).get("token")):
            said = said.replace(token, "…")
        record.msg, record.args = said.translate(self.CONTROLS), None
        return True


ONE_LINE = OneLine()


def init(app: Flask) -> None:
    """Fasten the answers to the application, and its log to one line each."""
    app.logger.addFilter(ONE_LINE)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Conflict, on_conflict)
    app.register_error_handler(IllegalMove, on_illegal_move)
    app.register_error_handler(StillNeeded, on_still_needed)
    app.register_error_handler(StaleDataError, on_stale)
    app.register_error_handler(IntegrityError, on_taken)
    app.register_error_handler(Busy, on_busy)
    app.register_error_handler(OperationalError, on_database_error)
    app.register_error_handler(OSError, on_system_error)
    app.register_error_handler(DataError, on_impossible_value)
    app.register_error_handler(Repeated, on_repeated)
