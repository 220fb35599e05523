"""Opportunities written: with the parties, accounts, owners and products they need."""

from typing import Any

from p2p.exchange import bulk, queries
from p2p.exchange.checking import Progress
from p2p.exchange.making import made, make_codes
from p2p.exchange.numbered import WritingNumbered
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
    return _Writing(opened, staged, progress).run()


class _Writing(WritingNumbered[Opportunities]):
    cls, rules = Opportunity, Rules

    def make(self, rows: list[Checked]) -> dict[str, int]:
        self.parties, new_parties = self._parties(rows)
        self.products, new_products = make_codes(self.opened, "product", (row.product for row in rows))
        return {"parties": new_parties, "products": new_products}

    def facts(self, row: Checked) -> dict[str, Any]:
        product = self.products[folded(row.product)] if row.product else None
        told = {"party_id": self.parties[row.party], "product_id": product}
        # How long it had been in its stage the file does not say: its stay begins here.
        return row.facts | told | {"stage_entered_at": self.opened.at}

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
