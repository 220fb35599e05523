"""The grammar of vCards: cards, lines that were folded, names, parameters and the letters of a value.

Works on bytes for as long as it can: lines are folded inside letters, and each value may be in a code of its own.
"""

import binascii
import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from p2p.exchange.encoding import Unreadable, decode

BEGIN, END = (
    re.compile(rb"\s*BEGIN\s*:\s*VCARD\s*", re.IGNORECASE),
    re.compile(rb"\s*END\s*:\s*VCARD\s*", re.IGNORECASE),
)
_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?\s*BEGIN\s*:\s*VCARD\s", re.IGNORECASE)
_VERSION = re.compile(rb"VERSION\s*:\s*([0-9.]+)\s*", re.IGNORECASE)
_BREAK = re.compile(rb"\r*\n|\r")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PLAIN_ENCODINGS = ("7BIT", "8BIT", "QUOTED-PRINTABLE", "BASE64", "B")
_PLACES = ("INLINE", "URL", "CONTENT-ID", "CID")  # bare in 2.1: where the value stands
#: Codes of letters; Python knows others by such names that are none.
_CODES = re.compile(r"(us-)?ascii|utf-?8|iso|latin|l\d|cp|windows|koi8|mac|big5|gb|shift|s_?jis|euc|tis", re.IGNORECASE)
#: So many bytes a line may have before its colon, and a value that is read; nobody writes more by hand.
LONGEST_HEAD = 10_000
LONGEST_VALUE = 500_000
#: So many lines a card may have; a photo of ten million bytes has fewer.
MOST_LINES = 300_000
#: So many bytes at the end of a line are looked at; a file of many short lines must not take the square of its time.
LONGEST_BREAK = 1000
_CARETS = {"^n": "\n", "^N": "\n", "^'": '"', "^^": "^"}  # RFC 6868

Line = tuple[int, bytes]


class Property(NamedTuple):
    """`group.NAME;PARAM=a,b:value`. Names are in capitals, the words of TYPE in small letters; the value is decoded,
    but its backslashes still stand. A value in base64 is not kept."""

    line: int
    group: str
    name: str
    params: dict[str, tuple[str, ...]]
    value: str

    @property
    def types(self) -> tuple[str, ...]:
        return self.params.get("TYPE", ())


@dataclass
class Written:
    """A card as it is written: its version and properties, and the lines nobody could make sense of."""

    line: int
    version: str
    properties: list[Property] = field(default_factory=list)
    strays: list[int] = field(default_factory=list)
    guessed: bool = False  # some letters were no UTF-8 and were read as Windows Western European


def is_vcards(data: bytes) -> bool:
    """Whether a file begins as vCards do, in whatever code."""
    start = data[:400]
    if start.startswith(_WIDE):
        start = start.decode("utf-16", "ignore").encode()
    return _FIRST.match(start) is not None


def cards(data: bytes, encoding: str | None = None) -> Iterator[Written]:
    """Every card of a file. Raises Unreadable where one is never closed."""
    code = encoding or "utf-8"
    if data.startswith(_WIDE) or (encoding and encoding.startswith("utf-16")):
        data, code = decode(data, encoding).text.encode(), "utf-8"
    if b"\0" in data:
        raise Unreadable("The file holds NUL bytes, so it is damaged, or no text file. Export it again.")
    data = data.removeprefix(codecs.BOM_UTF8)
    for first, lines in _cut(enumerate(_lines(data), 1)):
        yield _card(first, lines, code)


def _lines(data: bytes) -> Iterator[bytes]:
    """One after the other: all at once, short ones take many times the room of the file."""
    begin = 0
    for found in _BREAK.finditer(data):
        yield data[begin : found.start()]
        begin = found.end()
    yield data[begin:]


def _cut(lines: Iterable[Line]) -> Iterator[tuple[int, list[Line]]]:
    """The lines between BEGIN and END; a card inside a card (an agent) is left out but for its mark."""
    inside: list[Line] = []
    first = depth = 0
    for number, raw in lines:
        if BEGIN.fullmatch(raw):
            depth += 1
            first = first if depth > 1 else number
        elif END.fullmatch(raw) and depth:
            depth -= 1
            if not depth:
                yield first, inside
                inside = []
        elif depth == 1:
            inside.append((number, raw))
            if len(inside) > MOST_LINES:
                raise Unreadable(f"The card that begins in line {first} has more than {MOST_LINES:,} lines. Remove it.")
    if depth:
        raise Unreadable(f"The card that begins in line {first} has no END:VCARD. Export the file again.")


def _card(first: int, lines: list[Line], code: str) -> Written:
    versions = (found[1].decode() for _, raw in lines if (found := _VERSION.fullmatch(raw)))
    card = Written(first, next(versions, "3.0"))
    for number, raw in _unfolded(lines, card):
        each = _property(number, raw, code, card)
        if each is not None:
            card.properties.append(each)
    return card


