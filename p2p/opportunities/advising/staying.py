"""How long an opportunity stayed in each stage, told by the log alone: what was asleep or closed meanwhile is not time
spent there."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from typing import Any

Happened = tuple[datetime, Mapping[str, Any]]
"""An instant, and what fields of the opportunity became then, as the log has them."""


def days_by_stage(happened: Iterable[Happened], zone: tzinfo) -> dict[int, int]:
    """Stage → days of the company spent there, over all visits; a stage passed through on one day counts 0 days.

    What is told first begins the first visit: an imported opportunity enters its stage with its import.
    """
    days: dict[int, int] = {}
    stage: int | None = None
    status, wake_on = "active", None
    begun: datetime | None = None
    for at, values in happened:
        if begun is not None and stage is not None and (spent := _spent(begun, at, status, wake_on, zone)) is not None:
            days[stage] = days.get(stage, 0) + spent
        begun = at
        stage = values.get("stage_id", stage)
        status = values.get("status", status)
        if "wake_on" in values:
            wake_on = date.fromisoformat(values["wake_on"]) if values["wake_on"] else None
    return days


def _spent(begun: datetime, ended: datetime, status: str, wake_on: date | None, zone: tzinfo) -> int | None:
    """Days from one instant to another while it was open; None where it was not, not for a moment."""
    first, last = begun.astimezone(zone).date(), ended.astimezone(zone).date()
    if status == "postponed" and wake_on is not None and wake_on <= last:
        return (last - max(first, wake_on)).days
    return (last - first).days if status == "active" else None
