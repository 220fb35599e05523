"""Whom the address book knows already, and whom the file itself told of before."""

from collections import defaultdict
from collections.abc import Iterable

from p2p.exchange.contacts import queries
from p2p.exchange.contacts.drafts import Draft
from p2p.parties.models import fold

Pair = tuple[str, str]


class Known:
    """People and organizations by what tells them apart. Ids are those of parties, or lines of the file below zero."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self.by_uid: dict[str, int] = {}
        self.by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.by_pair: dict[Pair, int] = {}  # a name, and whom that person acts for
        self.by_name: dict[tuple[str, str], int] = {}  # kind and name

    @classmethod
    def of(cls, drafts: list[Draft]) -> "Known":
        """What is known of these drafts."""
        known = cls()
        known.by_uid = queries.uids(draft.uid for draft in drafts if draft.uid)
        for kind in ("email", "phone"):
            for key, id, name in queries.people_reached(kind, {key for draft in drafts for key in draft.keys(kind)}):
                known.names[id] = name
                known.by_key[kind, key].append(id)
        for kind, name, id in queries.parties_named({draft.folded for draft in drafts}):
            known.by_name.setdefault((kind, name), id)
        known.by_pair = {(name, of): id for name, of, id in queries.acting({draft.folded for draft in drafts})}
        return known

    def find(self, draft: Draft) -> int | None:
        """The id of whoever a draft means: by the mark of an earlier card, an e-mail address, a phone number together
        with the name, the name together with the organization; by the name alone where there is nothing else."""
        if draft.uid and draft.uid in self.by_uid:
            return self.by_uid[draft.uid]
        if draft.kind == "organization":
            return self.by_name.get(("organization", draft.folded))
        for kind, fits in (("email", _alike), ("phone", str.__eq__)):
            for key in draft.keys(kind):
                for id in self.by_key.get((kind, key), ()):
                    if fits(self.names[id], draft.folded):
                        return id
        if draft.organization:
            return self.by_pair.get((draft.folded, fold(draft.organization)))
        return self.by_name.get(("person", draft.folded)) if not draft.keys("email") + draft.keys("phone") else None

    def add(self, draft: Draft) -> None:
        """Know a draft, too."""
        id = -draft.line
        self.names[id] = draft.folded
        if draft.uid:
            self.by_uid[draft.uid] = id
        for kind in ("email", "phone"):
            for key in draft.keys(kind):
                self.by_key[kind, key].append(id)
        self.by_name.setdefault((draft.kind, draft.folded), id)
        if draft.organization:
            self.by_pair[draft.folded, fold(draft.organization)] = id


def _alike(one: str, other: str) -> bool:
    """Whether two folded names may be those of one person: one mailbox may serve several people."""
    if "@" in one or "@" in other:
        return True
    return bool(_words(one) & _words(other))


def _words(name: str) -> set[str]:
    bare = "".join(letter if letter.isalnum() else " " for letter in name)
    return {word for word in bare.split() if len(word) > 1}


def new_organizations(drafts: Iterable[Draft]) -> dict[str, str]:
    """Folded name → name of the organizations people act for and nobody knows."""
    names: dict[str, str] = {}
    for draft in drafts:
        if draft.organization:
            names.setdefault(fold(draft.organization), draft.organization)
    known = {name for kind, name, _ in queries.parties_named(set(names)) if kind == "organization"}
    made = {draft.folded for draft in drafts if draft.kind == "organization"}
    return {key: name for key, name in names.items() if key not in known | made}
