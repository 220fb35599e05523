"""Whose interest a lead is: a party of the address book where no other can be meant, else the words of the file."""

from collections.abc import Mapping
from typing import Any

from p2p.exchange import queries
from p2p.parties.models import core, fold

Facts = Mapping[str, Any]


def matched(rows: Mapping[int, Facts]) -> dict[int, int]:
    """Line → id of the party: the only one of that name, else the only one behind the e-mail address or phone number.

    Where the file names a company, an address or number leads to a party of that name only, its legal form apart.
    """
    names = {("name", fold(facts["company_name"])) for facts in rows.values() if facts["company_name"]}
    named = queries.parties(names)
    reached = {kind: queries.reached_by(kind, _keys(rows, kind)) for kind in ("email", "phone")}
    found: dict[int, int] = {}
    for line, facts in rows.items():
        company = facts["company_name"]
        known = named.get(("name", fold(company)), []) if company else []
        if len(known) == 1:
            found[line] = known[0]
        elif not known:
            for kind in ("email", "phone"):
                behind = reached[kind].get(facts[f"{kind}_key"], {})
                fitting = [id for id, name in behind.items() if not company or core(name) == core(company)]
                if len(behind) == 1 and fitting:
                    found.setdefault(line, fitting[0])
    return found


def _keys(rows: Mapping[int, Facts], kind: str) -> set[str]:
    return {facts[f"{kind}_key"] for facts in rows.values() if facts[f"{kind}_key"]}
