"""E-mail and web addresses as they are kept, whether they were typed or came in a file. Pure functions."""

import re
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email


def email_address(text: str) -> str:
    """An e-mail address in its normal spelling; whether its host exists is not asked. Raises ValueError."""
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"this is no e-mail address: {str(error).rstrip('.')}") from None


def web_address(text: str) -> str:
    """The address of a web site; only http and https, so that it is safe to click. Raises ValueError."""
    address = text if re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", text, re.IGNORECASE) else f"https://{text}"
    try:
        parts = urlsplit(address)
        right = parts.scheme.lower() in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        right = False
    if not right or any(c.isspace() for c in address):
        raise ValueError("this is no web address such as www.example.com")
    return address
