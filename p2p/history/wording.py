"""How nouns, fields and values are said, and where records have their pages: the one table of words."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from p2p.filters import file_size, several, the_format
from p2p.history.queries import Key
from p2p.history.recording import nouns, verbs
from p2p.history.values import recorded_columns

#: Where a record has its page; parts of something are shown on the page of what they belong to.
PLACES = {
    "opportunity": "/opportunities/{}",
    "party": "/parties/{}",
    "contact": "/contacts/{}",
    "prospect": "/prospects/{}",
    "customer": "/customers/{}",
    "competitor": "/competitors/{}",
    "campaign": "/campaigns/{}",
    "lead": "/leads/{}",
    "activity": "/activities/{}",
    "attachment": "/attachments/{}",
    "meeting": "/meetings/{}",
    "board_view": "/board/views/{}",
}
#: What a new record is introduced with in a list; everything else stands on the page of what was done.
INTRODUCED_BY = {
    "opportunity": ("party_id", "owner_id", "stage_id", "revenue", "decide_by"),
    "lead": ("party_id", "company_name", "person_name", "owner_id", "source_id", "rating_id"),
    "campaign": ("type_id", "starts_on", "cost"),
    "activity": ("type_id", "due_on", "starts", "notes", "location", "direction", "outcome_id"),
    "activity_attendee": (),
    "attachment": ("size", "note"),
    "party": ("name", "city", "country", "phone", "email"),
    "contact": ("party_id", "job_title", "decision_role_id"),
    "prospect": ("number", "type_id", "status_id", "responsible_id"),
    "customer": ("number",),
    "competitor": ("description",),
    "meeting": ("held_on", "attending"),
    "board_view": ("shared", "query"),
    "meeting_point": ("decision", "note"),
    "channel": ("value", "street", "city", "country"),
    "dismissal": ("reason",),
}
#: What a noun is called, where its name with blanks would not do.
NOUN_WORDS = {
    "channel": "way to reach a party",
    "merger": "merged record",
    "distinction": "pair",
    "dismissal": "dismissed suggestion",
    "advice_rule": "rule of advice",
    "opportunity_member": "team member",
    "opportunity_contact": "contact on an opportunity",
    "opportunity_competitor": "competitor on an opportunity",
    "opportunity_lead": "lead of an opportunity",
    "lead_contact": "contact on a lead",
    "activity_attendee": "attendee",
    "attachment": "file",
    "code": "list entry",
    "step": "step of a process",
    "meeting_point": "deal on an agenda",
    "board_view": "view of the board",
}
#: Nouns that say little without what they hang on: “Planned Call on Palletiser relocation”.
NAMED_WITH_SUBJECT = ("activity", "attachment", "dismissal")
#: The word between such a noun and what it hangs on, where it is not *on*.
JOINED_BY = {"attachment.attach": "to"}
#: Verbs about one record that may move others of its kind aside: the title names that one alone.
ONE_OF_MANY = ("channel.",)
#: Verbs whose words follow the name: “Rolf Weber put on the team”.
NAME_FIRST = (
    "lead_contact.",
    "opportunity_member.",
    "opportunity_contact.",
    "opportunity_competitor.",
    "opportunity_lead.",
)


def noun_words(noun: str, count: int = 1) -> str:
    """A noun as people say it: `prognosis band`, `parties`, `contacts on an opportunity`, `ways to reach a party`."""
    words = NOUN_WORDS.get(noun, noun.replace("_", " "))
    if count == 1:
        return words
    joint = " to " if " to " in words else " on "
    thing, on, whole = words.partition(joint)
    return several(thing) + on + whole


def kind_words(kind: str) -> str:
    """What a timeline can be narrowed to: `Files`, `Leads`."""
    return capitalized(noun_words(kind, 2) if kind in nouns else kind)


def verb_words(name: str) -> str:
    known = verbs.get(name)
    return known.words if known else name.partition(".")[2].replace("_", " ")


def field_label(column: Any) -> str:
    """What people call a field: `estimated revenue`, `party`."""
    return str(column.info.get("label") or column.key.removesuffix("_id").replace("_", " "))


def place(key: Key, about: Key | None = None) -> str | None:
    """The address of a record, or of what it is a part of."""
    for noun, id in filter(None, (key, about)):
        if noun in PLACES:
            return PLACES[noun].format(id)
    return None


def points_at(column: Any) -> str | None:
    """The noun a foreign key leads to."""
    for key in column.foreign_keys:
        for noun, cls in nouns.items():
            if cls.__table__ is key.column.table:  # type: ignore[attr-defined]
                return noun
    return None


def told_columns(noun: str) -> list[tuple[str, Any]]:
    """The columns worth telling: nothing that only machines compare, nothing that the title says already.

    What is derived and follows from something told is said where a change is shown in full.
    """
    cls = nouns[noun]
    silent = {"hidden", *(cls.attached_by or ())}
    unsaid = (c for _, c in recorded_columns(cls) if c.info.get("derived") and not c.info.get("follows"))
    silent |= {c.key for c in unsaid}
    return [(key, c) for key, c in recorded_columns(cls) if key not in silent]


def goes_unsaid(noun: str, column: Any, *, new: bool) -> bool:
    """Whether a list leaves a field out: it merely follows from what was done, or a new record has more to say."""
    return bool(column.info.get("follows")) or (new and column.key not in INTRODUCED_BY.get(noun, (column.key,)))


def in_words(column: Any, value: Any, currency: str | None, known: dict[Key, Any]) -> str | None:
    """A value of the log as people read it; None stays None."""
    if value is None or value == "":
        return None
    noun = points_at(column)
    if noun:
        return str(known.get((noun, value)) or f"{noun_words(noun)} {value}")
    if not isinstance(value, (dict, list)) and value in (words := column.info.get("words", {})):
        return str(words[value])
    kind = column.info.get("kind")
    if kind == "money":
        return the_format().money(value, currency)
    if kind == "size":
        return file_size(value)
    if kind == "percent":
        return f"{value} %"
    if column.key.endswith("_millionths"):
        return f"{Decimal(value).scaleb(-6).normalize():f}"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {each}" for name, each in value.items())
    return _plain(column.type.python_type, value)


def _plain(kind: type, value: Any) -> str:
    if kind is bool:
        return "yes" if value else "no"
    if kind is datetime:
        return the_format().instant(datetime.fromisoformat(value) if isinstance(value, str) else value)
    if kind is date:
        return the_format().date(date.fromisoformat(value) if isinstance(value, str) else value)
    return str(value)


def verb_alone(name: str) -> str:
    """What was done without to what: `Moved`, `Gave a prognosis`."""
    return capitalized(verb_words(name).removesuffix(" for").removesuffix(" of"))


def verbs_called(words: str) -> list[str]:
    """Every verb that is said so by itself: nouns share words, and so do two ways of doing one thing."""
    return [name for name in verbs if verb_alone(name) == words]


def capitalized(words: str) -> str:
    return words[:1].upper() + words[1:]


def uncapitalized(words: str) -> str:
    return words[:1].lower() + words[1:]
