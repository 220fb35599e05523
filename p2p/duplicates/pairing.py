"""Which records may be one, and why: rules without a database, in time that grows with the book and not its square."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from p2p.parties.likeness import LIKE_ENOUGH, SAME, alike, namesakes

#: With how many neighbours in order of its name each record is compared.
NEIGHBOURS = 6

#: How sure a shared key of each kind makes it, of 100.
KEYS = {"email": 98, "phone": 95, "website": 90, "domain": 75}
SAME_NAME, SAME_COMPANY = 92, 94

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Entry:
    """A record as it is compared: its name without case, accents and legal form, and its keys by kind.

    `within`: what it belongs to (a person: the parties acted for). Only where `alone` does a name say enough by itself.
    """

    id: int
    name: str
    keys: tuple[tuple[str, str], ...] = ()
    within: frozenset[int] = frozenset()
    alone: bool = True


@dataclass
class Pair:
    """Two records that may be one: how sure that is, of 100, and why in words."""

    left: int
    right: int
    score: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, score: int, reason: str) -> None:
        if reason == SAME["domain"] and SAME["email"] in self.reasons:
            return  # that goes without saying
        self.score = max(self.score, score)
        if reason not in self.reasons:
            self.reasons.append(reason)


def pairs(entries: Sequence[Entry], progress: Progress = lambda done, total: None) -> list[Pair]:
    """Every pair that may be one record, the surest first.

    Records that share a key are compared with the first that has it, those of like names with their neighbours in three
    orders (by name, by its end, by its words), so that a slip of the pen anywhere is found.
    """
    found: dict[tuple[int, int], Pair] = {}

    def note(one: Entry, other: Entry, score: int, reason: str) -> None:
        left, right = sorted((one.id, other.id))
        found.setdefault((left, right), Pair(left, right)).add(score, reason)

    steps = [_sharing_keys, *(_neighbours(order) for order in _ORDERS)]
    for done, step in enumerate(steps):
        progress(done, len(steps))
        for one, other, score, reason in step(entries):
            note(one, other, score, reason)
    progress(len(steps), len(steps))
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.left, pair.right))


Found = tuple[Entry, Entry, int, str]


def _sharing_keys(entries: Iterable[Entry]) -> Iterator[Found]:
    first: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        for key in entry.keys:
            known = first.setdefault(key, entry)
            if known is not entry and (found := _by_key(known, entry, key[0])):
                yield found


def _by_key(one: Entry, other: Entry, kind: str) -> Found | None:
    people = not (one.alone and other.alone)
    if people and kind != "email" and not namesakes(one.name, other.name):
        return None
    return one, other, KEYS[kind], SAME[kind]


#: Names as they are; from their end; with their words in order.
_ORDERS: tuple[Callable[[str], str], ...] = (
    str,
    lambda name: name[::-1],
    lambda name: " ".join(sorted(name.split())),
)


def _neighbours(order: Callable[[str], str]) -> Callable[[Iterable[Entry]], Iterator[Found]]:
    def compared(entries: Iterable[Entry]) -> Iterator[Found]:
        ordered = sorted(((order(entry.name), entry) for entry in entries if entry.name), key=lambda each: each[0])
        sorted_entries = [entry for _, entry in ordered]
        for place, entry in enumerate(sorted_entries):
            for other in sorted_entries[place + 1 : place + 1 + NEIGHBOURS]:
                if found := by_name(entry, other):
                    yield found

    return compared


def by_name(one: Entry, other: Entry) -> Found | None:
    """The pair, if their names make it likely that they are one."""
    likeness = alike(one.name, other.name)
    if likeness < LIKE_ENOUGH:
        return None
    together = bool(one.within & other.within)
    if not together and not (one.alone and other.alone):
        return None
    words = SAME["name"] if likeness == 100 else f"{SAME['like']} ({likeness:.0f} %)"
    sure = SAME_COMPANY if together else SAME_NAME
    return one, other, round(sure * likeness / 100), words + (" at the same company" if together else "")


def twins_of(entry: Entry, others: Iterable[Entry]) -> list[Pair]:
    """The pairs that one record makes with others, the surest first."""
    ordered = sorted((other for other in others if other.id != entry.id), key=attrgetter("id"))
    made = []
    for other in ordered:
        pair = Pair(entry.id, other.id)
        shared = {key[0] for key in set(entry.keys) & set(other.keys)}
        for kind in filter(shared.__contains__, KEYS):
            if found := _by_key(entry, other, kind):
                pair.add(found[2], found[3])
        if found := by_name(entry, other):
            pair.add(found[2], found[3])
        if pair.reasons:
            made.append(pair)
    return sorted(made, key=lambda pair: (-pair.score, pair.right))
