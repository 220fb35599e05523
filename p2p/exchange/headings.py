"""The first row of a table: is it one that names columns, and what are they called?"""

import re
from collections.abc import Sequence

from p2p.exchange.encoding import Unreadable

_FIGURE = re.compile(r"[-+(]?\W{0,3}[0-9][0-9.,:/' \u00a0\u202f-]*\W{0,3}\)?(?:[T ][0-9:.]+(?:Z| ?[AP]M)?)?")
_ADDRESS = re.compile(r"\S+@\S+\.\S+|https?://\S+")
_NO_NAMES = (
    "The first line does not name the columns, it looks like a row: “{first}”. "
    "Add a first line with a name for each column, such as Account or Close Date, then try again."
)


def require_names(first: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Raises Unreadable when the first row is itself a record: typed like its columns, or repeating their words."""
    cells = [cell.strip() for cell in first]
    against = in_favour = 0
    for position, cell in enumerate(cells):
        values = [row[position].strip() for row in rows if len(row) > position and row[position].strip()]
        if not cell or not values:
            continue
        typed = 2 * sum(_is_value(value) for value in values) > len(values)
        if _is_value(cell):
            against += 2 if typed else 1
        elif typed:
            in_favour += 2
        elif values.count(cell) > 1:
            against += 1
    if against > max(in_favour, 1):
        raise Unreadable(_NO_NAMES.format(first=", ".join(cells)[:80]))


def names(first: Sequence[str]) -> list[str]:
    """A different, visible name for every column: “Column 3” where there is none, “Name (2)” for the second Name."""
    taken: set[str] = set()
    result = []
    for position, cell in enumerate(first, 1):
        plain = " ".join(cell.split()) or f"Column {position}"
        name, count = plain, 1
        while name in taken:
            count += 1
            name = f"{plain} ({count})"
        taken.add(name)
        result.append(name)
    return result


def _is_value(cell: str) -> bool:
    return bool(_FIGURE.fullmatch(cell) or _ADDRESS.fullmatch(cell))
