"""The commands: serving, and all that `flask --app app` offers."""

import gc
import getpass
import subprocess
import sys
from typing import Any

import click
import waitress
from flask import Flask

from p2p.bench.commands import bench
from p2p.db import db
from p2p.demo.commands import demo
from p2p.duplicates import jobs as searches
from p2p.engine import durability
from p2p.exchange.commands import export, import_
from p2p.exchange.runs.jobs import fail_unfinished
from p2p.identity.models import ROLES, User
from p2p.identity.queries import anybody_can_sign_in, user_by_email
from p2p.settings import UnsafeSetting
from p2p.starting import get_ready

THREADS = 8


def serve(app: Flask) -> None:
    """Migrate, then serve with waitress; prints the address, and the one-time code of the first visit."""
    if app.debug:
        raise UnsafeSetting("FLASK_DEBUG is for those who build p2p; leave it out where people work.")
    get_ready(app)
    host, port = app.config["HOST"], app.config["PORT"]
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            print(durability())
        if not anybody_can_sign_in():
            print(f"First visit: from another machine it asks for this code: {app.extensions['p2p_code']}")
        fail_unfinished()
        searches.fail_unfinished()
        db.session.remove()
    print(f"p2p is at http://{host}:{port} (Ctrl+C stops it)", flush=True)
    # Everything loaded by now stays: taking it out of the collector's rounds keeps slow answers rare.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    waitress.serve(app, host=host, port=port, threads=THREADS, ident=None, channel_request_lookahead=2)


def init(app: Flask) -> None:
    """Offer the commands."""
    app.cli.add_command(user)
    app.cli.add_command(demo)
    app.cli.add_command(check)
    app.cli.add_command(import_)
    app.cli.add_command(export)
    app.cli.add_command(bench)


@click.group()
def user() -> None:
    """The users of p2p."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="First and last name.")
@click.option("--role", required=True, type=click.Choice(list(ROLES)), help="What the user may do.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_user(email: str, name: str, role: str, password_stdin: bool) -> None:
    """Add a user who can sign in."""
    from flask import current_app

    from p2p.identity.forms import password_problem

    get_ready(current_app)
    password = sys.stdin.readline().rstrip("\n") if password_stdin else getpass.getpass("Password: ")
    problem = password_problem(password, name, email)
    if problem:
        raise click.ClickException(problem)
    if user_by_email(email):
        raise click.ClickException(f"There is already a user {email}.")
    added = User.add(email=email, name=name, role=role, by=None)
    added.set_password(password, by=None)
    db.session.commit()
    click.echo(f"{name} can sign in as {email}.")


GATE = [
    ["ruff", "format", "--check", "."],
    ["ruff", "check", "."],
    ["mypy"],
    ["lint-imports"],
    ["djlint", "p2p/templates", "--lint", "--quiet"],
    [sys.executable, "-m", "pytest", "--engine", "sqlite"],
    [sys.executable, "-m", "pytest", "--engine", "postgresql", "-m", "not browser"],
]


@click.command()
def check() -> None:
    """The gate: format, lint, types, contracts, and the suite on both databases."""
    for step in GATE:
        click.secho(f"$ {' '.join(step)}", bold=True)
        done: Any = subprocess.run(_beside_python(step), check=False)
        if done.returncode:
            raise SystemExit(done.returncode)


def _beside_python(step: list[str]) -> list[str]:
    """The tool installed with this Python, whatever PATH says."""
    from pathlib import Path

    tool = Path(sys.executable).parent / step[0]
    return [str(tool), *step[1:]] if tool.exists() else step
