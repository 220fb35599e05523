"""What an address of the board asks for."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import g, url_for

from p2p.board.narrowing.queries import NOBODY, Narrowed, parties_like


@dataclass(frozen=True)
class View:
    """What of the board is asked for: the filter as its address says it, and how many cards per column."""

    owner: str = ""
    party: str = ""
    text: str = ""
    more: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, args: Any) -> "View":
        """Read an address; what is not understood is left out."""
        more = []
        for key, value in args.items():
            stage = key.removeprefix("show.")
            if stage != key and stage.isdecimal() and value.isdecimal() and len(stage) < 12 and len(value) < 6:
                more.append((int(stage), int(value)))
        owner = args.get("owner", "")
        owner = owner if owner in ("me", "nobody") or (owner.isdecimal() and len(owner) < 12) else ""
        return cls(owner, args.get("party", "").strip()[:100], args.get("text", "").strip()[:100], tuple(more))

    def url(self, **other: Any) -> str:
        """The address of this view, with some of it otherwise."""
        values = {"owner": self.owner, "party": self.party, "text": self.text}
        values |= {f"show.{stage}": str(count) for stage, count in self.more} | other
        asked = urlencode({key: value for key, value in values.items() if value})
        return url_for("board.index") + (f"?{asked}" if asked else "")

    def narrowed(self) -> Narrowed:
        owner = {"": None, "me": g.user.id, "nobody": NOBODY}.get(self.owner)
        if self.owner.isdecimal():
            owner = int(self.owner)
        parties = parties_like(self.party) if self.party else None
        return Narrowed(owner, parties, self.text or None)
