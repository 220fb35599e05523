"""What the log says stood before: the first *before* of every field that changed after an operation."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

DEAL, STEP, LINE = "opportunity", "activity", "opportunity_competitor"
#: What the board shows or narrows by.
NOUNS = (DEAL, STEP, LINE)

Before = dict[str, Any] | None
"""Field → value as the log holds it; None where the record did not exist yet."""


@dataclass
class Rewind:
    """What is to be put back to see an earlier state; made of the changes after an operation, or of some of them.

    `before` is noun → record → what stood before. `deals` are the opportunities that any of it is about, `stepped`
    those whose activities it is about, `left` those that only lost an activity to another record. `erased` are records
    of which something was blanked on request: what stood there before is not known any more.
    """

    before: dict[str, dict[int, Before]] = field(default_factory=lambda: {noun: {} for noun in NOUNS})
    deals: set[int] = field(default_factory=set)
    stepped: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)
    erased: set[tuple[str, int]] = field(default_factory=set)

    def over(self, later: "Rewind") -> "Rewind":
        """This and what came later as one: where both know a field, what stood before the earlier change counts."""
        before = {}
        for noun in NOUNS:
            mine, others = self.before[noun], later.before[noun]
            before[noun] = others | mine
            for id in mine.keys() & others.keys():
                earlier, after = mine[id], others[id]
                before[noun][id] = None if earlier is None else (after or {}) | earlier
        deals = self.deals | later.deals
        left = (self.left | later.left) - deals
        return Rewind(before, deals, self.stepped | later.stepped, left, self.erased | later.erased)

    @property
    def touched(self) -> set[int]:
        """The opportunities of which anything may have stood otherwise."""
        return self.deals | self.left


def rewound(rows: Iterable[tuple[str, int, str, int, str, str | None]]) -> Rewind:
    """The rewind of changes in their order: (noun, record, what it is about, its id, kind, values as JSON text)."""
    rows = list(rows)
    # One text is read much faster than thousands of short ones.
    values = json.loads(f"[{','.join(row[5] or 'null' for row in rows)}]")
    found = Rewind()
    before, deals, stepped, erased = found.before, found.deals, found.stepped, found.erased
    for (noun, id, about, about_id, kind, _), changed in zip(rows, values, strict=True):
        known = before[noun]
        if about == DEAL:
            deals.add(about_id)
            if noun == STEP:
                stepped.add(about_id)
        if id not in known:
            known[id] = None if kind == "created" else {name: both[0] for name, both in (changed or {}).items()}
        elif (mine := known[id]) is not None:
            for name, both in (changed or {}).items():
                mine.setdefault(name, both[0])
        if changed is None and known[id] is not None:
            erased.add((noun, id))
    # An activity that was carried to another record leaves a deal behind that its change is not about.
    lost = {then["subject_id"] for then in before[STEP].values() if then and _was_on_a_deal(then)}
    found.left = lost - deals
    stepped |= lost
    return found


def _was_on_a_deal(then: dict[str, Any]) -> bool:
    return "subject_id" in then and then.get("subject_noun", DEAL) == DEAL
