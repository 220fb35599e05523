"""The board of a past day against today's: a long log, of which some was written after that day."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from p2p.bench.comparing import FROM_BOARD, Row, World, moves, ms
from p2p.bench.leads import DIGEST
from p2p.bench.measuring import PARTIAL, Visit, in_turns, ratio
from p2p.bench.world import STEPS, Rows
from p2p.board.past import remembered
from p2p.db import db, now
from p2p.history.log import Change, Head, Operation

#: Days since then, the share of the log that was written since, and how much one operation does.
DAYS, SHARE, AT_ONCE = 30, 100, 10
GOAL = 5.0


def rows_with(changes: int) -> type[Rows]:
    """The rows of a world with so many changes in its log."""
    return type("LoggedRows", (LoggedRows,), {"changes": changes})


class LoggedRows(Rows):
    """A world of opportunities with a log: half of it about deals, the other half about their activities."""

    changes: int

    def __init__(self, size: int, owner_ids: list[int]) -> None:
        super().__init__(size, owner_ids)
        self.first = (db.session.get_one(Head, 1).operation_id or 0) + 1

    def tables(self) -> Iterator[tuple[Any, Iterator[dict[str, Any]]]]:
        yield from super().tables()
        yield Operation.__table__, self.operations()
        yield Change.__table__, self.log()

    @property
    def count(self) -> int:
        return self.changes // AT_ONCE

    def moment(self, number: int) -> datetime:
        """When an operation was done: the last ones within the last days, all others evenly before."""
        present, recent = now(), self.count // SHARE
        before = self.count - recent
        if number >= before:
            return present - timedelta(days=DAYS - 1) * ((self.count - number) / recent)
        return present - timedelta(days=DAYS + 2) - timedelta(days=700) * (1 - number / before)

    def operations(self) -> Iterator[dict[str, Any]]:
        for number in range(self.count):
            at = self.moment(number)
            told = {"verb": "opportunity.edit", "by_id": self.owner_ids[number % 20], "at": at, "undoes_id": None}
            yield {"id": self.first + number, "digest": DIGEST} | told

    def log(self) -> Iterator[dict[str, Any]]:
        dice = random.Random(self.size)
        steps = [id for id, _ in self.live for status in ("done", "open") if status == "done" or id % 7]
        for number in range(self.changes):
            deal = dice.choice(self.live)[0]
            noun, id, kind, values = "opportunity", deal, "changed", self.changed(dice)
            if number % 2:
                place = dice.randrange(len(steps))
                noun, id, deal = "activity", place + 1, steps[place]
                kind, values = (
                    ("created", {}) if number % 4 == 1 else ("changed", {"purpose": [dice.choice(STEPS), ""]})
                )
            row = {"operation_id": self.first + number // AT_ONCE, "noun": noun, "record_id": id, "kind": kind}
            row |= {"about_noun": "opportunity", "about_id": deal, "version": 1, "values": values, "salt": None}
            yield row | {"digest": DIGEST}

    def changed(self, dice: random.Random) -> dict[str, list[Any]]:
        stage_id, probability = dice.choice(self.stages)
        decided = (self.today + timedelta(days=dice.randrange(300))).isoformat()
        return {"stage_id": [stage_id, 1], "probability": [probability, 10], "decide_by": [decided, None]}


def past(world: World, changes: int, rounds: int) -> Iterator[Row]:
    """The board of a month ago: again, for the first time, with a longer log, and by an arrow from the day after."""
    with world.app.app_context(), db.engine.begin() as connection:
        last = connection.exec_driver_sql("select max(id) from operation").scalar()
        connection.execute(update(Head).values(operation_id=last))
    visit = world.visit
    asked = [(world.today - timedelta(days=days)).isoformat() for days in (DAYS, DAYS - 1)]
    live, then, after = (visit.door(path, PARTIAL) for path in ("/board", *(f"/board?as_of={day}" for day in asked)))

    def first_time() -> Any:
        remembered.kept.clear()
        return then()

    def by_an_arrow() -> Any:
        remembered.kept.popitem()
        return then()

    cards = then().body.count(b'<li class="card')
    yield _against(f"board as of a month ago, {cards} cards", in_turns({"live": live, "then": then}, rounds))
    first = in_turns({"live": live, "then": first_time}, rounds, per_round=1)
    yield _against(f"  asked first, {changes // SHARE:,} of {changes:,} later", first)
    yield _against("  again, after one more change", _after_a_move(visit, live, then, rounds))
    remembered.kept.clear()
    after(), then()
    yield _against(
        "  by the arrow from the day after", in_turns({"live": live, "then": by_an_arrow}, rounds, per_round=1)
    )


def _after_a_move(
    visit: Visit, live: Callable[[], Any], then: Callable[[], Any], rounds: int
) -> dict[str, list[float]]:
    """What both boards take when the log has grown meanwhile, without what the change itself takes."""
    shown = live()
    card = int(shown.found(r'id="card-(\d+)"'))
    moving = visit.sender(f"/board/cards/{card}", moves(shown, card), FROM_BOARD)
    calls = {"live": live, "move": moving, "then": lambda: (moving(), then())}
    taken = in_turns(calls, rounds, per_round=1)
    then_alone = [both - move for both, move in zip(taken["then"], taken["move"], strict=True)]
    return {"live": taken["live"], "then": then_alone}


def _against(what: str, taken: dict[str, list[float]]) -> Row:
    return Row(what, ms(taken["then"]), ratio(taken["then"], taken["live"]), "live board", GOAL)
