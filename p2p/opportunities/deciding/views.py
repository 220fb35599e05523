"""Doors that postpone and decide: win, lose, cancel, and back again."""

from typing import Any

from flask import Response, g

from p2p.db import db
from p2p.filters import the_format
from p2p.history import operation
from p2p.opportunities.deciding.forms import CancelForm, LossForm, OutcomeForm, PostponeForm, WinForm
from p2p.opportunities.doors import address, opportunities
from p2p.opportunities.models import Opportunity
from p2p.views import form_about
from p2p.web import changed, found


@opportunities.route("/<int:id>/postponement", methods=["GET", "POST"])
def postpone(id: int) -> Response:
    """Off the board until a day."""
    opportunity = found(Opportunity, id)
    form = PostponeForm()
    if not form.validate_on_submit():
        return form_about(opportunity, form, "Postpone", "Postpone")
    opportunity.postpone(form.until, note=form.note.data, by=g.user)
    db.session.commit()
    return changed(address(opportunity), f"{opportunity} sleeps until {the_format().date(opportunity.wake_on)}.")


@opportunities.post("/<int:id>/resumption")
def resume(id: int) -> Response:
    """Back to the board before its day."""
    opportunity = found(Opportunity, id)
    opportunity.resume(by=g.user)
    db.session.commit()
    return changed(address(opportunity), f"{opportunity} is active again.")


def _outcome(
    id: int, form_class: type[OutcomeForm], title: str, action: str
) -> tuple[Opportunity, Any, Response | None]:
    """The dialog that all outcomes share; the third is the answer while there is nothing to decide yet."""
    opportunity = found(Opportunity, id)
    form = form_class(money_in=opportunity.currency)
    form.fit(opportunity)
    if form.validate_on_submit():
        return opportunity, form, None
    return opportunity, form, form_about(opportunity, form, title, action)


@opportunities.route("/<int:id>/win", methods=["GET", "POST"])
def win(id: int) -> Response:
    """Won, for a reason."""
    opportunity, form, unfinished = _outcome(id, WinForm, "Win", "Win")
    if unfinished:
        return unfinished
    with operation("opportunity.win", by=g.user):
        if form.worth:
            opportunity.edit(form.worth, by=g.user)
        opportunity.win(form.reason, note=form.note.data, finish_open=form.finishes, by=g.user)
    db.session.commit()
    return changed(address(opportunity), f"{opportunity} is won.")


@opportunities.route("/<int:id>/loss", methods=["GET", "POST"])
def lose(id: int) -> Response:
    """Lost: why, to whom, by how much."""
    opportunity, form, unfinished = _outcome(id, LossForm, "Lose", "Lose")
    if unfinished:
        return unfinished
    with operation("opportunity.lose", by=g.user):
        winners, gap, note = form.who_won(by=g.user), form.price_gap.data, form.note.data
        opportunity.lose(form.reason, note=note, winners=winners, price_gap=gap, finish_open=form.finishes, by=g.user)
    db.session.commit()
    return changed(address(opportunity), f"{opportunity} is lost.")


@opportunities.route("/<int:id>/cancellation", methods=["GET", "POST"])
def cancel(id: int) -> Response:
    """Canceled, which is not lost."""
    opportunity, form, unfinished = _outcome(id, CancelForm, "Cancel the opportunity", "Cancel it")
    if unfinished:
        return unfinished
    opportunity.cancel(form.reason, note=form.note.data, finish_open=form.finishes, by=g.user)
    db.session.commit()
    return changed(address(opportunity), f"{opportunity} is canceled.")


@opportunities.post("/<int:id>/reactivation")
def reactivate(id: int) -> Response:
    """Open again."""
    opportunity = found(Opportunity, id)
    opportunity.reactivate(by=g.user)
    db.session.commit()
    return changed(address(opportunity), f"{opportunity} is active again.")
