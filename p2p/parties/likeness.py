"""When two names are alike, and why a record may be one that is known already, in words: one rule for all who ask.

Pure functions. Names are compared as `core` leaves them, without case, accents and legal forms.
"""

import re

from rapidfuzz import fuzz

#: How alike names must be, of 100; shorter ones must be the same.
LIKE_ENOUGH, LONG_ENOUGH = 90, 5
#: People who share a number and are called otherwise than this alike are colleagues.
NAMESAKES = 60

#: What two records may have in common, in words.
SAME = {
    "email": "same e-mail address",
    "phone": "same phone number",
    "website": "same web site",
    "domain": "e-mail addresses of the same company",
    "party": "same party",
    "name": "same name",
    "core": "same name but for the legal form",
    "like": "nearly the same name",
}


def alike(one: str, other: str) -> float:
    """How alike two names are, 0 to 100, whatever the order of their words; other figures make another name."""
    if one == other:
        return 100.0
    if min(len(one), len(other)) < LONG_ENOUGH or _figures(one) != _figures(other):
        return 0.0
    return float(max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other)))


def like_enough(one: str, other: str) -> bool:
    """Whether two names may be one."""
    return alike(one, other) >= LIKE_ENOUGH


def namesakes(one: str, other: str) -> bool:
    """Whether two people who share a number may be one; called quite otherwise, they are colleagues."""
    return fuzz.token_sort_ratio(one, other) >= NAMESAKES


def _figures(name: str) -> list[str]:
    return re.findall(r"\d+", name)
