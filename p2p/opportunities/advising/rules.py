"""The plain rules that say what to do next about an opportunity, each with its reason; the most important first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from p2p.filters import plural, the_format

#: Probabilities from which on something is expected, and below which a near decision is a surprise.
SURE, EVEN = 80, 50


@dataclass(frozen=True)
class Facts:
    """What the rules look at: one open opportunity on a day.

    `next_step` is (id, purpose, day it is due), `stale` is (state, why in words, the day since which it is silent),
    `through` is the stage that comes next where all that is required up to now is done, `unpriced` are (id, name) of
    the competitor lines without a price.
    """

    id: int
    today: date
    stage_id: int
    stage: str = ""
    owner_id: int | None = None
    probability: int = 0
    prognosis: bool = True
    decide_by: date | None = None
    revenue: int | None = None
    next_step: tuple[int, str, date] | None = None
    touched_on: date | None = None
    stale: tuple[str, str, date] | None = None
    through: tuple[int, str] | None = None
    contacts: int = 0
    deciders: int = 0
    unpriced: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Doing:
    """A door to do it by: its words, the endpoint, and what its address needs besides the opportunity."""

    label: str
    endpoint: str
    to: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Suggestion:
    """What to do, why, and by which doors; `situation` is the same as long as the reason is."""

    rule: str
    what: str
    reason: str
    situation: str
    doors: tuple[Doing, ...]


Told = tuple[str, str, str, tuple[Doing, ...]]
"""What to do, why, the situation, the doors."""


@dataclass(frozen=True)
class Rule:
    """One rule: what it is called and says in set-up; `days` is its number as it ships, None where it has none."""

    key: str
    name: str
    says: str
    find: Callable[[Facts, int], Told | None]
    days: int | None = None

    def suggestion(self, facts: Facts, days: int | None) -> Suggestion | None:
        told = self.find(facts, self.days or 0 if days is None else days)
        return Suggestion(self.key, *told) if told else None


def _on(opportunity_id: int) -> dict[str, Any]:
    return {"noun": "opportunity", "id": opportunity_id}


def _plan(facts: Facts, label: str) -> Doing:
    return Doing(label, "activities.append", _on(facts.id))


def _own(facts: Facts, label: str, door: str, **to: Any) -> Doing:
    return Doing(label, f"opportunities.{door}", {"id": facts.id} | to)


# ── What is late ────────────────────────────────────────────────────────────────────────────────────────────────────


def _step_overdue(facts: Facts, days: int) -> Told | None:
    if facts.next_step is None or (late := (facts.today - facts.next_step[2]).days) < max(days, 1):
        return None
    id, purpose, due = facts.next_step
    doors = (Doing("Done", "activities.done", {"id": id}), Doing("Move it", "activities.move", {"id": id}))
    return f"Do “{purpose}”, or move it", f"it is overdue by {plural(late, 'day')}", f"{id} {due}", doors


def _decision_overdue(facts: Facts, days: int) -> Told | None:
    if facts.decide_by is None or (late := (facts.today - facts.decide_by).days) < max(days, 1):
        return None
    reason = f"it should have been decided by {the_format().day(facts.decide_by)}, {plural(late, 'day')} ago"
    return "Give a new prognosis", reason, f"{facts.decide_by}", (_own(facts, "Give a prognosis", "prognosis"),)


def _stale(facts: Facts, days: int) -> Told | None:
    if facts.stale is None:
        return None
    state, why, since = facts.stale
    return "Call them", why, f"{since} {state}", (_plan(facts, "Log or plan a call"),)


def _nothing_planned(facts: Facts, days: int) -> Told | None:
    if facts.next_step is not None:
        return None
    reason = f"nothing is planned in {facts.stage}"
    return "Plan the next step", reason, f"{facts.stage_id} {facts.touched_on}", (_plan(facts, "Plan it"),)


# ── What does not fit ───────────────────────────────────────────────────────────────────────────────────────────────


def _nobody_owns_it(facts: Facts, days: int) -> Told | None:
    if facts.owner_id is not None:
        return None
    return "Say whose it is", "nobody owns it", f"{facts.stage_id}", (_own(facts, "Owner", "fact", name="owner_id"),)


def _soon_but_unsure(facts: Facts, days: int) -> Told | None:
    if facts.decide_by is None or not 0 <= (left := (facts.decide_by - facts.today).days) <= days:
        return None
    if facts.probability >= EVEN:
        return None
    when = f"in {plural(left, 'day')}" if left else "today"
    doors = (_own(facts, "Probability", "probability"), _own(facts, "Prognosis", "prognosis"))
    reason = f"it is to be decided {when}, and stands at {facts.probability} %"
    return "Check probability and prognosis", reason, f"{facts.decide_by} {facts.probability}", doors


def _sure_without_decider(facts: Facts, days: int) -> Told | None:
    if facts.probability < SURE or facts.deciders or not facts.contacts:
        return None
    reason = f"it stands at {facts.probability} %, and no contact on it has a part in the decision"
    return "Find out who decides", reason, f"{facts.probability}", (_own(facts, "Add a contact", "involve"),)


def _through_with_stage(facts: Facts, days: int) -> Told | None:
    if facts.through is None:
        return None
    doors = (Doing("Move it", "processes.move", _on(facts.id)),)
    reason = f"all that {facts.stage} requires is done"
    return f"Move it on to {facts.through[1]}", reason, f"{facts.stage_id}", doors


# ── What is missing ─────────────────────────────────────────────────────────────────────────────────────────────────


def _no_prognosis(facts: Facts, days: int) -> Told | None:
    if facts.prognosis:
        return None
    doors = (_own(facts, "Give a prognosis", "prognosis"),)
    return "Say when it will be decided", "it has no prognosis, so it stands last", f"{facts.stage_id}", doors


def _no_amount(facts: Facts, days: int) -> Told | None:
    if facts.revenue is not None:
        return None
    doors = (_own(facts, "Amount", "fact", name="revenue"),)
    return "Estimate the amount", "without one it counts as nothing in every total", f"{facts.stage_id}", doors


def _no_contact(facts: Facts, days: int) -> Told | None:
    if facts.contacts:
        return None
    doors = (_own(facts, "Add a contact", "involve"),)
    return "Add a contact", "nobody of the customer is on it", f"{facts.stage_id}", doors


def _rival_without_price(facts: Facts, days: int) -> Told | None:
    if not facts.unpriced:
        return None
    names = ", ".join(name for _, name in facts.unpriced)
    doors = tuple(_own(facts, f"Price of {name}", "rival", rival_id=id) for id, name in facts.unpriced[:2])
    situation = " ".join(str(id) for id, _ in facts.unpriced)[:200]
    return "Find out what the others ask", f"no price is known of {names}"[:300], situation, doors


RULES: tuple[Rule, ...] = (
    Rule("step_overdue", "Next step overdue", "Do what is overdue, or move it.", _step_overdue, 1),
    Rule(
        "decision_overdue",
        "Overdue for decision",
        "Give a new prognosis once the decision day has passed.",
        _decision_overdue,
        1,
    ),
    Rule("stale", "Stale", "Call them when nothing was done for longer than its stage allows.", _stale),
    Rule("nothing_planned", "Nothing planned", "Plan the next step.", _nothing_planned),
    Rule("nobody_owns_it", "No owner", "Say whose it is.", _nobody_owns_it),
    Rule(
        "soon_but_unsure",
        "Decided soon, but unsure",
        f"Look again at what is to be decided within so many days and stands below {EVEN} %.",
        _soon_but_unsure,
        14,
    ),
    Rule(
        "sure_without_decider",
        "Sure, but nobody decides",
        f"Find out who decides where the probability is {SURE} % or more and no contact has a decision role.",
        _sure_without_decider,
    ),
    Rule(
        "through_with_stage",
        "Through with the stage",
        "Move on when all required steps are done.",
        _through_with_stage,
    ),
    Rule("no_prognosis", "No prognosis", "Say when it will be decided.", _no_prognosis),
    Rule("no_amount", "No amount", "Estimate the amount.", _no_amount),
    Rule("no_contact", "No contact", "Add somebody of the customer.", _no_contact),
    Rule("rival_without_price", "Competitor without a price", "Find out what the others ask.", _rival_without_price),
)
BY_KEY = {rule.key: rule for rule in RULES}


@dataclass(frozen=True)
class Setting:
    """How a rule is set: whether it speaks, and its number of days."""

    on: bool = True
    days: int | None = None


def suggestions(facts: Facts, settings: dict[str, Setting]) -> list[Suggestion]:
    """What the rules that are switched on say, the most important first."""
    found = []
    for rule in RULES:
        setting = settings.get(rule.key, Setting(days=rule.days))
        if setting.on and (said := rule.suggestion(facts, setting.days)):
            found.append(said)
    return found
