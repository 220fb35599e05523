"""A kind of record that comes from files: what it declares, and nothing of how files are read or jobs are run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from p2p.exchange.checking import Progress, Staged
from p2p.exchange.fields import Field
from p2p.exchange.mapping import Mapping
from p2p.history import OpenOperation

#: So many rows are shown as they will be.
PREVIEWED = 20


class Shown(NamedTuple):
    """A column of the preview: where it stands in a previewed row, its heading, how it is written (text, num, date,
    money, percent, status), and the word for a blank."""

    key: str
    label: str
    kind: str = "text"
    blank: str = ""


class Made(NamedTuple):
    """Something an import makes besides its rows: its name in the counts, its label, and a remark."""

    name: str
    label: str
    remark: str = ""


@dataclass(frozen=True)
class Kind:
    """Opportunities, contacts, leads: one object each.

    `stage(sheet, mapping, skip_bad=…, seen=…, progress=…)` checks every row against the rules and what is known; it
    only reads. `seen` says that this very file was imported before: rows that nothing tells apart are then known, too.
    Kinds that fill blanks take `fill=…`. `write` puts down what was staged inside an open operation and
    counts it; raises CannotImport. `preview` and `named` tell of what is staged: its first rows, the names of what is
    to be made. `place` is the page where the result is seen: its endpoint and the words on the button."""

    name: str
    one: str
    fields: tuple[Field, ...]
    about: frozenset[str]
    stage: Callable[..., Staged]
    write: Callable[[OpenOperation, Any, Progress], dict[str, int]]
    shown: tuple[Shown, ...]
    preview: Callable[[Any], list[dict[str, Any]]]
    made: tuple[Made, ...]
    named: Callable[[Any], dict[str, list[str]]]
    place: tuple[str, str]
    needs: tuple[str, ...] = ()  # fields of which one at least must have a column
    keeps_rest: bool = False  # whether columns that feed nothing stay with the record
    files: str = "a CSV"
    fills: bool = False  # whether blanks of what is known can be filled in, when asked for

    def missing(self, mapping: Mapping) -> list[str]:
        """What the file must have a column for and has not, in words."""
        labels = [field.label for field in mapping.missing]
        if self.needs and mapping.fields and not any(name in mapping.choices for name in self.needs):
            labels.append(" or ".join(field.label for field in self.fields if field.name in self.needs))
        return labels
