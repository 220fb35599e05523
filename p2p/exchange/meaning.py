"""Whether a heading means a field: the same words in another case, order, spelling or language."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SAME = dict.fromkeys(("no", "nr", "num", "nummer", "numero", "nro", "n", "№"), "number") | {"est": "estimated"}
_SMALL = frozenset(
    [
        "the",
        "of",
        "a",
        "an",
        "der",
        "die",
        "das",
        "des",
        "de",
        "la",
        "le",
        "du",
        "del",
        "della",
        "di",
        "el",
        "los",
        "name",
    ]
)


@lru_cache(maxsize=8192)
def tokens(name: str) -> tuple[str, ...]:
    """The words of a heading, bare: no case, accents, punctuation; `AccountNo.` and `account number` are the same."""
    spelled = _HUMP.sub(" ", name).replace("#", " number ").replace("%", " percent ").replace("°", " ")
    letters = unicodedata.normalize("NFKD", spelled.casefold())
    bare = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return tuple(_SAME.get(word, word) for word in bare.split())


def plain(word: str) -> str:
    """A word of a list as it is compared."""
    return " ".join(tokens(word.casefold()))


def likeness(heading: str, synonyms: Sequence[str], about: Collection[str] = ()) -> float:
    """1.0 for the same words, less for the same with remarks, filling words or a slip of the pen; 0 for anything else.

    `about` are words for the record itself (opportunity, deal …), which say nothing in its own table.
    """
    best = 0.0
    for rank, synonym in enumerate(synonyms):
        found = _alike(heading, synonym, frozenset(about)) - min(rank, 40) * 0.001
        best = max(best, found)
    return best


def says_nothing(heading: str, about: Collection[str] = ()) -> bool:
    """Headings such as “Column 3”, “Date” or “Datum” name no field."""
    empty = {"column", "spalte", "colonne", "columna", "colonna", "field", "date", "datum", "fecha", "data", "status"}
    return all(word in empty or word in about or word.isdigit() for word in tokens(heading))


@lru_cache(maxsize=65536)
def _alike(heading: str, synonym: str, about: frozenset[str]) -> float:
    full, bare, wanted = tokens(heading), tokens(_REMARK.sub(" ", heading)), tokens(synonym)
    for score, words in ((1.0, full), (0.88, bare)):
        if words == wanted:
            return score
        if "".join(words) == "".join(wanted):
            return score - 0.02
        if sorted(words) == sorted(wanted):
            return score - 0.04
    lean, sought = _lean(bare, about), _lean(wanted, about)
    if lean and lean == sought:
        return 0.78
    short, long = sorted(("".join(bare), "".join(wanted)), key=len)
    if (
        _figures(bare) == _figures(wanted)
        and len(short) >= 6
        and len(long) - len(short) < 3
        and SequenceMatcher(None, short, long).ratio() >= 0.9
    ):
        return 0.66
    return 0.0


def _figures(words: Sequence[str]) -> list[str]:
    """What no slip of the pen explains: the second address is not the first."""
    return [word for word in words if word.isdecimal()]


def _lean(words: Sequence[str], about: frozenset[str]) -> list[str]:
    return sorted(word for word in words if word not in _SMALL and word not in about)
