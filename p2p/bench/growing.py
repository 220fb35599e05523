"""Lists, timelines and triage in a small world of leads against a large one: as much shown may not cost more."""

from collections.abc import Iterator

from p2p.bench.comparing import GOALS, Row, World, grown
from p2p.bench.measuring import PARTIAL, in_turns
from p2p.db import db
from p2p.setup.queries import codes

#: What is asked, the address, and whether it is to be reached (else it is only reported).
ASKED = [
    ("leads, active", "/leads/", True),
    ("leads, mine", "/leads/?which=mine", True),
    ("leads, new", "/leads/?which=new", True),
    ("leads, postponed", "/leads/?which=postponed", True),
    ("leads, waking today", "/leads/?which=waking", True),
    ("leads, all", "/leads/?which=all", True),
    ("leads of one owner", "/leads/?owner={me}", True),
    ("leads, hot", "/leads/?rating={rating}", False),
    ("leads that hold a word", "/leads/?text=torque", False),
    ("agenda, list", "/activities/", True),
    ("agenda, everyone's week", "/activities/?view=week&whose=everybody", True),
    ("activities as a list", "/activities/all", True),
    ("triage", "/leads/triage", True),
    ("timeline of a lead", "/history/timeline/lead/7", True),
    ("timeline of a party", "/history/timeline/party/2", True),
    ("likely twins of a lead", "/duplicates/lead/7", True),
]


def leads(worlds: list[World], rounds: int) -> Iterator[Row]:
    """What each costs in every world, in turns."""
    with worlds[0].app.app_context():
        rating = codes("lead_rating")[-1][0]
        db.session.remove()
    for what, address, counts in ASKED:
        path = address.format(me=worlds[0].me, rating=rating)
        calls = {str(world.size): world.visit.door(path, PARTIAL) for world in worlds}
        yield grown(f"growth of {what}", worlds, in_turns(calls, rounds), GOALS["growth"] if counts else None)
