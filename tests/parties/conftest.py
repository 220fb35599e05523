"""One party of the address book."""

from collections.abc import Callable

import pytest

from p2p.db import db
from p2p.identity.models import User
from p2p.parties.models import Party
from tests.cast import RITA, Character


@pytest.fixture
def alpha(user: Callable[[Character], User]) -> Party:
    party = Party.enter({"name": "Alpha AG"}, by=user(RITA))
    db.session.commit()
    return party
