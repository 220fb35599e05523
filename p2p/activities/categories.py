"""What a piece of work can be: its categories with the facts that only some of them have, and words for the rest."""

from typing import Any

from p2p.setup.steps import CATEGORIES as CATEGORIES

PRIORITIES = {"low": "Low", "normal": "Normal", "high": "High"}
DIRECTIONS = {"outgoing": "From us", "incoming": "From them"}
#: Minutes before it begins → words. Without a time of day they count from eight o'clock.
REMINDERS = {
    0: "When it begins",
    10: "10 minutes before",
    30: "Half an hour before",
    60: "An hour before",
    1440: "A day before",
    2880: "Two days before",
    10080: "A week before",
}
#: When a day begins for whoever is reminded of something that has no time.
MORNING = "08:00"

#: The facts that not every category has: name → the categories that have it.
ONLY_OF = {
    "starts": ("appointment", "action"),
    "ends": ("appointment", "action"),
    "all_day": ("appointment",),
    "location": ("appointment", "event"),
    "attending": ("appointment",),
    "priority": ("task",),
    "direction": ("action",),
    "outcome_id": ("action",),
}
#: What such a fact is where a category has none of it.
NOTHING: dict[str, Any] = {"all_day": False, "priority": "normal", "attending": ()}


def has(category: str, name: str) -> bool:
    """Whether work of this category has a fact."""
    return category in ONLY_OF.get(name, (category,))


def lacking(category: str) -> list[str]:
    """The facts that this category does not have."""
    return [name for name in ONLY_OF if not has(category, name)]


def fitting(facts: dict[str, Any], category: str, *, switched: bool) -> dict[str, Any]:
    """Facts as this category takes them: what it does not have is left out, or emptied once it `switched`.

    An appointment that lasts all day has no times.
    """
    emptied = {name: NOTHING.get(name) for name in lacking(category)} if switched else {}
    fits = {name: value for name, value in facts.items() if has(category, name)} | emptied
    return fits | {"starts": None, "ends": None} if fits.get("all_day") else fits
