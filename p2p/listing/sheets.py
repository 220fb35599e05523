"""Lists as CSV: streamed row by row, readable by spreadsheets, harmless when opened in one."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Response
from sqlalchemy import Engine

from p2p.db import db
from p2p.engine import only_reading
from p2p.filters import Format, exponent, the_format, today

# A spreadsheet takes such beginnings for a formula (OWASP, *CSV injection*); plain numbers and phone numbers are none.
# Some also take the wide forms of such signs.
FORMULA = re.compile(r"^[=+\-@\t\r\n＝＋－＠]")
PLAIN = re.compile(r"^(-?\d+([.,]\d+)?|\+\d[\d ]*)$")
BATCH, FETCHED = 200, 500


def harmless(cell: str) -> str:
    """A cell that no spreadsheet will calculate."""
    return f"'{cell}" if FORMULA.match(cell) and not PLAIN.match(cell) else cell


def as_it_was(cell: str) -> str:
    """A cell without the mark that `harmless` gave it."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def cell(column: Any, row: Any, written: Format) -> str:
    """A value as text: dates as ISO, instants in the company's time, amounts and figures with a decimal point."""
    value = row[column.key]
    if value is None:
        return ""
    if column.words:
        return harmless(column.words.get(value, str(value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.kind == "amount":
        currency = row[column.currency] if column.currency else written.currency
        return str(Decimal(value).scaleb(-exponent(currency)))
    if isinstance(value, datetime):
        return value.astimezone(written.tzinfo).strftime("%Y-%m-%d %H:%M")
    return harmless(str(value))


def lines(columns: list[Any], rows: Iterable[Any], format: Format) -> Iterator[str]:
    """The file, a batch of rows at a time; begins with the mark by which spreadsheets know UTF-8."""
    written = io.StringIO()
    sheet = csv.writer(written)
    written.write("\ufeff")
    sheet.writerow([column.label for column in columns])
    for number, row in enumerate(rows, 1):
        sheet.writerow([cell(column, row, format) for column in columns])
        if number % BATCH == 0:
            yield written.getvalue()
            written.seek(0)
            written.truncate()
    yield written.getvalue()


def csv_file(name: str, labels: Iterable[str], rows: Iterable[Iterable[Any]]) -> Response:
    """A small download of rows that are at hand, called after the page and the day."""
    written = io.StringIO()
    sheet = csv.writer(written)
    written.write("\ufeff")
    sheet.writerow(labels)
    for row in rows:
        sheet.writerow([harmless(each) if isinstance(each, str) else each for each in row])
    return _download(name, written.getvalue())


def _download(name: str, told: str | Iterator[str]) -> Response:
    answer = Response(told, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{today().isoformat()}.csv"'
    return answer


def csv_answer(name: str, columns: Iterable[Any], wanted: Any) -> Response:
    """A download called after the list and the day."""
    return _download(name, _streamed(list(columns), wanted, db.engine, the_format()))


def _streamed(columns: list[Any], wanted: Any, engine: Engine, written: Format) -> Iterator[str]:
    # The request is over when the first line is sent: the file is read by a connection of its own, in one snapshot.
    with engine.connect() as connection:
        with only_reading():
            rows = connection.execution_options(yield_per=FETCHED).execute(wanted).mappings()
        yield from lines(columns, rows, written)
