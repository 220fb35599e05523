"""Two people move, estimate and take back on the same board in two sessions: nothing is lost and nothing is hidden."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from p2p.db import db
from p2p.filters import today
from p2p.history import Change, Operation
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import stages
from tests.cast import MAX, RITA, ROLF
from tests.visitor import as_the_server_would

WHO, CARDS = st.integers(0, 1), st.integers(0, 1)
STEPS = st.one_of(
    st.tuples(st.just("look"), WHO),
    st.tuples(st.just("undo"), WHO),
    st.tuples(st.just("move"), WHO, CARDS, st.integers(0, 3)),
    st.tuples(st.just("estimate"), WHO, CARDS, st.sampled_from([15, 35, 60])),
)
FACTS = ("stage_id", "probability", "probability_manual", "status")


@pytest.fixture
def table(as_, user):
    """Two people in front of one board of two cards of somebody else's."""
    party = Party.enter({"name": "Vogt"}, by=user(RITA))
    for subject, days in (("Alpha", 5), ("Beta", 20)):
        facts = {"subject": subject, "party_id": party.id, "stage_id": stages()[0].id}
        Opportunity.open(facts | {"decide_by": today() + timedelta(days)}, by=user(ROLF))
    db.session.commit()
    return Table([as_(RITA), as_(MAX)])


class Table:
    """The board as each of the two last saw it, and as it is."""

    def __init__(self, people):
        self.people = people
        self.ids = list(db.session.scalars(select(Opportunity.id).order_by(Opportunity.id)))
        self.names = {stage.id: stage.name for stage in stages()}
        self.forms = [None, None]
        for who in (0, 1):
            self.look(who)

    def stands(self):
        """What the database holds of each card."""
        db.session.rollback()
        db.session.expire_all()
        return {id: {fact: getattr(db.session.get_one(Opportunity, id), fact) for fact in FACTS} for id in self.ids}

    def told(self):
        """The facts of each card as its history ends."""
        rows = db.session.execute(
            select(Change.record_id, Change.values).where(Change.noun == "opportunity").order_by(Change.id)
        )
        ends = {id: {} for id in self.ids}
        for id, values in rows:
            ends[id] |= {fact: after for fact, (_, after) in values.items() if fact in FACTS}
        return ends

    def look(self, who):
        """Open the board: what it shows is what is."""
        page = self.people[who].visit("/board").page
        shown, forms = {}, {}
        for id in self.ids:
            (card,) = page.xpath(f"//li[@id='card-{id}']")
            (column,) = card.xpath("ancestor::section//h2/text()[1]")
            shown[id] = (column.strip(), int(card.xpath("b[2]/text()[1]")[0]))
        for id, facts in self.stands().items():
            assert shown[id] == (self.names[facts["stage_id"]], facts["probability"])
        for id in self.ids:
            menu = self.people[who].visit(f"/board/cards/{id}/menu").page
            (form,) = menu.xpath(f"//form[@action='/board/cards/{id}']")
            forms[id] = {each.get("name"): each.get("value") or "" for each in form.xpath(".//input")}
            for name in ("stage", "prognosis"):
                forms[id][name] = "".join(form.xpath(f".//select[@name='{name}']/option[@selected]/@value"))
        self.forms[who] = forms

    def send(self, who, card, **typed):
        """Send the form of a card as it was drawn for this person, with some of it typed anew."""
        id = self.ids[card]
        drawn = self.forms[who][id]
        before, count = self.stands(), operations()
        answer = self.post(who, f"/board/cards/{id}", drawn | typed)
        after = self.stands()
        if answer.status_code != 303:
            assert answer.status_code == 409
            assert (after, operations()) == (before, count)
            return
        assert operations() - count == (after != before)
        for name, fact in (("stage", "stage_id"), ("probability", "probability")):
            if name in typed and typed[name] != drawn[name]:
                assert after[id][fact] == int(typed[name])
            elif "stage" not in typed:
                assert after[id][fact] == before[id][fact]  # what the colleague made of it stays
        assert all(after[other] == before[other] for other in self.ids if other != id)

    def post(self, who, url, said):
        """Send a form that was drawn earlier."""
        client, there = self.people[who].client, {"Referer": "http://localhost/board"}
        return as_the_server_would(lambda: client.post(url, data=said, headers=there))

    def undo(self, who):
        before, count = self.stands(), operations()
        said = {"csrf_token": self.forms[who][self.ids[0]]["csrf_token"]}
        answer = self.post(who, "/board/undo", said)
        if answer.status_code == 307:
            answer = self.post(who, answer.location, said)
        after = self.stands()
        if answer.status_code >= 400:
            assert answer.status_code == 409
            assert (after, operations()) == (before, count)
        else:
            assert operations() == count + 1


def operations():
    return db.session.scalar(select(func.count(Operation.id)))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=3, max_size=12))
def test_two_people_on_one_board_never_lose_or_hide_a_change(table, steps):
    for step, who, *rest in steps:
        match step:
            case "look":
                table.look(who)
            case "undo":
                table.undo(who)
            case "move":
                card, stage = rest
                table.send(who, card, stage=str(list(table.names)[stage]))
            case "estimate":
                card, percent = rest
                table.send(who, card, probability=str(percent))
        stands = table.stands()
        for id, told in table.told().items():
            assert {fact: stands[id][fact] for fact in told} == told
    for who in (0, 1):
        table.look(who)
