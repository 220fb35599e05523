"""Lists as files, harmless when opened in a spreadsheet: CSV, streamed row by row, and Excel workbooks."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask import Response, request
from sqlalchemy import Engine
from werkzeug.wsgi import wrap_file

from p2p.db import db
from p2p.engine import only_reading
from p2p.filters import Format, exponent, the_format, today

# A spreadsheet takes such beginnings for a formula (OWASP, *CSV injection*); plain numbers and phone numbers are none.
# Some also take the wide forms of such signs.
FORMULA = re.compile(r"^[=+\-@\t\r\n＝＋－＠]")
PLAIN = re.compile(r"^(-?\d+([.,]\d+)?|\+\d[\d ]*)$")
BATCH, FETCHED = 200, 500


def harmless(cell: str) -> str:
    """A cell that no spreadsheet will calculate; one that looks marked already is marked again, to come back whole."""
    return f"'{cell}" if FORMULA.match(cell.lstrip("'")) and not PLAIN.match(cell) else cell


def as_it_was(cell: str) -> str:
    """A cell without the mark that `harmless` gave it."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell.lstrip("'")) else cell


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


# ── Workbooks ───────────────────────────────────────────────────────────────────────────────────────────────────────

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: How columns are written: kind → the number format of Excel.
FORMATS = {"date": "yyyy-mm-dd", "day": "yyyy-mm-dd", "instant": "yyyy-mm-dd hh:mm", "amount": "#,##0.00"}
#: Excel takes no more rows than these; one is the head.
ROWS = 1_048_576


def value(column: Any, row: Any, written: Format) -> Any:
    """A value as Excel keeps it: dates and numbers as such, instants in the company's time, texts never calculated."""
    found = row[column.key]
    if found is None or column.words:
        return column.words.get(found, found) if column.words else None
    if isinstance(found, bool):
        return "yes" if found else "no"
    if column.kind == "amount":
        return Decimal(found).scaleb(-exponent(row[column.currency] if column.currency else written.currency))
    if isinstance(found, datetime):
        return found.astimezone(written.tzinfo).replace(tzinfo=None)
    return found


def xlsx_answer(name: str, columns: Iterable[Any], wanted: Any) -> Response:
    """A workbook called after the list and the day; kept in a file while it is made, whatever its size."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (it is closed when it was sent)
    _workbook(file, name, list(columns), wanted)
    file.seek(0)
    told = Response(wrap_file(request.environ, file), mimetype=XLSX, direct_passthrough=True)
    told.headers["Content-Disposition"] = f'attachment; filename="{name}-{today().isoformat()}.xlsx"'
    return told


def _workbook(file: Any, name: str, columns: list[Any], wanted: Any) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(name.capitalize()[:31])
        formats = [book.add_format({"num_format": FORMATS.get(column.kind, "General")}) for column in columns]
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [column.label for column in columns], book.add_format({"bold": True}))
        sheet.set_column(0, len(columns) - 1, 16)
        with db.engine.connect() as connection:
            with only_reading():
                rows = connection.execution_options(yield_per=FETCHED).execute(wanted.limit(ROWS - 1)).mappings()
            for number, row in enumerate(rows, 1):
                for place, column in enumerate(columns):
                    sheet.write(number, place, value(column, row, the_format()), formats[place])


#: What an address calls a kind of file → what makes one.
SHEETS = {"csv": csv_answer, "xlsx": xlsx_answer}
