"""A deal as it stood on a day, told by hand as the database tells one of today: worth, column, order, row."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from p2p.board.columns import EPOCH, KINDS, NEVER, Layout, key_of
from p2p.board.heads.queries import Total
from p2p.board.past import queries
from p2p.board.past.standing import Facts, Stood
from p2p.opportunities.narrowing.deals import Deal

_TOLD = {each.name for each in fields(Deal)} & {*queries.NAMES, *queries.MORE_NAMES}


def told_deals(day: date, deals: Mapping[int, Facts], stood: Stood | None) -> dict[int, Deal]:
    """Opportunity → what filters ask of it on a day; with `stood`, its parts as they were, else as they are."""
    names = queries.folded_names(facts["party_id"] for facts in deals.values())
    rivals = stood.rivals(deals) if stood else queries.rivals(deals)
    done = stood.done(deals) if stood else {}
    found = {}
    for id, facts in deals.items():
        told = {name: facts[name] for name in _TOLD} | {"day": day}
        told |= {"party_name_folded": names.get(facts["party_id"], ""), "competitor_ids": rivals.get(id, frozenset())}
        found[id] = Deal(**told | ({"touched_at": done[id]} if id in done else {}))
    return found


def worth(facts: Facts) -> Total:
    """What a deal adds to its column."""
    revenue = facts["revenue_company"] or 0
    return Total(1, revenue, revenue * facts["probability"])


def is_live(facts: Facts) -> bool:
    """Whether the totals of today count it (`Opportunity.live`)."""
    return facts["status"] == "active" and not facts["hidden"] and not facts["archived"]


#: What an order sorts by before the order of the board (`p2p.board.columns.ORDERS`).
BEFORE: dict[str, Callable[[Facts], tuple[Any, ...]]] = {
    "": lambda facts: (),
    "step": lambda facts: (facts["next_on"] or NEVER,),
    "amount": lambda facts: (1 if facts["revenue_company"] is None else -facts["revenue_company"],),
    "age": lambda facts: (facts["opened_on"],),
    "touched": lambda facts: (facts["touched_at"] or EPOCH,),
}


def in_order(layout: Layout, facts: Facts) -> tuple[Any, ...]:
    """What it is sorted by (`Layout.sorted_by`)."""
    weight = -(facts["revenue_company"] or 0) * facts["probability"]
    return *BEFORE[layout.order](facts), facts["decide_by"] or NEVER, weight, facts["number"]


def key_then(by: str, facts: Facts, day: date) -> str:
    """The column it stood in."""
    return key_of(by, facts[KINDS[by].fact.key], day)


class Row(tuple[Any, ...]):
    """A row as `p2p.board.queries.columns` gives them, its further facts by name."""

    facts: Facts

    @classmethod
    def of(
        cls, facts: Facts, parties: dict[int, str], people: dict[int, str], steps: dict[int, str], order: Any
    ) -> "Row":
        step = facts["next_id"]
        purpose = facts.get("next_purpose") or (steps[step] if step else None)
        row = cls(
            (
                *(facts["id"], facts["version"], facts["subject"], parties.get(facts["party_id"], "")),
                *(facts["stage_id"], facts["prognosis_id"], facts["probability"]),
                *(facts["revenue_company"], facts["decide_by"], step, purpose, facts["next_on"]),
                *(people.get(facts["owner_id"]), facts["owner_id"], False, None, None, *order),
            )
        )
        row.facts = facts | {"weighted": (facts["revenue_company"] or 0) * facts["probability"]}
        return row

    def __getattr__(self, name: str) -> Any:
        return self.facts[name]
