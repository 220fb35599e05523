"""One party, on which something is planned or done."""

import pytest

from p2p.db import db
from p2p.parties.models import Party
from tests.cast import RITA


@pytest.fixture
def party(user):
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    db.session.commit()
    return party
