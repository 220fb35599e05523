"""Leads written: with the owners, list entries and campaigns they need."""

from typing import Any

from p2p.campaigns.models import Campaign
from p2p.exchange import bulk, queries
from p2p.exchange.checking import Progress
from p2p.exchange.leads.matching import matched
from p2p.exchange.leads.rules import Rules
from p2p.exchange.leads.staging import LISTS, Checked, Leads, new_campaigns
from p2p.exchange.making import made, make_codes
from p2p.exchange.numbered import WritingNumbered
from p2p.filters import the_format
from p2p.history import OpenOperation
from p2p.leads.models import Lead
from p2p.parties.models import fold
from p2p.setup.entries import folded


def write(opened: OpenOperation, staged: Leads, progress: Progress) -> dict[str, int]:
    """Write what was staged, if the set-up is still the one it was judged by."""
    return _Writing(opened, staged, progress).run()


class _Writing(WritingNumbered[Leads]):
    cls, rules = Lead, Rules

    def make(self, rows: list[Checked]) -> dict[str, int]:
        self.start = Lead.start({})  # the first stage; its steps are planned by whoever takes a lead up
        self.codes, entries = self._codes(rows)
        self.campaigns, new = self._campaigns(rows)
        self.parties = matched({row.line: row.facts for row in rows})
        return {"matched": len(self.parties), "campaigns": new, "entries": entries}

    def facts(self, row: Checked) -> dict[str, Any]:
        facts = self.start | row.facts
        told = zip(self.codes, row.codes, strict=True)
        facts |= {f"{name}_id": ids[folded(word)] for (name, ids), word in told if word}
        facts["campaign_id"] = self.campaigns[fold(row.campaign)] if row.campaign else None
        known = {"party_id": self.parties[row.line], "company_name": None} if row.line in self.parties else {}
        return facts | known

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
