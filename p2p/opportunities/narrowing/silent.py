"""The filter of what is stale: silent for longer than its stage allows."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement

from p2p.filters import the_format, today
from p2p.listing import Choice
from p2p.opportunities.advising import queries as advising
from p2p.opportunities.advising.silence import AMBER, CALLED, RED, cutoff, last_day, state_of
from p2p.opportunities.estimate import CLOSED
from p2p.opportunities.narrowing import queries
from p2p.opportunities.narrowing.deals import Deal

#: What an address may ask for, and its words.
CHOICES = {"1": CALLED[AMBER], RED: CALLED[RED]}


class Silent(NamedTuple):
    """How bad it is asked to be, and (stage, days) of the limits it is judged by."""

    state: str
    limits: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Stale(Choice):
    """Whatever is stale, or only what is so for long; the value is `Silent`."""

    def read(self, typed: str) -> Silent:
        if typed not in CHOICES:
            raise ValueError(typed)
        limits = ((id, limit.days) for id, limit in advising.limits().items())
        return Silent(RED if typed == RED else AMBER, tuple((id, days) for id, days in limits if days is not None))

    def chip(self, value: Any) -> str:
        return CALLED[value.state].capitalize()


def _where(asked: Silent) -> ColumnElement[bool]:
    day, zone = today(), the_format().tzinfo
    return queries.silent({id: cutoff(asked.state, days, day, zone) for id, days in asked.limits}, day)


def _fits(deal: Deal, asked: Silent) -> bool:
    limit, since = dict(asked.limits).get(deal.stage_id or 0), deal.stage_entered_at
    planned = deal.next_on is not None and deal.next_on >= deal.day
    if limit is None or since is None or planned or deal.status in CLOSED:
        return False
    silent_from = last_day(max(since, deal.touched_at or since), deal.wake_on, the_format().tzinfo)
    state = state_of((deal.day - silent_from).days, limit)
    return state == RED or (state == AMBER and asked.state == AMBER)


STALE = Stale("stale", "Stale", _where, fits=_fits, choices=lambda: CHOICES.items(), rare=True)
