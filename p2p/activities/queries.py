"""Questions about activities."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import joinedload

from p2p.activities.models import SUBJECTS, Activity
from p2p.db import db
from p2p.history import nouns
from p2p.identity.models import User
from p2p.identity.queries import owners
from p2p.listing import Choice, Column, Listing, Text
from p2p.setup.models import Code
from p2p.setup.queries import codes

#: The groups of what is to be done, in order, and how many days *next* reaches.
GROUPS = ("overdue", "today", "next", "later")
NEXT_DAYS = 7
#: So many contacts of a party are offered for an appointment.
MOST_CONTACTS = 100


def open_on(noun: str, record_id: int) -> list[Activity]:
    """What is still to be done on a record, by date."""
    rows = select(Activity).where(Activity.subject_noun == noun, Activity.subject_id == record_id, *_open())
    return list(db.session.scalars(rows.order_by(Activity.due_on, Activity.id)))


def planned_on(subjects: Any, asked: dict[str, int], limit: int) -> list[Activity]:
    """What is still to be done on some records, selected as noun and id, by date, with types and people at hand."""
    on, order = subjects.cte("subject"), (Activity.due_on, Activity.starts, Activity.id)
    theirs = and_(Activity.subject_noun == on.c.noun, Activity.subject_id == on.c.id, *_open())
    # An outer join, so that it begins with the records and not with everything that is open.
    found = select(Activity.id).select_from(on).outerjoin(Activity, theirs)
    first = db.session.scalars(found.order_by(*(column.nulls_last() for column in order)).limit(limit), asked)
    ids = [id for id in first if id is not None]
    return list(db.session.scalars(_with_names(select(Activity)).where(Activity.id.in_(ids)).order_by(*order)))


def next_on(noun: str, record_ids: Iterable[int]) -> dict[int, Any]:
    """Record id → (id, purpose, due_on) of what is to be done next on it, for the records of one page."""
    rows = select(Activity.subject_id, Activity.id, Activity.purpose, Activity.due_on).where(
        Activity.subject_noun == noun, Activity.subject_id.in_(list(record_ids)), *_open()
    )
    found: dict[int, Any] = {}
    for row in db.session.execute(rows.order_by(Activity.due_on, Activity.id)):
        found.setdefault(row.subject_id, row)
    return found


def _open() -> tuple[Any, ...]:
    return Activity.status == "open", Activity.hidden.is_(False), Activity.archived.is_(False)


def _with_names(rows: Any) -> Any:
    return rows.options(joinedload(Activity.type), joinedload(Activity.responsible))


def on_something_present() -> Any:
    """The condition that the record an activity hangs on was not taken away."""
    present = []
    for noun in filter(nouns.__contains__, SUBJECTS):
        table = nouns[noun].__table__  # type: ignore[attr-defined]
        there = exists().where(table.c.id == Activity.subject_id, table.c.hidden.is_(False))
        present.append(and_(Activity.subject_noun == noun, there))
    return or_(*present)


def group_counts(day: date, responsible_id: int | None) -> dict[str, int]:
    """Group → how many open activities it has, as of a day; of one person or of everybody."""
    late = Activity.due_on < day
    soon = Activity.due_on <= day + timedelta(days=NEXT_DAYS)
    group = case((late, "overdue"), (Activity.due_on == day, "today"), (soon, "next"), else_="later")
    rows = select(group, func.count()).where(*_open(), on_something_present()).group_by(group)
    if responsible_id is not None:
        rows = rows.where(Activity.responsible_id == responsible_id)
    found: dict[str, int] = dict.fromkeys(GROUPS, 0)
    for name, count in db.session.execute(rows):
        found[name] = count
    return found


def in_group(name: str, day: date, responsible_id: int | None, limit: int) -> list[Activity]:
    """The first open activities of a group, by date."""
    last = day + timedelta(days=NEXT_DAYS)
    span = {
        "overdue": Activity.due_on < day,
        "today": Activity.due_on == day,
        "next": and_(Activity.due_on > day, Activity.due_on <= last),
        "later": Activity.due_on > last,
    }[name]
    rows = _with_names(select(Activity)).where(*_open(), on_something_present(), span)
    if responsible_id is not None:
        rows = rows.where(Activity.responsible_id == responsible_id)
    return list(db.session.scalars(rows.order_by(Activity.due_on, Activity.starts, Activity.id).limit(limit)))


def who_may_attend(subject: Any, present: Iterable[str]) -> list[tuple[str, str]]:
    """(key, name) of our people and of the contacts of a record's party, and of whoever attends already."""
    keys = list(present)
    ours = {f"user-{id}": name for id, name in owners()}
    gone = [int(key.partition("-")[2]) for key in keys if key.startswith("user-") and key not in ours]
    ours |= {f"user-{user.id}": user.name for user in db.session.scalars(select(User).where(User.id.in_(gone)))}
    contact, person = nouns["contact"].__table__, nouns["party"].__table__.alias("person")  # type: ignore[attr-defined]
    party_id = subject.id if subject.noun == "party" else getattr(subject, "party_id", None)
    theirs = (
        contact.c.party_id == party_id,
        *(contact.c[name].is_(False) for name in ("hidden", "archived", "inactive")),
    )
    names = select(contact.c.id, person.c.name).join(person, person.c.id == contact.c.person_id)
    chosen = contact.c.id.in_([int(key.partition("-")[2]) for key in keys if key.startswith("contact-")])
    rows = db.session.execute(names.where(or_(and_(*theirs), chosen)).order_by(person.c.name).limit(MOST_CONTACTS))
    return [*ours.items(), *((f"contact-{id}", name) for id, name in rows)]


