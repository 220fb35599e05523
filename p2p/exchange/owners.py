"""Whose a record is: people as a file names them, found among the users or made anew."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from p2p.exchange import queries
from p2p.exchange.making import made
from p2p.exchange.queries import Key
from p2p.exchange.texts import one_line
from p2p.history import OpenOperation
from p2p.identity.models import REPRESENTATIVE, User
from p2p.identity.models import folded as folded_email
from p2p.parties.models import fold


class Owner(NamedTuple):
    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} ({self.email})"


def owner_key(told: str | None) -> Key | None:
    """How a file names an owner: by e-mail address, or by name."""
    told = one_line(told or "")
    if not told:
        return None
    return ("email", folded_email(told)) if "@" in told else ("name", fold(told))


class Owners:
    """The owners of one file. `spelled` is how it calls them, `new` who is to be made."""

    AMBIGUOUS = "several people have this name: give the e-mail address"

    def __init__(self) -> None:
        self.spelled: dict[Key, str] = {}
        self.new: dict[Key, Owner] = {}

    def key(self, told: str | None) -> Key | None:
        key = owner_key(told)
        if key:
            self.spelled.setdefault(key, one_line(told or ""))
        return key

    def look_up(self, keys: Iterable[Key]) -> set[Key]:
        """Note whoever is to be made; gives those whose name several people have."""
        people = queries.people()
        taken = {key[1] for key in people if key[0] == "email"}
        torn = set()
        for key in dict.fromkeys(keys):
            found = people.get(key, [])
            if len(found) > 1:
                torn.add(key)
            elif not found:
                self.new[key] = owner = new_owner(key[0], self.spelled[key], taken)
                taken.add(folded_email(owner.email))
        return torn

    def write(self, opened: OpenOperation, wanted: Iterable[Key | None]) -> tuple[dict[Key, int], int]:
        """User ids by key, and how many are new: they become active representatives without a password."""
        people = queries.people()
        keys = dict.fromkeys(key for key in wanted if key)
        taken = {word for kind, word in people if kind == "email"}
        new: dict[Key, dict[str, Any]] = {}
        for key in keys:
            if key not in people:
                owner = self.new.get(key) or new_owner(*key, taken)
                taken.add(folded_email(owner.email))
                new[key] = {"name": owner.name, "email": owner.email, "email_folded": folded_email(owner.email)}
                new[key] |= {"role": REPRESENTATIVE, "active": True}
        hidden = queries.hidden_people() if new else {}
        was = {key: hidden[facts["email_folded"]] for key, facts in new.items() if facts["email_folded"] in hidden}
        return {key: people[key][0] for key in keys if key in people} | made(opened, User, new, was), len(new)


def new_owner(kind: str, told: str, taken: set[str]) -> Owner:
    """Somebody new by name gets the address first.last@example.invalid, which by its very name reaches nobody."""
    if kind == "email":
        return Owner(told.partition("@")[0].replace(".", " ").title()[:100] or told[:100], told)
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in fold(told)).split()
    base = ".".join(words)[:60] or "owner"
    email, count = f"{base}@example.invalid", 1
    while email in taken:
        count += 1
        email = f"{base}.{count}@example.invalid"
    return Owner(told, email)
