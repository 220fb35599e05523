"""Find among many records: a page full of hits against the same page with none, by the clock on the wall."""

import re
import time
from collections.abc import Iterator

from p2p.bench.comparing import GOALS, Row, World, ms
from p2p.bench.measuring import in_turns, ratio
from p2p.bench.world import index

#: Larger worlds are not indexed for this: the goal speaks of 100,000 records of a kind.
LARGEST = 100_000
#: The page with nothing on it: two words that nobody wrote.
NOTHING = "/find?q=zyxwv+vwxyz"
DEALS = [
    ("a frequent word", "/find?q=palletiser"),
    ("its beginning", "/find?q=pal"),
    ("two frequent words", "/find?q=torque+study"),
    ("a party and a word", "/find?q=lodz+press"),
    ("two that never meet", "/find?q=torque+press"),
    ("a number", "/find?q=o-2026-0002"),
    ("one letter", "/find?q=p"),
    ("a frequent word, as typed", "/find/choices?q=palletiser"),
]
LEADS = [
    ("a frequent word", "/find?q=conveyor"),
    ("two frequent words", "/find?q=press+service"),
    ("an e-mail address", "/find?q=asker77@firm25.example"),
    ("a mail domain", "/find?q=firm25.example"),
]


def deals(worlds: list[World], rounds: int) -> Iterator[Row]:
    yield from _found(_largest(worlds), "opportunities", DEALS, rounds)


def leads(worlds: list[World], rounds: int) -> Iterator[Row]:
    yield from _found(_largest(worlds), "leads", LEADS, rounds)


def _largest(worlds: list[World]) -> World:
    """The largest world that is not too large, indexed."""
    world = [world for world in worlds if world.size <= LARGEST or world is worlds[0]][-1]
    index(world.app)
    return world


def _found(world: World, what: str, asked: list[tuple[str, str]], rounds: int) -> Iterator[Row]:
    """What each of the questions costs, against what nothing costs."""
    calls = {words: world.visit.door(address) for words, address in [("nothing", NOTHING), *asked]}
    hits = {words: len(re.findall(rb'<li>|role="option"', call().body)) for words, call in calls.items()}
    taken = in_turns(calls, rounds, clock=time.perf_counter)
    yield Row(f"find nothing among {world.size:,} {what}", ms(taken["nothing"]))
    for words, _ in asked:
        figure = f"{hits[words]} hits, {ms(taken[words])}"
        yield Row(
            f"  {words}",
            figure,
            ratio(taken[words], taken["nothing"]),
            "nothing",
            GOALS["find"] if hits[words] else None,
        )
