"""A file becomes opportunities: all of it or nothing, once, and it can be taken back."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from p2p.db import at, db, now
from p2p.engine import reading_session
from p2p.exchange import importing, mapping
from p2p.exchange.checking import CannotImport
from p2p.exchange.importing import Written
from p2p.exchange.opportunities.fields import ABOUT, OPPORTUNITY_FIELDS
from p2p.exchange.opportunities.kind import OPPORTUNITIES
from p2p.exchange.opportunities.staging import Opportunities, stage
from p2p.exchange.reading import read
from p2p.history import Change, Operation
from p2p.history.undoing import undo
from p2p.identity.models import User
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.prospects.models import Customer
from p2p.setup.models import Code, Currency, Sequence, Stage
from tests.cast import MAX, RITA
from tests.exchange.files import BAD, ENGLISH, EUROPEAN, HEAD, ROWS, WITHOUT_NUMBERS
from tests.totals import kept, recounted


def staged(source: str, **options: Any) -> Opportunities:
    with reading_session():
        sheet = read(source.encode())
        given = options.pop("given", None)
        chosen = mapping.propose(sheet, OPPORTUNITY_FIELDS, about=ABOUT, given=given, locale="de_CH")
        return stage(sheet, chosen, **options)


def brought_in(source: str, by: Any = None, **options: Any) -> Written:
    written = importing.write(OPPORTUNITIES, staged(source, **options), by=by)
    db.session.commit()
    return written


def taken_back(written: Written) -> None:
    assert written.operation_id
    undo(db.session.get_one(Operation, written.operation_id), by=None)
    db.session.commit()


def opportunity(number: str) -> Opportunity:
    return db.session.scalars(select(Opportunity).where(Opportunity.number == number)).one()


def present(cls: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(cls).where(cls.hidden.is_(False), *conditions)) or 0


def totals() -> tuple[int, int, int]:
    assert kept() == recounted()
    whole = [figures for (kind, *_), figures in kept().items() if kind == "owner"]
    return tuple(sum(figures[n] for figures in whole) for n in range(3))  # type: ignore[return-value]


@pytest.mark.parametrize("source", [ENGLISH, EUROPEAN])
def test_rows_become_opportunities(app: Flask, source: str) -> None:
    written = brought_in(source)
    counts = {"created": 5, "brought_back": 0, "skipped": 0, "refused": 0, "parties": 4, "owners": 2, "products": 2}
    assert written.counts == counts
    lost, active = opportunity("101"), opportunity("102")
    assert (lost.subject, lost.status, str(lost.reason), lost.closed_on) == (
        'Cover 6" for Tromp LLC',
        "lost",
        "Not recorded",
        date(2021, 11, 1),
    )
    assert (lost.prognosis_id, lost.closed_by_id, lost.opened_on) == (None, None, date(2021, 8, 17))
    assert lost.imported == ({"Industry": "Services"} if source is ENGLISH else {"Branche": "Services"})
    assert (active.status, active.stage.name, active.probability, active.probability_manual) == (
        "active",
        "Close",
        90,
        False,
    )
    assert (active.revenue, active.revenue_company, active.currency) == (1250050, 1250050, "CHF")
    assert str(active.product) == "Reader"
    assert totals() == (3, 1450050, 1250050 * 90 + 200000 * 35)


def test_the_prognosis_was_given_when_the_row_was_created(app: Flask) -> None:
    brought_in(ENGLISH)
    within, later, none = opportunity("102"), opportunity("104"), opportunity("105")
    assert (str(within.prognosis), within.prognosis_given_on, within.decide_by) == (
        "2–3 months",
        date(2021, 8, 13),
        date(2021, 9, 22),
    )
    assert (within.window_from, within.overdue) == (date(2021, 9, 13), True)
    assert (str(later.prognosis), later.probability, later.probability_manual) == ("7–12 months", 35, True)
    assert (none.prognosis_id, none.decide_by, none.stage.name, none.probability) == (None, None, "Qualify", 10)
    assert (none.subject, none.owner_id, none.revenue) == ("Öl & Söhne", None, None)


def test_parties_go_by_account_number_and_never_by_name(app: Flask) -> None:
    Party.enter({"name": "Tromp LLC"}, by=None)
    db.session.commit()
    brought_in(ENGLISH)
    assert present(Party, Party.name == "Tromp LLC") == 3
    assert present(Customer) == 4
    assert opportunity("103").party_id == opportunity("104").party_id


def test_a_known_account_is_used(app: Flask) -> None:
    party = Party.enter({"name": "Tromp, renamed"}, by=None)
    Customer.open(party, number="AN-2", by=None)
    db.session.commit()
    party_id = party.id
    assert brought_in(ENGLISH).counts["parties"] == 3
    assert opportunity("102").party_id == party_id


def test_owners_become_representatives_who_cannot_sign_in(app: Flask, user: Callable[..., User]) -> None:
    source = ENGLISH.replace("David So", "  rita SOMMER").replace("Renée Lo", "MAX@example.com")
    assert brought_in(source).counts["owners"] == 0
    assert (opportunity("101").owner_id, opportunity("103").owner_id) == (user(RITA).id, user(MAX).id)
    source = (
        HEAD
        + "301,A,N-1,,Renée Lo,,,,,,2021-08-01,\n302,A,N-1,,Renee Lo,,,,,,2021-08-01,\n303,A,N-1,,Réne-É Lo,,,,,,,\n"
    )
    assert brought_in(source).counts["owners"] == 2
    owner = opportunity("301").owner
    assert owner is not None
    assert opportunity("302").owner is owner
    assert (owner.name, owner.email, owner.role) == ("Renée Lo", "renee.lo@example.invalid", "representative")
    assert owner.active
    assert not owner.can_sign_in


def test_two_people_of_one_name_are_told_apart_by_hand(app: Flask) -> None:
    User.add(email="rita.2@example.com", name="Rita Sommer", role="representative", by=None)
    db.session.commit()
    found = staged(ENGLISH.replace("David So", "Rita Sommer"))
    assert {problem.line for problem in found.problems} == {2, 3}
    assert "e-mail" in found.problems[0].reason


def test_the_same_file_again_creates_nothing(app: Flask) -> None:
    brought_in(ENGLISH)
    before = totals()
    opportunity("102").edit({"subject": "Mine now"}, by=None)
    db.session.commit()
    again = brought_in(EUROPEAN)
    assert (again.operation_id, again.counts["skipped"], again.counts["created"]) == (None, 5, 0)
    assert opportunity("102").subject == "Mine now"
    assert totals() == before


def test_an_import_is_one_operation_and_goes_back(app: Flask, user: Callable[..., User]) -> None:
    written = brought_in(ENGLISH, by=user(MAX))
    done = db.session.get_one(Operation, written.operation_id)
    assert (done.verb, done.by_id) == ("exchange.import", user(MAX).id)
    changed = dict(
        db.session.execute(
            select(Change.noun, func.count()).where(Change.operation_id == done.id).group_by(Change.noun)
        ).all()
    )
    assert changed == {"opportunity": 5, "party": 4, "customer": 4, "user": 2, "code": 2}
    taken_back(written)
    assert present(Opportunity) == present(Party) == present(Customer) == 0
    assert totals() == (0, 0, 0)


def test_what_was_recorded_is_what_saving_one_by_one_records(app: Flask) -> None:
    """The same record, made by the verb, leaves the same fields in the log."""
    with at(now()):
        brought_in(ENGLISH)
        imported = opportunity("105")
        _opened_alike(imported)


def _opened_alike(imported: Opportunity) -> None:
    facts = {"number": "X-1", "subject": imported.subject, "party_id": imported.party_id, "owner_id": None}
    facts |= {"stage_id": imported.stage_id, "opened_on": imported.opened_on, "imported": imported.imported}
    opened = Opportunity.open(facts, by=None)
    db.session.commit()

    def told(id: int) -> dict[str, Any]:
        return dict(
            db.session.scalars(
                select(Change.values).where(
                    Change.noun == "opportunity", Change.record_id == id, Change.kind == "created"
                )
            ).one()
            or {}
        )

    assert told(imported.id) | {"number": 0} == told(opened.id) | {"number": 0}


def test_after_an_undo_the_file_comes_in_again(app: Flask) -> None:
    first = brought_in(ENGLISH)
    ids = {number: opportunity(number).id for number in ("101", "105")}
    taken_back(first)
    again = brought_in(ENGLISH.replace("12500.50", "900"))
    assert (again.counts["created"], again.counts["brought_back"], again.counts["parties"]) == (0, 5, 4)
    assert {number: opportunity(number).id for number in ids} == ids
    assert opportunity("102").revenue == 90000
    assert present(Customer) == present(Party) == 4
    assert present(User, User.email.like("%.invalid")) == 2
    assert totals()[0] == 3
    taken_back(again)
    assert present(Opportunity) == present(Party) == 0
    assert brought_in(ENGLISH).counts["brought_back"] == 5
    assert opportunity("102").revenue == 1250050


def test_rows_taken_back_may_come_again_with_other_people(app: Flask) -> None:
    taken_back(brought_in(ENGLISH))
    again = brought_in(ENGLISH.replace("David So", "Somebody Else").replace("Reader", "Writer").replace("AN-2", "AN-9"))
    assert again.counts["brought_back"] == 5
    assert str(opportunity("102").owner) == "Somebody Else"
    taken_back(again)
    assert present(Opportunity) == present(Party) == 0


def test_bad_rows_stop_the_import_until_left_out(app: Flask) -> None:
    found = staged(BAD)
    told = {(problem.line, problem.column): problem.reason for problem in found.problems}
    assert set(told) == {
        (3, "Sales Stage"),
        (4, "Close Date"),
        (5, "Value"),
        (6, "Opportunity No"),
        (7, "Account"),
        (7, "Value"),
        (8, "Close Date"),
        (9, ""),
    }
    assert told[3, "Sales Stage"].endswith("Qualify, Develop, Propose, Close")
    assert told[6, "Opportunity No"] == "line 2 has this number already"
    with pytest.raises(CannotImport):
        importing.write(OPPORTUNITIES, found, by=None)
    db.session.rollback()
    assert present(Opportunity) == 0
    written = brought_in(BAD, skip_bad=True)
    assert (written.counts["created"], written.counts["refused"]) == (1, 7)
    assert present(Opportunity) == 1


def test_rows_of_the_file_are_all_counted(app: Flask) -> None:
    taken_back(brought_in(HEAD + ROWS[0]))
    brought_in(HEAD + ROWS[1])
    counts = brought_in(ENGLISH + BAD.partition("\n")[2], skip_bad=True).counts
    assert (counts["created"], counts["brought_back"], counts["skipped"], counts["refused"]) == (4, 1, 1, 7)
    assert counts["created"] + counts["brought_back"] + counts["skipped"] + counts["refused"] == 13


def test_without_numbers_the_sequence_gives_them(app: Flask) -> None:
    written = brought_in(WITHOUT_NUMBERS)
    assert (written.counts["parties"], present(Customer)) == (2, 0)
    rows = {o.subject: o for o in db.session.scalars(select(Opportunity))}
    assert {o.status for o in rows.values()} == {"active", "won", "lost"}
    assert rows["Roof"].party_id == rows["Cellar"].party_id
    assert sorted(o.number[-4:] for o in rows.values()) == ["0001", "0002", "0003"]
    year = int(rows["Roof"].number[2:6])
    assert Sequence.next("opportunity", year).endswith("0004")
    assert staged(WITHOUT_NUMBERS, seen=True).counts["skipped"] == 3


def test_numbers_of_our_own_kind_move_the_sequence_on(app: Flask) -> None:
    brought_in(ENGLISH.replace("\n101,", "\nO-2031-0040,"))
    assert Sequence.next("opportunity", 2031) == "O-2031-0041"


def test_currencies_must_be_known(app: Flask) -> None:
    source = "Account,Value,Currency,Number\nAcme,100,EUR,1\nAcme,100,USD,2\nAcme,100,,3\n"
    Currency.add({"name": "EUR", "rate_millionths": 950_000}, by=None)
    db.session.commit()
    assert [(problem.line, problem.column) for problem in staged(source).problems] == [(3, "Currency")]
    brought_in(source, skip_bad=True)
    assert (opportunity("1").revenue_company, opportunity("3").currency) == (9500, "CHF")
    dollars = "Account,Value,Number\nAcme,$ 100,5\n"
    assert [(problem.line, problem.column) for problem in staged(dollars).problems] == [(2, "Value")]
    Currency.add({"name": "USD", "rate_millionths": 900_000}, by=None)
    db.session.commit()
    brought_in(dollars)
    assert (opportunity("5").currency, opportunity("5").revenue_company) == ("USD", 9000)


def test_the_set_up_must_not_change_between_check_and_write(app: Flask) -> None:
    found = staged(ENGLISH)
    db.session.scalars(select(Stage)).first().edit({"probability": 11}, by=None)  # type: ignore[union-attr]
    db.session.commit()
    with pytest.raises(CannotImport, match="Check it again"):
        importing.write(OPPORTUNITIES, found, by=None)
    db.session.rollback()


def test_what_others_did_since_the_check_stands(app: Flask) -> None:
    found = staged(ENGLISH)
    brought_in(HEAD + ROWS[2])
    written = importing.write(OPPORTUNITIES, found, by=None)
    db.session.commit()
    assert (written.counts["created"], written.counts["skipped"], written.counts["parties"]) == (4, 1, 3)
    assert present(Customer) == present(Party) == 4


def test_text_that_cannot_be_kept_is_a_problem(app: Flask) -> None:
    long, odd = "x" * 101, "a\x01b"
    source = f"Number,Account,Subject,Note\n1,Acme,{long},\n2,Acme,{odd},\n3,Acme,fine,{odd}\n4,Acme,ok,\n"
    assert [(p.line, p.column) for p in staged(source).problems] == [(2, "Subject"), (3, "Subject"), (4, "Note")]


def test_a_fault_after_any_statement_leaves_nothing(app: Flask) -> None:
    taken_back(brought_in(HEAD + ROWS[0]))
    before = _everything()
    found, after = staged(ENGLISH), 0
    while True:
        after += 1
        counted = _Fault(after)
        event.listen(db.engine, "before_cursor_execute", counted)
        try:
            importing.write(OPPORTUNITIES, found, by=None)
            db.session.commit()
            break
        except _Broken:
            db.session.rollback()
        finally:
            event.remove(db.engine, "before_cursor_execute", counted)
        db.session.remove()
        assert _everything() == before, f"statement {after} left something"
        db.session.remove()
    assert after > 20
    assert present(Opportunity) == 5


class _Broken(Exception):
    pass


class _Fault:
    """Lets so many statements pass, then fails."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, *args: Any) -> None:
        self.left -= 1
        if self.left < 0:
            raise _Broken


def _everything() -> dict[str, list[Any]]:
    names = ["opportunity", "party", "customer", '"user"', "code", "operation", "change", "history_head", "sequence"]
    return {
        name: [tuple(row) for row in db.session.execute(text(f"select * from {name}"))]
        for name in [*names, "column_total"]
    }


def test_a_new_product_is_one_of_the_list(app: Flask) -> None:
    Code.add({"list_name": "product", "name": "reader"}, by=None)
    db.session.commit()
    assert brought_in(ENGLISH).counts["products"] == 1
    assert str(opportunity("102").product) == "reader"
