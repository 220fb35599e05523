"""Bytes to text by content: what a file says it is counts for nothing, a wrong letter counts as damage."""

import codecs
from typing import NamedTuple


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message says what to do about it."""


class Decoded(NamedTuple):
    text: str
    encoding: str
    assumed: bool  # nothing in the bytes proves it: every byte has some letter in a Windows code page


_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_AS_CSV = "Open it in its program and save it as “CSV UTF-8”, then try again."
_OTHER_KINDS = (
    (b"PK\x03\x04", "This is a workbook or a zip file, not a text file."),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel or Office file, not a text file."),
    (b"%PDF", "This is a PDF, not a table."),
    (b"\x1f\x8b", "This is a compressed file; unpack it first."),
)


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """The text of a file. Raises Unreadable rather than replace a single character."""
    for mark, words in _OTHER_KINDS:
        if data.startswith(mark):
            raise Unreadable(f"{words} {_AS_CSV}")
    found = _given(data, encoding) if encoding else _marked(data) or _guessed(data)
    if "\0" in found.text:
        line = found.text.count("\n", 0, found.text.index("\0")) + 1
        raise Unreadable(f"Line {line} holds a NUL byte, so this is not a text file, or a damaged one. {_AS_CSV}")
    return found


def _given(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding).removeprefix("\ufeff"), encoding, assumed=False)
    except LookupError:
        raise Unreadable(f"The encoding “{encoding}” is unknown; try utf-8, utf-16 or cp1252.") from None
    except UnicodeDecodeError as error:
        raise Unreadable(f"The file is not {encoding}: byte {error.start + 1} does not fit. {_AS_CSV}") from None


def _marked(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _given(data[len(mark) :], encoding)
    return None


def _guessed(data: bytes) -> Decoded:
    wide = _wide(data)
    if wide:
        return wide
    try:
        return Decoded(data.decode("utf-8"), "utf-8", assumed=False)
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(data, error)
    try:
        return Decoded(data.decode("cp1252"), "cp1252", assumed=True)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"Line {line} holds a byte no text encoding known here explains. {_AS_CSV}") from None


def _wide(data: bytes) -> Decoded | None:
    """UTF-16 without its mark: delimiters and digits leave a NUL in every second byte, always on the same side."""
    sample = data[:65536]
    if len(data) % 2 or 0 not in sample:
        return None
    low, high = sample[::2].count(0), sample[1::2].count(0)
    encoding = "utf-16-le" if high > low else "utf-16-be"
    if max(low, high) * 10 < len(sample) // 2 or min(low, high) * 10 > max(low, high):
        return None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else Decoded(text, encoding, assumed=False)


def _refuse_damaged_utf8(data: bytes, error: UnicodeDecodeError) -> None:
    """Mostly good UTF-8 with a bad byte would turn into nonsense such as “MÃ¼ller” as a Windows code page."""
    text = data.decode("utf-8", "surrogateescape")
    bad = sum("\udc80" <= letter <= "\udcff" for letter in text)
    good = sum(letter > "\x7f" for letter in text) - bad
    if good > bad:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"The file is UTF-8, but line {line} holds a damaged character. {_AS_CSV}")
