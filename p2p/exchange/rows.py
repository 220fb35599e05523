"""Rows of a sheet as typed values: each with everything that is wrong with it, none dropped unseen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as attribute
from decimal import Decimal
from typing import Any, NamedTuple

from p2p.exchange.amounts import currency_of
from p2p.exchange.fields import Field
from p2p.exchange.mapping import Choice, Mapping
from p2p.exchange.reading import Line, Sheet


class Problem(NamedTuple):
    """Why a row cannot be used as it is. `column` is empty where the whole row is at fault."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Row:
    """`values` has every mapped field, None where the cell is blank or wrong; a row with a complaint has none.
    `extra` has the unmapped cells that are not blank, by column. `currencies` has, by field, the currency written
    beside an amount: an ISO code, or a sign such as $ that several countries share."""

    line: int
    values: dict[str, Any]
    extra: dict[str, str]
    problems: list[Problem] = attribute(default_factory=list)
    currencies: dict[str, str] = attribute(default_factory=dict)


class _Reader:
    """Reads one column, each different text once: real columns repeat themselves."""

    def __init__(self, choice: Choice, position: int) -> None:
        self.name, self.column, self.position = choice.field.name, choice.column, position
        self._parse: Callable[[str], Any] = choice.format.parse
        self._field = choice.field
        self._known: dict[str, tuple[Any, str, str]] = {}

    def read(self, cell: str) -> tuple[Any, str, str]:
        """Value, reason why not, currency."""
        known = self._known.get(cell)
        if known is None:
            known = self._known[cell] = self._look(cell)
        return known

    def _look(self, cell: str) -> tuple[Any, str, str]:
        if not cell.strip():
            return None, "this is required and empty" if self._field.required else "", ""
        try:
            value = self._parse(cell)
        except ValueError as error:
            return None, str(error), ""
        reason = _out_of_bounds(self._field, value)
        if reason:
            return None, reason, ""
        return value, "", currency_of(cell) if self._field.kind == "money" else ""


def read_rows(sheet: Sheet, mapping: Mapping) -> Iterator[Row]:
    """Every row of the sheet, in order, good or bad."""
    readers = [_Reader(choice, sheet.position(choice.column)) for choice in mapping.choices.values()]
    rest = [(column, sheet.position(column)) for column in mapping.left_out]
    for line in sheet.rows:
        if line.complaint:
            yield Row(line.number, {}, {}, [_whole(line, sheet)])
        else:
            yield _row(line, readers, rest)


def _row(line: Line, readers: list[_Reader], rest: list[tuple[str, int]]) -> Row:
    cells = line.cells
    extra = {column: text for column, position in rest if (text := cells[position].strip())}
    row = Row(line.number, {}, extra)
    for reader in readers:
        cell = cells[reader.position]
        value, reason, currency = reader.read(cell)
        row.values[reader.name] = value
        if reason:
            row.problems.append(Problem(line.number, reader.column, cell, reason))
        if currency:
            row.currencies[reader.name] = currency
    return row


def _whole(line: Line, sheet: Sheet) -> Problem:
    return Problem(line.number, "", sheet.delimiter.join(line.cells)[:200], line.complaint)


def _out_of_bounds(field: Field, value: object) -> str:
    if not isinstance(value, Decimal):
        return ""
    if field.least is not None and value < field.least:
        return f"this is less than {field.least}"
    if field.most is not None and value > field.most:
        return f"this is more than {field.most}"
    return ""
