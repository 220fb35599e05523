"""The board as Chromium shows it, with a few deals of Rita's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from p2p.db import db
from p2p.filters import today
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import stages
from tests.cast import RITA, Character


@pytest.fixture
def deals(user) -> dict[str, int]:
    """Four opportunities of Rita's: three in Qualify, one in Develop; their ids by subject."""
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    made = {}
    for subject, stage, days in (("Cooling loop", 0, 5), ("Robot cell", 0, 20), ("Leak tester", 0, 40), ("HMI", 1, 9)):
        facts = {"subject": subject, "party_id": party.id, "stage_id": stages()[stage].id, "revenue": 5_000_000}
        facts["decide_by"] = today() + timedelta(days=days)
        made[subject] = Opportunity.open(facts, by=user(RITA)).id
    db.session.commit()
    db.session.remove()
    return made


@pytest.fixture
def at_board(page_as, deals) -> Callable[..., Page]:
    """Somebody signed in and in front of the board with those deals."""

    def arrive(person: Character, **options) -> Page:
        return page_as(person, "/board", **options)

    return arrive
