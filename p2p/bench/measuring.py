"""Clocks: calls taken in turns, so that whatever else the machine does falls on all of them alike."""

import gc
import io
import re
import time
from collections.abc import Callable, Iterator, Mapping
from statistics import median
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
FORM = "application/x-www-form-urlencoded"
RAW_TOKEN = "6d" * 20


class Visit:
    """Somebody signed in who asks an application directly: through every guard, without a socket, without gzip."""

    def __init__(self, app: Flask, token: str) -> None:
        self.app = app
        self.cookie = cookie(app, app.config["SESSION_COOKIE_NAME"], token)

    def door(self, path: str, headers: Mapping[str, str] | None = None, *, expect: int = 200) -> Callable[[], "Answer"]:
        """A call of one address, made ready beforehand."""
        environ = self._environ("GET", path, headers)
        return lambda: self._answer(environ, b"", expect)

    def sender(
        self, path: str, forms: Iterator[Mapping[str, Any]], headers: Mapping[str, str] | None = None
    ) -> Callable[[], "Answer"]:
        """A call that sends the next of the forms to an address."""
        environ = self._environ("POST", path, headers) | {"CONTENT_TYPE": FORM}
        return lambda: self._answer(environ, urlencode(next(forms)).encode(), 200)

    def _environ(self, method: str, path: str, headers: Mapping[str, str] | None) -> dict[str, Any]:
        return EnvironBuilder(
            path, method=method, headers=Headers({"Cookie": self.cookie} | dict(headers or {}))
        ).get_environ()

    def _answer(self, environ: dict[str, Any], body: bytes, expect: int) -> "Answer":
        posted = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        chunks, status, headers = run_wsgi_app(self.app.wsgi_app, environ | posted)
        answer = Answer(int(status[:3]), headers, b"".join(chunks))
        if answer.status != expect:
            raise RuntimeError(f"{environ['PATH_INFO']}: expected {expect}, got {status}")
        return answer


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def found(self, pattern: str) -> str:
        match = re.search(pattern, self.body.decode())
        assert match, f"no {pattern} in an answer {self.status} of {len(self.body)} bytes"
        return match[1]

    @property
    def csrf(self) -> str:
        return self.found(r'name="csrf_token" value="([^"]+)"')


def cookie(app: Flask, name: str, token: str) -> str:
    """The cookie of a session, signed as the application signs it."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{name}={signer.dumps({'token': token, 'csrf_token': RAW_TOKEN})}"


def quiet() -> None:
    """Collect now, and keep what is loaded out of later rounds, as the server does."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def in_turns(
    calls: Mapping[str, Callable[[], Any]],
    rounds: int,
    *,
    per_round: int = 3,
    clock: Callable[[], float] = time.thread_time,
) -> dict[str, list[float]]:
    """Name → milliseconds per call in each round; every round takes each call `per_round` times."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for number in range(rounds):
        names = list(calls)
        for name in names if number % 2 else reversed(names):
            began = clock()
            for _ in range(per_round):
                calls[name]()
            taken[name].append((clock() - began) * 1000 / per_round)
    return taken


def ratio(one: list[float], other: list[float]) -> float:
    """The median of the ratios of each round."""
    return median(a / b for a, b in zip(one, other, strict=True))
