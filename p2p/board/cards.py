"""Rows become the words of a card and the figures of a column head."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from p2p.filters import Format, when
from p2p.identity.models import initials_of

SOON = 30  # days until a decision that make it soon


def card(row: Any, today: date, fmt: Format, decides: Callable[[int | None, bool], bool]) -> tuple[Any, ...]:
    """The tuple `_cards.html` unpacks, made of a row of `queries.columns`."""
    id, version, subject, party, stage, band, percent, by_hand, amount, decide_by, *more = row
    step_id, purpose, due, owner, owner_id, on_team, *_ = more
    decide, decide_state = _decide(decide_by, today, fmt)
    step, step_state = _step(purpose, due, today, fmt)
    return (
        id,
        version,
        subject,
        party,
        stage,
        band,
        percent,
        ramp(percent),
        by_hand,
        fmt.amount(amount) or "—",
        decide,
        decide_state,
        step_id,
        step,
        step_state,
        None,
        _initials(owner),
        owner or "nobody",
        decides(owner_id, on_team),
    )


def ramp(percent: int) -> int:
    """The step of the blue ramp, 1 (pale) to 4 (deep), that stands for a probability everywhere."""
    return 1 if percent < 25 else 2 if percent < 50 else 3 if percent < 75 else 4


@lru_cache(maxsize=2000)
def _decide(day: date | None, today: date, fmt: Format) -> tuple[str, str]:
    if day is None:
        return "no prognosis", "none"
    if day < today:
        return f"overdue {fmt.day(day)}", "overdue"
    return f"by {fmt.day(day)}", "soon" if (day - today).days <= SOON else "later"


@lru_cache(maxsize=2000)
def _step_day(due: date, today: date, fmt: Format) -> tuple[str, str]:
    if due < today:
        return f"overdue {fmt.day(due)}", "overdue"
    return (when(due), "today") if due == today else (when(due), "later")


def _step(purpose: str | None, due: date | None, today: date, fmt: Format) -> tuple[str, str]:
    if purpose is None or due is None:
        return "Nothing planned", "none"
    words, state = _step_day(due, today, fmt)
    return f"{purpose} · {words}", state


@lru_cache(maxsize=2000)
def _initials(name: str | None) -> str:
    return initials_of(name) if name else "–"


@lru_cache(maxsize=500)
def options(rows: tuple[tuple[Any, str], ...], selected: Any) -> Markup:
    """The options of a menu with one selected, once per menu instead of once per card."""
    return Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(
            "" if value is None else value, Markup(" selected") if value == selected else "", escape(label)
        )
        for value, label in rows
    )
