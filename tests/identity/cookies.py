"""Cookies in other hands, and answers as they come over the wire."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.visitor import Visitor


def token_of(visitor: Visitor) -> str:
    """The session cookie of a visitor's browser."""
    cookie = visitor.client.get_cookie(visitor.app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return cookie.value


def with_cookie(app: Flask, value: str) -> Visitor:
    """Somebody who copied a cookie."""
    thief = Visitor(app)
    thief.client.set_cookie(app.config["SESSION_COOKIE_NAME"], value)
    return thief


def posted(visitor: Visitor, url: str, **fields: Any) -> TestResponse:
    """The bare answer to a form that carries the token of the page last seen."""
    return visitor.client.post(url, data={"csrf_token": visitor.csrf_token} | fields)


def is_shut_out(visitor: Visitor) -> bool:
    """Whether this browser is sent to the door."""
    answer = visitor.client.get("/profile")
    return answer.status_code == 303 and answer.location.startswith("/sign-in")
