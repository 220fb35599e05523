"""Uploads: kept under random names while somebody looks at them, and taken away afterwards."""

import csv
import hashlib
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from flask import current_app

from p2p.db import db, now
from p2p.exchange.rows import Problem
from p2p.exchange.runs import queries
from p2p.exchange.runs.models import CANCELLED, CHECKING, DONE, ImportRun
from p2p.listing.sheets import harmless

#: An upload nobody goes on with is taken away after this long, one that no run names after a day: until its run is
#: committed it is on its way, and stays behind where p2p was stopped at that very moment.
KEPT, UNNAMED = timedelta(days=7), timedelta(days=1)


def digest_of(source: Path) -> str:
    with source.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def folder() -> Path:
    """Where uploads wait; readable for the owner only."""
    path = Path(current_app.instance_path) / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(stream: BinaryIO, file_name: str, kind: str, *, by: Any) -> ImportRun:
    """Keep an upload under a random name, as a new run; those left behind long ago go."""
    for old in queries.left_behind(now() - KEPT):
        discard(old)
    run = ImportRun(kind=kind, file_name=file_name[:200], kept_as=secrets.token_hex(16), digest="", status=CHECKING)
    run.by_id, run.started_at = by.id if by else None, now()
    path = folder() / str(run.kept_as)
    with path.open("xb") as kept:
        path.chmod(0o600)
        while part := stream.read(1 << 20):
            kept.write(part)
    run.digest = digest_of(path)
    db.session.add(run)
    db.session.flush()
    return run


def clean() -> None:
    """Take away what nobody goes on with, and what no run names."""
    for old in queries.left_behind(now() - KEPT):
        discard(old)
    named, young = queries.kept_names(), (now() - UNNAMED).timestamp()
    for path in folder().iterdir():
        if path.name.partition(".")[0] not in named and path.stat().st_mtime < young:
            path.unlink(missing_ok=True)


def discard(run: ImportRun) -> None:
    """Take away what is kept of a run; unless it was imported, it is cancelled by that."""
    remove_upload(run.kept_as)
    run.kept_as = None
    if run.status != DONE:
        run.status, run.finished_at = CANCELLED, now()


def remove_upload(kept_as: str | None) -> None:
    if kept_as:
        (folder() / kept_as).unlink(missing_ok=True)
        problems_file(kept_as).unlink(missing_ok=True)


def problems_file(kept_as: str) -> Path:
    """All problems of the last check, as CSV."""
    return folder() / f"{kept_as}.problems.csv"


def write_problems(path: Path, problems: list[Problem]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as opened:
        sheet = csv.writer(opened)
        sheet.writerow(["Line", "Column", "Value", "Reason"])
        sheet.writerows([each.line, *(harmless(cell) for cell in each[1:])] for each in problems)
