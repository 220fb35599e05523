"""A database with nothing but what ships, for tests of what begins there."""

from typing import Any

from sqlalchemy import select

from p2p.db import db
from p2p.setup.models import Company
from p2p.setup.shipped import ship_when_empty
from p2p.starting import use_company_format


def all_of(kind: Any, *conditions: Any) -> list[Any]:
    """Every row of a table, oldest first."""
    return list(db.session.scalars(select(kind).where(*conditions).order_by(kind.id)))


def empty(currency: str = "CHF") -> None:
    """Take everything away; what ships is set up, and a company with this currency."""
    db.session.remove()
    db.drop_all()
    db.create_all()
    ship_when_empty()
    if currency != "EUR":
        facts = {"name": "Brunner Projects", "currency": currency, "locale": "de_CH", "zone": "Europe/Zurich"}
        db.session.get_one(Company, 1).edit(facts, by=None)
    use_company_format()
    db.session.commit()
