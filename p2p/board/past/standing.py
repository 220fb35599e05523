"""The opportunities that changed after a day, as they stand now and as they stood then."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from p2p.board.past import queries
from p2p.board.past.queries import NAMES, STEP_NAMES
from p2p.board.past.rewinding import DEAL, LINE, STEP, Before, Rewind

Facts = dict[str, Any]
"""A deal: its columns by their names, `next_purpose` where its next step was called otherwise."""

_DAYS = ("wake_on", "decide_by", "opened_on", "closed_on", "due_on")
_INSTANTS = ("stage_entered_at", "done_at")


@dataclass(frozen=True)
class Touched:
    """One opportunity that changed after a moment: as it stands now, and as it stood (None: it was not there yet)."""

    now: Facts
    then: Facts | None


@dataclass
class Stood:
    """All that changed after an operation; what is not among `deals` stood as it stands now."""

    after: int
    rewind: Rewind
    deals: dict[int, Touched] = field(default_factory=dict)

    @classmethod
    def after_operation(cls, operation_id: int, rewind: Rewind, later: "Stood | None" = None) -> "Stood":
        """Made of what the log says; what is known of a later day already is not read again."""
        stood = cls(operation_id, rewind)
        now = {id: each.now for id, each in later.deals.items()} if later else {}
        now |= queries.deals(rewind.touched - now.keys())
        next_steps = _next_steps(stood, now)
        known = rewind.before[DEAL]
        for id, facts in now.items():
            before = known.get(id, {})
            then = None if before is None else facts | put_back(before, NAMES) | next_steps.get(id, {})
            stood.deals[id] = Touched(facts, then)
        return stood

    def done(self, ids: Iterable[int]) -> dict[int, datetime | None]:
        """Opportunity → when something was last done on it then, of those whose activities changed since."""
        affected = self._with_steps() & set(ids)
        found: dict[int, datetime | None] = dict.fromkeys(affected)
        found |= queries.last_done(affected, self.after)
        for then in self._steps_then():
            id, at = then["subject_id"], then["done_at"]
            if id in affected and then["status"] == "done" and not then["hidden"] and at:
                found[id] = max(found[id] or at, at)
        return found

    def rivals(self, ids: Iterable[int]) -> dict[int, frozenset[int]]:
        """Opportunity → the competitors who bid on it, too, then."""
        found = defaultdict(set)
        for id, line in queries.lines(ids).items():
            before = self.rewind.before[LINE].get(id, {})
            if before is not None and not (then := line | before)["hidden"]:
                found[then["opportunity_id"]].add(then["competitor_id"])
        return {id: frozenset(competitors) for id, competitors in found.items()}

    # ── Steps ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _steps_now(self) -> dict[int, Facts]:
        if self._read is None:
            self._read = queries.steps(self.rewind.before[STEP])
        return self._read

    _read: dict[int, Facts] | None = None

    def _steps_then(self) -> list[Facts]:
        """The activities that changed since and were on an opportunity, as they were."""
        known = self.rewind.before[STEP]
        was = [
            now | put_back(before, STEP_NAMES)
            for id, now in self._steps_now().items()
            if (before := known[id]) is not None
        ]
        return [then for then in was if then["subject_noun"] == DEAL]

    def _with_steps(self) -> set[int]:
        """The opportunities on which an activity that changed since stands, or stood."""
        found = {step["subject_id"] for step in self._steps_now().values() if step["subject_noun"] == DEAL}
        return found | {then["subject_id"] for then in self._steps_then()}


def _next_steps(stood: Stood, now: dict[int, Facts]) -> dict[int, Facts]:
    """Opportunity → what its next step was, of those whose activities changed since."""
    changed, affected = stood.rewind.before[STEP], stood._with_steps() & now.keys()
    # Where the present next step did not change, it is the first of all that did not; where there is none, none is.
    unknown = {id for id in affected if now[id]["next_id"] in changed}
    first = queries.first_steps(unknown, stood.after) if unknown else {}
    first |= {
        id: (now[id]["next_on"], now[id]["next_id"]) for id in affected - unknown if now[id]["next_id"] is not None
    }
    called = {}
    for then in stood._steps_then():
        if then["status"] == "open" and not then["hidden"] and not then["archived"]:
            id, step = then["subject_id"], (then["due_on"], then["id"])
            first[id] = min(first.get(id, step), step)
            called[then["id"]] = then["purpose"]
    return {
        id: {"next_on": day, "next_id": step, "next_purpose": called.get(step)}
        for id in affected
        for day, step in (first.get(id, (None, None)),)
    }


def put_back(before: Before, names: Iterable[str]) -> Facts:
    """Some fields of the log as columns have them."""
    found = {}
    for name in before.keys() & set(names) if before else ():
        value = before[name]  # type: ignore[index]
        if value is not None and name in _DAYS:
            value = date.fromisoformat(value)
        elif value is not None and name in _INSTANTS:
            value = datetime.fromisoformat(value)
        found[name] = value
    return found
