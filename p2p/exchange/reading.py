"""A file of rows, read: bytes or a path become a Sheet, or Unreadable says what to do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from p2p.exchange import dialect as dialects
from p2p.exchange import headings
from p2p.exchange.encoding import Unreadable, decode
from p2p.listing.sheets import as_it_was

__all__ = ["Limits", "Line", "Sheet", "Unreadable", "read"]


class Limits(NamedTuple):
    size: int = 64 * 1024 * 1024  # bytes
    rows: int = 200_000
    columns: int = 256
    cell: int = 32_767  # characters, what a spreadsheet holds


class Line(NamedTuple):
    """One row as it stands in the file. `complaint` says why it cannot be used; then `cells` are as found."""

    number: int
    cells: tuple[str, ...]
    complaint: str = ""


@dataclass(frozen=True)
class Sheet:
    columns: list[str]
    rows: list[Line]
    encoding: str
    delimiter: str
    quote: str = '"'
    notes: list[str] = field(default_factory=list)  # what was decided or noticed, in words

    def position(self, column: str) -> int:
        return self._positions[column]

    def distinct(self, column: str) -> tuple[str, ...]:
        """The different values of a column, trimmed, blanks left out, in the order of the file."""
        return self._distinct[self._positions[column]]

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {name: position for position, name in enumerate(self.columns)}

    @cached_property
    def _distinct(self) -> list[tuple[str, ...]]:
        seen: list[dict[str, None]] = [{} for _ in self.columns]
        for row in self.rows:
            if not row.complaint:
                for values, cell in zip(seen, row.cells, strict=True):
                    values[cell] = None
        return [tuple(dict.fromkeys(text for cell in values if (text := cell.strip()))) for values in seen]


def read(
    source: bytes | Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_is_certain: bool = False,
    limits: Limits = Limits(),  # noqa: B008 (immutable)
) -> Sheet:
    """The table in a file. What is not given is found by content. Raises Unreadable."""
    decoded = decode(_bytes(source, limits), encoding)
    if not decoded.text.strip():
        raise Unreadable("The file is empty. Export it again, with its column names in the first line.")
    dialect = dialects.find(decoded.text, delimiter)
    records = dialects.records(decoded.text, dialect)
    first = next(records, None)
    if first is None or first.complaint:
        reason = first.complaint if first else "there is none"
        raise Unreadable(f"The line that names the columns cannot be read: {reason}.")
    _refuse_wide(first, limits)
    header, rows = _without_empty_end(first.cells, _lines(records, first.cells, limits))
    sheet = Sheet(headings.names(header), rows, decoded.encoding, dialect.delimiter, dialect.quote)
    if not rows:
        raise Unreadable("The file names its columns but has no rows below them.")
    if not header_is_certain:
        headings.require_names(header, [row.cells for row in rows[:200] if not row.complaint])
    sheet.notes.extend(_notes(sheet, decoded.assumed, header))
    return sheet


def _bytes(source: bytes | Path, limits: Limits) -> bytes:
    try:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size > limits.size:
            raise Unreadable(
                f"The file has {size:,} bytes, the limit is {limits.size:,}. Split it and import the parts."
            )
        return source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise Unreadable(f"The file cannot be opened: {error.strerror}.") from error


def _refuse_wide(record: dialects.Record, limits: Limits) -> None:
    if len(record.cells) > limits.columns:
        raise Unreadable(
            f"Line {record.line} has {len(record.cells):,} cells, the limit is {limits.columns} columns. "
            "Remove the columns you do not need, then try again."
        )
    if max(map(len, record.cells), default=0) <= limits.cell:
        return
    for position, cell in enumerate(record.cells, 1):
        if len(cell) > limits.cell:
            raise Unreadable(
                f"Line {record.line}, cell {position} has {len(cell):,} characters, the limit is {limits.cell:,}. "
                "Shorten it; a quotation mark that is never closed can cause this too."
            )


def _lines(records: Iterable[dialects.Record], header: list[str], limits: Limits) -> list[Line]:
    """All rows as wide as the header, or with a complaint. Equal texts are kept once: real tables repeat themselves."""
    kept: dict[str, str] = {}
    rows: list[Line] = []
    width = len(header)
    named = max((position for position, cell in enumerate(header, 1) if cell.strip()), default=0)
    for record in records:
        if len(rows) == limits.rows:
            raise Unreadable(f"The file has more than {limits.rows:,} rows. Split it and import the parts.")
        _refuse_wide(record, limits)
        cells, complaint = [as_it_was(cell) for cell in record.cells], record.complaint
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if named <= len(cells) < width:
            cells.extend([""] * (width - len(cells)))
        if not complaint and len(cells) != width:
            complaint = f"the row has {len(cells)} cells, the first line names {named} columns"
        rows.append(Line(record.line, tuple([kept.setdefault(cell, cell) for cell in cells]), complaint))
    return rows


def _without_empty_end(header: list[str], rows: list[Line]) -> tuple[list[str], list[Line]]:
    """Spreadsheets leave columns at the end that have neither a name nor a value."""
    width = len(header)
    while width and not header[width - 1].strip() and not any(_filled(row, width - 1) for row in rows):
        width -= 1
    if width == len(header):
        return header, rows
    return header[:width], [row if row.complaint else row._replace(cells=row.cells[:width]) for row in rows]


def _filled(row: Line, position: int) -> bool:
    return not row.complaint and bool(row.cells[position].strip())


def _notes(sheet: Sheet, assumed: bool, first: list[str]) -> list[str]:
    notes = []
    if assumed:
        notes.append("The letters were read as Windows Western European (cp1252); look at the accents in the preview.")
    lost = sum("\ufffd" in value for column in sheet.columns for value in sheet.distinct(column))
    if lost:
        notes.append(f"{lost} value(s) hold “\ufffd”: letters were lost before this file was written.")
    unnamed = sum(not cell.strip() for cell in first)
    if unnamed:
        notes.append(f"{unnamed} column(s) have no name and were numbered.")
    if len({" ".join(cell.split()) for cell in first if cell.strip()}) + unnamed < len(sheet.columns):
        notes.append("Some columns have the same name; the later ones were numbered.")
    return notes
