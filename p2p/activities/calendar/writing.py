"""Activities as iCalendar (RFC 5545): what takes place as events, what is to be done by a day as to-dos."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event, Todo, vCalAddress

from p2p.activities.categories import MORNING
from p2p.activities.models import Activity, minutes
from p2p.filters import the_format

PRIORITIES = {"high": 1, "normal": 5, "low": 9}
#: How often a calendar program should look again.
AGAIN_AFTER = timedelta(hours=1)


def calendar(
    name: str,
    activities: list[Activity],
    *,
    subjects: Mapping[tuple[str, int], Any],
    changed_at: Mapping[int, datetime],
    host: str,
    url_of: Callable[[Activity], str],
) -> bytes:
    """A calendar with these activities. The same activities make the same bytes."""
    made = Calendar()
    for key, value in (("PRODID", "-//p2p//activities//EN"), ("VERSION", "2.0"), ("CALSCALE", "GREGORIAN")):
        made.add(key, value)
    made.add("METHOD", "PUBLISH")
    made.add("X-WR-CALNAME", name)
    made.add("REFRESH-INTERVAL", AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    for activity in activities:
        entry = _event(activity) if _takes_place(activity) else _todo(activity)
        subject = subjects[activity.subject_noun, activity.subject_id]
        moment = changed_at.get(activity.id) or activity.done_at or _midnight(activity)
        _describe(entry, activity, subject, moment.replace(microsecond=0))
        entry.add("UID", f"activity-{activity.id}@{host}")
        entry.add("URL", url_of(activity))
        made.add_component(entry)
    return bytes(made.to_ical())


def _takes_place(activity: Activity) -> bool:
    """Whether it is an event: appointments and events, and whatever has a time of day."""
    return activity.category in ("appointment", "event") or bool(activity.starts)


def _event(activity: Activity) -> Event:
    event = Event()
    if activity.starts:
        event.add("DTSTART", _moment(activity, activity.starts))
        if activity.ends:
            event.add("DTEND", _moment(activity, activity.ends))
    else:
        event.add("DTSTART", activity.due_on)
        event.add("DTEND", activity.due_on + timedelta(days=1))
    event.add("STATUS", "CONFIRMED")
    event.add("TRANSP", "OPAQUE" if activity.starts else "TRANSPARENT")
    if activity.remind is not None and activity.status == "open":
        begins = 0 if activity.starts else minutes(MORNING)
        event.add_component(_alarm(activity, timedelta(minutes=begins - activity.remind)))
    return event


def _todo(activity: Activity) -> Todo:
    todo = Todo()
    todo.add("DUE", activity.due_on)
    todo.add("STATUS", "COMPLETED" if activity.status == "done" else "NEEDS-ACTION")
    if activity.done_at:
        todo.add("COMPLETED", activity.done_at.replace(microsecond=0))
        todo.add("PERCENT-COMPLETE", 100)
    todo.add("PRIORITY", PRIORITIES[activity.priority])
    if activity.remind_at is not None and activity.status == "open":
        todo.add_component(_alarm(activity, activity.remind_at))
    return todo


def _alarm(activity: Activity, trigger: timedelta | datetime) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", activity.purpose)
    alarm.add("TRIGGER", trigger)
    return alarm


def _describe(entry: Event | Todo, activity: Activity, subject: Any, moment: datetime) -> None:
    entry.add("SUMMARY", f"{activity.purpose} – {subject}")
    entry.add("DTSTAMP", moment)
    entry.add("LAST-MODIFIED", moment)
    entry.add("SEQUENCE", activity.version - 1)
    if activity.location:
        entry.add("LOCATION", activity.location)
    if activity.type:
        entry.add("CATEGORIES", [activity.type.name])
    notes = (activity.notes or "").replace("\r\n", "\n").replace("\r", "\n")
    unwritten = []
    if activity.attendees and activity.responsible:
        entry.add("ORGANIZER", _person(activity.responsible.name, activity.responsible.email))
    for name, email in sorted({_reached(attendee) for attendee in activity.attendees}):
        if email:
            entry.add("ATTENDEE", _person(name, email))
        else:
            unwritten.append(name)
    with_whom = f"With {', '.join(unwritten)}" if unwritten else ""
    if words := "\n\n".join(filter(None, (notes, with_whom))):
        entry.add("DESCRIPTION", words)


def _reached(attendee: Any) -> tuple[str, str]:
    """Name and e-mail of somebody who attends."""
    person = attendee.user or attendee.contact.person
    return person.name, person.email or ""


def _person(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = name.replace('"', "'")
    return address


def _moment(activity: Activity, clock: str) -> datetime:
    local = datetime.fromisoformat(f"{activity.due_on}T{clock}")
    return local.replace(tzinfo=the_format().tzinfo).astimezone(UTC)


def _midnight(activity: Activity) -> datetime:
    return datetime(activity.due_on.year, activity.due_on.month, activity.due_on.day, tzinfo=UTC)
