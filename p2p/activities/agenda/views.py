"""Doors of the agenda, and of reminders."""

from typing import Any

from flask import Response, g, request, url_for

from p2p.activities.agenda import queries
from p2p.activities.agenda.asked import EVERYBODY, MINE, VIEWS, Asked
from p2p.activities.doors import activities, the_activity
from p2p.activities.queries import GROUPS, subjects
from p2p.db import db, now
from p2p.filters import today
from p2p.history.wording import noun_words, place
from p2p.identity.queries import owners
from p2p.web import changed, page


@activities.get("/")
def index() -> Response:
    """What is to be done: as a list, of a day, of a week; mine, a colleague's, everybody's."""
    people = dict(owners())
    asked = Asked.read(request.args, people)
    person_id = None if asked.whose == EVERYBODY else g.user.id if asked.whose == MINE else int(asked.whose)
    shown = _list(person_id) if asked.view == "list" else _days(asked, person_id)
    context: dict[str, Any] = {
        "asked": asked,
        "people": people,
        "views": VIEWS,
        "person_id": person_id,
        "place": place,
    } | shown
    context |= {"noun_words": noun_words, "today": today}
    return page("activities/agenda/index.html", live="activities/agenda/_index.html", **context)


def _list(person_id: int | None) -> dict[str, Any]:
    groups = {name: queries.group(name, today(), person_id) for name in GROUPS}
    on = subjects(activity for rows, _ in groups.values() for activity in rows)
    unplanned = queries.nothing_planned(person_id)
    return {"groups": groups, "titles": GROUPS, "subjects": on, "unplanned": unplanned}


def _days(asked: Asked, person_id: int | None) -> dict[str, Any]:
    days = queries.on_days(asked.days, person_id)
    return {"days": days, "subjects": subjects(activity for rows, _ in days.values() for activity in rows)}


@activities.get("/reminders")
def reminders() -> Response:
    """What I wanted to be reminded of by now: a notice in the frame of every page, and a page of its own."""
    due = queries.due_reminders(g.user.id, now())
    return page("activities/agenda/reminders.html", live="activities/agenda/_reminders.html", due=due)


@activities.post("/<int:id>/reminder")
def stop_reminding(id: int) -> Response:
    """It was seen."""
    activity, _ = the_activity(id)
    activity.stop_reminding(by=g.user)
    db.session.commit()
    return changed(url_for("activities.reminders"), f"No more reminder of “{activity}”.")
