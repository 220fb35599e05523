"""The board in process: against the floor and the constant, and in a small world against a large one."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from statistics import median
from typing import Any

from flask import Flask

from p2p.bench.floor import Floor
from p2p.bench.measuring import PARTIAL, Answer, Visit, in_turns, ratio

GOALS = {"board": 2.0, "poll": 1.5, "growth": 1.5, "move": 6.0, "find": 3.0, "first load": 120.0} | {
    "open boards": 5.0,
    "painted": 1.3,
}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    figure: str
    ratio: float | None = None
    to: str = ""
    goal: float | None = None

    @property
    def reached(self) -> str:
        if self.goal is None or self.ratio is None:
            return ""
        return "yes" if self.ratio <= self.goal else "NO"


@dataclass(frozen=True)
class World:
    """A world that was built, and somebody signed in there."""

    size: int
    url: str
    app: Flask
    token: str
    me: int
    today: date

    @property
    def visit(self) -> Visit:
        return Visit(self.app, self.token)


def ms(taken: list[float]) -> str:
    return f"{median(taken):.2f} ms"


#: What a browser says with a move: that it was made on the open board, which is where the answer goes.
FROM_BOARD = PARTIAL | {"HX-Current-URL": "/board", "HX-Target": "div#board"}


def moves(shown: Answer, card: int) -> Iterator[dict[str, Any]]:
    """What a browser sends for a card of the first column that goes to the second and back, for ever."""
    version = int(shown.found(rf'id="card-{card}" data-version="(\d+)"'))
    for made, there in enumerate(cycle((2, 1))):
        yield {"stage": there, "csrf_token": shown.csrf, "version": version + made}


def board(world: World, rounds: int) -> Iterator[Row]:
    """The board against the floor and the constant, and what a move costs."""
    visit = world.visit
    part = visit.door("/board", PARTIAL)
    shown = part()
    tokens = shown.csrf, shown.found(r'name="key" value="([^"]+)\d">'), shown.headers["HX-PTag"]
    calls: dict[str, Callable[[], Any]] = {
        "part": part,
        "page": visit.door("/board"),
        "constant": visit.door(f"/bench/constant/{len(shown.body)}"),
    }
    if world.url.startswith("sqlite"):
        floor = Floor(world.url.removeprefix("sqlite:///"), world.me, world.today)
        if floor.html(*tokens) != shown.body:
            raise RuntimeError("the floor does not make the bytes of the board: p2p/bench/floor.html is out of date")
        calls["floor"] = lambda: floor.html(*tokens)
    taken = in_turns(calls, rounds)
    base = "floor" if "floor" in calls else "constant"
    goal = GOALS["board"] if "floor" in calls else None
    cards = shown.body.count(b'<li class="card')
    yield Row(f"board, {cards} cards", ms(taken["part"]), ratio(taken["part"], taken[base]), base, goal)
    yield Row("  as a whole page", ms(taken["page"]), ratio(taken["page"], taken[base]), base, goal)
    if "floor" in calls:
        yield Row("  floor: raw rows, one template", ms(taken["floor"]))
    yield Row(
        f"  constant, {len(shown.body) // 1000} kB",
        ms(taken["constant"]),
        ratio(taken["part"], taken["constant"]),
        "board",
    )
    yield from poll(visit, shown.headers["HX-PTag"], rounds)
    yield from move(visit, shown, rounds)


def poll(visit: Visit, tag: str, rounds: int) -> Iterator[Row]:
    calls = {
        "poll": visit.door("/board", PARTIAL | {"HX-PTag": tag}, expect=304),
        "constant": visit.door("/bench/constant/1", PARTIAL),
    }
    taken = in_turns(calls, rounds, per_round=20)
    yield Row(
        "unchanged poll (304)", ms(taken["poll"]), ratio(taken["poll"], taken["constant"]), "constant", GOALS["poll"]
    )
    yield Row("  constant, 1 byte", ms(taken["constant"]))


def move(visit: Visit, shown: Answer, rounds: int) -> Iterator[Row]:
    card = int(shown.found(r'id="card-(\d+)"'))
    calls = {
        "move": visit.sender(f"/board/cards/{card}", moves(shown, card), FROM_BOARD),
        "refresh": visit.door("/board", PARTIAL),
    }
    taken = in_turns(calls, rounds, per_round=1)
    yield Row("stage move, with the card in its place", ms(taken["move"]))
    yield Row("  the whole board, as a poll fetches it", ms(taken["refresh"]))


def growth(worlds: list[World], rounds: int) -> Iterator[Row]:
    """The same number of cards from the smallest and from the largest world."""
    small, large = worlds[0], worlds[-1]
    few = "&".join(f"show.{stage}=4" for stage in range(1, 5))
    one = "&".join(f"show.{stage}=1" for stage in range(1, 5))
    party = "Meyer+%26+Söhne+Antriebe"
    asked = [
        ("board", "", GOALS["growth"]),
        ("owner's board", f"owner=me&{few}", GOALS["growth"]),
        ("board of a party", f"party={party}&{one}", None),
        ("board of a text", f"text=torque+station&{one}", None),
    ]
    for what, query, goal in asked:
        calls = {world.size: world.visit.door(f"/board?{query}", PARTIAL) for world in worlds}
        counts = {size: len(re.findall(rb'<li class="card', call().body)) for size, call in calls.items()}
        taken = in_turns({str(size): call for size, call in calls.items()}, rounds)
        same = len(set(counts.values())) == 1
        cards = f"{counts[small.size]} cards" if same else f"{counts[small.size]} and {counts[large.size]} cards"
        yield grown(f"growth of the {what}, {cards}", worlds, taken, goal)


def grown(what: str, worlds: list[World], taken: dict[str, list[float]], goal: float | None) -> Row:
    """What one thing costs in each world, and the largest against the smallest; `taken` is by size."""
    small, large = (taken[str(world.size)] for world in (worlds[0], worlds[-1]))
    figure = " → ".join(f"{median(taken[str(world.size)]):.2f}" for world in worlds) + " ms"
    return Row(what, figure, ratio(large, small), f"{worlds[0].size:,}", goal)


def first_load(world: World) -> Iterator[Row]:
    """Everything a browser fetches to show the board for the first time, compressed as it is sent."""
    zipped = {"Accept-Encoding": "gzip"}
    visit = world.visit
    page = visit.door("/board")().body.decode()
    links = dict.fromkeys(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    style = next(link for link in links if ".css" in link)
    fonts = re.findall(r"url\([\"']?([^\"')]+\.woff2)", visit.door(style)().body.decode())
    links |= dict.fromkeys(f"/static/{font.removeprefix('/static/')}" for font in fonts)
    sizes = {link: len(visit.door(link, zipped)().body) for link in ("/board", *links)}
    html = sizes.pop("/board")
    kilobytes = (html + sum(sizes.values())) / 1000
    figure = f"{kilobytes:.0f} kB ({html / 1000:.0f} kB HTML, {len(sizes)} files)"
    yield Row("first load of the board, gzip", figure, kilobytes, "kB", GOALS["first load"])