# ── Lines ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _unfolded(lines: Iterable[Line], card: Written) -> Iterator[Line]:
    """Whole lines. A line goes on where the next begins with a blank, after a soft break, and, of base64, until a line
    that is none."""
    number, whole, quoted, base64 = 0, bytearray(), False, False
    for at, raw in lines:
        if quoted and (soft := _soft_break(whole)):
            del whole[-soft:]
            whole += raw
        elif raw[:1] in (b" ", b"\t") and whole:
            if not base64:
                whole += b" " + raw.lstrip(b" \t") if card.version == "2.1" else raw[1:]
        elif base64 and raw.strip() and b":" not in raw:
            continue
        else:
            if whole.strip():
                yield number, bytes(whole)
            head = _head(raw).upper()
            quoted, base64 = b"QUOTED-PRINTABLE" in head, _in_base64(head)
            number, whole = at, bytearray(raw[: raw.find(b":") + 1] if base64 else raw)
    if whole.strip():
        yield number, bytes(whole)


def _head(raw: bytes) -> bytes:
    """All before the colon that ends names and parameters; all there is, where none does."""
    start = raw.partition(b":")[0]
    if b'"' not in start:
        return start
    quoted = False
    for position, byte in enumerate(raw):
        if byte == ord('"'):
            quoted = not quoted
        elif byte == ord(":") and not quoted:
            return raw[:position]
    return start  # a quotation mark that is never closed means nothing


def _soft_break(whole: bytearray) -> int:
    """How many bytes at the end say that the next line goes on: `=` and blanks; 0 where it does not."""
    tail = bytes(whole[-LONGEST_BREAK:])
    kept = tail.rstrip(b" \t")
    return len(tail) - len(kept) + 1 if kept.endswith(b"=") else 0


def _in_base64(head: bytes) -> bool:
    return b"BASE64" in head or b"ENCODING=B;" in head + b";"


# ── Properties ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _property(number: int, raw: bytes, code: str, card: Written) -> Property | None:
    head = _head(raw)
    if len(head) == len(raw):
        card.strays.append(number)
        return None
    if len(head) > LONGEST_HEAD:
        raise Unreadable(f"Line {number} has {len(head):,} bytes before its colon, so this is a damaged file.")
    value = raw[len(head) + 1 :]
    first, *rest = _split(_letters(head, code, card))
    group, _, name = first.strip().rpartition(".")
    params = _params(rest)
    encodings = params.pop("ENCODING", ())
    charset = params.pop("CHARSET", ("",))[0]
    if "QUOTED-PRINTABLE" in encodings:
        value = binascii.a2b_qp(value)
    text = _letters(value, charset or code, card)
    return Property(number, group.lower(), name.upper(), params, text.replace("\r\n", "\n").replace("\r", "\n"))


def _letters(raw: bytes, code: str, card: Written) -> str:
    """As the code says; where that cannot be, UTF-8, else Windows Western European. What is left is marked “\ufffd”."""
    if raw.isascii() and b"\x1b" not in raw:
        return raw.decode("ascii")
    for each in dict.fromkeys((code if _CODES.match(code) else "utf-8", "utf-8")):
        try:
            return raw.decode(each)
        except (LookupError, UnicodeError):
            continue
    lost = raw.decode("utf-8", "replace")
    if sum(letter > "\x7f" and letter != "\ufffd" for letter in lost) >= lost.count("\ufffd"):
        return lost  # one damaged letter among good ones
    card.guessed = True
    return raw.decode("cp1252", "replace")


def _split(text: str) -> list[str]:
    """At every semicolon outside quotation marks."""
    return re.findall(r'(?:^|;)((?:"[^"]*"|[^;"]|")*)', text) if '"' in text else text.split(";")


def _params(parts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Parameters by name. In 2.1 they may be bare: words about the encoding, the place, or else the type."""
    found: dict[str, list[str]] = {}
    for part in parts:
        name, sign, value = part.partition("=")
        name = name.strip().upper()
        if not sign:
            value, name = name, "TYPE"
            if value in _PLAIN_ENCODINGS:
                name = "ENCODING"
            elif value in _PLACES:
                name = "VALUE"
        words = _words(value, listed=name == "TYPE")
        if name == "TYPE":
            words = [word.lower() for word in words]
        elif name in ("ENCODING", "VALUE", "CHARSET"):
            words = [word.upper() for word in words]
        found.setdefault(name, []).extend(word for word in words if word)
    return {name: tuple(words) for name, words in found.items() if words}


def _words(value: str, listed: bool) -> list[str]:
    """The values of a parameter; those of TYPE are a list even inside quotation marks (RFC 6350 writes them so)."""
    parts = re.findall(r'"([^"]*)"|([^,"]+)', value)
    words = [quoted or bare for quoted, bare in parts]
    if listed:
        words = [word for each in words for word in each.split(",")]
    return [re.sub(r"\^[nN'^]", lambda found: _CARETS[found[0]], word.strip()) for word in words]
