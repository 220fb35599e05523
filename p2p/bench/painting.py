"""From Chromium's own trace: how long it takes from a drop until the moved card is painted where it belongs.

The floor sends the same form with a bare fetch and then moves the card in the document, on the same page.
"""

import json
import re
import shutil
from collections.abc import Iterator
from random import random
from statistics import median
from typing import Any

from p2p.bench.comparing import GOALS, Row, World
from p2p.bench.measuring import cookie
from p2p.bench.serving import HOST, serving

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CATEGORIES = "devtools.timeline,blink.user_timing,disabled-by-default-devtools.timeline"

#: Marks the drop, and the moment the document shows what the server said; the trace tells when that was painted.
WATCH = """() => {
  for (const end of ['pointerup', 'drop']) document.addEventListener(end, () => performance.mark('p2p-drop'), true);
  document.addEventListener('htmx:after:swap', ({detail: {ctx}}) => {
    if (ctx.sourceElement.id === 'act') performance.mark('p2p-shown');
  });
}"""
SHOWN = "performance.getEntriesByName('p2p-shown').length"
#: So many times 50 ms it is waited for that.
PATIENCE = 100
#: Milliseconds a hand rests over the place before it lets go, at any moment between two frames.
RESTS, FRAME = 150, 1000 / 60
FLOOR = """async ([id, to, stage, rest]) => {
  const card = document.getElementById(id), token = document.querySelector('#act [name=csrf_token]').value;
  await new Promise((done) => setTimeout(done, rest));
  performance.mark('p2p-drop');
  const answer = await fetch(card.querySelector('h3 a').href, {
    method: 'POST', body: new URLSearchParams({csrf_token: token, version: card.dataset.version, stage}),
    headers: {
      'HX-Request': 'true', 'HX-Request-Type': 'partial', 'HX-Target': 'div#board', 'HX-Current-URL': location.href,
    },
  });
  await answer.text();
  document.getElementById(to).prepend(card);
  performance.mark('p2p-shown');
}"""


def painted(world: World, rounds: int) -> Iterator[Row]:
    """A drop at 200 and at 1,000 cards; one row that says so where there is no Chromium to ask."""
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        program = None
    if program is None:
        yield Row("drop until painted", "no Chromium here")
        return
    with serving(world.url, "-m", "p2p.bench.serving") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for each in (50, 250):
            yield Watched(browser, world, server.port, each).row(rounds)
        browser.close()


class Watched:
    """A board with so many cards in each of its columns, opened anew for every drop."""

    def __init__(self, browser: Any, world: World, port: int, each: int) -> None:
        self.each, self.browser = each, browser
        self.base = f"http://{HOST}:{port}"
        self.context = browser.new_context(viewport={"width": 1360, "height": 900}, reduced_motion="reduce")
        name, _, value = cookie(world.app, f"p2p-{port}", world.token).partition("=")
        self.context.add_cookies([{"name": name, "value": value, "url": self.base}])
        self.page = self.context.new_page()

    def row(self, rounds: int) -> Row:
        taken: dict[str, list[float]] = {"drop": [], "floor": []}
        for number in range(rounds + 1):
            for what in ("drop", "floor") if number % 2 else ("floor", "drop"):
                found = self._watch(what)
                if number:  # the first of each warms up
                    taken[what].append(found)
        cards = self.page.locator(".card").count()
        self.context.close()
        figure = f"{median(taken['drop']):.1f} ms, bare {median(taken['floor']):.1f} ms"
        share = median(taken["drop"]) / median(taken["floor"])
        return Row(f"drop until painted, {cards} cards", figure, share, "bare move", GOALS["painted"])

    def _watch(self, what: str) -> float:
        """Milliseconds from the drop until the first frame that shows what the server said."""
        page = self.page
        page.goto(f"{self.base}/board?" + "&".join(f"show.{stage}={self.each}" for stage in range(1, 5)))
        lists = page.locator("ol.cards")
        here, there = lists.nth(0), lists.nth(1)
        card = here.locator("li").first
        rest = RESTS + FRAME * random()
        if what == "drop":
            page.evaluate(WATCH)
        self.browser.start_tracing(page=page, categories=CATEGORIES.split(","))
        page.wait_for_timeout(100)  # until every process of the browser is tracing
        if what == "drop":
            self._drag(card, there, rest)
        else:
            names = [card.get_attribute("id"), there.get_attribute("id"), there.get_attribute("data-value")]
            page.evaluate(FLOOR, [*names, rest])
        for _ in range(PATIENCE):
            page.wait_for_timeout(50)
            if page.evaluate(SHOWN):
                break
        page.wait_for_timeout(250)  # until it is painted
        return elapsed(json.loads(self.browser.stop_tracing())["traceEvents"])

    def _drag(self, card: Any, to: Any, rest: float) -> None:
        source, target = card.bounding_box(), to.bounding_box()
        mouse = self.page.mouse
        mouse.move(source["x"] + 60, source["y"] + 40)
        mouse.down()
        mouse.move(source["x"] + 90, source["y"] + 44, steps=3)
        mouse.move(target["x"] + 60, target["y"] + 60, steps=6)
        self.page.wait_for_timeout(rest)
        mouse.up()


def elapsed(events: list[dict[str, Any]]) -> float:
    """Milliseconds between the drop and the end of the page's first frame after the answer was shown.

    The browser draws frames of its own meanwhile: only those of the page's thread count.
    """
    marks = {event["name"]: event for event in events if re.match("p2p-", event.get("name", ""))}
    drop, shown = marks["p2p-drop"], marks["p2p-shown"]
    thread = [event for event in events if (event.get("pid"), event.get("tid")) == (shown["pid"], shown["tid"])]
    frames = [e["ts"] + e.get("dur", 0) for e in thread if e.get("name") == "Commit" and e["ts"] >= shown["ts"]]
    return float(min(frames) - drop["ts"]) / 1000
