"""The opportunities that changed after a day, as they stand now and as they stood then."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from p2p.board.past import queries
from p2p.board.past.queries import End
from p2p.board.past.rewinding import DEAL, LINE, STEP, Before, Rewind

Facts = dict[str, Any]
"""A deal: its columns by their names, `next_purpose` where its next step was called otherwise."""

NAMES, MORE_NAMES, STEP_NAMES = map(frozenset, (queries.NAMES, queries.MORE_NAMES, queries.STEP_NAMES))
_DONE = frozenset({"done_at"})
_DAYS = ("wake_on", "decide_by", "opened_on", "closed_on", "due_on")
_INSTANTS = ("stage_entered_at", "done_at")


@dataclass(frozen=True)
class Touched:
    """One opportunity that changed after a moment: as it stands now, and as it stood (None: it was not there yet)."""

    now: Facts
    then: Facts | None


@dataclass
class Stood:
    """All that changed after an operation, up to another; what is not among `deals` stood as it stands now.

    `read_at` is when the first of it was read, in seconds of the monotonic clock.
    `kept` is for whoever works something out of it that is worth keeping as long.
    """

    after: int
    upto: End
    read_at: float
    rewind: Rewind
    deals: dict[int, Touched] = field(default_factory=dict)
    steps: dict[int, Facts] = field(default_factory=dict)
    kept: dict[Any, Any] = field(default_factory=dict)
    _told_in_full: set[int] = field(default_factory=set)

    @classmethod
    def after_operation(cls, operation_id: int, upto: End, read_at: float, rewind: Rewind) -> "Stood":
        """Made of what the log says."""
        stood = cls(operation_id, upto, read_at, rewind)
        stood._stand(queries.deals(rewind.touched), queries.steps(_there(rewind.before[STEP])))
        return stood

    def earlier(self, operation_id: int, between: Rewind) -> "Stood":
        """As it stood after an earlier operation: only what was done between the two is looked at."""
        stood = replace(
            self,
            after=operation_id,
            rewind=between.over(self.rewind),
            deals=dict(self.deals),
            steps=dict(self.steps),
            kept={},
            _told_in_full=set(),
        )
        now = {id: self.deals[id].now for id in between.touched if id in self.deals}
        now |= queries.deals(between.touched - now.keys())
        stood._stand(now, queries.steps(_there(between.before[STEP]) - self.steps.keys()))
        return stood

    def grown(self, upto: End, since: Rewind) -> "Stood":
        """The same when more was done: only what that is about is looked at."""
        stood = replace(
            self,
            upto=upto,
            rewind=self.rewind.over(since),
            deals=dict(self.deals),
            steps=dict(self.steps),
            kept={},
            _told_in_full=self._told_in_full - since.touched,
        )
        stood._stand(queries.deals(since.touched), queries.steps(_there(since.before[STEP])))
        return stood

    def _stand(self, now: dict[int, Facts], steps: dict[int, Facts]) -> None:
        self.steps |= steps
        next_steps, known = _next_steps(self, now), self.rewind.before[DEAL]
        for id, facts in now.items():
            before = known.get(id, {})
            then = None if before is None else facts | put_back(before, NAMES) | next_steps.get(id, {})
            self.deals[id] = Touched(facts, then)

    def told_in_full(self, ids: Iterable[int]) -> None:
        """Have the further facts (`queries.MORE_NAMES`) of some deals, too."""
        missing = {id for id in ids if id in self.deals} - self._told_in_full
        for id, facts in queries.more(missing).items():
            deal, before = self.deals[id], self.rewind.before[DEAL].get(id)
            deal.now.update(facts)
            if deal.then is not None:
                deal.then.update(facts | put_back(before or {}, MORE_NAMES))
        self._told_in_full |= missing

    def done(self, ids: Iterable[int]) -> dict[int, datetime | None]:
        """Opportunity → when something was last done on it then, of those whose activities changed since."""
        affected = self.rewind.stepped & set(ids)
        found: dict[int, datetime | None] = dict.fromkeys(affected)
        found |= queries.last_done(affected, self.after)
        steps = [then for id in affected for then in self._steps_then.get(id, ()) if then["status"] == "done"]
        now, known = queries.done_at(then["id"] for then in steps), self.rewind.before[STEP]
        for then in steps:
            at = put_back(known[then["id"]] or {}, _DONE).get("done_at", now[then["id"]])
            if at and not then["hidden"]:
                found[then["subject_id"]] = max(found[then["subject_id"]] or at, at)
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

    @cached_property
    def _steps_then(self) -> dict[int, list[Facts]]:
        """Opportunity → the activities that changed since and stood on it, as they were."""
        known, found = self.rewind.before[STEP], defaultdict(list)
        for id, now in self.steps.items():
            if (before := known[id]) is not None:  # it may have come later than an earlier day
                then = now | put_back(before, STEP_NAMES) if before else now
                if then["subject_noun"] == DEAL:
                    found[then["subject_id"]].append(then)
        return found


def _there(before: Mapping[int, Before]) -> set[int]:
    """Those that were there already."""
    return {id for id, facts in before.items() if facts is not None}


def _next_steps(stood: Stood, now: dict[int, Facts]) -> dict[int, Facts]:
    """Opportunity → what its next step was, of those whose activities changed since."""
    changed, affected = stood.rewind.before[STEP], stood.rewind.stepped & now.keys()
    # Where the present next step did not change, it is the first of all that did not; where there is none, none is.
    unknown = {id for id in affected if now[id]["next_id"] in changed}
    first = queries.first_steps(unknown, changed) if unknown else {}
    found = {}
    for id in affected:
        facts, called = now[id], {}
        known = id not in unknown and facts["next_id"] is not None
        steps = [(facts["next_on"], facts["next_id"])] if known else [first[id]] if id in first else []
        for then in stood._steps_then.get(id, ()):
            if then["status"] == "open" and not then["hidden"] and not then["archived"]:
                steps.append((then["due_on"], then["id"]))
                called[then["id"]] = (changed[then["id"]] or {}).get("purpose")
        day, step = min(steps, default=(None, None))
        found[id] = {"next_on": day, "next_id": step, "next_purpose": called.get(step)}
    return found


def put_back(before: Facts, names: frozenset[str]) -> Facts:
    """Some fields of the log as columns have them."""
    found = {}
    for name, value in before.items():
        if name not in names:
            continue
        if value is not None and name in _DAYS:
            value = date.fromisoformat(value)
        elif value is not None and name in _INSTANTS:
            value = datetime.fromisoformat(value)
        found[name] = value
    return found
