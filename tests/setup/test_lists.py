"""Lists: names stand once, places are swapped, what is used stays."""

import pytest

from p2p.db import db
from p2p.history import Operation
from p2p.history.undoing import undo
from p2p.opportunities.models import Opportunity
from p2p.setup import queries
from p2p.setup.models import Code, Company, Currency, InUse, NameTaken, Probability, Process, Reason, Stage
from tests.cast import ADA, MAX


def sources() -> list[str]:
    return [name for _, name in queries.codes("source")]


def test_a_name_stands_once_in_a_list_in_any_case(app, user):
    Code.add({"list_name": "product", "name": "Straße"}, by=user(MAX))
    for again in ("STRASSE", " Straße "):
        with pytest.raises(NameTaken):
            Code.add({"list_name": "product", "name": again}, by=user(MAX))
    Code.add({"list_name": "segment", "name": "Straße"}, by=user(MAX))
    with pytest.raises(NameTaken):
        queries.code_named("source", "Web").edit({"name": "event"}, by=user(MAX))


def test_a_retired_name_is_not_taken_anew(app, user):
    queries.code_named("source", "Web").retire(by=user(MAX))
    with pytest.raises(NameTaken, match="bring it back"):
        Code.add({"list_name": "source", "name": "web"}, by=user(MAX))


def test_an_entry_may_change_the_case_of_its_own_name(app, user):
    web = queries.code_named("source", "Web")
    web.edit({"name": "WEB"}, by=user(MAX))
    assert "WEB" in sources()


def test_up_and_down_swap_places_in_one_operation(app, user):
    before = sources()
    event = queries.code_named("source", before[2])
    event.move_up(by=user(MAX))
    db.session.commit()
    assert sources()[:3] == [before[0], before[2], before[1]]
    last = db.session.query(Operation).order_by(Operation.id.desc()).first()
    assert (last.verb, len(last.changes)) == ("code.move_up", 2)
    undo(last, by=user(MAX))
    assert sources() == before


def test_the_ends_of_a_list_stay_where_they_are(app, user):
    before = sources()
    queries.code_named("source", before[0]).move_up(by=user(MAX))
    queries.code_named("source", before[-1]).move_down(by=user(MAX))
    assert sources() == before


def test_entries_that_share_a_place_are_told_apart(app, user):
    for name in ("A", "B", "C"):
        Code.add({"list_name": "product", "name": name, "position": 0}, by=user(MAX))
    queries.code_named("product", "C").move_up(by=user(MAX))
    assert [name for _, name in queries.codes("product")] == ["A", "C", "B"]


def test_what_is_used_is_counted_and_kept(app, user, opportunity):
    web = queries.code_named("source", "Web")
    opportunity.edit({"source_id": web.id}, by=user(MAX))
    assert web.used_by() == {"opportunity": 1}
    with pytest.raises(InUse, match="used by 1 opportunity"):
        web.delete(by=user(MAX))
    web.retire(by=user(MAX))
    assert "Web" not in sources()
    assert opportunity.source is web


def test_what_is_unused_can_be_deleted(app, user):
    queries.code_named("source", "Web").delete(by=user(MAX))
    assert "Web" not in sources()


def test_a_stage_that_holds_open_opportunities_stays(app, user, opportunity):
    stage = opportunity.stage
    for leave in (stage.retire, stage.delete):
        with pytest.raises(InUse, match="1 opportunity"):
            leave(by=user(MAX))
    opportunity.win(queries.reasons("won")[0], by=user(MAX))
    stage.retire(by=user(MAX))
    assert stage.name not in [other.name for other in queries.stages()]
    with pytest.raises(InUse, match="1 opportunity"):
        stage.delete(by=user(MAX))


def test_the_last_stage_and_the_last_process_stay(app, user):
    first, *others = queries.stages()
    for stage in others:
        stage.retire(by=user(MAX))
    for leave in (first.retire, first.delete, queries.process().retire, queries.process().delete):
        with pytest.raises(InUse):
            leave(by=user(MAX))


def test_a_process_starts_with_a_stage_and_goes_with_its_stages(app, user):
    process = Process.start("Service sales", "Look", 20, by=user(MAX))
    assert [stage.name for stage in process.stages()] == ["Look"]
    assert queries.process() is not process
    with pytest.raises(NameTaken):
        Stage.add({"process_id": process.id, "name": "look", "probability": 30}, by=user(MAX))
    process.delete(by=user(MAX))
    assert "Look" not in [stage.name for stage in queries.stages()]


def test_an_outcome_keeps_a_reason(app, user):
    ordinary = queries.reasons("canceled")
    for reason in ordinary[1:]:
        reason.retire(by=user(MAX))
    with pytest.raises(InUse, match="only reason left"):
        ordinary[0].retire(by=user(MAX))
    with pytest.raises(InUse, match="quotations canceled"):
        ordinary[0].edit({"for_quotations": False}, by=user(MAX))


def test_the_reason_of_imports_stays(app, user):
    (given,) = [reason for reason in queries.reasons("won", imports=True) if reason.imports_only]
    with pytest.raises(InUse):
        given.retire(by=user(MAX))


def test_a_new_reason_stands_before_other(app, user):
    Reason.add({"outcome": "won", "name": "Reference", "for_opportunities": True}, by=user(MAX))
    assert [reason.name for reason in queries.reasons("won")][-2:] == ["Reference", "Other"]


def test_a_percentage_is_offered_once(app, user):
    with pytest.raises(NameTaken):
        Probability.add({"percent": 50}, by=user(MAX))
    Probability.add({"percent": 35}, by=user(MAX))
    assert 35 in queries.probabilities()


def test_the_company_currency_is_the_measure(app, user):
    (franc,) = queries.currencies()
    assert (franc.name, franc.rate_millionths) == ("CHF", 1_000_000)
    for wrong in (franc.retire, franc.delete, lambda by: franc.edit({"rate_millionths": 2}, by=by)):
        with pytest.raises(InUse):
            wrong(by=user(MAX))


def test_another_company_currency_turns_known_rates_around(app, user):
    Currency.add({"name": "EUR", "rate_millionths": 800_000}, by=user(ADA))
    Currency.add({"name": "USD", "rate_millionths": 400_000}, by=user(ADA))
    db.session.get_one(Company, 1).edit({"currency": "EUR"}, by=user(ADA))
    rates = {currency.name: currency.rate_millionths for currency in queries.currencies()}
    assert rates == {"CHF": 1_250_000, "EUR": 1_000_000, "USD": 500_000}


def test_without_a_rate_other_currencies_leave_the_menus(app, user):
    db.session.get_one(Company, 1).edit({"currency": "USD"}, by=user(ADA))
    assert [currency.name for currency in queries.currencies()] == ["USD"]


def test_the_company_currency_stands_once_figures_are_kept(app, user, opportunity):
    assert isinstance(opportunity, Opportunity)
    company = db.session.get_one(Company, 1)
    with pytest.raises(InUse, match="CHF"):
        company.edit({"currency": "EUR"}, by=user(ADA))
    company.edit({"currency": "CHF", "name": "Brunner"}, by=user(ADA))
