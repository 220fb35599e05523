"""Putting records away without losing them."""

from sqlalchemy.orm import Mapped, mapped_column

from p2p.history import Recorded, verb
from p2p.history.recording import Actor


class StillNeeded(Exception):
    """A record cannot be put away while open ones need it; the message says which, and what to do."""


class Archivable(Recorded):
    """Archived records leave lists and menus; everything that points at them still finds them."""

    archived: Mapped[bool] = mapped_column(default=False, info={"follows": True})

    @verb("archived")
    def archive(self, *, by: Actor | None) -> None:
        self.archived = True

    @verb("restored")
    def restore(self, *, by: Actor | None) -> None:
        self.archived = False
