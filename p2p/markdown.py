"""Notes as people write them, in Markdown: shown as markup that is harmless whatever was typed."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

#: What notes may be made of. A page has its own headings, so those of a note are bold lines; images are links to them.
TAGS = {"p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
#: So many cells the tables of a note may have. Every row is filled up to the width of the first, so that a few letters
#: can make a page of half a megabyte; beyond this, tables are shown as they were typed.
MOST_CELLS = 3000


def _headings_are_bold_lines(state: StateCore) -> None:
    within = False
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            within, token.tag = token.type == "heading_open", "p"
        elif within and token.children is not None:
            token.children.insert(0, Token("strong_open", "strong", 1))
            token.children.append(Token("strong_close", "strong", -1))


def _reader(*, tables: bool) -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough")
    if tables:
        reader.enable("table")
    reader.disable("image")
    reader.core.ruler.push("headings_are_bold_lines", _headings_are_bold_lines)
    return reader


def _cells(text: str) -> int:
    """How many cells its tables would have at most; a table ends where a line is empty."""
    blocks = (block.splitlines() for block in re.split(r"\n\s*\n", text))
    return sum(len(lines) * max((line.count("|") for line in lines), default=0) for lines in blocks)


_READER, _READER_WITHOUT_TABLES = _reader(tables=True), _reader(tables=False)
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes=SCHEMES,
    link_rel="nofollow noopener noreferrer",
    generic_attribute_prefixes=set(),
)


@lru_cache(maxsize=2000)
def markdown(text: str | None) -> Markup:
    """A note as markup; HTML in it is shown as it was typed."""
    if not text:
        return Markup("")
    reader = _READER if _cells(text) <= MOST_CELLS else _READER_WITHOUT_TABLES
    return Markup(_CLEANER.clean(reader.render(text)))


def plain(text: str | None) -> str:
    """A note in one line, without its marks, for lists and calendars."""
    return markdown(text).striptags()
