"""Writing what was checked: all of it or nothing, as one operation that undo takes back."""

from dataclasses import dataclass
from typing import Any, TypeVar

from p2p.exchange import bulk, queries
from p2p.exchange.queries import Key
from p2p.exchange.rules import Rules
from p2p.exchange.staging import Checked, Progress, Staged, new_owner, silently
from p2p.filters import today
from p2p.history import OpenOperation, name_verb, operation
from p2p.history.recording import Actor, Recorded
from p2p.identity.models import REPRESENTATIVE, User
from p2p.identity.models import folded as folded_email
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party, fold
from p2p.prospects.models import Customer
from p2p.setup import queries as setup
from p2p.setup.entries import folded
from p2p.setup.models import Code

K = TypeVar("K")

IMPORT = name_verb("exchange.import", "imported")


class CannotImport(Exception):
    """The rows cannot be written as they were checked; the message says why and what to do."""


@dataclass
class Written:
    """What an import did: how many of each, and the operation (None: nothing was new)."""

    counts: dict[str, int]
    operation_id: int | None


def write(staged: Staged, *, by: Actor | None, progress: Progress = silently) -> Written:
    """Write what was staged. Needs a writing unit; raises CannotImport before anything is written."""
    if staged.problems and not staged.skip_bad:
        raise CannotImport(f"{staged.refused} rows have problems. Correct them, or leave them out expressly.")
    with operation(IMPORT, by=by) as opened:
        queries.wait_for_other_writers()
        setup.take_turns()
        if Rules.of_today().edition != staged.edition:
            raise CannotImport("The set-up was changed since the file was checked. Check it again.")
        counts = _Writing(opened, staged, progress).run()
    return Written(counts, opened.id)


class _Writing:
    """One write. Everything is looked up again, because others went on working since the check."""

    def __init__(self, opened: OpenOperation, staged: Staged, progress: Progress) -> None:
        self.opened, self.staged, self.progress = opened, staged, progress
        self.done = 0

    def run(self) -> dict[str, int]:
        known = queries.numbers(row.facts["number"] for row in self.staged.rows if row.facts["number"])
        there = {number for number, (_, hidden) in known.items() if not hidden}
        rows = [row for row in self.staged.rows if row.facts["number"] not in there]
        parties, new_parties = self._parties(rows)
        owners, new_owners = self._owners(rows)
        products, new_products = self._products(rows)
        back: dict[int, dict[str, Any]] = {}
        created: list[dict[str, Any]] = []
        for row in rows:
            facts = row.facts | {"party_id": parties[row.party], "owner_id": owners[row.owner] if row.owner else None}
            facts["product_id"] = products[folded(row.product)] if row.product else None
            if facts["number"] in known:
                back[known[facts["number"]][0]] = facts
            else:
                created.append(facts)
        self.total = len(rows)
        self._number(created)
        bulk.create(self.opened, Opportunity, created, step=self._step)
        bulk.bring_back(self.opened, Opportunity, back, step=self._step)
        counts = {"created": len(created), "brought_back": len(back), "refused": self.staged.refused}
        counts |= {"parties": new_parties, "owners": new_owners, "products": new_products}
        return counts | {"skipped": self.staged.total - len(rows) - self.staged.refused}

    def _step(self, count: int) -> None:
        self.done += count
        self.progress(self.done, self.total)

    def _number(self, rows: list[dict[str, Any]]) -> None:
        """Rows without a number take the next ones of the sequence, in the order of the file."""
        unnumbered = [row for row in rows if not row["number"]]
        given = (row["number"] for row in rows if row["number"])
        for row, number in zip(unnumbered, queries.new_numbers(len(unnumbered), today().year, given), strict=True):
            row["number"] = number

    def _parties(self, rows: list[Checked]) -> tuple[dict[Key, int], int]:
        """Party ids by key; missing ones are made once, with an account where the file gives its number."""
        keys = dict.fromkeys(row.party for row in rows)
        known = queries.parties(keys)
        missing = [key for key in keys if key not in known]
        hidden = queries.hidden_accounts(number for kind, number in missing if kind == "number")
        back = {("number", number): account for number, account in hidden.items() if account.free}
        ids = {key: ids[0] for key, ids in known.items()} | {key: account.party_id for key, account in back.items()}
        new = {key: self._named(key) for key in missing if key not in ids or back[key].party_hidden}
        made = self._made(Party, new, {key: ids[key] for key in new if key in ids})
        fresh = {number: made[kind, number] for kind, number in made.keys() - ids.keys() if kind == "number"}
        self._accounts(fresh, hidden)
        return ids | made, len(missing)

    def _accounts(self, parties: dict[str, int], hidden: dict[str, queries.Account]) -> None:
        """Accounts for new parties, by number; the hidden ones come back, to a new party where theirs has another."""
        new = [{"party_id": id, "number": n, "since": today()} for n, id in parties.items() if n not in hidden]
        bulk.create(self.opened, Customer, new, about=_about_its_party)
        shown = {
            account.id: {"party_id": parties.get(number, account.party_id), "hidden": False}
            for number, account in hidden.items()
        }
        bulk.change(self.opened, Customer, shown, about=_about_its_party)

    def _named(self, key: Key) -> dict[str, Any]:
        name = self.staged.names[key]
        return {"name": name, "name_folded": fold(name)[:120]}

    def _owners(self, rows: list[Checked]) -> tuple[dict[Key, int], int]:
        """User ids by key; missing ones become active representatives without a password."""
        people = queries.people()
        keys = dict.fromkeys(row.owner for row in rows if row.owner)
        taken = {word for kind, word in people if kind == "email"}
        new: dict[Key, bulk.Facts] = {}
        for key in keys:
            if key not in people:
                owner = self.staged.owners.get(key) or new_owner(*key, taken)
                taken.add(folded_email(owner.email))
                new[key] = {"name": owner.name, "email": owner.email, "email_folded": folded_email(owner.email)}
                new[key] |= {"role": REPRESENTATIVE, "active": True}
        hidden = queries.hidden_people() if new else {}
        was = {key: hidden[facts["email_folded"]] for key, facts in new.items() if facts["email_folded"] in hidden}
        return {key: people[key][0] for key in keys if key in people} | self._made(User, new, was), len(new)

    def _products(self, rows: list[Checked]) -> tuple[dict[str, int], int]:
        """Product ids by folded name; missing ones go to the end of the list."""
        known = queries.products()
        names = {folded(row.product): row.product for row in reversed(rows) if row.product}
        missing = sorted(key for key in names if key not in known)
        first = queries.last_position("product") + 1
        new = {
            key: {"list_name": "product", "name": names[key], "position": position}
            for position, key in enumerate(missing, first)
        }
        was = {key: id for key, id in queries.hidden_products().items() if key in new} if new else {}
        return known | self._made(Code, new, was), len(new)

    def _made(self, cls: type[Recorded], new: dict[K, bulk.Facts], was: dict[K, int]) -> dict[K, int]:
        """Make records, or bring those back that an undo hid (`was`); gives their ids by key."""
        bulk.bring_back(self.opened, cls, {id: new[key] for key, id in was.items()})
        fresh = [key for key in new if key not in was]
        return was | dict(zip(fresh, bulk.create(self.opened, cls, [new[key] for key in fresh]), strict=True))


def _about_its_party(facts: dict[str, Any]) -> tuple[str, int]:
    return Party.noun, facts["party_id"]
