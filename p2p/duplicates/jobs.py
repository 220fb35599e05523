"""The search over the whole book: it reads and compares beside the pages, and writes once."""

import logging
import threading
from functools import partial

from sqlalchemy.exc import OperationalError

from p2p.background import Background
from p2p.db import chunks, db, now
from p2p.duplicates import queries
from p2p.duplicates.models import DONE, FAILED, DuplicatePair, DuplicateSearch
from p2p.duplicates.pairing import Pair, pairs
from p2p.engine import Busy, reading_session
from p2p.filters import use_format
from p2p.setup.queries import company_format, company_row

STOPPED = "p2p was stopped in the middle. Search again."
BROKE = "Something went wrong. It was noted; search again, or ask your administrator."
#: So many pairs are kept; whoever has more of them begins with the surest.
KEPT = 20_000

_turn = threading.Lock()
_searches = Background("search")
progress, wait, at_work = _searches.progress, _searches.wait, _searches.at_work


def start(search_id: int, noun: str) -> None:
    """Search beside the pages."""
    _searches.start(search_id, lambda: _work(search_id, noun))


def _work(search_id: int, noun: str) -> None:
    with _turn:  # of two at once, the second replaces what the first found
        try:
            search(search_id, noun)
        except (Busy, OperationalError):
            _give_up(search_id, "Others were saving all the time. Search again in a moment.")
        except Exception:
            logging.getLogger(__name__).exception("search %s broke", search_id)
            _give_up(search_id, BROKE)


def search(search_id: int, noun: str) -> None:
    """Compare all records of a noun, and keep the pairs in place of those of the search before."""
    with reading_session():
        use_format(company_format(company_row()))
        entries = queries.entries(noun)

    found = pairs(entries, partial(_searches.step, search_id))
    _keep(search_id, noun, found[:KEPT], len(entries))


def _keep(search_id: int, noun: str, found: list[Pair], compared: int) -> None:
    queries.forget(noun)
    for chunk in chunks(found, 500):
        rows = [
            {"noun": noun, "left_id": p.left, "right_id": p.right, "score": p.score, "reasons": p.reasons}
            for p in chunk
        ]
        db.session.bulk_insert_mappings(DuplicatePair, rows)
    done = db.session.get_one(DuplicateSearch, search_id)
    done.status, done.compared, done.found, done.finished_at = DONE, compared, len(found), now()
    db.session.commit()


def _give_up(search_id: int, message: str) -> None:
    db.session.remove()
    try:
        broken = db.session.get_one(DuplicateSearch, search_id)
        broken.status, broken.message, broken.finished_at = FAILED, message, now()
        db.session.commit()
    except (Busy, OperationalError):
        logging.getLogger(__name__).exception("search %s ended, but that could not be written", search_id)


def fail_unfinished() -> None:
    """At start: what was at work when p2p stopped says so."""
    for search in queries.unfinished():
        search.status, search.message, search.finished_at = FAILED, STOPPED, now()
    db.session.commit()
