"""A believable team and its last 18 months, through the verbs and in order of time."""

from random import Random

from p2p.db import at
from p2p.demo.advising import Advising
from p2p.demo.company import Company
from p2p.demo.days import REACH, Script
from p2p.demo.firms import AddressBook
from p2p.demo.inquiries import Inquiries
from p2p.demo.meetings import Meetings
from p2p.demo.queries import any_row
from p2p.demo.story import deals, first_opened
from p2p.demo.views import save_views
from p2p.filters import today, use_format
from p2p.history.recording import Actor
from p2p.identity.models import User
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party
from p2p.setup.queries import company_format, company_row, take_turns

SEED = 20


class NotEmpty(ValueError):
    """The demo is built on an empty database only; the message says what is there."""


def build(*, by: Actor | None) -> None:
    """Build the demo; commits nothing. Without `by` (the command line) not even users may be there. Raises NotEmpty."""
    take_turns()
    use_format(company_format(company_row()))
    needs_to_be_empty(users=by is None)
    random = Random(SEED)
    script = Script(today(), random)
    with at(script.hour(REACH + 4)):
        company = Company(by=by)
        save_views(company)
    book = AddressBook(script, company, random)
    book.register_competitors()
    found = deals(book, random)
    book.enter(first_opened(found))
    Inquiries(book, found, Random(SEED + 1)).schedule()
    for deal in found:
        deal.schedule()
    Meetings(script, company).schedule()
    Advising(script, company, found).schedule()
    script.play()


def needs_to_be_empty(*, users: bool) -> None:
    kinds = {"users": User, "parties": Party, "opportunities": Opportunity}
    if not users:
        del kinds["users"]
    there = [name for name, kind in kinds.items() if any_row(kind)]
    if there:
        raise NotEmpty(f"The demo is built on an empty database only, and this one already has {' and '.join(there)}.")
