"""How passwords are kept: Argon2 hashes, never the words. Checking one costs the same whoever asks."""

from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app


def hasher() -> PasswordHasher:
    return PasswordHasher(**current_app.config.get("ARGON2", {}))


def hashed(password: str) -> str:
    """What is stored of a password."""
    return hasher().hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password behind a stored hash; None (no such user, no password) costs one hash as well."""
    nobodys = _nobodys(tuple(sorted(current_app.config.get("ARGON2", {}).items())))
    try:
        hasher().verify(stored or nobodys, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@lru_cache(maxsize=4)
def _nobodys(settings: tuple[tuple[str, Any], ...]) -> str:
    """A hash that no password is behind, as costly as the real ones."""
    options: dict[str, Any] = dict(settings)
    return PasswordHasher(**options).hash("nobody signs in with this")
