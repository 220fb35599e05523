"""What a check found, as plain lists and words that can be kept with the run and shown on its page."""

from typing import Any

from p2p.exchange.checking import Staged
from p2p.exchange.fields import Field
from p2p.exchange.formats import variants
from p2p.exchange.kind import Kind
from p2p.exchange.mapping import Choice, Mapping
from p2p.exchange.reading import Sheet

SAMPLES = 3
NAMED = 20


def describe(kind: Kind, sheet: Sheet, mapping: Mapping, staged: Staged | None) -> dict[str, Any]:
    """Everything the page of a run shows; without rows while a required column is missing."""
    found: dict[str, Any] = {
        "columns": sheet.columns,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "notes": sheet.notes,
        "fields": [_field(sheet, field, mapping.choices.get(field.name)) for field in mapping.fields],
        "left_out": [{"column": column, "samples": _samples(sheet, column)} for column in mapping.left_out],
        "missing": kind.missing(mapping),
    }
    if staged is None:
        return found
    named = {count: names[:NAMED] for count, names in kind.named(staged).items()}
    notes = [*sheet.notes, *staged.remarks]
    return found | {"preview": kind.preview(staged), "new": named, "notes": notes}


def _samples(sheet: Sheet, column: str) -> list[str]:
    return [value[:60] for value in sheet.distinct(column)[:SAMPLES]]


def _field(sheet: Sheet, field: Field, choice: Choice | None) -> dict[str, Any]:
    found: dict[str, Any] = {"name": field.name, "label": field.label, "required": field.required}
    found["spare"] = field.spare
    found["formats"] = [[each.code, each.words] for each in variants(field)]
    if choice is None:
        return found | {"column": "", "format": "", "words": "", "assumed": False, "why": "", "samples": []}
    form = choice.format
    why = choice.why + (f"; also possible: {', '.join(choice.rivals)}" if choice.rivals else "")
    found |= {"column": choice.column, "format": form.code, "words": form.words, "assumed": form.assumed, "why": why}
    return found | {"samples": _samples(sheet, choice.column)}
