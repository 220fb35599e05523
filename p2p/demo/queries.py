"""Questions the demo asks before it begins."""

from typing import Any

from sqlalchemy import exists, select

from p2p.db import db


def any_row(*kinds: Any) -> bool:
    """Whether any of these tables holds a row, even one that was taken away: its number is used."""
    return any(db.session.scalar(select(exists(select(kind.id)))) for kind in kinds)
