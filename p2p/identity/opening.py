"""The first visit: the company takes its name, currency, clock and format, and its first administrator."""

from typing import Any

from p2p.db import db
from p2p.identity.models import ADMINISTRATOR, User
from p2p.setup.models import Company


def open_house(administrator: dict[str, str], company: dict[str, Any]) -> User:
    """Make the administrator (name, email, password) and set the company up (name, currency, zone, locale).

    Raises InUse when figures are kept in another currency already. The caller makes sure that nobody was first.
    """
    user = User.add(email=administrator["email"], name=administrator["name"], role=ADMINISTRATOR, by=None)
    user.set_password(administrator["password"], by=user)
    db.session.get_one(Company, 1).edit(company, by=user)
    return user
