"""Notes in Markdown: what people write looks as meant, and what attackers write does nothing."""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from p2p.markdown import ATTRIBUTES, SCHEMES, TAGS, markdown, plain

#: A folder with `xss-live.json`, collected strings that run in a browser: {"…": ["<svg onload=…", …]}.
ALL_LIVE = Path(os.environ.get("P2P_TEST_STRINGS", "")) / "xss-live.json"
#: Some of the kinds that run by themselves where markup is shown unescaped.
LIVE = [
    "<svg onload=alert(1)>",
    "<img src=x onerror=alert('XSS');>",
    "<iframe srcdoc=<svg/o&#x6Eload&equals;alert&lpar;1)&gt;>",
    '<svg><script xlink:href=data:,alert(1) />',
    "<div hx-get='/x' hx-trigger='load'>", "<div data-hx-get='/x' data-hx-trigger='load'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<style>@import 'https://evil.example'</style>", "<base href=https://evil.example>",
    "<input autofocus onfocus=a()>",
]  # fmt: skip
#: Ways into the markup that Markdown itself makes.
WRAPS = [
    "{}", "[x]({})", "[x](<{}>)", "![x]({})", '[x](https://a.example "{}")', "[{}](https://a.example)", "<{}>",
    "[x]: {}\n\n[x]", "`{}`", "```{}\nx\n```", "| a |\n|---|\n| {} |", "> {}", "# {}",
]  # fmt: skip


def harmful(source: str) -> list[str]:
    """What stands in the markup of a note that has no business there."""
    tree = html.fragment_fromstring(str(markdown(source)), create_parent="section")
    found = []
    for element in tree.iterdescendants():
        allowed = ATTRIBUTES.get(element.tag, set()) | ({"rel"} if element.tag == "a" else set())
        found += [f"<{element.tag}>"] if element.tag not in TAGS else []
        found += [f"{name}={value}" for name, value in element.attrib.items() if name not in allowed]
        scheme = urlsplit(element.get("href", "").strip().lower()).scheme
        found += [element.get("href")] if scheme and scheme not in SCHEMES else []
    return found


@pytest.mark.parametrize(
    ("source", "markup"),
    [
        ("**bold** and *so*", "<p><strong>bold</strong> and <em>so</em></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("# Head", "<p><strong>Head</strong></p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("[x](https://a.example/?b=1&c=2)",
         '<p><a href="https://a.example/?b=1&amp;c=2" rel="nofollow noopener noreferrer">x</a></p>'),
        ("![logo](https://a.example/l.png)",
         '<p>!<a href="https://a.example/l.png" rel="nofollow noopener noreferrer">logo</a></p>'),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
    ],
)  # fmt: skip
def test_what_people_write_looks_as_meant(source, markup):
    assert str(markdown(source)).strip() == markup


def test_nothing_is_nothing():
    assert (markdown(None), markdown(""), plain(None)) == ("", "", "")


def test_lists_show_a_note_in_one_line_without_marks():
    assert plain("# Call\n\n- **price** is < 5\n- [site](https://a.example)") == "Call price is < 5 site"


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize(
    "attack", [*LIVE, "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x"]
)
def test_what_attackers_write_does_nothing(wrap, attack):
    assert harmful(wrap.format(attack)) == []


@given(st.text(alphabet="<>&\"'=/:()[]!#*_`~|- \n\\ahjosx0123;", max_size=200))
def test_whatever_is_typed_is_harmless(source):
    assert harmful(source) == []


@pytest.mark.slow
@pytest.mark.skipif(not ALL_LIVE.exists(), reason="the collection of strings that run in a browser is not here")
def test_all_that_runs_in_a_browser_does_nothing_in_a_note():
    collection = json.loads(ALL_LIVE.read_text(encoding="utf-8"))
    strings = [each for strings in collection.values() if isinstance(strings, list) for each in strings]
    assert len(strings) > 100
    assert [s for s in strings for wrap in WRAPS if harmful(wrap.replace("{}", s))] == []


def test_a_few_letters_make_no_page_of_half_a_megabyte():
    """Rows of a table are filled up to the width of the first one."""
    wide = ("|" * 60 + "\n") + ("|-" * 59 + "|\n") + "x|\n" * 900
    assert len(wide) < 4000
    assert len(markdown(wide)) < 10 * len(wide)
    assert "<table>" not in markdown(wide)
    assert markdown("|a|b|\n|-|-|\n" + "|1|2|\n" * 200).count("<tr>") == 201
