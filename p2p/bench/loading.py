"""The board through the real server: answers per second, durable moves, start and memory."""

import http.client
import re
import time
from collections.abc import Callable, Iterator
from statistics import median
from urllib.parse import urlencode

from p2p.bench.comparing import FROM_BOARD, GOALS, Row, World, moves
from p2p.bench.measuring import FORM, PARTIAL, Answer, cookie, in_turns, ratio
from p2p.bench.serving import HOST, Server, asking, rate, serving

#: Boards that stand open at once, and the seconds between two questions of each.
BOARDS, EVERY = 50, 5


def served(world: World, rounds: int, seconds: float) -> Iterator[Row]:
    """One server for everything that is asked of it, another one to see how it starts."""
    with serving(world.url, "-m", "p2p.bench.serving") as server:
        signed_in = {"Cookie": cookie(world.app, f"p2p-{server.port}", world.token)}
        shown = fetched(server, signed_in | PARTIAL)
        yield from rates(server, signed_in, shown, seconds)
        yield from durable(server, signed_in, shown, rounds)
        yield from polled(server, signed_in, seconds)
        yield Row("memory after all that", f"{server.memory:.0f} MB")
    with serving(world.url, "app.py") as server:
        yield Row("start until the first answer", f"{server.started_in:.2f} s")
        yield Row("memory after the start", f"{server.memory:.0f} MB")


def fetched(server: Server, headers: dict[str, str]) -> Answer:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=30)
    connection.request("GET", "/board", headers=headers)
    answer = connection.getresponse()
    return Answer(answer.status, answer.headers, answer.read())


def rates(server: Server, signed_in: dict[str, str], shown: Answer, seconds: float) -> Iterator[Row]:
    tag = {"HX-PTag": shown.headers["HX-PTag"]}
    asked = {
        "board": (asking("GET", "/board", signed_in | PARTIAL), 200),
        "unchanged poll": (asking("GET", "/board", signed_in | PARTIAL | tag), 304),
        "constant": (asking("GET", f"/bench/constant/{len(shown.body)}", signed_in), 200),
    }
    for clients in (1, 8):
        found = {what: rate(server, ask, clients, seconds, status) for what, (ask, status) in asked.items()}
        for what, per_second in found.items():
            called = f"{what}, {clients} client{'s' if clients > 1 else ''}"
            share = per_second / found["constant"] if what != "constant" else None
            yield Row(called, f"{per_second:,.0f} per second", share, "" if share is None else "constant")


def polled(server: Server, signed_in: dict[str, str], seconds: float) -> Iterator[Row]:
    """Fifty boards that stand open, each asking every five seconds: what they take of one core.

    In the second row somebody moves a card once a minute, and every board fetches itself anew.
    """
    boards = [http.client.HTTPConnection(HOST, server.port, timeout=30) for _ in range(BOARDS)]
    shown = fetched(server, signed_in | PARTIAL)
    tag = {"HX-PTag": shown.headers["HX-PTag"]}
    poll, anew = (asking("GET", "/board", signed_in | PARTIAL | more) for more in (tag, {}))
    for board in boards:
        poll(board)
    before, began = server.cpu, time.perf_counter()
    for number in range(max(int(seconds * 5 * BOARDS / EVERY), BOARDS)):
        time.sleep(max(0.0, began + number * EVERY / BOARDS - time.perf_counter()))
        poll(boards[number % BOARDS])
    quiet = (server.cpu - before) / (time.perf_counter() - began)
    before = server.cpu
    for board in boards:
        anew(board)
    busy = quiet + (server.cpu - before) / 60
    for what, share in ((f"{BOARDS} open boards, polling every {EVERY} s", quiet), ("  with a move a minute", busy)):
        yield Row(what, f"{share:.1%} of one core", share * 100, "percent", GOALS["open boards"])


def durable(server: Server, signed_in: dict[str, str], shown: Answer, rounds: int) -> Iterator[Row]:
    """A stage move with its history against one bare UPDATE, both flushed to the disk; by the clock on the wall."""
    moved, updated = re.findall(r'id="card-(\d+)"', shown.body.decode())[:2]
    headers = signed_in | FROM_BOARD | {"Content-Type": FORM}
    connection = http.client.HTTPConnection(HOST, server.port, timeout=30)
    forms = moves(shown, int(moved))

    def sent(path: str, form: Callable[[], dict[str, object]]) -> Callable[[], None]:
        def send() -> None:
            status = asking("POST", path, headers, urlencode(form()))(connection)
            if status not in (200, 204):
                raise RuntimeError(f"{path} was answered {status}")

        return send

    calls = {
        "move": sent(f"/board/cards/{moved}", lambda: next(forms)),
        "update": sent(
            f"/bench/update/{updated}", lambda: {"csrf_token": shown.csrf, "words": str(time.perf_counter())}
        ),
    }
    taken = in_turns(calls, rounds, per_round=5, clock=time.perf_counter)
    figure = f"{median(taken['move']):.2f} ms"
    yield Row("durable stage move with history", figure, ratio(taken["move"], taken["update"]), "UPDATE", GOALS["move"])
    yield Row("  one bare durable UPDATE", f"{median(taken['update']):.2f} ms")
