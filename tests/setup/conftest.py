"""One opportunity, so that what is set up is used by something."""

import pytest

from p2p.db import db
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import stages
from tests.cast import RITA


@pytest.fixture
def opportunity(app, user):
    """Rita's opportunity in the first stage, worth 1'000.00."""
    party = Party.enter({"name": "Alpen AG"}, by=user(RITA))
    facts = {"subject": "Assembly line", "party_id": party.id, "stage_id": stages()[0].id, "revenue": 100_000}
    made = Opportunity.open(facts, by=user(RITA))
    db.session.commit()
    return made
