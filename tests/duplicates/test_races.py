"""One merges while another works with what goes: whoever is second waits, and nothing is left behind on what went."""

import threading
import time
from collections.abc import Callable
from functools import partial
from unittest import mock

import pytest
from flask import Flask
from sqlalchemy import func, select

from p2p.contacts.models import Contact
from p2p.db import db, now
from p2p.duplicates import jobs
from p2p.duplicates.models import DuplicateSearch
from p2p.duplicates.queries import latest_search
from p2p.history import nouns
from p2p.history.absorbing import Merger
from p2p.history.undoing import pointing_at
from p2p.history.verifying import verify
from tests.cast import ADA, MAX, RITA, Character
from tests.doors import address, form_at
from tests.test_concurrency import together
from tests.world import Caller, World, build

A_WHILE = 0.3
PATIENCE = 20


@pytest.fixture
def world(app: Flask) -> World:
    return build()


def left_behind() -> list[str]:
    """Present records that point at something that is gone."""
    found = []
    for noun in ("party", "contact", "lead"):
        gone = select(Merger.gone_id).where(Merger.subject_noun == noun, Merger.hidden.is_(False))
        for cls, column, narrowed in pointing_at(noun):
            if cls is not Merger:
                table = column.table
                rows = select(table.c.id).where(column.in_(gone), narrowed, table.c.hidden.is_(False))
                found += [f"{cls.noun} {id}, its {column.key}" for id in db.session.scalars(rows)]
    return found


def one_after_the_other(*deeds: Callable[[], int], slow: int = 1) -> list[int]:
    """The statuses of all; the others begin when one of the first `slow` ones has done all but commit."""
    reached, commit = threading.Event(), db.session.commit

    def slowly() -> None:
        if threading.current_thread().name == "slow":
            db.session.flush()
            reached.set()
            time.sleep(A_WHILE)
        commit()

    def first(deed: Callable[[], int]) -> int:
        threading.current_thread().name = "slow"
        try:
            return deed()
        finally:
            reached.set()

    def afterwards(deed: Callable[[], int]) -> int:
        assert reached.wait(PATIENCE)
        return deed()

    with mock.patch.object(db.session, "commit", slowly):
        return together(*(partial(first if place < slow else afterwards, deed) for place, deed in enumerate(deeds)))


def merging(app: Flask, noun: str, stays: int, goes: int, who: Character = ADA) -> Callable[[], int]:
    """Somebody sends the form that was shown for these two."""
    caller, cls = Caller(app, who), nouns[noun]
    data = {f"version-{id}": str(db.session.get_one(cls, id).version) for id in (stays, goes)}
    data["survivor"] = str(stays)
    return lambda: caller.knock("POST", f"/duplicates/{noun}/{stays}/merge/{goes}", data).status_code


#: What somebody does with a party that goes: the door, what is said there, and where the door stands for this party.
MEANWHILE: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "a lead of it": ("leads.new", {"party_id": "{goes}", "company_name": ""}, {}),
    "an opportunity of it": ("opportunities.new", {"party_id": "Goes (#{goes})"}, {}),
    "somebody who acts for it": ("contacts.create", {"party_id": "Goes (#{goes})"}, {}),
    "the prospect role": ("prospects.make", {"party_id": "Goes (#{goes})"}, {}),
    "an account": ("customers.open", {"party_id": "Goes (#{goes})"}, {}),
    "a phone number": ("channels.add", {}, {"id": "goes"}),
    "a note": ("activities.append", {}, {"id": "goes", "noun": "party"}),
    "a file": ("attachments.add", {}, {"id": "goes", "noun": "party"}),
    "another name": ("parties.fact", {"name": "Gone AG"}, {"id": "goes", "name": "name"}),
}


def doing(app: Flask, world: World, deed: str, id: int) -> Callable[[], int]:
    """Rita fills in the form of a deed for this party."""
    endpoint, says, to = MEANWHILE[deed]
    rita = Caller(app, RITA)
    data = form_at(app, endpoint, world, rita) | {name: told.format(goes=id) for name, told in says.items()}
    url = address(app, endpoint, world, **{name: id if told == "goes" else told for name, told in to.items()})
    return lambda: rita.knock("POST", url, data).status_code


def whole() -> None:
    assert left_behind() == []
    assert verify() is None
    again = select(Merger.gone_id).where(Merger.hidden.is_(False)).group_by(Merger.subject_noun, Merger.gone_id)
    assert list(db.session.scalars(again.having(func.count() > 1))) == []


