"""A file becomes a sheet by what it holds, or is refused with what to do about it."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from p2p.exchange.reading import Limits, Unreadable, read

GERMAN = "Kunde;Betreff;Abschluss\nMüller & Söhne;Straße;31.12.2021\nGröße AG;Übung;01.02.2022\n"


@pytest.mark.parametrize(
    ("encoding", "mark", "found"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("cp1252", b"", "cp1252"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("utf-32-le", b"\xff\xfe\0\0", "utf-32-le"),
    ],
)
def test_the_letters_are_right_in_every_encoding(encoding: str, mark: bytes, found: str) -> None:
    sheet = read(mark + GERMAN.encode(encoding))
    assert (sheet.encoding, sheet.delimiter) == (found, ";")
    assert sheet.columns == ["Kunde", "Betreff", "Abschluss"]
    assert sheet.rows[0].cells == ("Müller & Söhne", "Straße", "31.12.2021")
    assert bool(sheet.notes) == (found == "cp1252"), "a guess is said to be one"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_keeps_rows_even(delimiter: str) -> None:
    rows = [["Account", "Note", "Value"], ["Acme, Inc; London", "a|b\tc", "1.234,56"], ["Globex", "one, two", "5,00"]]
    sheet = read(_written(rows, delimiter))
    assert sheet.delimiter == delimiter
    assert [list(row.cells) for row in sheet.rows] == rows[1:]


def test_decimal_commas_do_not_make_a_comma_file() -> None:
    assert read(b"Kunde;Wert\nAcme;1,5\nGlobex;2,5\n").delimiter == ";"


def test_the_sep_line_is_honoured_and_counted() -> None:
    sheet = read(b"sep=|\r\nAccount|Value, EUR\r\nAcme|5\r\n")
    assert (sheet.delimiter, sheet.columns, sheet.rows[0].number) == ("|", ["Account", "Value, EUR"], 3)


def test_lines_are_counted_where_a_row_starts() -> None:
    sheet = read(b'Account,Note\n\nAcme,"two\nlines"\n,\nGlobex,one\n')
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [(3, "Acme"), (6, "Globex")]


def test_apostrophes_are_quotation_marks_only_where_every_heading_wears_them() -> None:
    assert read(b"'Account','Note'\n'Acme, Inc','x'\n").rows[0].cells == ("Acme, Inc", "x")
    assert read(b"Account,Note\nO'Neil,'tis\n").rows[0].cells == ("O'Neil", "'tis")


def test_columns_get_different_names_and_empty_ends_go() -> None:
    sheet = read(b"Name,,Name,,\nAcme,x,Ltd,,\nGlobex,y,Inc\n")
    assert sheet.columns == ["Name", "Column 2", "Name (2)"]
    assert [row.complaint for row in sheet.rows] == ["", ""]
    assert len(sheet.notes) == 2
    assert read(b"Name,Town,\nAcme,Rome,x\n").columns == ["Name", "Town", "Column 3"]


def test_uneven_and_badly_quoted_rows_are_kept_with_a_complaint() -> None:
    sheet = read(b'A,B,C\n1st,2nd\nx,y,z\nx,y,z,more\nu,"v"w,x\nlast,one,here\n')
    complaints = {row.number: row.complaint for row in sheet.rows}
    assert list(complaints) == [2, 3, 4, 5, 6]
    assert complaints[2] == "the row has 2 cells, the first line names 3 columns"
    assert "4 cells" in complaints[4]
    assert "closing quotation mark" in complaints[5]
    assert not complaints[3]
    assert not complaints[6]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"Account,Value\n", "no rows"),
        (b"Account,Value\nAc\0me,5\n", "Line 2 holds a NUL"),
        (b"PK\x03\x04rest", "CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"Account,Value\nAc\x81me,5\n", "Line 2"),
        ("Käse,Öl\nÄpfel,Ähre\n".encode() + b"\xff,x\n", "damaged"),
        (b'Account,Value\n"Acme,5\nGlobex,6\n', "opened in line 2 is never closed"),
        (b"14079,Acme,Lost,4545,2021-08-17\n14080,Globex,Won,4600,2021-08-18\n", "does not name the columns"),
        (b"Acme,Lost,Cold\nGlobex,Lost,Cold\nAcme,Lost,Cold\nAcme,Won,Cold\n", "does not name the columns"),
        (b"Sales report\n\nA,B,C,D\n1,2,3,4\n1,2,3,4\n1,2,3,4\n", "delete what stands above"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(content)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(size=10), "Split it"),
        (Limits(rows=1), "more than 1 rows"),
        (Limits(columns=1), "Remove the columns"),
        (Limits(cell=4), "Line 1, cell 1 has 7 characters"),
    ],
)
def test_limits_are_said_with_the_way_out(limits: Limits, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(b"Account,Value\nAcme,5\nGlobex,6\n", limits=limits)


def test_an_overlong_cell_is_our_error_too() -> None:
    with pytest.raises(Unreadable, match="too long"):
        read(b'Account,Value\n"' + b"x" * 200_000 + b'",5\n')


def test_letters_lost_earlier_are_pointed_out() -> None:
    assert "letters were lost" in read("Account,Value\nM\ufffdller,5\n".encode()).notes[0]


_text = some.text(some.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=12)
_tables = some.integers(2, 5).flatmap(
    lambda width: some.lists(some.lists(_text, min_size=width, max_size=width), min_size=1, max_size=6)
)


@settings(max_examples=150)
@given(_tables, some.sampled_from(",;\t|"), some.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_any_table_written_is_read_back(table: list[list[str]], delimiter: str, encoding: str) -> None:
    header = [f"Heading {letter}" for letter in "ABCDE"[: len(table[0])]]
    filled = [row for row in table if any(cell.strip() for cell in row)] or [["x"] * len(header)]
    sheet = read(_written([header, *filled], delimiter, encoding), header_is_certain=True)
    assert (sheet.columns, sheet.delimiter) == (header, delimiter)
    assert [list(row.cells) for row in sheet.rows] == filled
    assert not any(row.complaint for row in sheet.rows)


_western = some.text(some.characters(codec="cp1252", exclude_characters="\0"), min_size=1, max_size=12)


@settings(max_examples=100)
@given(some.lists(some.tuples(_western, _western), min_size=1), some.sampled_from(",;\t|"))
def test_any_western_table_is_read_back(rows: list[tuple[str, str]], delimiter: str) -> None:
    filled = [row for row in rows if any(cell.strip() for cell in row)] or [("x", "y")]
    content = _written([["Name", "Größe"], *filled], delimiter, "cp1252")
    sheet = read(content, encoding="cp1252", header_is_certain=True)
    assert [row.cells for row in sheet.rows] == filled


@settings(max_examples=200)
@given(some.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        sheet = read(content)
    except Unreadable:
        return
    assert all(row.complaint or len(row.cells) == len(sheet.columns) for row in sheet.rows)


def _written(rows: object, delimiter: str, encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize("row", [b"ab," * 800_000, b'"a\n",' * 500_000, b"," * 3_000_000])
def test_a_row_far_too_long_is_refused_before_it_is_cut_up(row: bytes) -> None:
    """Cut into cells, the largest file there may be took two gigabytes."""
    for source in (b"Account,Value\n" + row, row + b"\nAccount,Value\n"):
        with pytest.raises(Unreadable, match="more than 2,000,000 characters"):
            read(source)


def test_a_file_of_far_too_many_lines_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("p2p.exchange.dialect.MOST_LINES", 1000)
    with pytest.raises(Unreadable, match="more than 1,000 lines"):
        read(b"Account,Value\n" + b"\n" * 1000 + b"1,2\n")
    assert len(read(b"Account,Value\n" + b"\n" * 900 + b"1,2\n").rows) == 1


def test_cells_of_our_own_files_are_read_as_they_were() -> None:
    """An export marks what a spreadsheet would calculate."""
    sheet = read(b"Account,Note\n'=HYPERLINK(1),'-2+3\n'quoted','n roses\n")
    assert [row.cells for row in sheet.rows] == [("=HYPERLINK(1)", "-2+3"), ("'quoted'", "'n roses")]
