"""Questions about activities."""

from collections.abc import Iterable

from sqlalchemy import func, select

from p2p.activities.models import Activity
from p2p.db import db


def on(noun: str, record_id: int) -> list[Activity]:
    """What was done and is planned on a record: open ones by date, then done ones, latest first."""
    rows = db.session.scalars(
        select(Activity)
        .where(Activity.subject_noun == noun, Activity.subject_id == record_id)
        .where(Activity.hidden.is_(False), Activity.archived.is_(False))
        .order_by(Activity.status.desc(), Activity.due_on, Activity.id)
    )
    return list(rows)


def open_on(noun: str, record_id: int) -> list[Activity]:
    """What is still to be done on a record, by date."""
    return [activity for activity in on(noun, record_id) if activity.status == "open"]


def count_open_on(noun: str, ids: Iterable[int]) -> int:
    """How many activities are still open on these records."""
    return db.session.scalar(
        select(func.count())
        .select_from(Activity)
        .where(Activity.subject_noun == noun, Activity.subject_id.in_(list(ids)), Activity.status == "open")
        .where(Activity.hidden.is_(False), Activity.archived.is_(False))
    ) or 0
