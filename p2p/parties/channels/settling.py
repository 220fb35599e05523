"""What holds among the channels of a party: one of each kind is primary, and the party repeats it."""

from collections.abc import Iterable
from typing import Any

from p2p.db import db
from p2p.history.recording import PutBack
from p2p.parties.channels.kinds import REPEATED


def step_down(channels: Iterable[Any]) -> None:
    """Whichever of these is primary is so no more."""
    for each in channels:
        if each.is_primary:
            each.is_primary = False
    db.session.flush()


def give_way(party_id: int, *, to: int) -> None:
    """Before the channels of one party become another's: where both have a primary one of a kind, the other's stays."""
    from p2p.parties.channels import queries

    theirs = {each.kind for each in queries.of_party(to) if each.is_primary}
    step_down(each for each in queries.of_party(party_id) if each.kind in theirs)


def owners_around(channels: Iterable[Any], back: PutBack) -> set[int]:
    """The parties whose channels an undo put back, and those they were taken from."""
    opened = db.session.info["operation"]
    moved = [id for id, fields in back.items() if "party_id" in fields]
    before = {opened.records["channel", id].values["party_id"][0] for id in moved}
    return before | {channel.party_id for channel in channels}


def settle(party_ids: Iterable[int]) -> None:
    """Make the first channel of a kind primary where none is, and have the parties' columns repeat the primary ones."""
    from p2p.parties.channels import queries

    wanted = sorted(party_ids)
    present: dict[tuple[int, str], list[Any]] = {}
    for each in queries.of_parties(wanted):
        present.setdefault((each.party_id, each.kind), []).append(each)
    for party in queries.owners(wanted):
        for kind, columns in REPEATED.items():
            of_kind = present.get((party.id, kind), [])
            primary = next((each for each in of_kind if each.is_primary), of_kind[0] if of_kind else None)
            if primary is None:
                for name in columns:
                    setattr(party, name, None)
            else:
                primary.is_primary = True
                primary.repeat_on(party)
    db.session.flush()
