"""What can be done with many opportunities: what each would become, what stays as it is and why."""

from collections.abc import Callable
from datetime import date
from typing import Any

from p2p.bulk.changes import Do, Line, Lines, each, not_yet
from p2p.filters import the_format
from p2p.identity.models import User
from p2p.opportunities.estimate import CLOSED
from p2p.opportunities.models import Opportunity
from p2p.processes.running import needs_for
from p2p.setup.models import PrognosisBand, Reason, Stage
from p2p.states import Unmet

One = Callable[[Opportunity], Line]


def stands(deal: Opportunity) -> str:
    """Where a deal is now: its stage and probability, or how it ended or rests."""
    if deal.status == "postponed" and not deal.is_open:
        return f"Until {the_format().day(deal.wake_on)}"
    return deal.status.capitalize() if deal.status in CLOSED else f"{deal.stage}, {deal.probability} %"


def _open(one: One) -> Lines:
    """Of those that were not decided; the estimate of the others stands."""
    return each(lambda deal: Line(deal, left=f"is {deal.status} already") if deal.status in CLOSED else one(deal))


def moved(stage: Stage | None) -> Lines:
    """All to the same stage."""

    def one(deal: Opportunity) -> Line:
        if stage is None:
            return Line(deal, left="no stage was chosen yet")
        if deal.stage_id == stage.id:
            return Line(deal, left=f"is in {stage} already")
        if deal.process is not stage.process:
            return Line(deal, left=f"follows {deal.process}")
        try:
            needs_for(deal, stage)
        except Unmet as refusal:
            return Line(deal, left=f"is not ready: {', '.join(refusal.missing)} comes first")
        percent = deal.probability if deal.probability_manual else stage.probability
        return Line(deal, f"{stage}, {percent} %", lambda by: deal.move(stage, by=by))

    return _open(one)


def assigned(person: User | None) -> Lines:
    """All to the same owner."""

    def one(deal: Opportunity) -> Line:
        if person is None:
            return Line(deal, left="nobody was chosen yet")
        if deal.owner_id == person.id:
            return Line(deal, left=f"belongs to {person} already")
        return Line(deal, f"goes to {person}", lambda by: deal.edit({"owner_id": person.id}, by=by))

    return each(one)


def estimated(percent: int | None) -> Lines:
    """All with the same probability, set by hand."""

    def one(deal: Opportunity) -> Line:
        if percent is None:
            return Line(deal, left="no probability was given yet")
        if deal.probability == percent and deal.probability_manual:
            return Line(deal, left=f"is at {percent} % already")
        facts = {"probability": percent, "probability_manual": True}
        return Line(deal, f"{percent} %, by hand", lambda by: deal.edit(facts, by=by))

    return _open(one)


def followed() -> Lines:
    """The probability their stage gives by now, for those that follow it; what was set by hand stays."""

    def one(deal: Opportunity) -> Line:
        if deal.probability_manual:
            return Line(deal, left=f"was set to {deal.probability} % by hand")
        if deal.probability == deal.stage.probability:
            return Line(deal, left=f"is at {deal.probability} % already")
        return Line(deal, f"{deal.stage.probability} %", lambda by: deal.follow_stage(by=by))

    return _open(one)


def forecast(band: PrognosisBand | None, day: date | None) -> Lines:
    """All with the same prognosis, counted from today; a day picks its band."""
    facts: dict[str, Any] = {"decide_by": day} if day else {"prognosis_id": band.id} if band else {}
    words = f"by {the_format().day(day)}" if day else str(band)

    def one(deal: Opportunity) -> Line:
        if not facts:
            return Line(deal, left="no prognosis was given yet")
        if day and deal.decide_by == day:
            return Line(deal, left=f"is due {the_format().day(day)} already")
        return Line(deal, words, lambda by: deal.forecast(_anew(deal, facts), by=by))

    return _open(one)


def _anew(deal: Opportunity, facts: dict[str, Any]) -> dict[str, Any]:
    """The same band given again is no change of it: the verb then counts its window from today."""
    return {} if facts == {"prognosis_id": deal.prognosis_id} else facts


def postponed(day: date | None, note: str | None) -> Lines:
    """Off the board until a day."""
    words = f"sleeps until {the_format().date(day)}" if day else "sleeps"

    def one(deal: Opportunity) -> Do:
        assert day is not None
        return lambda by: deal.postpone(day, note=note, by=by)

    return _closing("postpone", words, one if day else None)


def decided(
    move: str,
    reason: Reason | None,
    note: str | None,
    *,
    finish_open: bool,
    words: str = "",
    more: Callable[[User], dict[str, Any]] = lambda by: {},
) -> Lines:
    """Won, lost or canceled, all for the same reason; `more` are further facts of it, told by `words`."""

    def one(deal: Opportunity) -> Do:
        return lambda by: getattr(deal, move)(reason, note=note, finish_open=finish_open, **more(by), by=by)

    return _closing(move, f"{Opportunity.outcomes[move]}{words}", one if reason else None)


def in_currency(currency: str, lines: Lines) -> Lines:
    """Of those in one currency, as an amount was given in it."""

    def kept(line: Line) -> Line:
        its = line.record.currency
        return line if line.left or its == currency else Line(line.record, left=f"is in {its}, the gap in {currency}")

    return lambda records: map(kept, lines(records))


def _closing(move: str, becomes: str, one: Callable[[Opportunity], Do] | None) -> Lines:
    """The same move for all it is legal for; without `one` the form does not say enough yet, but they can be told."""
    return _open(lambda deal: Line(deal, becomes, one(deal) if one else not_yet) if deal.may(move) else _left(deal))


def _left(deal: Opportunity) -> Line:
    return Line(deal, left=f"is {deal.status}")
