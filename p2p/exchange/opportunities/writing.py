"""Opportunities written: with the parties, accounts, owners and products they need."""

from typing import Any

from p2p.exchange import bulk, queries
from p2p.exchange.checking import CannotImport, Progress
from p2p.exchange.making import made, make_codes
from p2p.exchange.opportunities.rules import Rules
from p2p.exchange.opportunities.staging import Checked, Opportunities
from p2p.exchange.queries import Key
from p2p.filters import today
from p2p.history import OpenOperation
from p2p.opportunities.models import Opportunity
from p2p.parties.models import Party, fold
from p2p.prospects.models import Customer
from p2p.setup.entries import folded


def write(opened: OpenOperation, staged: Opportunities, progress: Progress) -> dict[str, int]:
    """Write what was staged, if the set-up is still the one it was judged by."""
    if Rules.of_today().edition != staged.edition:
        raise CannotImport("The set-up was changed since the file was checked. Check it again.")
    return _Writing(opened, staged, progress).run()


class _Writing:
    """One write. Everything is looked up again, because others went on working since the check."""

    def __init__(self, opened: OpenOperation, staged: Opportunities, progress: Progress) -> None:
        self.opened, self.staged, self.progress = opened, staged, progress
        self.done = 0

    def run(self) -> dict[str, int]:
        known = queries.numbers(Opportunity, (row.facts["number"] for row in self.staged.rows if row.facts["number"]))
        there = {number for number, (_, hidden) in known.items() if not hidden}
        rows = [row for row in self.staged.rows if row.facts["number"] not in there]
        parties, new_parties = self._parties(rows)
        owners, new_owners = self.staged.owners.write(self.opened, (row.owner for row in rows))
        products, new_products = make_codes(self.opened, "product", (row.product for row in rows))
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
        numbers = queries.new_numbers("opportunity", len(unnumbered), today().year, given)
        for row, number in zip(unnumbered, numbers, strict=True):
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
        fresh_parties = made(self.opened, Party, new, {key: ids[key] for key in new if key in ids})
        fresh = {n: fresh_parties[kind, n] for kind, n in fresh_parties.keys() - ids.keys() if kind == "number"}
        self._accounts(fresh, hidden)
        return ids | fresh_parties, len(missing)

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


def _about_its_party(facts: dict[str, Any]) -> tuple[str, int]:
    return Party.noun, facts["party_id"]
