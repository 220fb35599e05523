"""What comes next on an opportunity, and when something was last done: kept by triggers on the activities.

So a card needs no search for its next step, and columns are counted by it without looking at any activity.
"""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from p2p.db import Base, Instant
from p2p.triggers import keep_by_triggers


class Pursued:
    """Mix in: the next step (the open activity that is due first) and the instant of the last one that was done."""

    next_id: Mapped[int | None] = mapped_column(info={"counted": True})
    next_on: Mapped[date | None] = mapped_column(info={"counted": True})
    touched_at: Mapped[datetime | None] = mapped_column(Instant, info={"counted": True})


_OF = "from activity a where a.subject_noun = 'opportunity' and a.subject_id = opportunity.id"
_NEXT = f"select {{}} {_OF} and a.status = 'open' and not a.hidden and not a.archived order by a.due_on, a.id limit 1"
_DONE = f"select max(a.done_at) {_OF} and a.status = 'done' and not a.hidden"


def looked_at(which: str) -> list[str]:
    """The statements that look anew at opportunities; they write only where something changed."""
    (next_id, next_on) = (f"({_NEXT.format(column)})" for column in ("a.id", "a.due_on"))
    return [
        f"update opportunity set next_id = {next_id}, next_on = {next_on} where {which} and "
        f"(next_id is distinct from {next_id} or next_on is distinct from {next_on});",
        f"update opportunity set touched_at = ({_DONE}) where {which} and touched_at is distinct from ({_DONE});",
    ]


def _looked_at(row: str) -> str:
    return " ".join(looked_at(f"{row}.subject_noun = 'opportunity' and id = {row}.subject_id"))


def _touched_by(*tables: str) -> str:
    of = " union ".join(f"select subject_id from {table} where subject_noun = 'opportunity'" for table in tables)
    return f"touched = array({of});"


_LOOKED_AT_ALL = " ".join(looked_at("id = any(touched)"))
_TOUCHED = "status, due_on, done_at, hidden, archived, subject_noun, subject_id"
_MOVED = "old.subject_noun <> new.subject_noun or old.subject_id <> new.subject_id"

# On PostgreSQL once a statement, however many activities it wrote, as totals are counted there.
TRIGGERS = {
    "sqlite": [
        "create trigger activity_pursues after insert on activity when new.subject_noun = 'opportunity' "
        f"begin {_looked_at('new')} end",
        f"create trigger activity_pursues_anew after update of {_TOUCHED} on activity "
        f"when new.subject_noun = 'opportunity' begin {_looked_at('new')} end",
        f"create trigger activity_pursues_no_more after update of subject_noun, subject_id on activity "
        f"when old.subject_noun = 'opportunity' and ({_MOVED}) begin {_looked_at('old')} end",
    ],
    "postgresql": [
        "create or replace function look_at_opportunity() returns trigger language plpgsql as $$ "
        f"declare touched integer[]; begin if tg_op = 'UPDATE' then {_touched_by('was', 'became')} "
        f"else {_touched_by('became')} end if; if touched <> '{{}}' then {_LOOKED_AT_ALL} end if; return null; end $$",
        "create trigger activity_pursues after insert on activity referencing new table as became "
        "for each statement execute function look_at_opportunity()",
        "create trigger activity_pursues_anew after update on activity "
        "referencing old table as was new table as became for each statement execute function look_at_opportunity()",
    ],
}
keep_by_triggers(Base.metadata, TRIGGERS)
