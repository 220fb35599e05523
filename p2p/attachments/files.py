"""The bytes of attachments: one file for each content, named by its SHA-256, in the folder `files` of the instance.

They are on the disk before the row that names them is committed, and stay while any row does, a hidden one too,
because an undo may bring it back.
"""

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from flask import current_app

from p2p.attachments import queries
from p2p.db import chunks

#: What was not even written to its end is taken away after a day, whole contents that no row names after three months:
#: their row may be on the way, or in a copy of the database that somebody puts back.
DAY = 24 * 60 * 60
TORN, UNNAMED = DAY, 90 * DAY
STEP = 1 << 20
INCOMING = "incoming-"


class Kept(NamedTuple):
    digest: str
    size: int


def folder() -> Path:
    """Where the bytes are; for the owner only."""
    path = Path(current_app.instance_path) / "files"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(digest: str) -> Path:
    return folder() / digest[:2] / digest[2:]


def keep(stream: IO[bytes]) -> Kept:
    """Keep bytes under the digest of what they are, whole or not at all: written aside, flushed to the disk, renamed.

    The same content is stored once; written anew it mends a damaged file, and counts as young. Raises OSError.
    """
    aside = folder() / f"{INCOMING}{secrets.token_hex(16)}"
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
            while part := stream.read(STEP):
                written.write(part)
                digest.update(part)
                size += len(part)
            written.flush()
            os.fsync(written.fileno())
        path = path_of(digest.hexdigest())
        path.parent.mkdir(mode=0o700, exist_ok=True)
        aside.replace(path)
        _settle(path.parent)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return Kept(digest.hexdigest(), size)


def _settle(directory: Path) -> None:
    """Have the new names themselves on the disk, where the system can (Windows cannot open a folder)."""
    for each in (directory, directory.parent):
        with suppress(PermissionError):
            descriptor = os.open(each, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def whole(digest: str, size: int) -> Path | None:
    """The file with this content, if it is there and still what was attached."""
    path = path_of(digest)
    try:
        if path.stat().st_size != size:
            return None
        with path.open("rb") as opened:
            return path if hashlib.file_digest(opened, "sha256").hexdigest() == digest else None
    except OSError:
        return None


def clean() -> int:
    """Take away what no row names and nobody is about to name; how many files that were."""
    gone = 0
    for chunk in chunks(_old(), 500):
        named = queries.named_among([digest for digest, _ in chunk])
        for digest, path in chunk:
            if digest not in named and _is_old(path):
                with suppress(OSError):
                    path.unlink()
                    gone += 1
    return gone


def _old() -> Iterator[tuple[str, Path]]:
    for path in folder().rglob("*"):
        if path.is_file() and _is_old(path):
            yield path.parent.name + path.name, path


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > (TORN if path.name.startswith(INCOMING) else UNNAMED)
    except OSError:
        return False
