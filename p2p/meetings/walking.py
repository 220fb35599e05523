"""Walking an agenda: where a deal stands on it, what leads to its neighbours, and what happened to it."""

from typing import Any

from flask import url_for

from p2p.history.telling import tell
from p2p.history.timelines import Timeline
from p2p.history.titles import title_on_own_page
from p2p.history.told import Told
from p2p.meetings import queries
from p2p.meetings.agenda import REASONS, Agenda
from p2p.meetings.models import Meeting
from p2p.opportunities.models import Opportunity

#: So many of the latest things done to a deal are told (where there was no meeting before, fewer), and so many changes
#: of each.
LATEST, LATELY, FIRST = 20, 6, 4


def _url(meeting: Meeting, deal_id: int | None) -> str | None:
    return url_for("meetings.deal", id=meeting.id, deal_id=deal_id) if deal_id else None


def behind(meeting: Meeting, deal_id: int) -> str:
    """Where it goes on once a deal was discussed: the next one that was not, else the minutes."""
    agenda = queries.walk(meeting)
    place = agenda.place(deal_id)
    following = agenda.next_open(queries.discussed(meeting.id), behind=-1 if place is None else place)
    return _url(meeting, following) or url_for("meetings.show", id=meeting.id)


def context(meeting: Meeting, deal: Opportunity) -> dict[str, Any]:
    """What the page of one deal shows besides its form."""
    agenda, before = queries.walk(meeting), queries.last_time(meeting, deal.id)
    place = agenda.place(deal.id)
    if place is None:  # one that nothing speaks for, while only the others are walked
        agenda = Agenda.read(meeting.agenda, whole=True)
        place = agenda.place(deal.id) or 0
    item = agenda.items[place]
    since, during = _happened(meeting, deal)
    return {
        "meeting": meeting,
        "deal": deal,
        "number": place + 1,
        "total": len(agenda.items),
        "discussed": len(queries.discussed(meeting.id)),
        "why": [REASONS[reason] for reason in item.reasons],
        "own_url": _url(meeting, deal.id),
        "previous_url": _url(meeting, agenda.beside(place, -1)),
        "next_url": _url(meeting, agenda.beside(place, 1)),
        "last_time": before,
        "since": since,
        "during": during,
    }


def _happened(meeting: Meeting, deal: Opportunity) -> tuple[list[tuple[Told, str]], list[tuple[Told, str]]]:
    """(told, title) of what was done to a deal since the meeting before, and in this one, latest first."""
    line = Timeline(deal.noun, deal.id)
    rows = line.operations(before=None, limit=LATEST if meeting.since_id else LATELY)
    rows = [row for row in rows if row.id > (meeting.since_id or 0)]
    changes, counted = line.changes([row.id for row in rows], FIRST)
    told = [(each, title_on_own_page(each, (deal.noun, deal.id))) for each in tell(rows, changes, counted=counted)]
    here = [each for each in told if each[0].id > meeting.after_id]
    return [each for each in told if each[0].id <= meeting.after_id], here