def subjects(activities: Iterable[Activity]) -> dict[tuple[str, int], Any]:
    """The records these hang on, one question per noun."""
    wanted: dict[str, set[int]] = {}
    for activity in activities:
        wanted.setdefault(activity.subject_noun, set()).add(activity.subject_id)
    found: dict[tuple[str, int], Any] = {}
    for noun, ids in wanted.items():
        cls: Any = nouns[noun]
        found |= {(noun, record.id): record for record in db.session.scalars(select(cls).where(cls.id.in_(ids)))}
    return found


# ── All of them, as a list ──────────────────────────────────────────────────────────────────────────────────────────

STATUSES = {"open": "Open", "done": "Done"}


def _subject_name() -> Any:
    """What the record is called that an activity hangs on: its own subject or name, else its person's or party's."""
    party = nouns["party"].__table__.alias("named")  # type: ignore[attr-defined]
    names = []
    for noun in filter(nouns.__contains__, SUBJECTS):
        table = nouns[noun].__table__  # type: ignore[attr-defined]
        own = table.c.get("subject", table.c.get("name"))
        if own is None:
            name = select(party.c.name).join(table, party.c.id == table.c.get("person_id", table.c.get("party_id")))
        else:
            name = select(own)
        names.append((Activity.subject_noun == noun, name.where(table.c.id == Activity.subject_id).scalar_subquery()))
    return case(*names)


def _with_words(words: str) -> Any:
    """Activities whose purpose, notes or place hold these words, in any case."""
    columns = (Activity.purpose, Activity.notes, Activity.location)
    return or_(*(func.lower(column).contains(words.lower(), autoescape=True) for column in columns))


@cache
def listing() -> Listing:
    """All activities on present records, latest date first."""
    base = select(Activity.id, Activity.subject_noun, Activity.subject_id)
    base = base.outerjoin(Code, Code.id == Activity.type_id).outerjoin(User, User.id == Activity.responsible_id)
    return Listing(
        name="activities",
        caption="Activities",
        base=base.where(Activity.hidden.is_(False), on_something_present()),
        id=Activity.id,
        columns=(
            Column("due_on", "Date", Activity.due_on, kind="day", nullable=False),
            Column("purpose", "What", Activity.purpose, nullable=False, link=("activities.show", "id")),
            Column("subject", "On", _subject_name(), sortable=False),
            Column("type", "Type", Code.name, wide=True),
            Column("responsible", "Responsible", User.name, "line"),
            Column("status", "State", Activity.status, words=STATUSES, nullable=False),
            Column("notes", "Notes", Activity.notes, sortable=False, wide=True),
        ),
        sort="-due_on",
        filters=(
            Text("q", "Text", _with_words, hint="What, notes, place"),
            Choice("status", "State", lambda status: Activity.status == status, choices=lambda: list(STATUSES.items())),
            Choice("who", "Responsible", lambda id: Activity.responsible_id == id, choices=owners),
            Choice("type", "Type", lambda id: Activity.type_id == id, choices=lambda: codes("activity_type")),
        ),
        archived=Activity.archived,
        empty=(
            "No activities yet",
            "What is logged and planned on parties, contacts and opportunities is listed here.",
        ),
    )
