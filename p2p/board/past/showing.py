"""The board as it stood: what did not change since is asked as of today, what did is put in its place by hand."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from p2p.board import queries as present
from p2p.board.addresses import View
from p2p.board.columns import Layout
from p2p.board.heads.queries import Head, Heads, Total
from p2p.board.past import queries
from p2p.board.past.deals import Row, in_order, is_live, key_then, told_deals
from p2p.board.past.moments import Moment, moment_of
from p2p.board.past.movements import BOARD, place_of
from p2p.board.past.remembered import stood_after
from p2p.board.past.standing import Facts, Stood
from p2p.db import at
from p2p.filters import the_format
from p2p.identity.models import User
from p2p.opportunities.narrowing.filters import Narrowed
from p2p.opportunities.narrowing.meanings import step_state
from p2p.parties.models import Party
from p2p.setup.pacing import Limit

#: So much that was worked out of one day is kept: other filters, other columns.
KEPT = 60


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
        return queries.stages(known | {facts["stage_id"] for facts in self._then(Narrowed())})

    def limits(self) -> dict[int, Limit]:
        """None: what is silent today, or was then, is no news any more."""
        return {}

    def heads(self, by: str, narrowed: Narrowed, woken: list[Any]) -> Heads:
        """Key of a column → its head, of what was active or had woken up."""
        found = present.heads(by, narrowed, woken)
        for (key, state), difference in self._difference(by, narrowed.without("step")).items():
            found.setdefault(key, Head()).add(state, difference)
        return found

    def _difference(self, by: str, narrowed: Narrowed) -> dict[tuple[str, str], Total]:
        """(column, state of the next step) → what it held more then than it does now, of what changed since."""

        def count() -> dict[tuple[str, str], Total]:
            sums: dict[tuple[str, str], list[int]] = {}
            for sign, deals in ((-1, self._now(narrowed)), (1, self._then(narrowed))):
                for facts in deals:
                    key = key_then(by, facts, narrowed.day), step_state(facts["next_on"], narrowed.day)
                    total, revenue = sums.setdefault(key, [0, 0, 0]), facts["revenue_company"] or 0
                    total[0] += sign
                    total[1] += sign * revenue
                    total[2] += sign * revenue * facts["probability"]
            return {key: Total(*total) for key, total in sums.items()}

        return self._once(("difference", by, narrowed), count)  # type: ignore[no-any-return]

    def woken(self, layout: Layout, narrowed: Narrowed) -> list[Any]:
        """Those that had woken up by that day and were not touched since."""
        return [row for row in present.woken(layout, narrowed) if row.id not in self.stood.deals]

    def columns(
        self, layout: Layout, limits: dict[str, int], narrowed: Narrowed, awake: list[Any], me: int
    ) -> dict[str, list[Any]]:
        """Key of a column → the rows of its first cards, as `p2p.board.queries.columns` gives them."""
        rest = Untouched(narrowed.values, narrowed.day, self.stood.after, tuple(sorted(self.stood.rewind.left)))
        found = present.columns(layout, limits, rest, awake, me)
        sorted_then = self._once(("cards", layout, narrowed), lambda: self._in_columns(layout, narrowed))
        first = {key: sorted_then.get(key, [])[:limit] for key, limit in limits.items()}
        rows = self._rows(layout, [facts for then in first.values() for facts in then])
        for key, then in first.items():
            found[key] += (rows[facts["id"]] for facts in then)
            found[key].sort(key=present.in_order(layout))
            del found[key][limits[key] :]
        return found

    def _in_columns(self, layout: Layout, narrowed: Narrowed) -> dict[str, list[Facts]]:
        """Key of a column → all that changed since and stood there, in order."""
        deals, found = self._then(narrowed), defaultdict(list)
        if layout.further or layout.order in ("touched", "age"):
            self.stood.told_in_full(facts["id"] for facts in deals)
            done = self.stood.done(facts["id"] for facts in deals)
            deals = [facts | {"touched_at": done.get(facts["id"], facts["touched_at"])} for facts in deals]
        for facts in sorted(deals, key=lambda facts: in_order(layout, facts)):
            found[key_then(layout.by, facts, narrowed.day)].append(facts)
        return found

    def _rows(self, layout: Layout, shown: list[Facts]) -> dict[int, Row]:
        """Opportunity → its row as it would have been read then; names as they are called now."""
        self.stood.told_in_full(facts["id"] for facts in shown)
        parties = queries.names(Party, (facts["party_id"] for facts in shown))
        people = queries.names(User, (facts["owner_id"] for facts in shown))
        now = (facts["next_id"] for facts in shown if facts["next_id"] and not facts.get("next_purpose"))
        steps = queries.purposes(now)
        return {facts["id"]: Row.of(facts, parties, people, steps, in_order(layout, facts)) for facts in shown}

    # ── What changed since ──────────────────────────────────────────────────────────────────────────────────────────

    def _once(self, what: tuple[Any, ...], work_out: Callable[[], Any]) -> Any:
        """What is worked out of the log alone, kept with it."""
        kept, key = self.stood.kept, (*what, self.moment.day)
        if key not in kept:
            if len(kept) >= KEPT:
                kept.clear()
            kept[key] = work_out()
        return kept[key]

    def _now(self, narrowed: Narrowed) -> list[Facts]:
        """Those that are active now and fit, as the totals of today count them."""
        return self._fitting(narrowed, [each.now for each in self.stood.deals.values() if is_live(each.now)], None)

    def _then(self, narrowed: Narrowed) -> list[Facts]:
        """Those that were on the board then and fitted."""

        def find() -> list[Facts]:
            deals, day = (each.then for each in self.stood.deals.values()), self.moment.day
            there = [facts for facts in deals if facts is not None and place_of(facts, day, True) == BOARD]
            return self._fitting(narrowed, there, self.stood)

        return self._once(("then", narrowed), find)  # type: ignore[no-any-return]

    def _fitting(self, narrowed: Narrowed, deals: list[Facts], stood: Stood | None) -> list[Facts]:
        if not narrowed.values:
            return deals
        if (owner := narrowed.owner_id) is not None and len(narrowed.values) == 1:
            return [facts for facts in deals if (facts["owner_id"] or 0) == owner]
        self.stood.told_in_full(facts["id"] for facts in deals)
        told = told_deals(self.moment.day, {facts["id"]: facts for facts in deals}, stood)
        return [facts for facts in deals if narrowed.fits(told[facts["id"]])]
