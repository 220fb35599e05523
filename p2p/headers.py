"""What every answer carries: security headers, caching, compression; and addresses that fit their files."""

import gzip
import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.routing import IntegerConverter

from p2p.web import wants_part

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg+xml")

_compressed: dict[str, bytes] = {}


def finish(response: Response) -> Response:
    """Headers for every answer, errors included; text compressed."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static" or response.status_code >= 400:
        if not response.cache_control.private:  # what a program asks for again and again, it may ask if it changed
            response.headers["Cache-Control"] = "no-store"
        response.vary.update(("Cookie", "HX-Request-Type"))
    return compress(response)


def compress(response: Response) -> Response:
    """gzip for browsers that take it: level 1 for parts, 6 for whole pages, 9 once per version of a static file."""
    kind = response.mimetype or ""
    if (
        not kind.startswith(COMPRESSED)
        or not request.accept_encodings["gzip"]
        or response.status_code in (204, 206, 304)
    ):
        return response
    static = request.endpoint == "static" and response.status_code == 200
    if response.is_streamed and not static:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < 600:
        return response
    if static:
        name = f"{request.path} {len(body)}"  # without its question: anybody could ask for ever new ones
        if name not in _compressed:
            _compressed[name] = gzip.compress(body, 9, mtime=0)
        response.set_data(_compressed[name])
    else:
        response.set_data(gzip.compress(body, 1 if wants_part() else 6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    if not response.get_etag()[1]:  # a weak one speaks of what is said, not of its bytes
        response.headers.pop("ETag", None)
    return response


class Number(IntegerConverter):
    """Numbers in addresses; a larger one than any id leads nowhere, where databases would choke on it.

    It fits no door at all: one that is found and then refused (as by `max`) lets a door beside it answer 405.
    """

    regex = r"\d{1,9}"


def static_version(app: Flask) -> Any:
    """Static addresses carry a digest of their file, so browsers may keep them for ever."""
    known: dict[str, str] = {}

    def add(endpoint: str, values: dict[str, Any]) -> None:
        name = values.get("filename")
        if endpoint != "static" or not name:
            return
        if name not in known:
            content = (Path(app.root_path) / "static" / name).read_bytes()
            known[name] = hashlib.sha256(content).hexdigest()[:10]
        values["v"] = known[name]

    return add


def init(app: Flask) -> None:
    """Fasten them to the application."""
    app.url_map.converters["int"] = Number
    app.after_request(finish)
    app.url_defaults(static_version(app))
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31536000
