"""Rows become the words of a card."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

from markupsafe import Markup, escape

from p2p.filters import Format, when
from p2p.identity.models import initials_of
from p2p.opportunities.advising.silence import Watch
from p2p.opportunities.estimate import rounded_weight
from p2p.opportunities.narrowing.meanings import step_state

SOON = 30  # days until a decision that make it soon

# ── Which facts a card shows ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Fact:
    """One of the facts a card can show; `further` ones are read only where they are shown, on a line of their own."""

    label: str
    further: bool = False


FACTS = {
    "decide": Fact("Decide by"),
    "probability": Fact("Probability"),
    "party": Fact("Party"),
    "amount": Fact("Amount"),
    "step": Fact("Next step"),
    "owner": Fact("Owner"),
    "number": Fact("Number", further=True),
    "stage": Fact("Stage", further=True),
    "prognosis": Fact("Prognosis", further=True),
    "weighted": Fact("Weighted", further=True),
    "age": Fact("Age", further=True),
    "touched": Fact("Last touched", further=True),
    "source": Fact("Source", further=True),
}
_USUAL = ("decide", "probability", "party", "amount", "step", "owner")
#: The facts that are usual on a board, by what its columns are: what those say already gives way to the stage.
USUAL = {
    "stage": _USUAL,
    "prognosis": (*_USUAL, "stage"),
    "month": (*_USUAL, "stage"),
    "owner": (*_USUAL[:-1], "stage"),
}


class Further:
    """Writes the facts of `board.queries.FURTHER` that a board shows, as one line."""

    def __init__(
        self, shown: Iterable[str], today: date, fmt: Format, stages: Any, bands: Any, sources: dict[int, str]
    ) -> None:
        self.today, self.fmt, self.stages, self.bands, self.sources = today, fmt, stages, bands, sources
        self.shown: list[Callable[[Any], str | None]] = [
            getattr(self, f"_{each}") for each in shown if FACTS[each].further
        ]

    def __call__(self, row: Any) -> str | None:
        """Further facts of a row in words; None where none is shown."""
        return " · ".join(filter(None, (told(row) for told in self.shown))) or None

    def _stage(self, row: Any) -> str | None:
        return self.stages.get(row.stage_id)  # type: ignore[no-any-return]

    def _prognosis(self, row: Any) -> str | None:
        return self.bands.get(row.prognosis_id)  # type: ignore[no-any-return]

    def _weighted(self, row: Any) -> str | None:
        return f"weighted {self.fmt.amount(rounded_weight(row.weighted))}"

    def _age(self, row: Any) -> str | None:
        days = (self.today - row.opened_on).days
        return f"{days} days old" if days > 1 else "1 day old" if days else "new today"

    def _touched(self, row: Any) -> str | None:
        if row.touched_at is None:
            return "never touched"
        return f"touched {when(row.touched_at.astimezone(self.fmt.tzinfo).date())}"

    def _source(self, row: Any) -> str | None:
        return self.sources.get(row.source_id)

    def _number(self, row: Any) -> str | None:
        return str(row.number)


# ── The card ────────────────────────────────────────────────────────────────────────────────────────────────────────


def writer(
    today: date,
    fmt: Format,
    decides: Callable[[int | None, bool], bool],
    watch: Watch,
    further: Callable[[Any], str | None] = lambda row: None,
) -> Callable[[Any], tuple[Any, ...]]:
    """What makes the tuple `_cards.html` unpacks of a row of `queries.columns`."""
    decided, due_on = _said_of_days(today, fmt)

    def card(row: Any) -> tuple[Any, ...]:
        id, version, subject, party, stage, _, percent, amount, decide_by, *more = row
        step_id, purpose, due, owner, owner_id, on_team, since, wake_on, *_ = more
        words, state = due_on(due)
        return (
            id,
            version,
            subject,
            party,
            percent,
            ramp(percent),
            fmt.amount(amount) or "—",
            *decided(decide_by),
            step_id,
            f"{purpose} · {words}" if words else "Nothing planned",
            state,
            watch.told(stage, since, wake_on, due),
            further(row),
            _initials(owner),
            owner or "nobody",
            decides(owner_id, on_team),
        )

    return card


def ramp(percent: int) -> int:
    """The step of the blue ramp, 1 (pale) to 4 (deep), that stands for a probability everywhere."""
    return 1 if percent < 25 else 2 if percent < 50 else 3 if percent < 75 else 4


@lru_cache(maxsize=50)
def _said_of_days(today: date, fmt: Format) -> tuple[Callable[..., tuple[str, str]], Callable[..., tuple[str, str]]]:
    """What a decision by a day, and a step due on one, are called on another day: (words, state), worked out once."""
    kept = lru_cache(maxsize=2000)
    return kept(partial(_decided, today=today, fmt=fmt)), kept(partial(_due_on, today=today, fmt=fmt))


def _decided(day: date | None, today: date, fmt: Format) -> tuple[str, str]:
    if day is None:
        return "no prognosis", "none"
    if day < today:
        return f"overdue {fmt.day(day)}", "overdue"
    return f"by {fmt.day(day)}", "soon" if (day - today).days <= SOON else "later"


def _due_on(due: date | None, today: date, fmt: Format) -> tuple[str, str]:
    state = step_state(due, today)
    return (f"overdue {fmt.day(due)}" if state == "overdue" else when(due)), state


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
