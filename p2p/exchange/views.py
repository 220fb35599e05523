"""Doors of the import: send a file, look at what it would do, let it in."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, request, send_file, url_for

from p2p.db import db
from p2p.exchange.forms import DELIMITERS, ENCODINGS, UploadForm, decided, dialect, kind_decided
from p2p.exchange.kinds import KINDS
from p2p.exchange.runs import jobs, queries, uploads
from p2p.exchange.runs.models import AT_WORK, CHECKING, FAILED, READY, WRITING, ImportRun
from p2p.exchange.runs.uploads import problems_file
from p2p.filters import the_format
from p2p.web import found, moved_to, page, refused, repeated, spend_key

exchange = Blueprint("exchange", __name__)

PER_PAGE = 50


@exchange.app_context_processor
def _running() -> dict[str, Any]:
    """For the page that asks others to wait."""
    return {"import_running": queries.import_running}


@exchange.route("/", methods=["GET", "POST"])
def index() -> Response:
    """Send a file; the runs there were."""
    form = UploadForm(data={"kind": request.args.get("kind", "")})
    if request.method != "POST":
        return page("exchange/index.html", form=form, runs=queries.latest_runs())
    if again := repeated():
        return again
    if not form.validate_on_submit():
        return refused("exchange/index.html", form=form, runs=queries.latest_runs())
    run = uploads.keep(form.file.data.stream, form.file.data.filename, form.kind.data, by=g.user)
    run_id, location = run.id, url_for("exchange.show", id=run.id)
    spend_key(location)
    db.session.commit()
    jobs.start(run_id, jobs.check_run)
    return moved_to(location)


@exchange.get("/<int:id>")
def show(id: int) -> Response:
    """Where a run stands: progress, the mapping to correct, what it would do, what it did."""
    run = found(ImportRun, id)
    return page("exchange/run.html", live="exchange/_run.html", **_shown(run))


def _shown(run: ImportRun) -> dict[str, Any]:
    typed = request.args.get("page", "1")
    last = max((len(run.problems) + PER_PAGE - 1) // PER_PAGE, 1)
    number = min(max(int(typed), 1), last) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 1
    first = (number - 1) * PER_PAGE
    before = run.found.get("before")
    return {
        "run": run,
        "kind": KINDS.get(run.kind),
        "kinds": KINDS,
        "progress": jobs.progress(run.id),
        "problems": run.problems[first : first + PER_PAGE],
        "first": first + 1,
        "previous_page": number - 1 if number > 1 else None,
        "next_page": number + 1 if number < last else None,
        "page_number": number,
        "before": queries.run(before) if before else None,
        "undone": queries.undone(run),
        "encodings": ENCODINGS,
        "delimiters": DELIMITERS,
        "day": lambda iso: the_format().date(_day(iso)),
    }


def _day(iso: str | None) -> Any:
    return date.fromisoformat(iso) if iso else None


@exchange.post("/<int:id>/mapping")
def map(id: int) -> Response:
    """Correct what feeds what, then check again."""
    run = _waiting(id, READY, FAILED)
    kind = kind_decided(run)
    run.mapping, run.dialect = (decided(run) if kind == run.kind else {}), dialect()
    run.kind = kind
    run.status, run.message = CHECKING, None
    db.session.commit()
    jobs.start(id, jobs.check_run)
    return redirect(url_for("exchange.show", id=id), 303)  # type: ignore[return-value]


@exchange.post("/<int:id>/start")
def start(id: int) -> Response:
    """Import what was shown, leaving out exactly as many rows as the button said."""
    run = _waiting(id, READY)
    if request.form.get("leave_out") != str(run.counts.get("refused", 0)) or not run.good:
        abort(409, "The check came out otherwise than this page showed. Look at it again.")
    run.status, run.message = WRITING, None
    db.session.commit()
    jobs.start(id, jobs.write_run)
    return redirect(url_for("exchange.show", id=id), 303)  # type: ignore[return-value]


@exchange.post("/<int:id>/cancel")
def cancel(id: int) -> Response:
    """Not this file: its upload is taken away."""
    uploads.discard(_waiting(id, READY, FAILED))
    db.session.commit()
    return moved_to(url_for("exchange.index"), "The file was not imported and is not kept.")


def _waiting(id: int, *statuses: str) -> ImportRun:
    """The run, if it waits for a decision; only one of two clicks gets it."""
    run = queries.run(id, lock=True) or abort(404)
    if run.status in AT_WORK:
        abort(409, "This file is being worked on already.")
    if run.status not in statuses:
        abort(409, "This file was dealt with already.")
    return run


@exchange.get("/<int:id>/problems.csv")
def problems(id: int) -> Response:
    """Every problem of the last check as a file."""
    run = found(ImportRun, id)
    path = problems_file(run.kept_as) if run.kept_as else None
    if path is None or not path.exists():
        abort(404)
    return send_file(path, "text/csv", as_attachment=True, download_name=f"problems-{id}.csv")
