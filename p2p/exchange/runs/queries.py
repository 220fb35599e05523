"""Questions of runs: which there were, which are at work, and what is kept of them."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from p2p.db import db
from p2p.engine import only_reading
from p2p.exchange.runs.models import AT_WORK, DONE, WRITING, ImportRun
from p2p.history.undoing import undone_already


def run(id: int, *, lock: bool = False) -> ImportRun | None:
    """A run of the import; `lock` keeps others from starting it meanwhile."""
    found = select(ImportRun).where(ImportRun.id == id)
    return db.session.scalar(found.with_for_update() if lock else found)


def latest_runs(count: int = 20) -> list[ImportRun]:
    """The last runs, newest first."""
    rows = select(ImportRun).options(joinedload(ImportRun.by)).order_by(ImportRun.id.desc()).limit(count)
    return list(db.session.scalars(rows))


def unfinished() -> list[ImportRun]:
    """Runs that were at work."""
    return list(db.session.scalars(select(ImportRun).where(ImportRun.status.in_(AT_WORK))))


def left_behind(before: Any) -> list[ImportRun]:
    """Runs of which something is kept although nobody went on with them since."""
    rows = select(ImportRun).where(ImportRun.kept_as.is_not(None), ImportRun.started_at < before)
    return list(db.session.scalars(rows.where(ImportRun.status.not_in(AT_WORK))))


def kept_names() -> set[str]:
    """The names under which uploads of runs are kept."""
    return {str(name) for name in db.session.scalars(select(ImportRun.kept_as).where(ImportRun.kept_as.is_not(None)))}


def imported_before(digest: str, kind: str) -> ImportRun | None:
    """The run that brought in this very file as this kind, where that still stands."""
    rows = select(ImportRun).where(ImportRun.digest == digest, ImportRun.kind == kind, ImportRun.status == DONE)
    for found in db.session.scalars(rows.order_by(ImportRun.id.desc())):
        if found.operation_id and not undone_already(found.operation_id):
            return found
    return None


def undone(found: ImportRun) -> bool:
    """Whether what a run imported was taken back."""
    return found.operation_id is not None and undone_already(found.operation_id)


def import_running() -> bool:
    """Whether an import is being written at this moment. Reads beside the session, whose writing had to wait."""
    with only_reading(), db.engine.connect() as connection:
        return connection.scalar(select(func.count()).where(ImportRun.status == WRITING)) != 0
