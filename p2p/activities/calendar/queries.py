"""Questions about calendars."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from p2p.activities.attending import Attendee
from p2p.activities.calendar.models import CalendarFeed
from p2p.activities.models import Activity
from p2p.activities.queries import on_something_present
from p2p.db import chunks, db
from p2p.history import Change, Operation
from p2p.identity.models import User, digest

#: For so many days what is done stays in a calendar.
DONE_STAYS = 30
MOST = 2000


def feed_of(user_id: int) -> CalendarFeed | None:
    """The feed of a user that works now."""
    feeds = select(CalendarFeed).where(CalendarFeed.user_id == user_id, CalendarFeed.hidden.is_(False))
    return db.session.scalar(feeds.order_by(CalendarFeed.id.desc()).limit(1))


def feed_with(token: str) -> CalendarFeed | None:
    """The feed that this token opens; None when it was revoked, or its user can no longer sign in."""
    feeds = select(CalendarFeed).join(User, User.id == CalendarFeed.user_id)
    working = CalendarFeed.hidden.is_(False), User.active.is_(True), User.hidden.is_(False)
    return db.session.scalar(feeds.where(CalendarFeed.token_digest == digest(token), *working))


def of_user(user_id: int, day: date) -> list[Activity]:
    """What somebody has to do or attends, and what was done lately; latest first, a bounded number."""
    attends = select(Attendee.activity_id).where(Attendee.user_id == user_id, Attendee.hidden.is_(False))
    lately = and_(Activity.status == "done", Activity.due_on >= day - timedelta(days=DONE_STAYS))
    shown = or_(Activity.status == "open", lately)
    there = Activity.hidden.is_(False), Activity.archived.is_(False), on_something_present()
    found: dict[int, Activity] = {}
    for whose in (Activity.responsible_id == user_id, Activity.id.in_(attends)):
        rows = select(Activity).where(whose, shown, *there).order_by(Activity.due_on.desc(), Activity.id.desc())
        rows = rows.options(joinedload(Activity.type), joinedload(Activity.responsible))
        rows = rows.options(selectinload(Activity.attendees)).limit(MOST)
        found |= {activity.id: activity for activity in db.session.scalars(rows)}
    return sorted(found.values(), key=lambda activity: (activity.due_on, activity.id), reverse=True)[:MOST]


def changed_at(activities: Iterable[Activity]) -> dict[int, datetime]:
    """Activity → when it was last changed, as far as the log knows."""
    found: dict[int, datetime] = {}
    for chunk in chunks([activity.id for activity in activities], 500):
        rows = select(Change.record_id, func.max(Operation.at)).join(Operation, Operation.id == Change.operation_id)
        rows = rows.where(Change.noun == Activity.noun, Change.record_id.in_(chunk)).group_by(Change.record_id)
        found |= {row[0]: row[1] for row in db.session.execute(rows)}
    return found
