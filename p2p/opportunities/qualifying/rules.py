"""Whom a lead means: which record is ticked beforehand, and when it must be asked. Pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from p2p.parties.likeness import like_enough
from p2p.parties.models import core

NEW, NONE = "new", "none"
#: What identifies somebody; every other sign is only a hint.
OWN, EMAIL, PHONE, NAME, LIKE = "own", "email", "phone", "name", "like"
EXACT = frozenset({OWN, EMAIL, PHONE, NAME})


class Sign(NamedTuple):
    """Why a record may be meant: what kind of sign it is, and how people say it."""

    kind: str
    words: str


@dataclass(frozen=True)
class Candidate:
    """A record that a lead may mean; `elsewhere`: it is at another company than the lead says."""

    id: int
    name: str
    place: str | None = None
    signs: tuple[Sign, ...] = ()
    elsewhere: bool = False

    @property
    def exact(self) -> frozenset[str]:
        """The kinds of signs that identify it; none where it is at another company."""
        return frozenset() if self.elsewhere else EXACT & {sign.kind for sign in self.signs}

    @property
    def why(self) -> str:
        return ", ".join(dict.fromkeys(sign.words for sign in self.signs))


def best(candidates: Iterable[Candidate]) -> Candidate | None:
    """The one that is meant: on the lead already, the only exact one, or exact in more ways than each other one."""
    known = [each for each in candidates if each.exact]
    own = [each for each in known if OWN in each.exact]
    known = own or known
    return next((each for each in known if all(each.exact > other.exact for other in known if other is not each)), None)


def ticked(candidates: Iterable[Candidate], otherwise: str) -> str | None:
    """What is ticked beforehand: the one that is meant; None where it must be asked; else what is done without any."""
    known = list(candidates)
    meant = best(known)
    return str(meant.id) if meant else None if known else otherwise


def names_another(company: str | None, name: str) -> bool:
    """Whether a lead that says `company` means another one: not alike, and none the beginning of the other."""
    said, called = core(company or "").split(), core(name).split()
    shorter = min(len(said), len(called))
    if not shorter or said[:shorter] == called[:shorter]:
        return False
    return not like_enough(" ".join(said), " ".join(called))


def sign_of(one: str | None, other: str) -> str | None:
    """`name` where two names are the same but for their legal form, `like` where they nearly are, else None."""
    said, called = core(one or ""), core(other)
    if not said or not called:
        return None
    return NAME if said == called else LIKE if like_enough(said, called) else None


def order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """As they are offered: on the lead first, then by how much speaks for them."""
    return sorted(candidates, key=lambda each: (OWN not in each.exact, -len(each.exact), -len(each.signs), each.id))
