"""What a card says about somebody: names, where they work, how to reach them; and what is left out of it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from unicodedata import normalize

from p2p.exchange.encoding import Unreadable
from p2p.exchange.texts import one_line
from p2p.exchange.vcards.card import LAST, Address, Card, Channel
from p2p.exchange.vcards.lines import LONGEST_VALUE, Property, Written, cards

KINDS = {"EMAIL": "email", "TEL": "phone", "URL": "website", "ADR": "address"}
#: Left out on purpose: private, or no use here.
PRIVATE = {"BDAY": "birthday", "PHOTO": "photo", "ANNIVERSARY": "anniversary", "GENDER": "gender", "KEY": "key"}
PRIVATE |= {
    "LOGO": "logo",
    "SOUND": "sound",
    "AGENT": "agent",
    "GEO": "position",
    "TZ": "time zone",
    "LANG": "language",
}
PRIVATE |= {"X-ABDATE": "date", "X-ABRELATEDNAMES": "related name", "RELATED": "related name"}
PRIVATE |= dict.fromkeys("IMPP X-AIM X-ICQ X-JABBER X-MSN X-SKYPE X-YAHOO X-QQ X-GTALK".split(), "messenger")
#: Nothing about the person.
TECHNICAL = frozenset(
    "VERSION PRODID REV CLASS SOURCE NAME PROFILE MAILER XML CLIENTPIDMAP SORT-STRING X-ABLABEL X-ABADR X-ABUID "
    "X-ABSHOWAS X-MS-OL-DESIGN X-MS-OL-DEFAULT-POSTAL-ADDRESS X-EVOLUTION-FILE-AS "
    "X-COUCHDB-APPLICATION-ANNOTATIONS X-ADDRESSBOOKSERVER-KIND".split()
)
SINGLE = ("FN", "N", "ORG", "TITLE", "ROLE", "KIND", "UID")
#: Read, besides single ones and ways to reach somebody.
FURTHER = ("NICKNAME", "CATEGORIES", "NOTE", "LABEL")
_LABEL = re.compile(r"_\$!<(.*)>!\$_", re.DOTALL)


def read(data: bytes, encoding: str | None = None, *, most: int | None = None) -> list[Card]:
    """The cards of a file, or the first ones. Raises Unreadable."""
    return [_card(written) for written in islice(cards(data, encoding), most)]


def _card(written: Written) -> Card:
    card = Card(written.line, written.version, guessed=written.guessed)
    modern = written.version != "2.1"
    known = _without_alternatives(written.properties)
    _refuse_long(known)
    for name in SINGLE:
        found = sorted((each for each in known if each.name == name), key=_rank)
        if found:
            _SETTERS[name](card, [each.value for each in found], modern)
    card.nicknames = tuple(_listed(known, "NICKNAME", modern))
    card.categories = tuple(_listed(known, "CATEGORIES", modern))
    notes = (normalize("NFC", _text(each.value, modern)).strip() for each in known if each.name == "NOTE")
    card.notes = "\n\n".join(dict.fromkeys(filter(None, notes)))
    card.kind = _kind(card.kind, known)
    card.channels = _channels(known, modern)
    card.left_out = _left_out(known)
    if written.strays:
        card.left_out["line without a name"] = len(written.strays)
    return card


def _refuse_long(properties: Iterable[Property]) -> None:
    """Before it is cut up: that would take a hundred times its room."""
    for each in properties:
        if len(each.value) > LONGEST_VALUE and (each.name in (*SINGLE, *FURTHER) or each.name in KINDS):
            raise Unreadable(
                f"Line {each.line} ({each.name}) has {len(each.value):,} characters, at most {LONGEST_VALUE:,} "
                "are read. Shorten it, then try again."
            )


def _without_alternatives(properties: Sequence[Property]) -> list[Property]:
    """Of properties that say the same in several languages (ALTID), the preferred one, else the first."""
    best: dict[tuple[str, str], Property] = {}
    for each in properties:
        for altid in each.params.get("ALTID", ()):
            known = best.get((each.name, altid))
            if known is None or _rank(each) < _rank(known):
                best[each.name, altid] = each
    kept = {id(each) for each in best.values()}
    return [each for each in properties if "ALTID" not in each.params or id(each) in kept]


def _rank(each: Property) -> int:
    """Preference: PREF=1 comes before PREF=2; the older TYPE=pref is a 1."""
    for word in each.params.get("PREF", ()):
        if word.isascii() and word.isdecimal():
            return min(max(int(word[:9]), 1), LAST - 1)
    return 1 if "pref" in each.types else LAST


# ── Values ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _text(value: str, modern: bool) -> str:
    """Without its backslashes. 2.1 knows them only before what would divide."""
    if not modern:
        return re.sub(r"\\([;,:])", r"\1", value)
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value, flags=re.DOTALL)


def _parts(value: str, sign: str) -> list[str]:
    """Cut at a sign that no backslash stands before."""
    return re.findall(rf"(?:^|{sign})((?:\\.|[^{sign}\\]|\\$)*)", value, flags=re.DOTALL)


def _component(value: str, modern: bool, between: str) -> str:
    """A part of a name or address; in 3.0 and 4.0 commas divide it into several."""
    if not modern:
        return _text(value, modern).strip()
    return between.join(filter(None, (_text(each, modern).strip() for each in _parts(value, ","))))


def _listed(properties: Iterable[Property], name: str, modern: bool) -> list[str]:
    words = [word for each in properties if each.name == name for word in _parts(each.value, ",")]
    return list(dict.fromkeys(filter(None, (one_line(_text(word, modern)) for word in words))))


def _set_name(card: Card, values: list[str], modern: bool) -> None:
    parts = [*_parts(values[0], ";"), "", "", "", "", ""]
    between = (" ", " ", " ", " ", ", ")
    told = (one_line(_component(part, modern, sign)) for part, sign in zip(parts, between, strict=False))
    card.family, card.given, card.additional, card.prefix, card.suffix = told


def _set_organization(card: Card, values: list[str], modern: bool) -> None:
    first, *others = ([one_line(_text(part, modern)) for part in _parts(value, ";")] for value in values)
    card.organization, card.units = first[0], tuple(filter(None, first[1:]))
    # A copy that differs only by letters that were lost is no other one.
    others = [parts for parts in others if [part.replace("\ufffd", "") for part in parts] != first]
    named = (" / ".join(filter(None, parts)) for parts in others)
    card.other_organizations = tuple(dict.fromkeys(filter(None, named)))


def _setter(attribute: str) -> Callable[[Card, list[str], bool], None]:
    def put(card: Card, values: list[str], modern: bool) -> None:
        setattr(card, attribute, one_line(_text(values[0], modern)))

    return put


_SETTERS = {"FN": _setter("name"), "N": _set_name, "ORG": _set_organization, "TITLE": _setter("title")}
_SETTERS |= {"ROLE": _setter("role"), "KIND": _setter("kind"), "UID": _setter("uid")}


def _kind(told: str, properties: Iterable[Property]) -> str:
    """Apple says in properties of its own that a card is a company or a group."""
    for each in properties:
        if each.name == "X-ABSHOWAS" and each.value.strip().upper() == "COMPANY":
            return "org"
        if each.name == "X-ADDRESSBOOKSERVER-KIND":
            told = each.value.strip()
    kind = told.lower()
    return kind if kind in ("org", "group", "location") else "individual"


def _left_out(properties: Iterable[Property]) -> "Counter[str]":
    taken = {*SINGLE, *KINDS, *TECHNICAL, *FURTHER}
    rest = (each for each in properties if each.name not in taken)
    return Counter(PRIVATE.get(each.name, each.name.removeprefix("X-").lower()) for each in rest)


# ── Ways to reach somebody ──────────────────────────────────────────────────────────────────────────────────────────


def _channels(properties: Sequence[Property], modern: bool) -> list[Channel]:
    labels = {each.group: _own_words(each.value, modern) for each in properties if each.name == "X-ABLABEL"}
    found = [
        Channel(KINDS[each.name], value, _types(each), labels.get(each.group, "") if each.group else "", _rank(each))
        for each in properties
        if each.name in KINDS and (value := _value(each, modern))
    ]
    return found + _labelled_only(properties, modern, found)


def _types(each: Property) -> tuple[str, ...]:
    return tuple(word for word in dict.fromkeys(each.types) if word not in ("pref", "internet"))


def _own_words(value: str, modern: bool) -> str:
    """A label; Apple writes those it ships as `_$!<HomePage>!$_`."""
    text = one_line(_text(value, modern))
    shipped = _LABEL.fullmatch(text)
    return shipped[1] if shipped else text


def _value(each: Property, modern: bool) -> str | Address:
    if each.name == "ADR":
        address = _address(each, modern)
        return address if any(address) else ""
    text = one_line(_text(each.value, modern))
    if each.name == "TEL" and text.lower().startswith("tel:"):
        number, *params = text[4:].split(";")
        extension = next((part[4:] for part in params if part.lower().startswith("ext=")), "")
        return f"{number} ext. {extension}" if extension else number
    return re.sub(r"(?i)^mailto:", "", text) if each.name == "EMAIL" else text


def _address(each: Property, modern: bool) -> Address:
    """Box, extension, street, city, region, postal code, country; the first three are the lines of the street."""
    told = [_lines(_component(part, modern, ", ")) for part in _parts(each.value, ";")]
    box, extended, street, city, region, postal_code, country = (told + [""] * 7)[:7]
    lines = "\n".join(filter(None, (extended, street, box)))
    if not any((lines, city, region, postal_code, country)):
        lines = _lines("\n".join(each.params.get("LABEL", ())))
    return Address(lines, one_line(city), one_line(region), one_line(postal_code), one_line(country))


def _lines(text: str) -> str:
    return "\n".join(filter(None, (one_line(line) for line in text.split("\n"))))


def _labelled_only(properties: Iterable[Property], modern: bool, found: Iterable[Channel]) -> list[Channel]:
    """Addresses of which the card has only the label, as it would stand on an envelope."""
    places = {_place(each.types) for each in found if each.kind == "address"}
    labels = [each for each in properties if each.name == "LABEL" and _place(_types(each)) not in places]
    texts = ((each, _lines(_text(each.value, modern))) for each in labels)
    return [Channel("address", Address(text), _types(each), "", _rank(each)) for each, text in texts if text]


def _place(types: Iterable[str]) -> frozenset[str]:
    return frozenset(types) & {"work", "home"}
