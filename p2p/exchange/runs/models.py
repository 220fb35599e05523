"""Runs of the import: what was sent, what was found in it, and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.db import TABLE, Base, Instant, Json
from p2p.identity.models import User

UPLOADED, CHECKING, READY, WRITING = "uploaded", "checking", "ready", "writing"
DONE, FAILED, CANCELLED = "done", "failed", "cancelled"
STATUSES = {
    UPLOADED: "Uploaded",
    CHECKING: "Being checked",
    READY: "Checked",
    WRITING: "Being imported",
    DONE: "Imported",
    FAILED: "Stopped",
    CANCELLED: "Cancelled",
}
AT_WORK = (CHECKING, WRITING)
#: Rows that change something are counted under one of these.
NEW = ("created", "brought_back", "filled")
#: So many problems are kept with the run; the file beside the upload has all of them.
PROBLEMS_KEPT = 1000


class ImportRun(Base):
    """One file on its way in. It only reports: what was imported is told by the history."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint(
            "status in ('uploaded', 'checking', 'ready', 'writing', 'done', 'failed', 'cancelled')", name="status"
        ),
        Index("ix_import_run_digest", "digest"),
        Index("ix_import_run_status", "status"),
        TABLE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Of `kinds.KINDS`; blank until the headings of the file were looked at.
    kind: Mapped[str] = mapped_column(String(40), default="opportunities")
    file_name: Mapped[str] = mapped_column(String(200))
    #: The name it was kept under, random; None for files that were read where they lie (command line).
    kept_as: Mapped[str | None] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64))
    #: What people decided: columns and formats by field, and how the file is to be read.
    mapping: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    dialect: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    status: Mapped[str] = mapped_column(String(20), default=UPLOADED)
    total: Mapped[int] = mapped_column(default=0)
    #: What the last check found (columns, proposal, preview, what will be new) and what was done.
    found: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    problems: Mapped[list[list[Any]]] = mapped_column(Json, default=list)
    message: Mapped[str | None] = mapped_column(String(1000))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    operation_id: Mapped[int | None] = mapped_column(ForeignKey("operation.id"))

    by: Mapped[User | None] = relationship()

    def __str__(self) -> str:
        return self.file_name

    @property
    def words(self) -> str:
        return STATUSES[self.status]

    @property
    def at_work(self) -> bool:
        return self.status in AT_WORK

    @property
    def good(self) -> int:
        """How many rows would be imported."""
        return sum(self.counts.get(name, 0) for name in NEW)
