"""Questions about silence, stays and advice."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from p2p.db import db, plain_rows
from p2p.history.log import Change, Operation
from p2p.opportunities.advising.models import AdviceRule, Dismissal, Stay
from p2p.setup.models import SALES, Process, Stage
from p2p.setup.pacing import Limit, StagePace, limit_of, place_of_percentile

# ── Limits ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def limits() -> dict[int, Limit]:
    """Stage → after how many days without activity what is in it is stale: all stages of sales."""
    return {id: limit_of(rule, set_days, won or 0, days) for id, rule, set_days, won, days in plain_rows(_ALL)}


_ALL = (
    select(Stage.id, Stage.stale_rule, Stage.stale_after, StagePace.won, StagePace.days)
    .join(Process, Process.id == Stage.process_id)
    .outerjoin(StagePace, StagePace.stage_id == Stage.id)
    .where(Process.kind == SALES, Stage.hidden.is_(False))
    .order_by(Stage.id)
)


# ── Stays ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def won_among(ids: Iterable[int]) -> set[int]:
    """Those of some opportunities that are won and present."""
    from p2p.opportunities.models import Opportunity as O

    return set(plain_rows(select(O.id).where(O.id.in_(ids), O.status == "won", O.hidden.is_(False))).scalars())


def stays_of(ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """(opportunity, stage) → days, as they are kept for some opportunities."""
    rows = select(Stay.opportunity_id, Stay.stage_id, Stay.days).where(Stay.opportunity_id.in_(ids))
    return {(id, stage_id): days for id, stage_id, days in plain_rows(rows)}


def happened_to(ids: Iterable[int]) -> dict[int, list[tuple[datetime, dict[str, Any]]]]:
    """Opportunity → (when, what its fields became) of all the log tells of it, in order."""
    rows = select(Change.record_id, Operation.at, Change.values).join(Operation, Operation.id == Change.operation_id)
    rows = rows.where(Change.noun == "opportunity", Change.record_id.in_(ids))
    found: dict[int, list[tuple[datetime, dict[str, Any]]]] = {}
    for id, at, values in db.session.execute(rows.order_by(Change.record_id, Change.operation_id)):
        found.setdefault(id, []).append((at, {name: after for name, (_, after) in (values or {}).items()}))
    return found


def pace_of(stage_id: int) -> tuple[int, int] | None:
    """(how many, the days most of them took) of the won opportunities that were in a stage; None where none was."""
    count = db.session.scalar(select(func.count()).select_from(Stay).where(Stay.stage_id == stage_id)) or 0
    if not count:
        return None
    days = select(Stay.days).where(Stay.stage_id == stage_id).order_by(Stay.days)
    return count, db.session.scalar(days.offset(place_of_percentile(count)).limit(1)) or 0


# ── Advice ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def setting(rule: str) -> AdviceRule | None:
    """How a rule is set, where it was ever changed."""
    return db.session.scalar(select(AdviceRule).where(AdviceRule.rule == rule, AdviceRule.hidden.is_(False)))


def settings() -> list[AdviceRule]:
    """All rules that are set otherwise than they ship."""
    return list(db.session.scalars(select(AdviceRule).where(AdviceRule.hidden.is_(False))))


def dismissals(opportunity_id: int) -> list[Dismissal]:
    """What was dismissed on an opportunity, latest first."""
    rows = select(Dismissal).where(Dismissal.opportunity_id == opportunity_id, Dismissal.hidden.is_(False))
    return list(db.session.scalars(rows.order_by(Dismissal.id.desc())))
