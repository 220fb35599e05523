"""Questions about activities."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, case, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from p2p.activities.categories import CATEGORIES
from p2p.activities.models import SUBJECTS, Activity
from p2p.db import db
from p2p.filters import today, week_of
from p2p.history import nouns
from p2p.identity.models import User
from p2p.identity.queries import owners
from p2p.listing import Choice, Column, Filter, Listing, Text
from p2p.setup.models import Code
from p2p.setup.queries import codes

#: So many contacts of a party are offered for an appointment.
MOST_CONTACTS = 100


#: What is to be done, by when, in order: key → words.
GROUPS = {"overdue": "Overdue", "today": "Today", "week": "Due this week", "next": "Next week", "later": "Later"}


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
    # Not one `or`: SQLite would take it apart and read the table once for each noun instead of in order.
    present = {}
    for noun in filter(nouns.__contains__, SUBJECTS):
        table = nouns[noun].__table__  # type: ignore[attr-defined]
        present[noun] = exists().where(table.c.id == Activity.subject_id, table.c.hidden.is_(False))
    return case(present, value=Activity.subject_noun, else_=false())


def span(group: str, day: date) -> Any:
    """The condition of a group, as of a day."""
    sunday = week_of(day)[1]
    next_sunday = sunday + timedelta(days=7)
    due = Activity.due_on
    return {
        "overdue": due < day,
        "today": due == day,
        "week": and_(due > day, due <= sunday),
        "next": and_(due > sunday, due <= next_sunday),
        "later": due > next_sunday,
    }[group]


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
def listing(me: int) -> Listing:
    """All activities on present records, latest date first; `me` is whose *mine* are."""
    base = select(Activity.id, Activity.subject_noun, Activity.subject_id)
    base = base.outerjoin(Code, Code.id == Activity.type_id).outerjoin(User, User.id == Activity.responsible_id)
    # Ordered by date alone: no order of a million others is ready to be read.
    return Listing(
        name="activities",
        caption="Activities",
        base=base.where(Activity.hidden.is_(False), on_something_present()),
        id=Activity.id,
        columns=(
            Column("due_on", "Date", Activity.due_on, kind="day", nullable=False),
            Column("purpose", "What", Activity.purpose, sortable=False, link=("activities.show", "id")),
            Column("subject", "On", _subject_name(), sortable=False),
            Column("type", "Type", Code.name, sortable=False, wide=True),
            Column("responsible", "Responsible", User.name, "line", sortable=False),
            Column("status", "State", Activity.status, words=STATUSES, sortable=False),
            Column("notes", "Notes", Activity.notes, sortable=False, wide=True),
        ),
        sort="-due_on",
        filters=_filters(me),
        archived=Activity.archived,
        empty=(
            "No activities yet",
            "What is logged and planned on parties, contacts and opportunities is listed here.",
        ),
        count_up_to=1000,
    )


def _filters(me: int) -> tuple[Filter, ...]:
    def of(whose: Any) -> Any:
        return Activity.responsible_id == (me if whose == "me" else whose)

    def due(when: str) -> Any:
        return and_(Activity.status == "open", span(when, today()))

    return (
        Text("q", "Text", _with_words, hint="What, notes, place"),
        Choice("due", "Due", due, choices=lambda: list(GROUPS.items())),
        Choice("status", "State", lambda status: Activity.status == status, choices=lambda: list(STATUSES.items())),
        Choice("who", "Responsible", of, choices=lambda: [("me", "Me"), *owners()]),
        Choice(
            "category", "Category", lambda kind: Activity.category == kind, choices=lambda: list(CATEGORIES.items())
        ),
        Choice("type", "Type", lambda id: Activity.type_id == id, choices=lambda: codes("activity_type")),
    )
