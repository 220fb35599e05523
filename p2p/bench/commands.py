"""`flask --app app bench`: worlds are built in a temporary folder, everything is measured, one table is printed."""

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from p2p.bench.comparing import Row, World


@click.command()
@click.option("--sizes", default="1000,10000,100000", show_default=True, help="Opportunities in each world.")
@click.option("--rounds", default=15, show_default=True, help="How often everything is measured in turns.")
@click.option("--seconds", default=2.0, show_default=True, help="How long the clients ask at a time.")
def bench(sizes: str, rounds: int, seconds: float) -> None:
    """Measure the board against what could not be faster. Nothing of yours is touched."""
    import os
    import tempfile

    with tempfile.TemporaryDirectory(prefix="p2p-bench-") as folder:
        os.environ["P2P_INSTANCE"] = folder
        counted = sorted(int(size) for size in sizes.split(","))
        click.echo(machine())
        worlds = [_world(folder, size) for size in counted]
        head()
        for row in measured(worlds, rounds, seconds):
            line(row)


def measured(worlds: "list[World]", rounds: int, seconds: float) -> Any:
    """Every row of the table, as it is found."""
    from p2p.bench import comparing, loading
    from p2p.bench.measuring import quiet

    middle = worlds[len(worlds) // 2]
    quiet()
    yield from comparing.board(middle, rounds)
    yield from comparing.growth(worlds, rounds)
    yield from comparing.first_load(middle)
    yield from loading.served(middle, rounds, seconds)


def _world(folder: str, size: int) -> "World":
    import time

    from p2p import create_app
    from p2p.bench.comparing import World
    from p2p.bench.views import open_doors
    from p2p.bench.world import build
    from p2p.filters import today

    url = f"sqlite:///{folder}/{size}.sqlite"
    app = create_app({"SQLALCHEMY_DATABASE_URI": url})
    open_doors(app)
    began = time.perf_counter()
    token, me = build(app, size)
    click.echo(f"{size:,} opportunities built in {time.perf_counter() - began:.1f} s")
    return World(size, url, app, token, me, today())


def machine() -> str:
    """What it was measured on."""
    import os
    import platform
    from pathlib import Path

    from p2p.db import durability

    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    named = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())
    busy = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{named}, {os.cpu_count()} cores{busy}, Python {platform.python_version()}, {durability()}"


def head() -> None:
    click.echo(f"\n{'what':<44} {'figure':>32} {'ratio':>7}  {'to':<12} {'goal':>6}  reached")


def line(row: "Row") -> None:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    goal = "" if row.goal is None else f"{row.goal:g}"
    click.echo(f"{row.what:<44} {row.figure:>32} {ratio:>7}  {row.to:<12} {goal:>6}  {row.reached}")
