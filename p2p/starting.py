"""Getting ready: the database brought up to date, what ships set up, figures written as the company does."""

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.exc import DatabaseError

from p2p.attachments import files
from p2p.db import db
from p2p.filters import use_format
from p2p.settings import UnsafeSetting
from p2p.setup.queries import company_format, company_row
from p2p.setup.shipped import ship_when_empty


def get_ready(app: Flask) -> None:
    """Migrate and ship; called before serving and by every command that writes."""
    with app.app_context():
        _knock()
        upgrade()
        ship_when_empty()
        db.session.commit()
        files.clean()
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            # Statistics keep the planner on the indexes the board was made for; limited, it takes milliseconds.
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA analysis_limit=400")
                connection.exec_driver_sql("PRAGMA optimize=0x10002")
                connection.commit()


def _knock() -> None:
    """Whether the database can be reached and written to is a question of settings, so the answer is one sentence."""
    try:
        with db.engine.begin():
            pass
    except DatabaseError as error:
        why = (str(error.orig).strip().splitlines() or ["no answer"])[0]
        where = db.engine.url.render_as_string(hide_password=True)
        raise UnsafeSetting(f"The database {where} cannot be used (P2P_DATABASE_URL, P2P_INSTANCE): {why}") from error


def use_company_format() -> None:
    """Commands write figures and days as the company does."""
    use_format(company_format(company_row()))
