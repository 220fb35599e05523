"""What a check found, as plain lists and words that can be kept with the run and shown on its page."""

from typing import Any

from p2p.exchange.fields import Field
from p2p.exchange.formats import variants
from p2p.exchange.mapping import Choice, Mapping
from p2p.exchange.reading import Sheet
from p2p.exchange.staging import Checked, Staged
from p2p.opportunities.models import STATUSES
from p2p.setup import queries as setup

SAMPLES = 3
PREVIEWED = 20
NAMED = 20


def describe(sheet: Sheet, mapping: Mapping, staged: Staged | None) -> dict[str, Any]:
    """Everything the page of a run shows; without rows while a required column is missing."""
    found: dict[str, Any] = {
        "columns": sheet.columns,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "notes": sheet.notes,
        "fields": [_field(sheet, field, mapping.choices.get(field.name)) for field in mapping.fields],
        "left_out": [{"column": column, "samples": _samples(sheet, column)} for column in mapping.left_out],
        "missing": [field.label for field in mapping.missing],
    }
    if staged is None:
        return found
    return found | {"preview": _preview(staged), "new": _new(staged)}


def _samples(sheet: Sheet, column: str) -> list[str]:
    return [value[:60] for value in sheet.distinct(column)[:SAMPLES]]


def _field(sheet: Sheet, field: Field, choice: Choice | None) -> dict[str, Any]:
    found: dict[str, Any] = {"name": field.name, "label": field.label, "required": field.required}
    found["formats"] = [[each.code, each.words] for each in variants(field)]
    if choice is None:
        return found | {"column": "", "format": "", "words": "", "assumed": False, "why": "", "samples": []}
    form = choice.format
    why = choice.why + (f"; also possible: {', '.join(choice.rivals)}" if choice.rivals else "")
    found |= {"column": choice.column, "format": form.code, "words": form.words, "assumed": form.assumed, "why": why}
    return found | {"samples": _samples(sheet, choice.column)}


def _preview(staged: Staged) -> list[dict[str, Any]]:
    """The first rows as they will be."""
    stages = {stage.id: stage.name for stage in setup.stages()}
    bands = {band.id: band.name for band in setup.bands()}
    return [_previewed(row, staged, stages, bands) for row in staged.rows[:PREVIEWED]]


def _previewed(row: Checked, staged: Staged, stages: dict[int, str], bands: dict[int, str]) -> dict[str, Any]:
    facts = row.facts
    plain = {name: facts[name] for name in ("number", "subject", "probability", "revenue", "currency")}
    days = {name: facts[name].isoformat() if facts[name] else None for name in ("opened_on", "decide_by", "closed_on")}
    owner = staged.spelled[row.owner] if row.owner else None
    told = {"line": row.line, "party": staged.names.get(row.party), "owner": owner, "product": row.product}
    told |= {"status": facts["status"], "status_words": STATUSES[facts["status"]], "stage": stages[facts["stage_id"]]}
    return plain | days | told | {"prognosis": bands.get(facts["prognosis_id"])}


def _new(staged: Staged) -> dict[str, list[str]]:
    """The names of who and what will be made, the first of them."""
    owners = [f"{owner.name} ({owner.email})" for owner in staged.owners.values()]
    parties = [staged.names[key] + (f" ({key[1]})" if key[0] == "number" else "") for key in staged.parties]
    products = list(staged.products.values())
    return {"parties": parties[:NAMED], "owners": owners[:NAMED], "products": products[:NAMED]}
