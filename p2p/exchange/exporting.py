"""Our records as files, from the shell: the lists as their pages export them, contacts as cards, too."""

from collections.abc import Callable, Iterator

from p2p.contacts.queries import LISTING as CONTACTS
from p2p.db import db
from p2p.engine import reading_session
from p2p.exchange.contacts import queries
from p2p.exchange.contacts.exporting import streamed
from p2p.filters import the_format
from p2p.leads.listing import listing as leads
from p2p.listing import Listed
from p2p.listing.sheets import lines
from p2p.opportunities.listing import listing as opportunities
from p2p.parties.queries import listing as parties

#: Kind → the list of all of them, but for those put away.
LISTS: dict[str, Callable[[], Listed]] = {
    "contacts": lambda: Listed(CONTACTS, "", {}),
    "leads": lambda: Listed(leads(0), "", {"which": "all"}),
    "opportunities": lambda: Listed(opportunities(), "", {}),
    "parties": lambda: Listed(parties(), "", {}),
}


def table(kind: str) -> Iterator[str]:
    """A list as CSV, some rows at a time."""
    listed = LISTS[kind]()
    columns = [each for each in listed.listing.columns if each.in_file]
    with reading_session():
        yield from lines(columns, db.session.execute(listed.ordered()).mappings(), the_format())


def cards(version: str) -> Iterator[str]:
    """All contacts as vCards."""
    return streamed(db.engine, queries.filtered({}), version)
