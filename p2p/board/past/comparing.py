"""The board on two days, and what every deal did in between."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from p2p.board.columns import Layout
from p2p.board.heads.queries import Total
from p2p.board.past import queries
from p2p.board.past.deals import told_deals, worth
from p2p.board.past.movements import Stand, Sum, effects, place_of, summed
from p2p.board.past.showing import PastBoard
from p2p.board.past.standing import Facts
from p2p.opportunities.narrowing.deals import Deal
from p2p.opportunities.narrowing.filters import BY_KEY, Narrowed
from p2p.opportunities.narrowing.meanings import step_state


@dataclass(frozen=True)
class Story:
    """One deal at both ends: its facts (None: it was not there), where it stood, which filters judged otherwise."""

    id: int
    before: Facts | None
    after: Facts
    opening: Stand
    closing: Stand
    filters: tuple[str, ...] = ()

    @property
    def effects(self) -> list[tuple[str, Sum]]:
        return list(effects(self.opening, self.closing))


@dataclass(frozen=True)
class Comparison:
    """Opening and closing, each read for itself, and the deals that did anything."""

    first: PastBoard
    last: PastBoard
    opening: Sum
    closing: Sum
    stories: list[Story]

    @property
    def movements(self) -> dict[str, tuple[int, Sum]]:
        """Movement → how many deals took part, and what it adds."""
        return summed((story.opening, story.closing) for story in self.stories)

    def told_by(self, movement: str) -> list[tuple[Story, Sum]]:
        """The deals behind one number, those that weigh most first."""
        found = [(story, effect) for story in self.stories for name, effect in story.effects if name == movement]
        return sorted(found, key=lambda each: (-abs(each[1].amount), -abs(each[1].weighted), each[0].id))


def compare(first_day: date, last_day: date, narrowed: Callable[[], Narrowed]) -> Comparison:
    """What changed from the end of one day to the end of another; `narrowed` is asked on each of the two."""
    first, last = PastBoard.of(first_day), PastBoard.of(last_day)
    ends = []
    for board in (first, last):
        with board.then():
            wanted = narrowed()
            ends.append((wanted, _total(board, wanted), _awake(board, wanted)))
    (opened, opening, awake), (closed, closing, awake_later) = ends
    drifted = (awake ^ awake_later) | _drifted(first, last, opened, closed)
    return Comparison(first, last, opening, closing, list(_stories(first, last, drifted, (opened, closed))))


def _total(board: PastBoard, narrowed: Narrowed) -> Sum:
    heads = board.heads("stage", narrowed, board.woken(Layout(), narrowed))
    whole = sum((head.total(narrowed.get("step")) for head in heads.values()), Total())
    return Sum(whole.count, whole.revenue, whole.weighted)


def _awake(board: PastBoard, narrowed: Narrowed) -> set[int]:
    """Those that had woken up, were not touched since, and are let through."""
    step = narrowed.get("step")
    rows = board.woken(Layout(), narrowed)
    return {row.id for row in rows if step in (None, step_state(row.next_on, narrowed.day))}


def _drifted(first: PastBoard, last: PastBoard, opened: Narrowed, closed: Narrowed) -> set[int]:
    """The deals nobody touched that the filter lets through on one of the days only: it asks for the day."""
    before, after = (_conditions(board, wanted) for board, wanted in ((first, opened), (last, closed)))
    if all(one.compare(other) for one, other in zip(before, after, strict=True)):
        return set()
    return queries.apart(before, after) - first.stood.deals.keys()


def _conditions(board: PastBoard, narrowed: Narrowed) -> list[Any]:
    with board.then():
        return [*narrowed.conditions()]


def _stories(
    first: PastBoard, last: PastBoard, drifted: set[int], narrowed: tuple[Narrowed, Narrowed]
) -> Iterator[Story]:
    still = drifted - first.stood.deals.keys()
    further, same = queries.more(still), queries.deals(still)
    same = {id: facts | further[id] for id, facts in same.items()}
    for board in (first, last):
        board.stood.told_in_full(board.stood.deals)
    before: dict[int, Facts | None] = {id: each.then for id, each in first.stood.deals.items()}
    after: dict[int, Facts] = {id: each.now for id, each in first.stood.deals.items()}
    before |= same
    after |= same
    # What came later than the last day is taken back, too; what was opened later did nothing.
    for id, each in last.stood.deals.items():
        if each.then is None:
            before.pop(id, None)
            after.pop(id, None)
        elif id in after:
            after[id] = each.then
    ends = (first, before, narrowed[0]), (last, after, narrowed[1])
    (told_before, fits_before), (told_after, fits_after) = (_judged(*end) for end in ends)
    for id, facts in after.items():
        was = before[id]
        opening = _stand(was, first.moment.day, fits_before.get(id, False))
        closing = _stand(facts, last.moment.day, fits_after[id])
        if any(effects(opening, closing)):
            yield Story(
                id, was, facts, opening, closing, _differently(told_before.get(id), told_after.get(id), narrowed)
            )


def _judged(
    board: PastBoard, deals: Mapping[int, Facts | None], narrowed: Narrowed
) -> tuple[dict[int, Deal], dict[int, bool]]:
    """Opportunity → what filters ask of it that day, and whether all of them let it through."""
    there = {id: facts for id, facts in deals.items() if facts is not None}
    if not narrowed.values:
        return {}, dict.fromkeys(there, True)
    told = told_deals(board.moment.day, there, board.stood)
    return told, {id: narrowed.fits(deal) for id, deal in told.items()}


def _stand(facts: Facts | None, day: date, fits: bool) -> Stand:
    if facts is None:
        return Stand(place_of(None, day, fits), fits)
    total = worth(facts)
    return Stand(place_of(facts, day, fits), fits, Sum(total.count, total.revenue, total.weighted))


def _differently(before: Deal | None, after: Deal | None, narrowed: tuple[Narrowed, Narrowed]) -> tuple[str, ...]:
    """The labels of the filters that let it through on one of the two days only."""
    if before is None or after is None:
        return ()
    judged = [
        {key: fits(deal, value) for key, value in wanted.values if (fits := BY_KEY[key].fits)}
        for deal, wanted in zip((before, after), narrowed, strict=True)
    ]
    return tuple(BY_KEY[key].label for key in judged[0] if judged[0][key] != judged[1].get(key))
