"""What the tests of processes share."""

from typing import Any

from sqlalchemy import select

from p2p.activities.models import Activity
from p2p.db import db


def activities_on(record: Any) -> list[Activity]:
    """The present activities of a record, the first one made first."""
    rows = select(Activity).where(Activity.subject_noun == record.noun, Activity.subject_id == record.id)
    return list(db.session.scalars(rows.where(Activity.hidden.is_(False)).order_by(Activity.id)))
