"""Whether anybody logged anything on a lead, kept by triggers on the activities: *new* is a question to an index."""


def _looked_at(row: str) -> str:
    """The statement that looks anew at the lead of an activity; it writes only where something changed."""
    done = (
        f"select 1 from activity where subject_noun = 'lead' and subject_id = {row}.subject_id "
        "and status = 'done' and not hidden"
    )
    return (
        f"update lead set worked = not worked where {row}.subject_noun = 'lead' "
        f"and id = {row}.subject_id and worked <> exists({done});"
    )


_TOUCHED = "status, hidden, subject_noun, subject_id"

TRIGGERS = {
    "sqlite": [
        f"create trigger activity_on_lead after insert on activity when new.status = 'done' "
        f"begin {_looked_at('new')} end",
        f"create trigger activity_on_lead_changed after update of {_TOUCHED} on activity "
        f"begin {_looked_at('old')} {_looked_at('new')} end",
    ],
    "postgresql": [
        "create or replace function look_at_lead() returns trigger language plpgsql as $$ begin "
        f"if tg_op = 'UPDATE' then {_looked_at('old')} end if; {_looked_at('new')} return null; end $$",
        "create trigger activity_on_lead after insert on activity for each row "
        "when (new.status = 'done') execute function look_at_lead()",
        f"create trigger activity_on_lead_changed after update of {_TOUCHED} on activity "
        "for each row execute function look_at_lead()",
    ],
}
