"""What is still planned on a record that closes: finished with it, if whoever closes it says so."""

from p2p.activities.queries import open_on
from p2p.history.recording import Actor


def close_open_on(noun: str, record_id: int, *, by: Actor | None) -> int:
    """Finish what is still planned on a record; tells how many. Part of the verb that closes it, undone with it."""
    planned = open_on(noun, record_id)
    for activity in planned:
        activity.finish(by=by)
    return len(planned)
