"""What was read back from the log, kept for the next page: the log only grows, so what it says of the past stands."""

from collections import OrderedDict
from threading import Lock

from p2p.board.past import queries
from p2p.board.past.rewinding import Rewind, rewound
from p2p.board.past.standing import Stood

#: So many days are kept, of so many changed records each at most; older ones are read anew.
DAYS, RECORDS = 8, 40_000

#: (operation, digest of the whole log) → what changed after that operation. The digest also tells databases apart.
kept: OrderedDict[tuple[int, str], Stood] = OrderedDict()
_lock = Lock()


def stood_after(operation_id: int) -> Stood:
    """All that changed after an operation, up to the last one."""
    end = queries.end()
    with _lock:
        if found := kept.get((operation_id, end.digest)):
            kept.move_to_end((operation_id, end.digest))
            return found
        near = _nearest(operation_id, end.digest)
    rewind = _read(operation_id, near.after if near else end.operation_id)
    stood = near.earlier(operation_id, rewind) if near else Stood.after_operation(operation_id, rewind)
    if sum(map(len, stood.rewind.before.values())) <= RECORDS:
        with _lock:
            kept[operation_id, end.digest] = stood
            while len(kept) > DAYS:
                kept.popitem(last=False)
    return stood


def _nearest(operation_id: int, digest: str) -> Stood | None:
    """What is kept of the first later day: only what was done between the two is still to be read."""
    later = [after for after, known in kept if known == digest and after > operation_id]
    return kept[min(later), digest] if later else None


def _read(after: int, upto: int) -> Rewind:
    found = Rewind()
    for rows in queries.changes(after, upto):
        found = found.over(rewound(rows)) if found.touched else rewound(rows)
    return found
