"""Runs at work, one at a time: checking only reads; writing holds the writer once and commits once."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from p2p.background import Background
from p2p.db import db, now
from p2p.engine import Busy, reading_session
from p2p.exchange import importing, kinds, mapping
from p2p.exchange.checking import CannotImport, Progress, Staged, silently
from p2p.exchange.findings import describe
from p2p.exchange.importing import Written
from p2p.exchange.kind import Kind
from p2p.exchange.reading import Sheet, Unreadable
from p2p.exchange.runs import queries, uploads
from p2p.exchange.runs.models import DONE, FAILED, PROBLEMS_KEPT, READY, ImportRun
from p2p.filters import the_format, use_format
from p2p.setup.queries import company_format, company_row

BUSY = "Others were saving all the time, so nothing was imported. Try again in a moment."
BROKE = "Something went wrong, so nothing was imported. It was noted; try again, or ask your administrator."
AGAIN_SECONDS = 5
TRIES = 120
STOPPED = "p2p was stopped in the middle. Nothing was imported; start it again."

_turn = threading.Lock()
_runs = Background("import")
progress, wait = _runs.progress, _runs.wait


@dataclass(frozen=True)
class Request:
    """What to read and how: its kind (blank: by its headings), decisions about columns (`given`) and about the file
    (`encoding`, `delimiter`; `fill`: what blanks it fills in)."""

    kind: str
    source: Path
    digest: str
    given: Mapping[str, str]
    dialect: Mapping[str, str]
    skip_bad: bool = False


@dataclass(frozen=True)
class Result:
    kind: Kind
    sheet: Sheet
    mapping: mapping.Mapping
    staged: Staged | None


# ── Both steps, for the browser and the shell ───────────────────────────────────────────────────────────────────────


def check(asked: Request, progress: Progress = silently) -> Result:
    """Read, map and stage in a reading unit. Raises Unreadable, WrongMapping."""
    with reading_session():
        locale = the_format().locale
        kind, sheet = kinds.read(asked.source, asked.kind, asked.dialect, locale)
        fields = kind.fields if sheet.columns else ()  # cards need no mapping
        chosen = mapping.propose(sheet, fields, about=kind.about, given=asked.given, locale=locale)
        if kind.missing(chosen):
            return Result(kind, sheet, chosen, None)
        seen = queries.imported_before(asked.digest, kind.name) is not None
        more = {"fill": bool(asked.dialect.get("fill"))} if kind.fills else {}
        staged = kind.stage(sheet, chosen, skip_bad=asked.skip_bad, seen=seen, progress=progress, **more)
        return Result(kind, sheet, chosen, staged)


def write(run_id: int, kind: Kind, staged: Staged, *, by: Any, progress: Progress = silently) -> Written:
    """Write what was staged and note it on its run, in one transaction."""
    try:
        written = importing.write(kind, staged, by=by, progress=progress)
        run = db.session.get_one(ImportRun, run_id)
        run.status, run.counts, run.operation_id = DONE, written.counts, written.operation_id
        run.message, run.finished_at = None, now()
        db.session.commit()
        return written
    finally:
        db.session.remove()


def note(run_id: int, **facts: Any) -> None:
    """Set facts of a run, in a unit of its own."""
    run = db.session.get_one(ImportRun, run_id)
    for name, value in facts.items():
        setattr(run, name, value)
    db.session.commit()
    db.session.remove()


# ── In the background ───────────────────────────────────────────────────────────────────────────────────────────────


def start(run_id: int, work: Callable[[int], None]) -> None:
    """Let a run be checked or written beside the pages, when it is its turn."""
    _runs.start(run_id, lambda: _work(run_id, work))


def _work(run_id: int, work: Callable[[int], None]) -> None:
    with _turn:
        try:
            with reading_session():
                use_format(company_format(company_row()))
            work(run_id)
        except (Unreadable, mapping.WrongMapping, CannotImport) as error:
            _give_up(run_id, str(error)[:1000])
        except Busy:
            _give_up(run_id, BUSY)
        except Exception:
            logging.getLogger(__name__).exception("import %s broke", run_id)
            _give_up(run_id, BROKE)


def _give_up(run_id: int, message: str) -> None:
    """Say on the run why it ended, as soon as that can be written; what cannot be said in time, the next start says."""
    for _ in range(TRIES):
        db.session.remove()
        try:
            note(run_id, status=FAILED, message=message, finished_at=now())
        except (Busy, OperationalError):
            time.sleep(AGAIN_SECONDS)
        else:
            return
    logging.getLogger(__name__).error("import %s ended, but that could not be written", run_id)


def _asked(run: ImportRun, *, skip_bad: bool = False) -> Request:
    if run.kept_as is None:
        raise CannotImport("The file is not kept any more. Upload it again.")
    return Request(run.kind, uploads.folder() / run.kept_as, run.digest, run.mapping, run.dialect, skip_bad)


def check_run(run_id: int) -> None:
    """Check the upload of a run and keep what was found with it."""
    with reading_session():
        asked = _asked(db.session.get_one(ImportRun, run_id))
    _keep_result(run_id, asked, check(asked, partial(_runs.step, run_id)), None)


def _keep_result(run_id: int, asked: Request, result: Result, message: str | None) -> None:
    with reading_session():
        found = describe(result.kind, result.sheet, result.mapping, result.staged)
        before = queries.imported_before(asked.digest, result.kind.name)
        found |= {"before": before.id if before else None, "guessed": not asked.kind}
    staged = result.staged or Staged([])
    uploads.write_problems(uploads.problems_file(asked.source.name), staged.problems)
    problems = [list(problem) for problem in staged.problems[:PROBLEMS_KEPT]]
    total = len(result.sheet.rows)
    found["problems"] = len(staged.problems)
    counts = staged.counts if result.staged else {}
    told = {"found": found, "counts": counts, "problems": problems, "total": total, "message": message}
    note(run_id, status=READY, kind=result.kind.name, **told)


def write_run(run_id: int) -> None:
    """Write the upload of a run: checked once more, because others went on since; if that tells otherwise, back."""
    with reading_session():
        run = db.session.get_one(ImportRun, run_id)
        agreed, kept_as, by = run.counts, run.kept_as, run.by
        asked = _asked(run, skip_bad=agreed.get("refused", 0) > 0)
    result = check(asked, partial(_runs.step, run_id))
    if result.staged is None or result.staged.refused != agreed.get("refused", 0):
        _keep_result(run_id, asked, result, "The check came out otherwise than before. Look at it again.")
        return
    kind, staged = result.kind, result.staged
    del result
    _runs.step(run_id, 0, len(staged.rows))
    write(run_id, kind, staged, by=by, progress=partial(_runs.step, run_id))
    (uploads.folder() / str(kept_as)).unlink(missing_ok=True)


def fail_unfinished() -> None:
    """At start: what was at work when p2p stopped left nothing behind but its upload, and says so."""
    for run in queries.unfinished():
        run.status, run.message, run.finished_at = FAILED, STOPPED, now()
    uploads.clean()
    db.session.commit()
