"""Records side by side: field by field what each says, what a merge would keep, and what would move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from p2p.contacts.models import PERSON_FACTS
from p2p.history import queries as history
from p2p.history.absorbing import moves_with
from p2p.history.recording import Actor
from p2p.history.values import encode, recorded_columns
from p2p.history.wording import field_label, in_words, noun_words, points_at
from p2p.parties.models import Party

#: What is chosen field by field, per noun; what follows from other fields goes along with them.
FIELDS = {
    "party": "name phone email website street postal_code city region country notes",
    "contact": "name phone email job_title department function_id decision_role_id loyalty_id notes",
    "lead": "subject party_id company_name person_name email phone owner_id type_id priority_id rating_id source_id "
    "source_party_id source_user_id source_note campaign_id description",
}
#: Texts of which both may be kept, one below the other, and the longest that fits.
JOINED = ("notes", "description")
LONGEST = 4000
BOTH = "both"
#: How far a lead is, for choosing the one that stays.
FURTHEST = {"qualified": 3, "open": 2, "postponed": 1, "not_qualified": 0}


@dataclass(frozen=True)
class Choice:
    """What one record says of a field: its id (or `both`), the value and how it is said; None: nothing."""

    of: str
    value: Any
    words: str | None


@dataclass(frozen=True)
class Field:
    """One field of all records side by side; `kept` is the choice that stands until somebody makes another."""

    name: str
    label: str
    choices: list[Choice]
    kept: str

    @property
    def value(self) -> Any:
        """What is kept."""
        return next(choice.value for choice in self.choices if choice.of == self.kept)

    @property
    def differs(self) -> bool:
        return len({choice.value for choice in self.choices if choice.of != BOTH}) > 1


class Sides:
    """Two or more records of a noun, the one that stays first, and what was chosen of what they say."""

    def __init__(self, records: Sequence[Any], posted: Mapping[str, str]) -> None:
        """`posted`: `survivor`, `keep-<field>`, `version-<id>` as a form sends them; else what is likely."""
        ordered = in_order(records)
        chosen = next((each for each in ordered if str(each.id) == posted.get("survivor")), ordered[0])
        self.survivor = chosen
        self.others = [each for each in ordered if each is not chosen]
        self.posted = posted
        self.fields = side_by_side(self.records, {name: posted.get(f"keep-{name}") for name in _columns(chosen)})

    @property
    def records(self) -> list[Any]:
        return [self.survivor, *self.others]

    @property
    def outdated(self) -> bool:
        """Whether one of them was changed since the form was drawn."""
        return any(self.posted.get(f"version-{each.id}") != str(each.version) for each in self.records)

    @property
    def moves(self) -> dict[int, list[str]]:
        """Id of each that goes → what moves to the survivor, in words."""
        return {other.id: moving(other) for other in self.others}

    def merge(self, *, by: Actor | None) -> None:
        """Make them one, as chosen; raises NotMerged."""
        stands = {field.name: getattr(_holder(self.survivor, field.name), field.name) for field in self.fields}
        facts = {field.name: field.value for field in self.fields if field.value != stands[field.name]}
        self.survivor.absorb(self.others, facts, by=by)


def in_order(records: Sequence[Any]) -> list[Any]:
    """The records, the one that stays by itself first: the furthest on, then whoever has most, then the oldest."""
    return sorted(records, key=lambda record: (*_how_far(record), record.id))


def _how_far(record: Any) -> tuple[Any, ...]:
    if record.noun == "lead":
        stage = record.stage.position if record.stage else 0
        return not record.converted, -FURTHEST[record.status], -stage
    return (-sum(moves_with(record.noun, record.id).values()),)


def side_by_side(records: Sequence[Any], chosen: Mapping[str, str | None]) -> list[Field]:
    """The fields that any of the records says something of; `chosen` is what was ticked already."""
    columns = _columns(records[0])
    wanted = {
        (noun, value)
        for name, column in columns.items()
        if (noun := points_at(column))
        for record in records
        if (value := getattr(_holder(record, name), name)) is not None
    }
    known = history.records(wanted)
    fields = [_field(name, column, records, chosen.get(name), known) for name, column in columns.items()]
    return [field for field in fields if any(choice.words for choice in field.choices)]


def _columns(record: Any) -> dict[str, Any]:
    own = dict(recorded_columns(type(record)))
    if record.noun == "contact":
        own |= {name: column for name, column in recorded_columns(Party) if name in PERSON_FACTS}
    return {name: own[name] for name in FIELDS[record.noun].split() if name in own}


def _holder(record: Any, name: str) -> Any:
    """Whose column it is: name, phone and e-mail of a contact are the person's."""
    return record.person if record.noun == "contact" and name in PERSON_FACTS else record


def _field(name: str, column: Any, records: Sequence[Any], chosen: str | None, known: dict[Any, Any]) -> Field:
    said = [(str(record.id), getattr(_holder(record, name), name)) for record in records]
    choices = [Choice(of, value, in_words(column, encode(value), None, known)) for of, value in said]
    texts = list(dict.fromkeys(value for _, value in said if value))
    joined = "\n\n".join(map(str, texts))
    if name in JOINED and len(texts) > 1 and len(joined) <= LONGEST:
        choices.append(Choice(BOTH, joined, joined))
    offered = [choice.of for choice in choices]
    kept = offered[-1] if BOTH in offered else next((each.of for each in choices if each.value is not None), offered[0])
    label = field_label(column)
    return Field(name, label, choices, chosen if chosen in offered else kept)


def moving(record: Any) -> list[str]:
    """What would move to the survivor, in words: `3 activities`."""
    moves = moves_with(record.noun, record.id)
    if record.noun == "contact":
        for noun, count in moves_with(Party.noun, record.person_id).items():
            moves[noun] = moves.get(noun, 0) + count
        moves["contact"] = moves.get("contact", 0) - 1  # itself
    return [f"{count} {noun_words(noun, count)}" for noun, count in moves.items() if count > 0]
