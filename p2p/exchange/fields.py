"""What a kind of record can take from a file: each noun describes its fields, the exchange does the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

KINDS = ("text", "number", "money", "percent", "date", "choice", "currency", "email")


@dataclass(frozen=True)
class Field:
    """One thing a record can take. `synonyms` are headings in any language, the likeliest first; case, accents,
    punctuation and word order do not matter. `one_of` gives, for the kind *choice*, our value for each word.
    `least` and `most` bound numbers and percent points."""

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    synonyms: tuple[str, ...] = ()
    one_of: Mapping[str, str] = field(default_factory=dict)
    least: Decimal | None = None
    most: Decimal | None = None
    longest: int = 0  # characters of a text; 0 is any
    spare: bool = False  # seldom met: shown only where it has a column, or asked for

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.name}: no such kind, {self.kind}")


def words(text: str) -> tuple[str, ...]:
    """Headings, written one after the other with commas."""
    return tuple(" ".join(text.split()).split(", "))
