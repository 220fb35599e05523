"""`flask --app app bench`: worlds are built in a temporary folder, everything is measured, one table is printed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from p2p.bench.comparing import Row, World


@click.command()
@click.option("--sizes", default="1000,10000,100000", show_default=True, help="Opportunities in each world.")
@click.option("--leads", default="1000,100000", show_default=True, help="Leads in each world, ten activities for each.")
@click.option("--changes", default=1_000_000, show_default=True, help="Changes in the log that the past is read from.")
@click.option("--rounds", default=15, show_default=True, help="How often everything is measured in turns.")
@click.option("--seconds", default=2.0, show_default=True, help="How long the clients ask at a time.")
@click.option("--engine-url", help="PostgreSQL to measure on instead, in databases that are dropped afterwards.")
def bench(sizes: str, leads: str, changes: int, rounds: int, seconds: float, engine_url: str | None) -> None:
    """Measure the board and the lists against what could not be faster. Nothing of yours is touched."""
    import os
    import tempfile

    from p2p.bench import finding, growing
    from p2p.bench.leads import LeadRows
    from p2p.bench.measuring import quiet
    from p2p.bench.past import past, rows_with

    with tempfile.TemporaryDirectory(prefix="p2p-bench-") as folder:
        os.environ["P2P_INSTANCE"] = folder
        click.echo(machine())
        with _databases(folder, "deals", _numbers(sizes), engine_url) as urls:
            worlds = [_world(size, url, "opportunities") for size, url in urls.items()]
            head()
            for row in measured(worlds, rounds, seconds):
                line(row)
            for row in finding.deals(worlds, rounds):
                line(row)
        with _databases(folder, "past", [_numbers(sizes)[-1] // 10], engine_url) as urls:
            worlds = [_world(*each, "opportunities with a log", rows_with(changes)) for each in urls.items()]
            quiet()
            for row in past(worlds[0], changes, rounds):
                line(row)
        with _databases(folder, "leads", _numbers(leads), engine_url) as urls:
            worlds = [_world(size, url, "leads with ten activities each", LeadRows) for size, url in urls.items()]
            quiet()
            for row in (*growing.leads(worlds, rounds), *finding.leads(worlds, rounds)):
                line(row)


def _numbers(typed: str) -> list[int]:
    return sorted(int(size) for size in typed.split(","))


@contextmanager
def _databases(folder: str, what: str, sizes: list[int], engine_url: str | None) -> Iterator[dict[int, str]]:
    """Size → the address of an empty database: a file in the folder, or beside the PostgreSQL database given."""
    if engine_url is None:
        yield {size: f"sqlite:///{folder}/{what}-{size}.sqlite" for size in sizes}
        return
    from sqlalchemy import create_engine, make_url

    from p2p.settings import database_url

    url = make_url(database_url(engine_url))
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    made: dict[int, str] = {}
    try:
        with engine.connect() as connection:
            for size in sizes:
                connection.exec_driver_sql(f"create database p2p_bench_{what}_{size}")
                made[size] = f"p2p_bench_{what}_{size}"
        yield {size: url.set(database=name).render_as_string(hide_password=False) for size, name in made.items()}
    finally:
        with engine.connect() as connection:
            for name in made.values():
                connection.exec_driver_sql(f"drop database {name} with (force)")
        engine.dispose()


def measured(worlds: "list[World]", rounds: int, seconds: float) -> Any:
    """Every row of the table, as it is found."""
    from p2p.bench import comparing, loading, painting
    from p2p.bench.measuring import quiet

    middle = worlds[len(worlds) // 2]
    quiet()
    yield from comparing.board(middle, rounds)
    yield from comparing.growth(worlds, rounds)
    yield from comparing.first_load(middle)
    yield from loading.served(middle, rounds, seconds)
    yield from painting.painted(middle, rounds)


def _world(size: int, url: str, what: str, rows_of: Any = None) -> "World":
    import time

    from p2p import create_app
    from p2p.bench.comparing import World
    from p2p.bench.views import open_doors
    from p2p.bench.world import build
    from p2p.engine import engine_options
    from p2p.filters import today

    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url)})
    open_doors(app)
    began = time.perf_counter()
    token, me = build(app, size, rows_of)
    click.echo(f"{size:,} {what} built in {time.perf_counter() - began:.1f} s")
    return World(size, url, app, token, me, today())


def machine() -> str:
    """What it was measured on."""
    import os
    import platform
    from pathlib import Path

    from p2p.engine import durability

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
