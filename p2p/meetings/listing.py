"""The list of meetings."""

from functools import cache

from p2p.identity.models import User
from p2p.identity.queries import owners
from p2p.listing import Choice, Column, Listing, Text
from p2p.meetings import queries
from p2p.meetings.models import STATUSES, Meeting


@cache
def listing() -> Listing:
    """All meetings, the latest first."""
    return Listing(
        name="meetings",
        caption="Meetings",
        base=queries.listed(),
        id=Meeting.id,
        columns=(
            Column("held_on", "Held on", Meeting.held_on, "date", nullable=False),
            Column("name", "Meeting", Meeting.name, sortable=False, link=("meetings.show", "id")),
            Column("status", "State", Meeting.status, words=STATUSES, sortable=False),
            Column("said", "Deals discussed", queries.said_count(), "number", numeric=True, sortable=False),
            Column("led_by", "Led by", User.name, "line", sortable=False),
            Column("attending", "Who attended", Meeting.attending, sortable=False, wide=True),
        ),
        sort="-held_on",
        filters=(
            Text("text", "Text", queries.with_words, hint="Name, decision, deal"),
            Choice("status", "State", lambda status: Meeting.status == status, choices=lambda: list(STATUSES.items())),
            Choice("led_by", "Led by", lambda id: Meeting.led_by_id == id, choices=owners),
        ),
        empty=(
            "No meetings yet",
            "A meeting walks the deals that deserve talk: changed since the last one, without a next step, slipping, "
            "or closing soon. What is decided on each becomes the minutes. Narrow the board to what you want to talk "
            "about and choose “Meeting” there, or begin one over all deals.",
        ),
    )
