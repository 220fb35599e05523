"""The ways to reach a party, as the rules have them: one primary of a kind, whatever is done and taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from p2p.contacts import queries as contacts
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.history import Operation, operation
from p2p.history.undoing import NotUndoable, undo
from p2p.identity.models import User
from p2p.parties import queries as parties
from p2p.parties.channels import queries
from p2p.parties.channels.models import Channel, KeptAlready, SeveralPrimaries
from p2p.parties.models import Party
from tests.cast import Character

Who = Callable[[Character], User]


def add(party: Party, kind: str, value: str, **facts: object) -> Channel:
    made = Channel.add(party, kind, {"value": value} | facts, by=None)
    db.session.commit()
    return made


def last() -> Operation:
    """What was done last."""
    db.session.commit()
    return db.session.scalars(select(Operation).order_by(Operation.id.desc()).limit(1)).one()


def take_back(done: Operation) -> None:
    undo(done, by=None)
    db.session.commit()
    db.session.expire_all()


def shown(party: Party, kind: str = "phone") -> list[tuple[str, bool]]:
    return [(str(each), each.is_primary) for each in queries.of_party(party.id, kind)]


ONE, TWO, THREE = "+41 44 668 18 01", "+41 44 668 18 02", "+41 44 668 18 03"


# -- one primary of a kind --------------------------------------------------------------------------------------------


def test_the_first_of_a_kind_is_primary_by_itself(alpha: Party) -> None:
    add(alpha, "email", "info@alpha.example.com")
    add(alpha, "phone", "044 668 18 01")
    add(alpha, "phone", TWO)

    assert shown(alpha) == [(ONE, True), (TWO, False)]
    assert (alpha.email, alpha.phone) == ("info@alpha.example.com", ONE)


def test_two_marked_as_primary_are_refused(app: object) -> None:
    both = [("email", {"value": f"{name}@alpha.example.com", "is_primary": True}) for name in ("eva", "info")]
    with pytest.raises(SeveralPrimaries, match="Only one e-mail can be the primary one"):
        Party.enter({"name": "Alpha AG"}, channels=both, by=None)
    db.session.rollback()
    assert db.session.query(Party).count() == db.session.query(Channel).count() == 0


def test_several_come_with_a_party_in_one_operation(app: object) -> None:
    more = [("phone", {"value": TWO}), ("email", {"value": "b@x.example"}), ("phone", {"value": "044 668 18 02"})]
    party = Party.enter({"name": "Alpha AG", "phone": ONE, "city": "Bern"}, channels=more, by=None)
    done = last()

    assert shown(party) == [(ONE, True), (TWO, False)], "what is given twice is kept once"
    assert shown(party, "address") == [("Bern", True)]
    assert (party.email, done.verb) == ("b@x.example", "party.enter")
    take_back(done)
    assert party.hidden
    assert not db.session.query(Channel).filter(~Channel.hidden).count()


def test_another_one_takes_over_and_comes_after(alpha: Party) -> None:
    add(alpha, "phone", ONE)
    second = add(alpha, "phone", TWO)
    second.make_primary(by=None)
    made, swap = last(), last()
    assert (alpha.phone, shown(alpha)) == (TWO, [(TWO, True), (ONE, False)])
    take_back(swap)
    assert (alpha.phone, shown(alpha)) == (ONE, [(ONE, True), (TWO, False)])
    take_back(last())
    assert alpha.phone == TWO
    assert made.id == swap.id


def test_one_added_as_primary_takes_over_and_gives_back(alpha: Party) -> None:
    add(alpha, "phone", ONE)
    add(alpha, "phone", TWO, is_primary=True)
    assert alpha.phone == TWO
    take_back(last())
    assert shown(alpha) == [(ONE, True)]
    assert alpha.phone == ONE


def test_when_the_primary_goes_the_next_one_is_and_undo_puts_it_back(alpha: Party) -> None:
    first = add(alpha, "phone", ONE)
    add(alpha, "phone", TWO)
    add(alpha, "phone", THREE)
    first.remove(by=None)
    done = last()
    assert shown(alpha) == [(TWO, True), (THREE, False)]
    db.session.refresh(alpha)
    assert alpha.phone == TWO
    take_back(done)
    assert shown(alpha) == [(ONE, True), (TWO, False), (THREE, False)]
    assert alpha.phone == ONE


def test_a_removed_primary_comes_back_before_the_one_chosen_since(alpha: Party) -> None:
    first, second, _ = (add(alpha, "phone", number) for number in (ONE, TWO, THREE))
    first.remove(by=None)
    gone = last()
    second.remove(by=None)
    db.session.commit()
    take_back(gone)
    assert (alpha.phone, shown(alpha)) == (ONE, [(ONE, True), (THREE, False)])


def test_the_last_one_leaves_nothing(alpha: Party) -> None:
    only = add(alpha, "email", "info@alpha.example.com")
    only.remove(by=None)
    db.session.commit()
    assert (alpha.email, shown(alpha, "email")) == (None, [])
    take_back(last())
    assert alpha.email == "info@alpha.example.com"


def test_undoing_the_first_makes_the_next_one_primary(alpha: Party) -> None:
    add(alpha, "phone", ONE)
    first = last()
    add(alpha, "phone", TWO)
    take_back(first)
    assert (alpha.phone, shown(alpha)) == (TWO, [(TWO, True)])
    take_back(last())
    assert (alpha.phone, shown(alpha)) == (ONE, [(ONE, True), (TWO, False)])


def test_an_edit_that_is_no_longer_primary_goes_back_alone(alpha: Party) -> None:
    first = add(alpha, "phone", ONE)
    first.edit({"value": THREE}, by=None)
    edited = last()
    add(alpha, "phone", TWO, is_primary=True)
    take_back(edited)
    assert (alpha.phone, shown(alpha)) == (TWO, [(TWO, True), (ONE, False)])


def test_the_database_knows_one_primary_only(alpha: Party) -> None:
    from sqlalchemy.exc import IntegrityError

    add(alpha, "phone", ONE)
    table = Channel.__table__
    with pytest.raises(IntegrityError):
        db.session.connection().execute(
            table.insert().values(party_id=alpha.id, kind="phone", value=TWO, is_primary=True, hidden=False, version=1)
        )
    db.session.rollback()


def test_the_same_is_kept_once_however_it_is_written(alpha: Party) -> None:
    add(alpha, "phone", ONE)
    with pytest.raises(KeptAlready, match="668 18 01 is kept already"):
        Channel.add(alpha, "phone", {"value": "0041 44 668 18 01"}, by=None)
    second = add(alpha, "phone", TWO)
    with pytest.raises(KeptAlready):
        second.edit({"value": "044 6681801"}, by=None)


# -- the party's own columns ------------------------------------------------------------------------------------------


def test_plain_facts_change_the_primary_channel(alpha: Party) -> None:
    alpha.edit({"phone": "044 668 18 01", "city": "Bern"}, by=None)
    alpha.edit({"street": "Gasse 1"}, by=None)
    add(alpha, "phone", TWO)
    alpha.edit({"phone": THREE, "name": "Alpha"}, by=None)
    assert (shown(alpha), shown(alpha, "address")) == ([(THREE, True), (TWO, False)], [("Gasse 1, Bern", True)])

    alpha.edit({"phone": None, "city": "", "street": None}, by=None)
    done = last()
    assert (shown(alpha), shown(alpha, "address"), alpha.city) == ([(TWO, True)], [], None)
    take_back(done)
    assert (alpha.phone, alpha.city, alpha.street) == (THREE, "Bern", "Gasse 1")


def test_naming_another_of_its_own_makes_that_primary(alpha: Party) -> None:
    add(alpha, "phone", ONE)
    add(alpha, "phone", TWO)
    alpha.edit({"phone": "044 668 18 02"}, by=None)
    assert shown(alpha) == [(TWO, True), (ONE, False)]


def as_before_channels(party: Party, **facts: str) -> Operation:
    """What was recorded when parties had columns only, and the channels that the migration made of it."""
    with operation("party.edit", by=None):
        for name, value in facts.items():
            setattr(party, name, value)
    done = last()
    table = Channel.__table__
    for name, value in facts.items():
        row = {"party_id": party.id, "kind": name, "value": value, "is_primary": True, "hidden": False, "version": 1}
        db.session.connection().execute(table.insert().values(**row))
    db.session.commit()
    return done


def test_what_was_done_before_there_were_channels_goes_back(alpha: Party) -> None:
    done = as_before_channels(alpha, phone=ONE)
    take_back(done)
    assert (alpha.phone, shown(alpha)) == (None, [])
    take_back(last())
    assert (alpha.phone, shown(alpha)) == (ONE, [(ONE, True)])


def test_what_was_changed_since_in_a_channel_is_said(alpha: Party) -> None:
    done = as_before_channels(alpha, phone=ONE)
    alpha.edit({"phone": TWO}, by=None)
    db.session.commit()
    with pytest.raises(NotUndoable, match="nothing is left to undo"):
        undo(done, by=None)


def test_channels_that_a_migration_made_do_not_hold_their_party(alpha: Party) -> None:
    entered = last()
    as_before_channels(alpha, email="info@alpha.example.com")
    take_back(entered)
    assert alpha.hidden


# -- found again ------------------------------------------------------------------------------------------------------


def test_parties_and_contacts_are_found_by_mailbox_and_number(alpha: Party) -> None:
    facts = {"name": "Eva Roth", "email": "Eva@alpha.example.com", "phone": "044 668 18 01"}
    eva = Contact.enter(alpha, facts, by=None)
    Channel.add(eva.person, "email", {"value": "eva@home.example"}, by=None)
    db.session.commit()

    for typed in ("EVA@ALPHA.example.com", "Eva Roth <eva@alpha.example.com>", "eva @ home.example"):
        assert parties.with_email(typed) == [eva.person]
        assert contacts.with_email(typed) == [eva]
    for typed in ("+41446681801", "044/668 18 01", "0041 (0)44 668 18 01"):
        assert parties.with_phone(typed) == [eva.person]
        assert contacts.with_phone(typed) == [eva]
    for nothing in ("", None, "  ", "12", "nobody"):
        assert not parties.with_email(nothing)
        assert not parties.with_phone(nothing)
    eva.person.archive(by=None)
    assert not parties.with_email("eva@home.example")


@pytest.mark.engine("sqlite")
def test_keys_are_read_off_their_index(app: object) -> None:
    wanted = queries.party_ids("phone", "+41446681801")
    told = str(wanted.compile(db.engine, compile_kwargs={"literal_binds": True}))
    plan = [row[-1] for row in db.session.connection().exec_driver_sql(f"explain query plan {told}")]
    assert any("ix_channel_key" in step for step in plan), plan


# -- two parties that are one -----------------------------------------------------------------------------------------


def test_a_merged_party_brings_its_channels_and_takes_them_back(app: object) -> None:
    one = Party.enter({"name": "Alpha AG", "phone": ONE}, by=None)
    other = Party.enter({"name": "Alpha", "phone": TWO, "email": "info@alpha.example.com", "city": "Bern"}, by=None)
    Channel.add(other, "phone", {"value": "044 6681801"}, by=None)
    db.session.commit()
    one.absorb([other], {}, by=None)
    merged = last()
    assert shown(one) == [(ONE, True), (TWO, False)], "what both have is kept once"
    assert (one.phone, one.email, one.city) == (ONE, "info@alpha.example.com", "Bern")
    add(one, "email", "eva@alpha.example.com")

    take_back(merged)
    assert (shown(one), shown(one, "email")) == ([(ONE, True)], [("eva@alpha.example.com", True)])
    assert (one.phone, one.email, one.city) == (ONE, "eva@alpha.example.com", None)
    assert shown(other) == [(TWO, True), (ONE, False)]
    assert (other.phone, other.email, other.city) == (TWO, "info@alpha.example.com", "Bern")


def test_what_was_chosen_of_the_other_is_primary(app: object) -> None:
    one = Party.enter({"name": "Alpha AG", "phone": ONE}, by=None)
    other = Party.enter({"name": "Alpha", "phone": TWO}, by=None)
    one.absorb([other], {"phone": TWO}, by=None)
    merged = last()
    assert (one.phone, shown(one)) == (TWO, [(TWO, True), (ONE, False)])
    take_back(merged)
    assert (shown(one), shown(other)) == ([(ONE, True)], [(TWO, True)])
    assert (one.phone, other.phone) == (ONE, TWO)
