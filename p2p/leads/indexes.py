"""The indexes that serve the list of leads: every tab and every order is the first rows of one of them.

Partial ones leave out what no list shows; `queries.py` spells their conditions as they stand here.
"""

from sqlalchemy import Index

from p2p.db import partial

NOT_CLOSED = "status in ('open', 'postponed')"
#: The same in other words, so that only the index of what is new fits a question for what is new.
MAY_BE_NEW = "status in ('postponed', 'open')"

PRESENT = "hidden is 0 and archived is 0"
READ = ("opened_on", "id", "status", "wake_on")
#: What the list can be ordered by, entry by entry.
RANKED = ("rating", "priority", "owner")

LISTS = (
    Index("ix_lead_opened", *READ, "hidden", "archived"),
    partial("ix_lead_active", *READ, where=f"{PRESENT} and {NOT_CLOSED}"),
    partial("ix_lead_new", *READ, where=f"{PRESENT} and {MAY_BE_NEW} and worked is 0"),
    partial("ix_lead_owner", "owner_id", *READ, where=PRESENT),
    *(partial(f"ix_lead_by_{name}", f"{name}_id", "id", "status", "wake_on", where=PRESENT) for name in RANKED),
    partial("ix_lead_wake", "wake_on", where=f"{PRESENT} and wake_on is not null"),
)
