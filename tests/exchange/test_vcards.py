"""Cards as programs really write them, read field by field; and written so that others read them."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as some

from p2p.exchange.encoding import Unreadable
from p2p.exchange.vcards.card import Address, Card, Channel
from p2p.exchange.vcards.lines import is_vcards
from p2p.exchange.vcards.reading import read
from p2p.exchange.vcards.writing import written

EXCERPTS = Path(__file__).resolve().parent.parent / "data" / "vcards"
SHARED = [folder / "shared" / "data" / "contacts-vcard" for folder in Path(__file__).resolve().parents]
DISCLAIMER = (
    'THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,'
    " INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE"
    " DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL"
    ", SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR "
    "SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, "
    "WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE "
    "USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE."
)
GEORGE = DISCLAIMER.replace("THE COPYRIGHT HOLDERS AND CONTRIBUTORS", "GEORGE EL-HADDAD", 1)
GEORGE = GEORGE.replace("THE COPYRIGHT HOLDER OR", "GEORGE EL-HADDAD OR").replace('"', "''")
N = "Ñ"


def email(value: str, *types: str, **more: Any) -> Channel:
    return Channel("email", value, types, **more)


def phone(value: str, *types: str, **more: Any) -> Channel:
    return Channel("phone", value, types, **more)


def website(value: str, *types: str, **more: Any) -> Channel:
    return Channel("website", value, types, **more)


def address(*parts: str, types: tuple[str, ...] = (), **more: Any) -> Channel:
    return Channel("address", Address(*parts), types, **more)


JOHN = {"family": "Doe", "given": "John", "prefix": "Mr.", "suffix": "Sr.", "title": "Money Counter"}
APPLE = [
    phone("905-666-1234", "home"), phone("905-888-1234", "home", "fax"), phone("905-999-1234", "work", "fax"),
    phone("905-111-1234", "pager"), phone("905-222-1234", label="AssistantPhone"),
    address("Street4\nBuilding 6\nFloor 8", "New York", "", "12345", "USA", types=("work",)),
    website("http://www.ibm.com", label="HomePage", rank=1), email("john.doe@ibm.com", rank=1),
]  # fmt: skip
USA = "United States of America"

EXPECTED: dict[str, list[dict[str, Any]]] = {
    "John_Doe_ANDROID.vcf": [
        {"channels": [email("john.doe@company.com", rank=1)], "categories": ("My Contacts",)},
        {"channels": [email("jane.doe@company.com", rank=1)], "categories": ("My Contacts",)},
        {"name": "Ñ Ñ Ñ Ñ Ñ", "family": "Ñ Ñ Ñ Ñ", "categories": ("My Contacts",),
         "channels": [phone("123456789", "cell", rank=1)]},
        {"name": " ".join(N * 11), "family": " ".join(N * 11), "categories": ("My Contacts",),
         "notes": "Ñ Ñ Ñ Ñ Ñ Ñ Ñ ÑÑ Ñ Ñ Ñ Ñ Ñ Ñ ÑÑ Ñ Ñ Ñ Ñ",
         "channels": [phone("123456", "cell", rank=1), phone("234567", "home"), phone("3456789", "cell"),
                      phone("45678901", "home")]},
        {"name": "Ñ Ñ Ñ Ñ", "family": "Ñ Ñ", "given": "Ñ Ñ Ñ", "organization": N * 12, "left_out": {"photo": 1},
         "channels": [phone("123456", "cell", rank=1), phone("123456", "work"), phone("123456", "work", "fax"),
                      email("bob@company.com", "work", rank=1), email(N * 14, rank=1), website("www.company.com"),
                      website("http://www.company.com")]},
        {"name": N * 4, "family": N * 4, "organization": N * 44, "categories": ("My Contacts",),
         "channels": [phone("55556666", "cell", rank=1), email("henry@company.com", rank=1)]},
    ],
    "John_Doe_BLACK_BERRY.vcf": [
        {"name": "John Doe", "family": "Doe", "given": "john", "organization": "Acme Solutions",
         "left_out": {"photo": 1}, "channels": [phone("+96123456789", "cell")]},
    ],
    "John_Doe_EVOLUTION.vcf": [
        JOHN | {"name": "Mr. John Richter, James Doe Sr.", "additional": "Richter, James", "nicknames": ("Johny",),
         "organization": "IBM", "units": ("Accounting", "Dungeon"), "uid": "477343c8e6bf375a9bac1f96a5000837",
         "categories": ("VIP",), "notes": DISCLAIMER,
         "left_out": {"messenger": 1, "evolution-spouse": 1, "evolution-manager": 1, "evolution-assistant": 1,
                      "birthday": 1, "evolution-anniversary": 1},
         "channels": [website("http://www.ibm.com"), phone("905-666-1234", "cell"),
                      phone("905-555-1234", "work", "voice"), email("john.doe@ibm.com", "work"),
                      address("15 Crescent moon drive\nASB-123", "Albaney", "New York", "12345", USA,
                              types=("home",))]},
    ],
    "John_Doe_GMAIL.vcf": [
        JOHN | {"name": "Mr. John Richter, James Doe Sr.", "additional": "Richter, James", "organization": "IBM",
         "notes": f"{DISCLAIMER}\nFavotire Color: Blue",
         "left_out": {"phonetic-first-name": 1, "phonetic-last-name": 1, "birthday": 1, "date": 1, "related name": 1},
         "channels": [email("john.doe@ibm.com", "home"), phone("905-555-1234", "cell"), phone("905-666-1234", "home"),
                      address("Crescent moon drive\n555-asd\nNice Area, Albaney, New York 12345\n" + USA,
                              types=("home",)),
                      website("http://www.ibm.com", "work")]},
    ],
    "John_Doe_IPHONE.vcf": [
        JOHN | {"name": "Mr. John Richter James Doe Sr.", "additional": "Richter James", "nicknames": ("Johny",),
         "organization": "IBM", "units": ("Accounting",), "left_out": {"birthday": 1, "photo": 1},
         "channels": [email("john.doe@ibm.com", rank=1), phone("905-555-1234", "cell", "voice", rank=1),
                      phone("905-666-1234", "home", "voice"), phone("905-777-1234", "work", "voice"), *APPLE[1:5],
                      address("Silicon Alley 5", "New York", "New York", "12345", USA, types=("home",), rank=1),
                      *APPLE[5:7]]},
    ],
    "John_Doe_MAC_ADDRESS_BOOK.vcf": [
        JOHN | {"name": "Mr. John Richter,James Doe Sr.", "additional": "Richter,James", "nicknames": ("Johny",),
         "organization": "IBM", "units": ("Accounting",), "notes": f"{DISCLAIMER}\nFavotire Color: Blue",
         "left_out": {"phonetic-first-name": 1, "phonetic-last-name": 1, "birthday": 1, "photo": 1, "related name": 1},
         "channels": [email("john.doe@ibm.com", "work", rank=1), phone("905-777-1234", "work", rank=1), APPLE[0],
                      phone("905-555-1234", "cell"), *APPLE[1:5],
                      address("Silicon Alley 5,", "New York", "New York", "12345", USA, types=("home",), rank=1),
                      *APPLE[5:7]]},
    ],
    "John_Doe_MS_OUTLOOK.vcf": [
        JOHN | {"name": "Mr. John Richter James Doe Sr.", "additional": "Richter,James", "nicknames": ("Johny",),
         "organization": "IBM", "units": ("Accounting",), "role": "Counting Money", "notes": GEORGE,
         "left_out": {"birthday": 1, "ms-anniversary": 1, "ms-imaddress": 1, "photo": 1, "ms-manager": 1,
                      "ms-assistant": 1},
         "channels": [phone("(905) 555-1234", "work", "voice"), phone("(905) 666-1234", "home", "voice"),
                      address("Cresent moon drive", "Albaney", "New York", "12345", USA, types=("work",), rank=1),
                      address("Silicon Alley 5,", "New York", "New York", "12345", USA, types=("home",)),
                      website("http://www.ibm.com", "work"), email("john.doe@ibm.cm", rank=1)]},
    ],
    "gmail-list.vcf": [
        {"name": "Arnold Smith", "family": "Smith", "given": "Arnold", "channels": [email("asmithk@gmail.com")]},
        {"name": "Chris Beatle", "family": "Beatle", "given": "Chris", "channels": [email("chrisy55d@yahoo.com")]},
        {"name": "Doug White", "family": "White", "given": "Doug", "channels": [email("dwhite@gmail.com")]},
    ],
    "gmail-single.vcf": [
        {"name": "Greg Dartmouth", "family": "Dartmouth", "given": "Greg", "nicknames": ("Gman",),
         "organization": "TheCompany", "title": "TheJobTitle",
         "notes": "This is GMail's note field.\nIt should be added as a NOTE type.\nACustomField: CustomField",
         "left_out": {"phonetic-first-name": 1, "phonetic-last-name": 1, "messenger": 1, "birthday": 1, "date": 1,
                      "related name": 2},
         "channels": [email("gdartmouth@hotmail.com"), phone("555 555 1111", "cell"),
                      phone("555 555 2222", label="GRAND_CENTRAL"),
                      address("123 Home St\nHome City, HM 12345", types=("home",)),
                      address("321 Custom St", "Custom City", "TX", "98765", "USA", label="CustomAdrType"),
                      website("http://TheProfile.com", label="PROFILE")]},
    ],
    "gmail-single2.vcf": [
        {"name": "VCard Test", "family": "Test", "given": "VCard", "nicknames": ("TheNickname",),
         "organization": "TheCompany", "title": "TheJobTitle",
         "notes": "note line 1\nnote line 2\nCustomField: field value",
         "left_out": {"phonetic-first-name": 1, "phonetic-last-name": 1, "messenger": 8, "birthday": 1, "date": 3,
                      "related name": 16},
         "channels": [
             email("email@example.com"), email("homeemail@example.com", "home"), email("workemail@example.com", "work"),
             email("otheremail@example.com"), email("customcategory@example.com", label="CustomEmailCategory"),
             phone("5555551111"), phone("5555551112", "home"), phone("5555551113", "work"), phone("5555551114"),
             phone("5555551115", "cell"), phone("5555551116", "main"), phone("5555551117", "home", "fax"),
             phone("5555551118", "work", "fax"), phone("5555551119", label="GRAND_CENTRAL"),
             phone("5555551120", "pager"), phone("5555551121", label="CustomePhoneCategory"),
             address("111 Main St", "NY", "New York", "10011"),
             address("112 Main St", "NY", "New York", "10011", types=("home",)),
             address("113 Main St", "NY", "New York", "10011", types=("work",)),
             address("114 Main St", "NY", "New York", "10011"),
             address("115 Main St", "NY", "New York", "10011", label="CustomAddressCategory"),
             website("http://www.example1.com"), website("http://www.example2.com", label="PROFILE"),
             website("http://www.example3.com", label="BLOG"), website("http://www.example4.com", label="HomePage"),
             website("http://www.example5.com", "work"),
             website("http://www.example6.com", label="CustomWebsiteCategory"),
         ]},
    ],
    "outlook-2003.vcf": [
        {"name": "John Doe III", "family": "Doe", "given": "John", "prefix": "Mr.", "suffix": "III",
         "nicknames": ("Joey",), "organization": "Company, The", "units": ("TheDepartment",),
         "title": "The Job Title", "role": "TheProfession",
         "notes": "This is the note field!!\nSecond line\n\nThird line is empty",
         "left_out": {"birthday": 1, "key": 1, "fburl": 1},
         "channels": [phone("BusinessPhone", "work", "voice"), phone("HomePhone", "home", "voice"),
                      phone("MobilePhone", "cell", "voice"), phone("BusinessFaxPhone", "work", "fax"),
                      address("TheOffice\n123 Main St", "Austin", "TX", "12345", USA, types=("work",)),
                      website("http://web-page-address.com", "work"), email("jdoe@hotmail.com", rank=1)]},
    ],
    "rfc2426-example.vcf": [
        {"name": "Frank Dawson", "organization": "Lotus Development Corporation",
         "channels": [address("6544 Battleford Drive", "Raleigh", "NC", "27613-3502", "U.S.A.",
                              types=("work", "postal", "parcel")),
                      phone("+1-919-676-9515", "voice", "msg", "work"), phone("+1-919-676-9564", "fax", "work"),
                      email("Frank_Dawson@Lotus.com", rank=1), email("fdawson@earthlink.net"),
                      website("http://home.earthlink.net/~fdawson")]},
        {"name": "Tim Howes", "organization": "Netscape Communications Corp.",
         "channels": [address("501 E. Middlefield Rd.", "Mountain View", "CA", "94043", "U.S.A.", types=("work",)),
                      phone("+1-415-937-3419", "voice", "msg", "work"), phone("+1-415-528-4164", "fax", "work"),
                      email("howes@netscape.com")]},
    ],
    "rfc6350-example.vcf": [
        {"name": "Simon Perreault", "family": "Perreault", "given": "Simon", "suffix": "ing. jr, M.Sc.",
         "organization": "Viagenie",
         "left_out": {"birthday": 1, "anniversary": 1, "gender": 1, "language": 2, "position": 1, "key": 1,
                      "time zone": 1},
         "channels": [address("Suite D2-630\n2875 Laurier", "Quebec", "QC", "G1V 2M2", "Canada", types=("work",)),
                      phone("+1-418-656-9254 ext. 102", "work", "voice", rank=1),
                      phone("+1-418-262-6501", "work", "cell", "voice", "video", "text"),
                      email("simon.perreault@viagenie.ca", "work"), website("http://nomis80.org", "home")]},
    ],
}  # fmt: skip


def told(card: Card) -> dict[str, Any]:
    """What a card says, without what it does not say."""
    said = {name: value for name, value in vars(card).items() if value and name not in ("line", "version", "kind")}
    return said | {"left_out": dict(card.left_out)} if card.left_out else said


@pytest.mark.parametrize("name", EXPECTED)
def test_cards_of_programs_are_read_to_the_letter(name: str) -> None:
    assert [told(card) for card in read((EXCERPTS / name).read_bytes())] == EXPECTED[name]


def originals() -> Iterator[Path]:
    for folder in SHARED:
        yield from sorted(folder.glob("*.vcf"))


@pytest.mark.skipif(not list(originals()), reason="the folder of real cards is not here")
def test_the_real_files_say_the_same_as_their_excerpts() -> None:
    names = {path.name.removeprefix("ezvcard__"): path for path in originals()}
    assert names.keys() == EXPECTED.keys()
    for name, path in names.items():
        assert [told(card) for card in read(path.read_bytes())] == EXPECTED[name], name


# -- how it may be written --------------------------------------------------------------------------------------------


def one(*lines: str | bytes, version: str = "3.0", encoding: str = "utf-8") -> Card:
    inside = [line if isinstance(line, bytes) else line.encode(encoding) for line in lines]
    whole = [b"BEGIN:VCARD", f"VERSION:{version}".encode(), *inside, b"END:VCARD", b""]
    return read(b"\r\n".join(whole))[0]


def test_lines_are_folded_inside_letters() -> None:
    name = "FN:Žoë Müller-Lüdenscheidt 東京".encode()
    for cut in range(4, len(name)):
        assert one(name[:cut] + b"\r\n " + name[cut:]).name == "Žoë Müller-Lüdenscheidt 東京"


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n", b"\r\r\n"])
def test_lines_end_in_any_way(end: bytes) -> None:
    source = end.join([b"BEGIN:VCARD", b"VERSION:3.0", b"FN:Ann", b"NOTE:one", b"  two", b"END:VCARD"])
    assert told(read(source)[0]) == {"name": "Ann", "notes": "one two"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_letters_are_found_by_content(encoding: str) -> None:
    source = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Müller, Zoë\r\nORG:Öl & Söhne\r\nEND:VCARD\r\n".encode(encoding)
    assert is_vcards(source)
    card = read(source)[0]
    assert (card.name, card.organization) == ("Müller, Zoë", "Öl & Söhne")
    assert card.guessed == (encoding in ("cp1252", "latin-1"))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (b"FN;CHARSET=ISO-8859-1:M\xfcller", "Müller"),
        (b"FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller", "Müller"),
        (b"FN;CHARSET=UTF-8:M\xfcller", "Müller"),  # said wrong
        (b"FN;CHARSET=ISO-8859-1:M\xc3\xbcller", "MÃ¼ller"),  # what it says is possible, so it stands
        (b"FN;CHARSET=NO-SUCH:M\xc3\xbcller", "Müller"),
        (b"FN;CHARSET=unicode_escape:M\\u00fcller", "M\\u00fcller"),
        (b"FN;QUOTED-PRINTABLE:M=C3=BCller", "Müller"),
        (b"FN;CHARSET=SHIFT_JIS:\x93\x8c\x8b\x9e", "東京"),
        (b"FN;CHARSET=ISO-2022-JP;ENCODING=QUOTED-PRINTABLE:=1B$BEl5~=1B(B", "東京"),
        (b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Lost =C3=91=80", "Lost Ñ\ufffd"),
    ],
)
def test_a_value_may_be_in_a_code_of_its_own(line: bytes, name: str) -> None:
    assert one(line, version="2.1").name == name


def test_soft_breaks_go_on_though_the_next_line_looks_like_another_property() -> None:
    card = one("NOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0A=", "TEL;HOME:1=3D=", "", "FN:Ann", version="2.1")
    assert told(card) == {"notes": "a\nTEL;HOME:1=", "name": "Ann"}


def test_base64_ends_where_it_must() -> None:
    card = one("PHOTO;JPEG;BASE64:AAAA", "BBBB", " CCCC", "", "FN:Ann", "LOGO;ENCODING=b:AAAA", " BB", "TITLE:T")
    assert told(card) == {"left_out": {"photo": 1, "logo": 1}, "name": "Ann", "title": "T"}


@pytest.mark.parametrize(
    ("version", "value", "notes"),
    [
        ("3.0", r"a\, b\; c\: d\nE\NF \\n \"q\"", 'a, b; c: d\nE\nF \\n "q"'),
        ("4.0", r"C:\\new\\dir", r"C:\new\dir"),
        ("2.1", r"C:\new\dir a\;b", r"C:\new\dir a;b"),
        ("3.0", "ends in a backslash\\", "ends in a backslash\\"),
    ],
)
def test_backslashes(version: str, value: str, notes: str) -> None:
    assert one(f"NOTE:{value}", version=version).notes == notes


def test_groups_labels_and_quoted_parameters() -> None:
    card = one(
        "x-1.EMAIL;X-A=\"b:c;d\":ann@example.com", "X-1.X-ABLabel:_$!<Other>!$_", 'item9.ORG:A\\;B;"C"',
        'ADR;LABEL="12 Main St^nBern":;;;;;;',
    )  # fmt: skip
    assert card.organization == "A;B"
    assert card.channels == [email("ann@example.com", label="Other"), address("12 Main St\nBern")]


def test_of_alternatives_the_preferred_is_taken() -> None:
    card = one(
        "ORG;ALTID=1;LANGUAGE=fr:Société", "ORG;ALTID=1;LANGUAGE=en;PREF=1:Company", "TITLE;ALTID=1:Chef",
        "TITLE;ALTID=1;LANGUAGE=en:Boss", "ORG:Second;Unit", version="4.0",
    )  # fmt: skip
    assert (card.organization, card.other_organizations, card.title) == ("Company", ("Second / Unit",), "Chef")


def test_the_preferred_channel_comes_first() -> None:
    card = one("TEL;PREF=50:1", "TEL;PREF=1:2", "TEL:3", "TEL;VALUE=uri:tel:+4;ext=5", version="4.0")
    assert [each.value for each in card.of_kind("phone")] == ["2", "1", "3", "+4 ext. 5"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("KIND:org", "org"), ("KIND:GROUP", "group"), ("KIND:location", "location"), ("KIND:x-robot", "individual"),
        ("X-ABShowAs:COMPANY", "org"), ("X-ADDRESSBOOKSERVER-KIND:group", "group"),
    ],
)  # fmt: skip
def test_not_every_card_is_a_person(line: str, kind: str) -> None:
    assert one("FN:Some", line, version="4.0").kind == kind


def test_a_label_stands_for_an_address_that_is_not_there() -> None:
    card = one("LABEL;WORK;ENCODING=QUOTED-PRINTABLE:A=0D=0AB", "ADR;HOME:;;C;;;;", "LABEL;HOME:C", version="2.1")
    assert card.channels == [address("C", types=("home",)), address("A\nB", types=("work",))]


def test_a_card_in_a_card_and_lines_of_no_sense_are_told() -> None:
    card = one("FN:Boss", "AGENT:", "BEGIN:VCARD", "FN:Agent", "END:VCARD", "no sense")
    assert told(card) == {"name": "Boss", "left_out": {"agent": 1, "line without a name": 1}}


def test_several_cards_with_anything_between_them() -> None:
    cards = read(b"junk\r\nBEGIN:vCard\r\nFN:A\r\nEND:vCard\r\n\r\nBEGIN : VCARD\r\nFN:B\r\nEND:VCARD")
    assert [(card.line, card.name, card.version) for card in cards] == [(2, "A", "3.0"), (6, "B", "3.0")]


@pytest.mark.parametrize(
    ("source", "words"),
    [(b"BEGIN:VCARD\nFN:A\n", "line 1 has no END:VCARD"), (b"BEGIN:VCARD\nFN:\0\nEND:VCARD", "NUL")],
)
def test_what_is_damaged_is_refused_in_words(source: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(source)


@given(some.binary(max_size=300))
def test_no_bytes_break_it(noise: bytes) -> None:
    with suppress(Unreadable):
        read(b"BEGIN:VCARD\r\n" + noise + b"\r\nEND:VCARD\r\n")


# -- writing ----------------------------------------------------------------------------------------------------------

letters = some.characters(exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp", "Zs"), include_characters=" ")
line = some.text(letters, max_size=90).map(lambda text: " ".join(normalize("NFC", text).split()))
something = line.filter(bool)
lines_of_text = some.lists(something, max_size=3).map("\n".join)
types = some.sampled_from([(), ("work",), ("home",), ("cell",), ("work", "fax")])


def channels(kind: str, value: Any) -> Any:
    labels = some.one_of(some.just(""), something.filter(lambda text: not text.startswith("_$!<")))
    return some.builds(Channel, some.just(kind), value, types, labels, some.sampled_from([1, 101]))


addresses = some.builds(Address, lines_of_text, line, line, line, line).filter(any)
numbers = something.filter(lambda text: not text.lower().startswith(("tel:", "mailto:")))
cards = some.builds(
    Card, line=some.just(1), version=some.just("4.0"), kind=some.sampled_from(["individual", "org"]), name=something,
    family=line, given=line, organization=line, units=some.lists(something, max_size=2).map(tuple), title=line,
    role=line, uid=line, notes=lines_of_text, nicknames=some.lists(something, max_size=2, unique=True).map(tuple),
    channels=some.lists(some.one_of(channels("email", numbers), channels("phone", numbers),
        channels("website", some.just("https://example.com/a?b=c;d,e")), channels("address", addresses)), max_size=4),
)  # fmt: skip


@given(card=cards, version=some.sampled_from(["4.0", "3.0"]))
@settings(max_examples=60)
def test_what_is_written_is_read_again(card: Card, version: str) -> None:
    text = written(card, version)
    assert all(len(each.encode()) <= 75 for each in text.split("\r\n"))
    again = read(text.encode())[0]
    ours, theirs = told(card), told(again)
    if not (card.family or card.given):
        theirs = {name: value for name, value in theirs.items() if name not in ("family", "given")}
    assert theirs == ours
    assert again.kind == card.kind


def test_another_program_reads_what_is_written(known: Callable[[], Card]) -> None:
    card = known()
    parsed = vobject.readOne(written(card, "3.0"))
    assert parsed.fn.value == card.name
    assert (parsed.n.value.family, parsed.n.value.given) == ("Müller", "Zoë; the 1st")
    assert parsed.org.value == [card.organization, *card.units]
    assert parsed.note.value == card.notes
    assert [each.value for each in parsed.email_list] == ["zoe@example.com", "z@example.org"]
    assert [each.params["TYPE"] for each in parsed.email_list] == [["work", "pref"], ["home"]]
    adr = parsed.adr.value
    assert (adr.street, adr.city, adr.code, adr.country) == ("Hauptstr. 1\nHinterhaus", "Zürich", "8001", "CH")


@pytest.fixture
def known() -> Callable[[], Card]:
    def make() -> Card:
        reach = [email("zoe@example.com", "work", rank=1), email("z@example.org", "home")]
        reach += [address("Hauptstr. 1\nHinterhaus", "Zürich", "ZH", "8001", "CH"), phone("+41 44 1", "cell")]
        notes = 'first, second; third\\ and "quoted"\n' + "ü" * 100
        return Card(
            1, "3.0", name="Zoë Müller, the 1st", family="Müller", given="Zoë; the 1st", organization="Öl, Gas; Co",
            units=("Sales",), notes=notes, channels=reach,
        )  # fmt: skip

    return make


def test_many_short_lines_of_one_value_take_no_square_of_time():
    for head, line in ((b"NOTE:a\r\n", b" b\r\n"), (b"NOTE;ENCODING=QUOTED-PRINTABLE:a=\r\n", b"b=\r\n")):
        data = b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN:A\r\n" + head + line * 200_000 + b"\r\nEND:VCARD\r\n"
        began = time.process_time()
        assert len(read(data)[0].notes) >= 200_000
        assert time.process_time() - began < 4


def test_a_bare_carriage_return_begins_no_line_of_its_own():
    assert "\r" not in written(Card(0, "", name="A", notes="b\rEMAIL:evil@example.com")).replace("\r\n", "")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ORG:" + "x;" * 300_000, r"Line 3 \(ORG\) has 600,000 characters, at most 500,000"),
        ("NOTE:" + "x" * 75 + f"\r\n {'x' * 74}" * 7_000, r"Line 3 \(NOTE\) has 518,075 characters"),
        ("TEL;TYPE=" + "x," * 6_000 + ":1", "12,009 bytes before its colon"),
        ("PHOTO;ENCODING=b:" + "\r\n QUJD" * 300_001, "card that begins in line 1 has more than 300,000 lines"),
    ],
)
def test_a_line_far_too_long_is_refused_before_it_is_cut_up(line: str, words: str) -> None:
    """Cut into parts, the largest file there may be took eight gigabytes, and the server with it."""
    with pytest.raises(Unreadable, match=words):
        one(line)


def test_a_photo_may_be_as_large_as_it_likes() -> None:
    assert one("PHOTO:data:image/png;base64," + "QUJD" * 200_000, "NOTE:Here", version="4.0").notes == "Here"


def test_only_as_many_cards_are_read_as_are_asked_for() -> None:
    assert len(read(b"BEGIN:VCARD\r\nEND:VCARD\r\n" * 10, most=3)) == 3