def test_nothing_is_left_behind_on_a_party_that_went(app: Flask, world: World) -> None:
    goes = world["lone_party"]
    deeds = [doing(app, world, deed, goes) for deed in MEANWHILE]
    merged, *done = one_after_the_other(merging(app, "party", world["party"], goes), *deeds)
    assert merged == 303
    assert set(done) <= {404, 409, 422}
    whole()


def test_nothing_is_left_behind_on_a_party_that_goes(app: Flask, world: World) -> None:
    goes = world["lone_party"]
    deeds = [doing(app, world, deed, goes) for deed in MEANWHILE]
    *done, merged = one_after_the_other(*deeds, merging(app, "party", world["party"], goes), slow=len(deeds))
    assert 303 in done
    assert {merged, *done} <= {303, 404, 409, 422}
    whole()


def test_nothing_is_left_behind_on_a_person_whose_contacts_become_one(app: Flask, world: World) -> None:
    person = db.session.get_one(Contact, world["other_contact"]).person_id
    deeds = [doing(app, world, deed, person) for deed in ("a phone number", "a note", "a file", "another name")]
    merge = merging(app, "contact", world["contact"], world["other_contact"])
    *done, merged = one_after_the_other(*deeds, merge, slow=len(deeds))
    assert 303 in done
    assert {merged, *done} <= {303, 404, 409}
    whole()


PAIRS = {
    "into each other": ((1, 2), (2, 1)),
    "in a chain": ((2, 1), (3, 2)),
    "in a chain, the other way round": ((3, 2), (2, 1)),
    "one into two": ((1, 3), (2, 3)),
}


@pytest.mark.parametrize(
    ("noun", "pairs"), [*(("party", pairs) for pairs in PAIRS), ("contact", "in a chain"), ("lead", "in a chain")]
)
def test_overlapping_pairs_are_merged_one_after_the_other(app: Flask, world: World, noun: str, pairs: str) -> None:
    """(stays, goes): the second finds what the first left, or is told that it is not as it was."""
    of = {"party": ("party", "other_party", "lone_party"), "contact": ("contact", "other_contact", "old_contact")}
    ids = [world[name] for name in (of | {"lead": ("lead", "other_lead", "asleep_lead")})[noun]]
    first, second = (
        merging(app, noun, ids[stays - 1], ids[goes - 1], who)
        for (stays, goes), who in zip(PAIRS[pairs], (ADA, MAX), strict=True)
    )
    assert one_after_the_other(first, second)[0] == 303
    db.session.rollback()
    present = [id for id in ids if not db.session.get_one(nouns[noun], id).hidden]
    assert len(present) in (1, 2)
    whole()


def test_a_lead_is_merged_or_qualified_but_not_both(app: Flask, world: World) -> None:
    rita = Caller(app, RITA)
    data, url = form_at(app, "qualifying.qualify", world, rita), address(app, "qualifying.qualify", world)
    merge = merging(app, "lead", world["other_lead"], world["lead"])
    given = one_after_the_other(merge, lambda: rita.knock("POST", url, data).status_code)
    assert given[0] == 303
    assert given[1] in (404, 409)
    whole()


def test_two_give_a_person_the_first_number_at_the_same_moment(app: Flask, world: World) -> None:
    """Both would be the primary one; only one of the doors holds the person."""
    person = db.session.get_one(Contact, world["contact"]).person_id
    rita, max_ = Caller(app, RITA), Caller(app, MAX)
    number = form_at(app, "channels.add", world, rita) | {"value": "044 668 18 01"}
    job = form_at(app, "contacts.create", world, max_) | {"person_id": str(person), "phone": "044 668 18 02"}
    given = one_after_the_other(
        lambda: rita.knock("POST", f"/parties/{person}/channels/phone", number).status_code,
        lambda: max_.knock("POST", "/contacts/new", job).status_code,
    )
    assert given[0] == 303
    assert given[1] in (303, 409)
    whole()


def test_a_search_that_could_not_say_how_it_ended_stands_in_nobodys_way(app: Flask, world: World) -> None:
    """Others were writing until it gave up, so it would be under way until the next start."""
    db.session.add(DuplicateSearch(noun="party", started_at=now()))
    db.session.commit()
    assert Caller(app, RITA).knock("POST", "/duplicates/party/search").status_code == 303
    jobs.wait()
    db.session.rollback()
    assert latest_search("party").status == "done"
