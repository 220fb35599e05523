"""How a text is cut into cells: which delimiter, which quotation mark. Decided by what keeps the rows even."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from p2p.exchange.encoding import Unreadable

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 500
#: So many characters one row may have, and so many lines a file: what is beyond is no table, and would fill the memory.
LONGEST_ROW = 2_000_000
MOST_LINES = 2_000_000
_SEP_LINE = re.compile(r'"?sep=(?P<delimiter>[^\r\n"])"?(?:\r\n|\r|\n|$)', re.IGNORECASE)


class Dialect(NamedTuple):
    delimiter: str
    quote: str
    skipped: int  # lines before the table: 1 when a `sep=;` line was honoured


class Record(NamedTuple):
    line: int  # where it starts; the first line of the file is 1
    cells: list[str]
    complaint: str = ""


class _Lines:
    """The lines of a text for the rows they make up; a row or a file far too long is refused before it is cut up."""

    def __init__(self, text: str) -> None:
        self.lines = io.StringIO(text, newline="")
        self.number = self.row = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.number += 1
        self.row += len(line)
        if self.row > LONGEST_ROW:
            raise Unreadable(
                f"The row that ends in line {self.number:,} has more than {LONGEST_ROW:,} characters. "
                "Shorten it; a quotation mark that is never closed can cause this too."
            )
        if self.number > MOST_LINES:
            raise Unreadable(f"The file has more than {MOST_LINES:,} lines. Split it and import the parts.")
        return line


class _Candidate(NamedTuple):
    dialect: Dialect
    share: float  # of the records that are as wide as the first
    width: int
    usual: int  # the commonest width


def find(text: str, delimiter: str | None = None) -> Dialect:
    """The dialect that cuts the text into the most even rows."""
    said = _SEP_LINE.match(text)
    skipped = 1 if said else 0
    given = delimiter or (said and said["delimiter"])
    quotes = '"' if '"' in text[:200_000] or "'" not in text[:200_000] else "\"'"
    candidates = [
        _judge(text, Dialect(mark, quote, skipped)) for quote in quotes for mark in ((given,) if given else DELIMITERS)
    ]
    if "'" in quotes and not _quoted_throughout(text, candidates):
        candidates = [candidate for candidate in candidates if candidate.dialect.quote == '"']
    return _best(candidates, given is not None)


def records(text: str, dialect: Dialect) -> Iterator[Record]:
    """Every row that is not blank. A badly quoted one is kept, with its complaint: nothing is dropped unseen."""
    lines = _Lines(text)
    for _ in range(dialect.skipped):
        next(lines)
    reader = csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
    while True:
        start, lines.row = lines.number + 1, 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(start, [], _complaint(str(error), start, dialect.quote))
        else:
            if any(cells) and any(cell.strip() for cell in cells):
                yield Record(start, cells)


def _complaint(error: str, line: int, quote: str) -> str:
    if "unexpected end" in error:
        raise Unreadable(f"The quotation mark opened in line {line} is never closed. Close it, then try again.")
    if "field limit" in error:
        raise Unreadable(f"A cell in line {line} is far too long; probably a quotation mark there is never closed.")
    return f"text follows a closing quotation mark; write {quote}{quote} for one inside a cell"


def _judge(text: str, dialect: Dialect) -> _Candidate:
    widths: list[int] = []
    try:
        for record in islice(records(text, dialect), _SAMPLE_ROWS):
            cells = record.cells
            while widths and len(cells) > widths[0] and not cells[-1].strip():
                cells.pop()  # spreadsheets pad rows with empty cells
            widths.append(len(cells))
    except Unreadable:
        if not widths:
            return _Candidate(dialect, 0.0, 0, 0)
    if not widths:
        return _Candidate(dialect, 0.0, 0, 0)
    usual = Counter(widths).most_common(1)[0][0]
    return _Candidate(dialect, widths.count(widths[0]) / len(widths), widths[0], usual)


def _quoted_throughout(text: str, candidates: list[_Candidate]) -> bool:
    """Apostrophes are quotation marks only where every heading wears them; O'Neil alone does not make a dialect."""
    best = _best([candidate for candidate in candidates if candidate.dialect.quote == '"'], given=True)
    first = next(records(text, best), None)
    return first is not None and all(re.match(r"\s*'.*", cell) for cell in first.cells if cell.strip())


def _best(candidates: list[_Candidate], given: bool) -> Dialect:
    even = [each for each in candidates if each.width > 1 and each.share >= 0.5]
    if even:
        top = max(each.share for each in even)
        near = [each for each in even if each.share >= top - 0.05]
        # Apostrophes come last among the candidates, and only when the headings wear them: then they win a tie.
        return max(near, key=lambda each: (each.width, each.share, each.dialect.quote == "'")).dialect
    below = max(candidates, key=lambda each: (each.usual, each.width))
    if not given and below.usual > 2 and below.width * 2 <= below.usual:
        raise Unreadable(
            f"The first line has {below.width} cell(s), most rows have {below.usual}. "
            "The first line must name the columns: delete what stands above them."
        )
    wide = max(candidates, key=lambda each: each.width)
    return wide.dialect if given or wide.width > 2 else candidates[0].dialect
