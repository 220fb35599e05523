"""Settings come from the environment (P2P_*); p2p refuses to start with unsafe ones."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from p2p.engine import engine_options

MEGABYTE = 1024 * 1024


class UnsafeSetting(SystemExit):
    """A setting that would lose data or let somebody in; the message says which and what to do."""


def load(instance: Path) -> dict[str, Any]:
    """Flask's configuration from P2P_* variables; creates the instance folder and the secret key when missing."""
    key = _in_folder(instance)
    url = database_url(os.environ.get("P2P_DATABASE_URL") or f"sqlite:///{instance / 'p2p.sqlite'}")
    secure = os.environ.get("P2P_HTTPS", "") == "1"
    port = number("P2P_PORT", 5000, 65535)
    attachment = number("P2P_ATTACHMENT_LIMIT_MB", 25, 1000) * MEGABYTE
    config = {
        "HOST": os.environ.get("P2P_HOST", "127.0.0.1"),
        "PORT": port,
        "SECRET_KEY": key,
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url),
        "TRUSTED_PROXIES": number("P2P_TRUSTED_PROXIES", 0, 10),
        "SESSION_COOKIE_NAME": "__Host-p2p" if secure else f"p2p-{port}",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "ATTACHMENT_LIMIT": attachment,
        # Room for one attachment and its form, and for an import.
        "MAX_CONTENT_LENGTH": max(64 * MEGABYTE, attachment + MEGABYTE),
        "MAX_FORM_MEMORY_SIZE": 2 * MEGABYTE,
    }
    hosts = [host for host in os.environ.get("P2P_TRUSTED_HOSTS", "").split(",") if host]
    return config | ({"TRUSTED_HOSTS": hosts} if hosts else {})


def number(name: str, otherwise: int, most: int) -> int:
    """A whole number from the environment; below zero, trusted proxies would be taken from the wrong end."""
    typed = os.environ.get(name) or str(otherwise)
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 6 and int(typed) <= most):
        raise UnsafeSetting(f"{name} is {typed!r}, but must be a whole number from 0 to {most}.")
    return int(typed)


def _in_folder(instance: Path) -> str:
    """The secret key, from the folder of what p2p keeps."""
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(OSError):  # somebody else's folder, or a file system that knows no modes
            instance.chmod(0o700)
        return secret_key(instance)
    except OSError as error:
        why = error.strerror or error
        raise UnsafeSetting(f"{instance} must be a folder p2p can write to (P2P_INSTANCE): {why}.") from error


def database_url(url: str) -> str:
    """`postgres://` and `postgresql://` both mean PostgreSQL with psycopg. What was typed may hold a password."""
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    try:
        known = make_url(url).drivername in ("sqlite", "postgresql+psycopg")
    except (ArgumentError, ValueError):
        known = False
    if not known:
        raise UnsafeSetting(
            "P2P_DATABASE_URL must look like postgresql://user:password@host/name or sqlite:////folder/file, "
            "or be left out."
        )
    return url


def secret_key(instance: Path) -> str:
    """P2P_SECRET_KEY, or one made once and kept readable for the owner only. Refuses short and well-known keys."""
    key = os.environ.get("P2P_SECRET_KEY")
    if key is None:
        file = instance / "secret_key"
        if not file.exists():
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as opened:
                opened.write(secrets.token_urlsafe(48))
        key = file.read_text().strip()
    if len(key) < 24 or len(set(key)) < 8:
        raise UnsafeSetting(
            "P2P_SECRET_KEY is too short to be safe: use at least 24 random characters, or leave it out."
        )
    return key
