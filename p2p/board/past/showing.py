"""The board as it stood: what did not change since is asked as of today, what did is put in its place by hand."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from p2p.board import queries as present
from p2p.board.addresses import View
from p2p.board.columns import EPOCH, KINDS, NEVER, Layout, key_of
from p2p.board.heads.queries import Head, Heads, Total
from p2p.board.past import queries
from p2p.board.past.moments import Moment, moment_of
from p2p.board.past.movements import BOARD, place_of
from p2p.board.past.remembered import stood_after
from p2p.board.past.standing import Facts, Stood
from p2p.db import at
from p2p.filters import the_format
from p2p.identity.models import User
from p2p.opportunities.narrowing.deals import Deal
from p2p.opportunities.narrowing.filters import Narrowed
from p2p.opportunities.narrowing.meanings import step_state
from p2p.parties.models import Party

_TOLD = {each.name for each in fields(Deal)} & set(queries.NAMES)


@dataclass(frozen=True)
class Untouched(Narrowed):
    """Narrowed to the opportunities that stand as they stood after an operation."""

    after: int = 0
    left: tuple[int, ...] = ()

    def conditions(self) -> list[Any]:
        return [*super().conditions(), *queries.untouched(self.after, self.left)]


class PastBoard:
    """Answers what `p2p.board.queries` answers, as of the end of a day; asked while the clock stands there."""

    def __init__(self, moment: Moment, stood: Stood) -> None:
        self.moment, self.stood = moment, stood

    @classmethod
    def of(cls, day: date) -> "PastBoard":
        """As it stood when a day ended."""
        moment = moment_of(day)
        return cls(moment, stood_after(moment.operation_id))

    @contextmanager
    def then(self) -> Iterator[None]:
        """The clock stands at the end of the day: what was overdue, today and tomorrow is told as it was."""
        with at(self.moment.last_instant):
            yield

    def told(self, view: View) -> dict[str, Any]:
        """What the board says of itself."""
        first = queries.beginning() if self.moment.before_history else None
        past = {
            "words": the_format().date(self.moment.day),
            "now": view.url(as_of=None),
            "begins": the_format().instant(first),
            "erased": len(self.stood.rewind.erased),
        }
        return {"editable": False, "drawer": [], "past": past}

    def stages(self) -> list[Any]:
        """(id, name, process_id, process) of today's, and those in which anything stood that no menu offers now."""
        known = {stage.id for stage in present.stages()}
        return queries.stages(known | {facts["stage_id"] for _, facts in self._then(Narrowed())})

    def heads(self, by: str, narrowed: Narrowed, woken: list[Any]) -> Heads:
        """Key of a column → its head, of what was active or had woken up."""
        found, whatever_next = present.heads(by, narrowed, woken), narrowed.without("step")
        for sign, deals in ((-1, self._now(whatever_next)), (1, self._then(whatever_next))):
            for _, facts in deals:
                head = found.setdefault(_key(by, facts, narrowed.day), Head())
                head.add(step_state(facts["next_on"], narrowed.day), worth(facts) if sign > 0 else -worth(facts))
        return found

    def woken(self, layout: Layout, narrowed: Narrowed) -> list[Any]:
        """Those that had woken up by that day and were not touched since."""
        return [row for row in present.woken(layout, narrowed) if row.id not in self.stood.deals]

    def columns(
        self, layout: Layout, limits: dict[str, int], narrowed: Narrowed, awake: list[Any], me: int
    ) -> dict[str, list[Any]]:
        """Key of a column → the rows of its first cards, as `p2p.board.queries.columns` gives them."""
        rest = Untouched(narrowed.values, narrowed.day, self.stood.after, tuple(sorted(self.stood.rewind.left)))
        found = present.columns(layout, limits, rest, awake, me)
        first: dict[str, list[Facts]] = {key: [] for key in limits}
        for facts in self._told(layout, dict(self._then(narrowed))):
            if (key := _key(layout.by, facts, narrowed.day)) in first:
                first[key].append(facts)
        for key, then in first.items():
            first[key] = sorted(then, key=lambda facts: in_order(layout, facts))[: limits[key]]
        rows = self._rows(layout, [facts for then in first.values() for facts in then])
        for key, then in first.items():
            found[key] += (rows[facts["id"]] for facts in then)
            found[key].sort(key=present.in_order(layout))
            del found[key][limits[key] :]
        return found

    def _told(self, layout: Layout, deals: dict[int, Facts]) -> Iterable[Facts]:
        """The deals with when something was done on them last, where the board asks for it."""
        done = self.stood.done(deals) if layout.further or layout.order == "touched" else {}
        return (facts | {"touched_at": done[id]} if id in done else facts for id, facts in deals.items())

    def _rows(self, layout: Layout, shown: list[Facts]) -> dict[int, "Row"]:
        """Opportunity → its row as it would have been read then; names as they are called now."""
        parties = queries.names(Party, (facts["party_id"] for facts in shown))
        people = queries.names(User, (facts["owner_id"] for facts in shown))
        steps = queries.steps(facts["next_id"] for facts in shown if facts["next_id"] and not facts.get("next_purpose"))
        return {facts["id"]: Row.of(facts, parties, people, steps, in_order(layout, facts)) for facts in shown}

    # ── What changed since ──────────────────────────────────────────────────────────────────────────────────────────

    def _now(self, narrowed: Narrowed) -> Iterator[tuple[int, Facts]]:
        """Those that are active now and fit, as the totals of today count them."""
        now = {id: each.now for id, each in self.stood.deals.items()}
        yield from self._fitting(narrowed, {id: facts for id, facts in now.items() if is_live(facts)})

    def _then(self, narrowed: Narrowed) -> Iterator[tuple[int, Facts]]:
        """Those that were on the board then and fitted."""
        day = self.moment.day
        then = {id: each.then for id, each in self.stood.deals.items() if place_of(each.then, day, True) == BOARD}
        yield from self._fitting(narrowed, then, past=True)  # type: ignore[arg-type]

    def _fitting(
        self, narrowed: Narrowed, deals: Mapping[int, Facts], past: bool = False
    ) -> Iterator[tuple[int, Facts]]:
        if not narrowed.values:
            yield from deals.items()
            return
        if (owner := narrowed.owner_id) is not None and len(narrowed.values) == 1:
            yield from ((id, facts) for id, facts in deals.items() if (facts["owner_id"] or 0) == owner)
            return
        told = told_deals(self.moment.day, deals, self.stood if past else None)
        yield from ((id, facts) for id, facts in deals.items() if narrowed.fits(told[id]))


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


def _key(by: str, facts: Facts, day: date) -> str:
    """The column it stood in."""
    return key_of(by, facts[KINDS[by].fact.key], day)


class Row(tuple[Any, ...]):
    """A row as `p2p.board.queries.columns` gives them, its further facts by name."""

    facts: Facts

    @classmethod
    def of(
        cls, facts: Facts, parties: dict[int, str], people: dict[int, str], steps: dict[int, Facts], order: Any
    ) -> "Row":
        step = facts["next_id"]
        purpose = facts.get("next_purpose") or (steps[step]["purpose"] if step else None)
        row = cls(
            (
                *(facts["id"], facts["version"], facts["subject"], parties.get(facts["party_id"], "")),
                *(facts["stage_id"], facts["prognosis_id"], facts["probability"], facts["probability_manual"]),
                *(facts["revenue_company"], facts["decide_by"], step, purpose, facts["next_on"]),
                *(people.get(facts["owner_id"]), facts["owner_id"], False, *order),
            )
        )
        row.facts = facts | {"weighted": (facts["revenue_company"] or 0) * facts["probability"]}
        return row

    def __getattr__(self, name: str) -> Any:
        return self.facts[name]
