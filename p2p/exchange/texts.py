"""Text from a file as a record keeps it."""

import re
import unicodedata

_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def one_line(text: str) -> str:
    """Text as a field of one line keeps it."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def cannot_be_shown(text: str) -> bool:
    return _UNSHOWABLE.search(text) is not None


def cut_to(text: str, longest: int) -> str:
    """Text that fits; where some had to go, it says so by an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
