"""Leads written: with the owners, list entries and campaigns they need."""

from typing import Any

from p2p.campaigns.models import Campaign
from p2p.exchange import bulk, queries
from p2p.exchange.checking import CannotImport, Progress
from p2p.exchange.leads.matching import matched
from p2p.exchange.leads.rules import Rules
from p2p.exchange.leads.staging import LISTS, Checked, Leads, new_campaigns
from p2p.exchange.making import made, make_codes
from p2p.filters import the_format, today
from p2p.history import OpenOperation
from p2p.leads.models import Lead
from p2p.parties.models import fold
from p2p.setup.entries import folded


def write(opened: OpenOperation, staged: Leads, progress: Progress) -> dict[str, int]:
    """Write what was staged, if the set-up is still the one it was judged by. All is looked up again."""
    if Rules.of_today().edition != staged.edition:
        raise CannotImport("The set-up was changed since the file was checked. Check it again.")
    return _Writing(opened, staged, progress).run()


class _Writing:
    def __init__(self, opened: OpenOperation, staged: Leads, progress: Progress) -> None:
        self.opened, self.staged, self.progress = opened, staged, progress
        self.done = self.total = 0

    def run(self) -> dict[str, int]:
        known = queries.numbers(Lead, (row.facts["number"] for row in self.staged.rows if row.facts["number"]))
        there = {number for number, (_, hidden) in known.items() if not hidden}
        rows = [row for row in self.staged.rows if row.facts["number"] not in there]
        self.total = len(rows)
        owners, new_owners = self.staged.owners.write(self.opened, (row.owner for row in rows))
        codes, entries = self._codes(rows)
        campaigns, new = self._campaigns(rows)
        parties = matched({row.line: row.facts for row in rows})
        back: dict[int, dict[str, Any]] = {}
        created: list[dict[str, Any]] = []
        start = Lead.start({})  # the first stage; its steps are planned by whoever takes a lead up
        for row in rows:
            facts = start | row.facts | {"owner_id": owners[row.owner] if row.owner else None}
            facts |= {
                f"{name}_id": ids[folded(told)] for (name, ids), told in zip(codes, row.codes, strict=True) if told
            }
            facts["campaign_id"] = campaigns[fold(row.campaign)] if row.campaign else None
            if row.line in parties:
                facts |= {"party_id": parties[row.line], "company_name": None}
            number = facts["number"]
            if number in known:
                back[known[number][0]] = facts
            else:
                created.append(facts)
        self._number(created)
        bulk.create(self.opened, Lead, created, step=self._step)
        bulk.bring_back(self.opened, Lead, back, step=self._step)
        counts = {"created": len(created), "brought_back": len(back), "refused": self.staged.refused}
        counts |= {"matched": len(parties), "owners": new_owners, "campaigns": new, "entries": entries}
        return counts | {"skipped": self.staged.total - len(rows) - self.staged.refused}

    def _step(self, count: int) -> None:
        self.done += count
        self.progress(self.done, self.total)

    def _codes(self, rows: list[Checked]) -> tuple[list[tuple[str, dict[str, int]]], int]:
        """Of every list the ids by folded name, and how many entries are new."""
        result, count = [], 0
        for place, (name, list_name) in enumerate(LISTS.items()):
            ids, new = make_codes(self.opened, list_name, (row.codes[place] for row in rows))
            result.append((name, ids))
            count += new
        return result, count

    def _campaigns(self, rows: list[Checked]) -> tuple[dict[str, int], int]:
        missing = new_campaigns(row.campaign for row in rows)
        currency = the_format().currency
        new: dict[str, bulk.Facts] = {
            key: {"name": name, "name_folded": key[:120], "currency": currency} for key, name in missing.items()
        }
        known = queries.campaigns({fold(row.campaign) for row in rows if row.campaign})
        return known | made(self.opened, Campaign, new, {}), len(new)

    def _number(self, rows: list[dict[str, Any]]) -> None:
        """Rows without a number take the next ones of the sequence, in the order of the file."""
        unnumbered = [row for row in rows if not row["number"]]
        given = (row["number"] for row in rows if row["number"])
        numbers = queries.new_numbers("lead", len(unnumbered), today().year, given)
        for row, number in zip(unnumbered, numbers, strict=True):
            row["number"] = number
