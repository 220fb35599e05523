"""Answers nobody plans for: a form sent twice at once, and an address that would write into the log."""

import logging

from tests.cast import RITA


def test_a_key_spent_on_other_words_meanwhile_is_refused_in_words(as_, monkeypatch):
    rita = as_(RITA)
    form = {"key": "one-and-the-same", "name": "Vogt"}
    rita.visit("/parties/new")
    rita.post("/parties/new", form)
    monkeypatch.setattr("p2p.parties.views.repeated", lambda: None)  # as if both had looked before either was kept
    rita.visit("/parties/new")
    rita.post("/parties/new", form | {"name": "Brunner"}, expect=422)
    assert "already sent with other words" in rita.text


def test_an_address_cannot_forge_a_line_of_the_log(app, caplog):
    with app.test_request_context("/there%0d%0aERROR all is lost%E2%80%A8"), caplog.at_level(logging.ERROR):
        app.log_exception((ValueError, ValueError("x"), None))
    (record,) = caplog.records
    assert record.getMessage() == r"Exception on /there\x0d\x0aERROR all is lost\x2028 [GET]"
