"""What can be done with many leads: what each would become, what stays as it is and why."""

from collections.abc import Callable, Iterable
from datetime import date

from p2p.bulk.changes import Do, Line, Lines, each, not_yet
from p2p.filters import the_format
from p2p.identity.models import User
from p2p.leads.bulk.sharing import share_out
from p2p.leads.models import Lead
from p2p.setup.models import Code, Reason


def assigned(people: list[User], *, force: bool) -> Lines:
    """In turns to these people; a lead that has an owner keeps it, unless forced."""

    def lines(leads: list[Lead]) -> Iterable[Line]:
        free = [lead for lead in leads if force or lead.owner_id is None]
        whose = {lead.id: person for lead, person in share_out(free, people)}
        return [_given(lead, whose.get(lead.id)) for lead in leads]

    return lines


def _given(lead: Lead, person: User | None) -> Line:
    if person is None:
        return Line(lead, left=f"keeps {lead.owner}" if lead.owner else "nobody was ticked yet")
    if person.id == lead.owner_id:
        return Line(lead, left=f"belongs to {person} already")
    return Line(lead, f"goes to {person}", lambda by: lead.assign(person, by=by))


def disqualified(reason: Reason | None, note: str | None, *, finish_open: bool) -> Lines:
    """Not worth pursuing, all for the same reason."""

    def one(lead: Lead) -> Do:
        assert reason is not None
        return lambda by: lead.disqualify(reason, note=note, finish_open=finish_open, by=by)

    return _moved("disqualify", "not qualified", one if reason else None)


def postponed(day: date | None, note: str | None) -> Lines:
    """Out of the way until a day."""

    def one(lead: Lead) -> Do:
        assert day is not None
        return lambda by: lead.postpone(day, note=note, by=by)

    return _moved("postpone", f"sleeps until {the_format().date(day)}" if day else "sleeps", one if day else None)


def _moved(move: str, becomes: str, one: Callable[[Lead], Do] | None) -> Lines:
    """The same move for all it is legal for; without `one` the form does not say enough yet, but they can be told."""

    return each(
        lambda lead: (
            Line(lead, becomes, one(lead) if one else not_yet)
            if lead.may(move)
            else Line(lead, left=f"is {lead.status_words.lower()} already")
        )
    )


def rated(rating: Code | None) -> Lines:
    """All with the same rating."""
    return each(lambda lead: _rated(lead, rating))


def _rated(lead: Lead, rating: Code | None) -> Line:
    if rating is None:
        return Line(lead, left="no rating was chosen yet")
    if lead.rating_id == rating.id:
        return Line(lead, left=f"is {rating} already")
    return Line(lead, str(rating), lambda by: lead.edit({"rating_id": rating.id}, by=by))
