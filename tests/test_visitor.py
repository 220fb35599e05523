"""The visitor is what the other tests trust, so each of its rules is shown a page that must fail."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask, Response, make_response, redirect, request

from tests.inspection import PAGE_RULES, PART_RULES
from tests.visitor import Visitor

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
TOKEN = '<input type="hidden" name="csrf_token" value="abc">'
FRAME = """<!doctype html><html lang="en"><head><title>%(title)s</title></head>
<body hx-headers:inherited='{"X-CSRFToken": "abc"}'><p id="toast" role="status">%(flash)s</p>
<main>%(main)s</main><dialog id="dialog"><div id="dialog-body"></div></dialog></body></html>"""
EDIT = f"""<h1>Edit</h1><form method="post" action="/save" hx-post="/save" hx-target="#form" aria-label="Opportunity">
{TOKEN}<div id="form">
<label for="subject">Subject *</label><input id="subject" name="subject" value="Bridge" aria-describedby="subject-error"
 aria-invalid="true"><p id="subject-error">Too short</p>
<label>Stage <select name="stage"><option value="1">Lead</option><option value="2" selected>Offer</option></select>
</label>
<label for="note">Note</label><textarea id="note" name="note">
old</textarea>
<label><input type="checkbox" name="hot" checked> Hot</label>
<fieldset><legend>Outcome</legend><label><input type="radio" name="outcome" value="w" checked> Won</label>
<label><input type="radio" name="outcome" value="l"> Lost</label></fieldset></div>
<button name="do" value="save">Save</button><button name="do" value="drop">Drop</button></form>"""
LIVING = """<section id="sum" hx-get="/sum" hx-trigger="changed from:body" hx-swap="outerMorph">Sum %d</section>"""


def page(main: str, title: str = "A page", flash: str = "") -> str:
    return FRAME % {"main": main, "title": title, "flash": flash}


@pytest.fixture
def world() -> Flask:
    """A small application with one form, one dialog, one list and one living part."""
    app = Flask("world", static_folder=None)
    app.config["pages"], app.config["sum"] = {}, 1

    def part() -> bool:
        return request.headers.get("HX-Request-Type") == "partial"

    @app.get("/")
    def home() -> str:
        cards = "".join(
            f"<article><h2>{name}</h2><a href='/cards/{name}'>Open</a>"
            f"<form method='post' action='/save'>{TOKEN}<button name='card' value='{name}'>Win</button></form>"
            "</article>"
            for name in ("Bridge", "Tunnel")
        )
        return page(f"<h1>Home</h1>{cards}<a href='/lost' data-dialog>Lose</a>{LIVING % app.config['sum']}", "Home")

    @app.get("/cards/<name>")
    def card(name: str) -> str:
        rows = "<tr><th>Bridge</th><td>12<span>.50</span></td></tr>"
        head = "<thead><tr><th>Name</th><th>Value</th></tr></thead>"
        return page(f"<h1>{name}</h1><table><caption>Lines</caption>{head}<tbody>{rows}</tbody></table>", name)

    @app.get("/edit")
    def edit() -> str:
        return page(EDIT, "Edit")

    @app.get("/lost")
    def lost() -> str:
        form = f'<form method="post" action="/lost" hx-post="/lost" hx-target="#dialog-body">{TOKEN}'
        form += '<label>Reason <input name="reason"></label><button>Lose</button></form>'
        return form if part() else page(f"<h1>Lose</h1>{form}", "Lose")

    @app.post("/lost")
    def lose() -> Any:
        if not request.form["reason"]:
            words = "<p>Say why</p>" + lost() if part() else lost()
            return words, 422
        app.config["sum"] += 1
        if not part():
            return redirect("/", 303)
        answer = make_response('<hx-partial hx-target="#toast">Lost.</hx-partial>')
        answer.headers["HX-Trigger"] = '{"changed": {}}'
        return answer

    @app.get("/sum")
    def total() -> str:
        return LIVING % app.config["sum"]

    @app.post("/save")
    def save() -> Any:
        app.config["sent"] = {name: request.form.getlist(name) for name in request.form}
        app.config["sent"] |= {name: file.filename for name, file in request.files.items()}
        return redirect(request.args.get("next", "/edit"), int(request.args.get("code", 303)))

    @app.get("/shown")
    def shown() -> str:
        return str(app.config["pages"]["shown"])

    @app.get("/search")
    def search() -> str:
        return page(f"<h1>Found {request.args.get('q')}</h1>", "Search")

    @app.get("/file.csv")
    def file() -> Response:
        return Response("a;b", mimetype="text/csv")

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", app.config.get("policy", POLICY))
        response.headers["X-Content-Type-Options"] = app.config.get("sniff", "nosniff")
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = app.config.get("cache", "no-store")
        response.headers["Vary"] = app.config.get("vary", "HX-Request-Type")
        return response

    return app


@pytest.fixture
def visitor(world: Flask) -> Visitor:
    return Visitor(world)


BAD = {
    "no h1": ("<p>x</p>", "exactly one <h1>"),
    "two h1": ("<h1>a</h1><h1>b</h1>", "this one has 2"),
    "empty h1": ("<h1></h1>", "<h1> is empty"),
    "skipped level": ("<h1>a</h1><h3>b</h3>", "<h3> straight after level 1"),
    "same id twice": ("<h1 id='a'>a</h1><p id='a'></p>", "stands 2 times"),
    "unlabelled input": ("<h1>a</h1><input name='x'>", "has no label"),
    "unlabelled select": ("<h1>a</h1><select name='x'></select>", "has no label"),
    "unlabelled textarea": ("<h1>a</h1><textarea name='x'></textarea>", "has no label"),
    "empty label": ("<h1>a</h1><label for='x'></label><input id='x'>", "has no label"),
    "label for nothing": ("<h1>a</h1><label for='gone'>x</label>", "points at no control"),
    "described by nothing": ("<h1 aria-describedby='gone'>a</h1>", "aria-describedby"),
    "labelled by nothing": ("<h1 aria-labelledby='gone'>a</h1>", "points at #gone"),
    "form without method": ("<h1>a</h1><form action='/save'></form>", "has no method"),
    "form without action": ("<h1>a</h1><form method='get'></form>", "has no action"),
    "form to nowhere": (f"<h1>a</h1><form method='post' action='/gone'>{TOKEN}</form>", "no endpoint for POST (404)"),
    "form with wrong method": (f"<h1>a</h1><form method='post' action='/edit'>{TOKEN}</form>", "POST (405)"),
    "button to nowhere": ("<h1>a</h1><form method='get' action='/'><button formaction='/no'>x</button></form>", "/no"),
    "form without token": ("<h1>a</h1><form method='post' action='/save'></form>", "csrf_token"),
    "form in form": (
        "<h1>a</h1><form method='get' action='/'><form method='get' action='/'></form></form>",
        "inside an",
    ),
    "dead link": ("<h1>a</h1><a href='/gone'>x</a>", "no endpoint for GET"),
    "empty link": ("<h1>a</h1><a href='#'>x</a>", "leads nowhere"),
    "script link": ("<h1>a</h1><a href='javascript:go()'>x</a>", "leads nowhere"),
    "link to a missing id": ("<h1>a</h1><a href='#gone'>x</a>", "not on the page"),
    "link without words": ("<h1>a</h1><a href='/'><svg aria-hidden='true'></svg></a>", "no accessible name"),
    "link without href": ("<h1>a</h1><a>x</a>", "link without href"),
    "button without words": ("<h1>a</h1><button type='button'></button>", "no accessible name"),
    "image without alt": ("<h1>a</h1><img src='/file.csv'>", "has no alt"),
    "drawing without name": ("<h1>a</h1><svg></svg>", "aria-hidden nor role=img"),
    "style attribute": ("<h1 style='color:red'>a</h1>", "no style= attribute"),
    "style element": ("<h1>a</h1><style>p {}</style>", "no inline <style>"),
    "inline script": ("<h1>a</h1><script>go()</script>", "no inline <script>"),
    "event attribute": ("<h1 onclick='go()'>a</h1>", "no onclick="),
    "hx-on": ("<h1 hx-on:click='go()'>a</h1>", "no hx-on"),
    "js value": ("<h1 hx-vals='js:{a: 1}'>a</h1>", "no js: value"),
    "trigger filter": ("<h1 hx-get='/sum' hx-trigger='click[ctrlKey]'>a</h1>", "no [filter]"),
    "htmx to nowhere": ("<h1 hx-get='/gone'>a</h1>", "hx-get /gone has no endpoint"),
    "gone in htmx 4": ("<h1 hx-disabled-elt='this'>a</h1>", "hx-disabled-elt is gone"),
    "gone with data-": ("<h1 data-hx-ext='sse'>a</h1>", "hx-ext is gone"),
    "boost": ("<h1 hx-boost:inherited='true'>a</h1>", "no hx-boost"),
    "old disable": ("<h1 hx-disable>a</h1>", "old meaning is hx-ignore"),
    "old swap": ("<h1 hx-swap='beforeend'>a</h1>", "no htmx 4 style"),
    "old event": ("<h1 hx-trigger='htmx:afterSwap'>a</h1>", "htmx:after:swap"),
    "missing target": ("<h1 hx-target='#gone'>a</h1>", "targets #gone"),
    "post without form": ("<h1>a</h1><button type='button' hx-post='/save'>x</button>", "hx-post stands on a form"),
    "delete": ("<h1 hx-delete='/save'>a</h1>", "has no plain form"),
    "leaked None": ("<h1>a</h1><p>Value: None</p>", "'None' leaked"),
    "leaked Undefined": ("<h1>a</h1><p>Undefined</p>", "'Undefined' leaked"),
    "leaked thing": ("<h1>a</h1><p>&lt;User object at 0x7f&gt;</p>", "leaked"),
    "leaked template": ("<h1>a</h1><p>{{ name }}</p>", "leaked"),
    "leaked value": ("<h1>a</h1><label>x <input value='None'></label>", "leaked into value"),
    "leaked address": ("<h1>a</h1><a href='/cards/None'>x</a>", "leaked into href"),
}


@pytest.mark.parametrize(("main", "words"), BAD.values(), ids=BAD.keys())
def test_a_bad_page_fails_in_clear_words(world: Flask, visitor: Visitor, main: str, words: str) -> None:
    world.config["pages"]["shown"] = page(main)
    with pytest.raises(AssertionError) as failure:
        visitor.visit("/shown")
    assert words in str(failure.value)


BAD_FRAMES = {
    "no title": (page("<h1>a</h1>", title=" "), "<title>"),
    "no language": (page("<h1>a</h1>").replace(' lang="en"', ""), "no lang"),
    "no html tag": (page("<h1>a</h1>").replace('<html lang="en">', ""), "<html> is missing"),
    "no doctype": (page("<h1>a</h1>").replace("<!doctype html>", ""), "<!doctype html> is missing"),
    "headers not inherited": (page("<h1>a</h1>").replace(":inherited", ""), "hx-headers:inherited"),
}


@pytest.mark.parametrize(("source", "words"), BAD_FRAMES.values(), ids=BAD_FRAMES.keys())
def test_a_bad_frame_fails(world: Flask, visitor: Visitor, source: str, words: str) -> None:
    world.config["pages"]["shown"] = source
    with pytest.raises(AssertionError, match=words.replace("(", r"\(")):
        visitor.visit("/shown")


BAD_HEADERS = {
    "no policy": ("policy", "", "default-src"),
    "unsafe policy": ("policy", POLICY + "; script-src 'unsafe-inline'", "unsafe-"),
    "may be framed": ("policy", "default-src 'self'", "frame-ancestors"),
    "sniffing": ("sniff", "", "nosniff"),
    "stored": ("cache", "private", "no-store"),
    "not told apart": ("vary", "Cookie", "HX-Request-Type"),
}


@pytest.mark.parametrize(("name", "value", "words"), BAD_HEADERS.values(), ids=BAD_HEADERS.keys())
def test_a_missing_header_fails(world: Flask, visitor: Visitor, name: str, value: str, words: str) -> None:
    world.config[name] = value
    with pytest.raises(AssertionError, match=words):
        visitor.visit("/")


def test_every_rule_has_a_page_that_breaks_it() -> None:
    assert len(BAD) + len(BAD_FRAMES) >= len(PAGE_RULES) + len(PART_RULES)


def test_two_doors_with_one_title_fail(world: Flask, visitor: Visitor) -> None:
    world.config["pages"]["shown"] = page("<h1>a</h1>", "Home")
    visitor.visit("/")
    with pytest.raises(AssertionError, match="share the title 'Home'"):
        visitor.visit("/shown")


def test_a_part_is_inspected_but_needs_no_frame(world: Flask, visitor: Visitor) -> None:
    world.config["pages"]["shown"] = "<h3>Deep</h3><p>fine</p>"
    visitor.part_of("/shown")
    world.config["pages"]["shown"] = "<p style='x'>bad</p>"
    with pytest.raises(AssertionError, match="no style="):
        visitor.part_of("/shown")
    world.config["pages"]["shown"] = page("<h1>a</h1>")
    with pytest.raises(AssertionError, match="a whole page where a part"):
        visitor.part_of("/shown")


def test_links_are_followed_by_their_words(visitor: Visitor) -> None:
    visitor.visit("/").click("Open", within="Tunnel")
    assert visitor.heading == visitor.title == "Tunnel"
    assert visitor.table("Lines") == [{"Name": "Bridge", "Value": "12.50"}]
    with pytest.raises(AssertionError, match="no link 'Nowhere'"):
        visitor.click("Nowhere")


def test_the_same_words_twice_ask_for_more(visitor: Visitor) -> None:
    with pytest.raises(AssertionError, match="2 times link 'Open'"):
        visitor.visit("/").click("Open")


def test_an_untouched_form_sends_what_it_shows(world: Flask, visitor: Visitor) -> None:
    visitor.visit("/edit").submit("Save")
    assert world.config["sent"] == {
        "csrf_token": ["abc"], "subject": ["Bridge"], "stage": ["2"], "note": ["old"], "hot": ["on"],
        "outcome": ["w"], "do": ["save"],
    }  # fmt: skip


def test_a_form_is_filled_in_by_its_labels(world: Flask, visitor: Visitor) -> None:
    visitor.visit("/edit").fill(Subject="Tunnel", Stage="Lead", Note="new", Hot=False, Outcome="Lost")
    visitor.press("Drop")
    sent = world.config["sent"]
    assert (sent["subject"], sent["stage"], sent["note"], sent["outcome"]) == (["Tunnel"], ["1"], ["new"], ["l"])
    assert sent["do"] == ["drop"]
    assert "hot" not in sent


def test_a_short_form_is_filled_in_and_sent_at_once(world: Flask, visitor: Visitor) -> None:
    visitor.visit("/edit").submit("Drop", Subject="Tunnel", Stage="Lead")
    assert (world.config["sent"]["subject"], world.config["sent"]["do"]) == (["Tunnel"], ["drop"])
    visitor.submit("Opportunity", Subject="Dam")
    assert (world.config["sent"]["subject"], world.config["sent"]["do"]) == (["Dam"], ["save"])
    visitor.visit("/").submit("Win", within="Tunnel")
    assert world.config["sent"]["card"] == ["Tunnel"]
    with pytest.raises(AssertionError, match="no form 'Lose'"):
        visitor.visit("/edit").submit("Lose")


def test_what_is_not_offered_cannot_be_chosen(visitor: Visitor) -> None:
    visitor.visit("/edit")
    with pytest.raises(AssertionError, match="offers no 'Won'"):
        visitor.fill(Stage="Won")
    with pytest.raises(AssertionError, match="form with Colour"):
        visitor.fill(Colour="red")
    assert visitor.value("Subject") == "Bridge"
    assert visitor.errors == {"Subject *": "Too short"}


def test_a_button_is_found_near_other_words(world: Flask, visitor: Visitor) -> None:
    visitor.visit("/").press("Win", within="Tunnel")
    assert world.config["sent"]["card"] == ["Tunnel"]


def test_a_get_form_becomes_an_address(world: Flask, visitor: Visitor) -> None:
    form = "<form method='get' action='/search'><label>Find <input name='q'></label><button>Go</button></form>"
    world.config["pages"]["shown"] = page(f"<h1>a</h1>{form}")
    visitor.visit("/shown").fill(Find="red bridge").submit("Go")
    assert visitor.heading == "Found red bridge"
    assert visitor.url == "/search?q=red+bridge"


@pytest.mark.parametrize(("kind", "sent"), [("multipart/form-data", "a.csv"), ("text/plain", ["a.csv"])])
def test_a_file_is_sent_only_by_a_multipart_form(world: Flask, visitor: Visitor, kind: str, sent: Any) -> None:
    form = f"<form method='post' action='/save' enctype='{kind}'>{TOKEN}<label>File <input type=file name=file></label>"
    world.config["pages"]["shown"] = page(f"<h1>a</h1>{form}<button>Send</button></form>")
    visitor.visit("/shown").fill(File=(io.BytesIO(b"a;b"), "a.csv")).submit("Send")
    assert world.config["sent"]["file"] == sent


def test_a_post_must_answer_303(visitor: Visitor) -> None:
    with pytest.raises(AssertionError, match="answers 303, not 302"):
        visitor.post("/save?code=302", {})
    with pytest.raises(AssertionError, match="off the site"):
        visitor.post("/save?next=https://evil.example/", {})


def test_an_attack_may_leave_out_the_token(world: Flask, visitor: Visitor) -> None:
    visitor.visit("/edit").post("/save", {"a": "1"}, token=False)
    assert world.config["sent"] == {"a": ["1"]}
    visitor.post("/save", {"a": "1"})
    assert world.config["sent"] == {"a": ["1"], "csrf_token": ["abc"]}


def test_an_unexpected_status_says_what_was_there(visitor: Visitor) -> None:
    with pytest.raises(AssertionError, match=r"expected 200, got 404 NOT FOUND for /gone: .*not found"):
        Visitor(visitor.app, inspect=False).visit("/gone")


def test_a_file_is_no_page(visitor: Visitor) -> None:
    assert visitor.visit("/file.csv").body == b"a;b"
    with pytest.raises(AssertionError, match="no HTML page is open"):
        _ = visitor.text


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_dialog_is_one_story_with_and_without_script(world: Flask, htmx: bool) -> None:
    visitor = Visitor(world, htmx=htmx).visit("/")
    assert "Sum 1" in visitor.text
    visitor.click("Lose").submit("Lose", expect=422)
    assert visitor.status == 422
    visitor.fill(Reason="price").submit("Lose")
    assert visitor.heading == "Home"
    assert "Sum 2" in visitor.text
    assert visitor.toast == ("Lost." if htmx else "")
    assert bool(visitor.triggered) is htmx
