"""Rita, who qualifies leads, and whom some of them mean."""

import pytest

from p2p.contacts.models import Contact
from p2p.db import db
from p2p.parties.models import Party


@pytest.fixture
def nowak(rita):
    """A company in the address book, and Jana who acts for it."""
    party = Party.enter({"name": "Nowak AG", "city": "Zug"}, by=rita)
    Contact.enter(party, {"name": "Jana Nowak", "email": "jana@nowak.example"}, by=rita)
    db.session.commit()
    return party
