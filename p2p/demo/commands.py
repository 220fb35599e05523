"""The demo on the command line: `flask --app app demo`."""

import click
from flask import current_app

from p2p.db import db
from p2p.starting import get_ready


@click.command()
def demo() -> None:
    """Fill an empty database with a team and its last 18 months, to look around in."""
    from p2p.demo import NotEmpty, build

    get_ready(current_app)
    try:
        build(by=None)
    except NotEmpty as refusal:
        db.session.rollback()
        raise click.ClickException(str(refusal)) from refusal
    db.session.commit()
    click.echo("The demo is built. Its people cannot sign in until an administrator sets their passwords.")
