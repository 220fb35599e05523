"""One opportunity, whose history is told."""

import pytest

from p2p.db import db
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import stages
from tests.cast import RITA


@pytest.fixture
def deal(user):
    """Rita's opportunity in the first stage, worth 53'000.00."""
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    facts = {"subject": "Palletiser relocation", "party_id": party.id, "stage_id": stages()[0].id, "revenue": 5_300_000}
    opportunity = Opportunity.open(facts, by=user(RITA))
    db.session.commit()
    return opportunity
