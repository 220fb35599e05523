"""Questions of the agenda. None counts or reads more than it shows, however much there is."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, literal, select
from sqlalchemy.orm import joinedload

from p2p.activities.agenda.pursued import Pursued, pursued
from p2p.activities.attending import Attendee
from p2p.activities.models import Activity
from p2p.activities.queries import on_something_present, span
from p2p.db import db
from p2p.history import nouns

#: So many of a group are shown and counted.
MOST = 25
COUNT_UP_TO = 99
#: So many open records of a noun are looked at for those on which nothing is planned: nobody works on more.
LOOKED_AT = 500
#: So many activities of a day are shown.
MOST_OF_A_DAY = 40


def _of(responsible_id: int | None) -> tuple[Any, ...]:
    there = Activity.hidden.is_(False), Activity.archived.is_(False), on_something_present()
    return there if responsible_id is None else (Activity.responsible_id == responsible_id, *there)


def group(name: str, day: date, responsible_id: int | None) -> tuple[list[Activity], int]:
    """The first open activities of a group by date, and how many there are, counted up to a little more than shown."""
    chosen = Activity.status == "open", span(name, day), *_of(responsible_id)
    rows = select(Activity).where(*chosen).order_by(Activity.due_on, Activity.starts, Activity.id).limit(MOST + 1)
    found = list(db.session.scalars(_with_names(rows)))
    if len(found) <= MOST:
        return found, len(found)
    counted = select(literal(1)).where(*chosen).limit(COUNT_UP_TO + 1).subquery()
    return found[:MOST], db.session.scalar(select(func.count()).select_from(counted)) or 0


def on_days(days: Iterable[date], person_id: int | None) -> dict[date, tuple[list[Activity], bool]]:
    """Day → what is planned, was done, or is attended by somebody that day, in order, and whether there is more."""
    shown = list(days)
    attended = attended_by(person_id, shown[0], shown[-1]) if person_id is not None else []
    found = {}
    for day in shown:
        rows = select(Activity).where(Activity.status.in_(("open", "done")), Activity.due_on == day, *_of(person_id))
        rows = rows.order_by(Activity.due_on, Activity.id).limit(MOST_OF_A_DAY + 1)
        own = {activity.id: activity for activity in db.session.scalars(_with_names(rows))}
        own |= {activity.id: activity for activity in attended if activity.due_on == day}
        ordered = sorted(own.values(), key=lambda activity: (activity.starts or "", activity.id))
        found[day] = (ordered[:MOST_OF_A_DAY], len(ordered) > MOST_OF_A_DAY)
    return found


def attended_by(user_id: int, first: date, last: date) -> list[Activity]:
    """Appointments of others that somebody attends between two days."""
    rows = select(Activity).join(Attendee, Attendee.activity_id == Activity.id)
    rows = rows.where(Attendee.user_id == user_id, Attendee.hidden.is_(False))
    rows = rows.where(Activity.due_on.between(first, last), *_of(None)).order_by(Activity.due_on)
    return list(db.session.scalars(_with_names(rows).limit(MOST_OF_A_DAY * 7)))


def due_reminders(user_id: int, moment: datetime) -> list[Activity]:
    """What somebody wanted to be reminded of by now, and did not see yet."""
    rows = select(Activity).where(Activity.remind_at <= moment, Activity.status == "open", *_of(user_id))
    return list(db.session.scalars(_with_names(rows).order_by(Activity.remind_at.desc()).limit(10)))


def nothing_planned(owner_id: int | None) -> list[tuple[str, list[Any], bool]]:
    """(noun, open records of an owner on which nothing is planned, whether there are more) of whatever is pursued."""
    found = ((each.noun, *_unplanned(each, owner_id)) for each in pursued.values())
    return [(noun, records, more) for noun, records, more in found if records]


def _unplanned(kind: Pursued, owner_id: int | None) -> tuple[list[Any], bool]:
    cls: Any = nouns[kind.noun]
    on_it = Activity.subject_noun == kind.noun, Activity.subject_id == cls.id, Activity.status == "open"
    planned = exists().where(*on_it, Activity.hidden.is_(False), Activity.archived.is_(False))
    found: list[Any] = []
    for condition in kind.open_while():
        near = select(cls.id).where(condition, cls.hidden.is_(False), cls.archived.is_(False)).limit(LOOKED_AT)
        if owner_id is not None:  # everybody's are too many to be put in order for the few that are shown
            near = near.where(cls.owner_id == owner_id).order_by(kind.first, cls.id)
        rows = select(cls).where(cls.id.in_(select(near.subquery().c.id)), ~planned).order_by(kind.first, cls.id)
        found += db.session.scalars(rows.limit(MOST + 1))
    return found[:MOST], len(found) > MOST


def _with_names(rows: Any) -> Any:
    return rows.options(joinedload(Activity.type), joinedload(Activity.responsible))
