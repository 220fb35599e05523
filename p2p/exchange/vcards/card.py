"""A card as we understand it, whatever it was written in; also what a row of a contacts file becomes."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

LAST = 101  # behind everything that has a preference


class Address(NamedTuple):
    """Lines of a postal address, each as written; blank where there is none."""

    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


class Channel(NamedTuple):
    """A way to reach somebody: of what kind (email, phone, website, address), as what (`types`: work, cell, …; `label`:
    in words of their own), and how much preferred: 1 comes first."""

    kind: str
    value: str | Address
    types: tuple[str, ...] = ()
    label: str = ""
    rank: int = LAST


@dataclass
class Card:
    """One card. `kind` is individual, org, group or location. `left_out` counts, in words, what is not taken over."""

    line: int
    version: str
    kind: str = "individual"
    name: str = ""
    family: str = ""
    given: str = ""
    additional: str = ""
    prefix: str = ""
    suffix: str = ""
    nicknames: tuple[str, ...] = ()
    organization: str = ""
    units: tuple[str, ...] = ()
    other_organizations: tuple[str, ...] = ()
    title: str = ""
    role: str = ""
    uid: str = ""
    categories: tuple[str, ...] = ()
    notes: str = ""
    channels: list[Channel] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    guessed: bool = False

    def of_kind(self, kind: str) -> list[Channel]:
        """The channels of a kind, the preferred one first."""
        return sorted((each for each in self.channels if each.kind == kind), key=lambda each: each.rank)
