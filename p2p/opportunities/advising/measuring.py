"""How long won opportunities stayed in each stage: measured when one is won, and again when that is taken back."""

from collections.abc import Mapping

from sqlalchemy import delete, insert

from p2p.db import chunks, db
from p2p.filters import the_format
from p2p.history.log import Values
from p2p.opportunities.advising import queries
from p2p.opportunities.advising.models import Stay
from p2p.opportunities.advising.staying import days_by_stage
from p2p.setup.pacing import StagePace

CHUNK = 500


def measure(changed: Mapping[int, Values]) -> None:
    """Look anew at those opportunities an operation closed, opened, moved or hid, and at the stages they were in."""
    stages: set[int] = set()
    for ids in chunks((id for id, values in changed.items() if _may_count(values)), CHUNK):
        stages |= _measured(ids)
    for stage_id in sorted(stages):
        _keep_pace(stage_id)


def _may_count(values: Values) -> bool:
    """Whether it can make a difference; what was just entered has no past, not even what was imported as won."""
    if "hidden" in values or ("status" in values and "won" in values["status"]):
        return values.get("status", [""])[0] is not None
    return any(name in values and values[name][0] is not None for name in ("stage_id", "wake_on"))


def _measured(ids: tuple[int, ...]) -> set[int]:
    """Write how long these stayed where; returns the stages for which that is news."""
    kept, won = queries.stays_of(ids), queries.won_among(ids)
    zone = the_format().tzinfo
    found = {
        (id, stage_id): days
        for id, happened in (queries.happened_to(won) if won else {}).items()
        for stage_id, days in days_by_stage(happened, zone).items()
    }
    if found == kept:
        return set()
    news = {key[1] for key in kept.keys() | found.keys() if kept.get(key) != found.get(key)}
    db.session.execute(delete(Stay).where(Stay.opportunity_id.in_(ids)))
    rows = [{"opportunity_id": id, "stage_id": stage_id, "days": days} for (id, stage_id), days in found.items()]
    if rows:
        db.session.execute(insert(Stay), rows)
    return news


def _keep_pace(stage_id: int) -> None:
    db.session.execute(delete(StagePace).where(StagePace.stage_id == stage_id))
    if pace := queries.pace_of(stage_id):
        db.session.execute(insert(StagePace), [{"stage_id": stage_id, "won": pace[0], "days": pace[1]}])
