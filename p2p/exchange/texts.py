"""Text from a file as a record keeps it."""

import re
import unicodedata
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def one_line(text: str) -> str:
    """Text as a field of one line keeps it."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def cannot_be_shown(text: str) -> bool:
    return _UNSHOWABLE.search(text) is not None


def email_address(text: str) -> str:
    """An e-mail address in its normal spelling, as forms take it. Raises ValueError with the reason in words."""
    try:
        return validate_email(one_line(text), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"this is no e-mail address: {str(error).rstrip('.')}") from None


def cut_to(text: str, longest: int) -> str:
    """Text that fits; where some had to go, it says so by an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def web_address(text: str) -> str:
    """The address of a web site, http or https, as forms take it. Raises ValueError."""
    bare = one_line(text)
    address = bare if re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", bare, re.IGNORECASE) else f"https://{bare}"
    parts = urlsplit(address)
    if parts.scheme.lower() not in ("http", "https") or "." not in (parts.hostname or "") or " " in address:
        raise ValueError("this is no web address such as www.example.com")
    return address
