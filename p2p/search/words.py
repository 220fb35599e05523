"""By which words records are found, and what somebody means who types some: pure functions.

A word is a run of letters and figures, folded. What holds an @, or figures beside a mark (`O-2026-0017`, `3.5t`), is
kept in one piece and found from the beginning of each of its parts: `2026-0017`, `0017` and `17` find it, too. A phone
number is found from any of its figures on: it counts for nothing how it begins. All are found by how they begin.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from p2p.parties.models import fold

#: What is longer is cut, in the index as in what is looked for.
LONGEST = 60
#: So many words of what was typed count, and so many figures make a phone number.
MOST_WORDS, SHORTEST_PHONE = 8, 4
#: Marks of words that are no words of a text: a whole name or number, figures of a phone number.
WHOLE, PHONE = "=", "+"

ALIKE = re.compile(r"[^\W_]+")
PIECED = re.compile(r"[@\d]")
FIGURES = re.compile(r"(?<!\S)[+(]*\d[\d\s()/.\u2013-]*(?!\S)")


def words_of(text: str | None) -> frozenset[str]:
    """The words a text is found by."""
    return _words_of(text) if text else frozenset()


@lru_cache(maxsize=4096)  # an import says the same names and towns again and again
def _words_of(text: str) -> frozenset[str]:
    folded, found = fold(text), set()
    if not PIECED.search(folded):
        return frozenset(word[:LONGEST] for word in ALIKE.findall(folded))
    for chunk in folded.split():
        for piece in _pieces(chunk):
            found |= {piece[match.start() :][:LONGEST] for match in ALIKE.finditer(piece)}
            found |= {bare[:LONGEST] for part in ALIKE.findall(piece) if part[0] == "0" and (bare := part.lstrip("0"))}
    return frozenset(found)


def whole(text: str | None) -> set[str]:
    """The word by which a name or number is found as a whole."""
    folded = fold(text or "")
    return {(WHOLE + folded)[:LONGEST]} if folded else set()


def figures_of(key: str | None) -> set[str]:
    """The words a phone number is found by, from its key (`+41446681800`): its figures from each one on."""
    plain = re.sub(r"\D", "", (key or "").partition("x")[0])
    return {PHONE + plain[start:] for start in range(len(plain) - SHORTEST_PHONE + 1)}


def _pieces(chunk: str) -> list[str]:
    """What is kept together of something between blanks."""
    found = list(ALIKE.finditer(chunk))
    if not found:
        return []
    if PIECED.search(chunk):
        return [chunk[found[0].start() : found[-1].end()]]
    return [match[0] for match in found]


@dataclass(frozen=True)
class Wanted:
    """What somebody typed."""

    typed: str

    @property
    def title(self) -> str | None:
        """What a name or number would have to be, or to begin with."""
        return next(iter(whole(self.typed)), None)

    @cached_property
    def ways(self) -> list[tuple[str, ...]]:
        """The ways to read it, each the beginnings of words that must all be there; none for nothing.

        Figures may be words, or parts of one phone number.
        """
        words = _terms(self.typed)
        phones: list[str] = []
        rest = FIGURES.sub(lambda run: _take_phone(run[0], phones), fold(self.typed))
        read = [words] if words else []
        return [*read, (*_terms(rest), *phones)[:MOST_WORDS]] if phones else read


def _terms(typed: str) -> tuple[str, ...]:
    pieces = [piece[:LONGEST] for chunk in fold(typed).split() for piece in _pieces(chunk)]
    return tuple(dict.fromkeys(pieces))[:MOST_WORDS]


def _take_phone(run: str, phones: list[str]) -> str:
    """Put the figures of a run to the phones, if they are enough; returns what is left of it for words."""
    figures = re.sub(r"\D", "", run.replace("(0)", "")).lstrip("0")
    if len(figures) < SHORTEST_PHONE:
        return run
    phones.append(PHONE + figures)
    return " "


def all_words(texts: Iterable[str | None]) -> set[str]:
    return {word for text in texts for word in words_of(text)}
