"""What was read back from the log, kept for the next page: the log only grows, so what it says of the past stands."""

import time
from collections import OrderedDict
from threading import Lock

from p2p.board.past import queries
from p2p.board.past.queries import End
from p2p.board.past.rewinding import Rewind, rewound
from p2p.board.past.standing import Stood

#: So many days are kept, of so many changed records each at most; older ones are read anew.
DAYS, RECORDS = 8, 40_000
#: Seconds after which the log is read anew, so that what was blanked in it on request is soon out of sight.
KEPT_FOR = 900

#: Operation → what changed after it.
kept: OrderedDict[int, Stood] = OrderedDict()
_lock = Lock()


def stood_after(operation_id: int) -> Stood:
    """All that changed after an operation, up to the last one."""
    end = queries.end()
    stood = _nearest(operation_id, end)
    if stood is None:
        stood = Stood.after_operation(operation_id, end, time.monotonic(), _read(operation_id, end.operation_id))
    if stood.upto != end:
        stood = stood.grown(end, _read(stood.upto.operation_id, end.operation_id))
    if stood.after != operation_id:
        stood = stood.earlier(operation_id, _read(operation_id, stood.after))
    if sum(map(len, stood.rewind.before.values())) <= RECORDS:
        with _lock:
            kept[operation_id] = stood
            kept.move_to_end(operation_id)
            while len(kept) > DAYS:
                kept.popitem(last=False)
    return stood


def _nearest(operation_id: int, end: End) -> Stood | None:
    """What is kept of that day or the first later one: only what was done between, and since, is still to be read."""
    with _lock:
        later = sorted((after, known) for after, known in kept.items() if after >= operation_id)
    fresh = (known for _, known in later if time.monotonic() - known.read_at < KEPT_FOR)
    return next((known for known in fresh if _goes_on(known.upto, end)), None)


def _goes_on(known: End, end: End) -> bool:
    """Whether the log is the one that ended there: digests are chained, and tell databases apart, too."""
    return known == end or queries.digest_of(known.operation_id) == known.digest


def _read(after: int, upto: int) -> Rewind:
    found = Rewind()
    for rows in queries.changes(after, upto):
        found = found.over(rewound(rows)) if found.touched else rewound(rows)
    return found
