"""Which column of a file feeds which field: proposed by meaning and content, overruled by people."""

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from p2p.exchange.fields import Field
from p2p.exchange.formats import Format, Habits, find_format, fit, habits, named_format
from p2p.exchange.meaning import likeness, says_nothing
from p2p.exchange.reading import Sheet

_ENOUGH = 0.5  # below this a column is rather left out than guessed


class WrongMapping(ValueError):
    """What was asked for does not fit the file; the message says which name and what there is."""


@dataclass(frozen=True)
class Choice:
    """A column that feeds a field, and why. `rivals` are columns that would have fitted too."""

    field: Field
    column: str
    format: Format
    confidence: float
    why: str
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapping:
    choices: dict[str, Choice]  # by name of the field, in the order of the fields
    fields: tuple[Field, ...]
    left_out: tuple[str, ...]  # columns that feed nothing, in the order of the file

    @property
    def missing(self) -> tuple[Field, ...]:
        """Required fields that no column feeds."""
        return tuple(field for field in self.fields if field.required and field.name not in self.choices)

    @property
    def assumed(self) -> tuple[Choice, ...]:
        """Choices whose format the file does not settle, to be pointed out."""
        return tuple(choice for choice in self.choices.values() if choice.format.assumed)

    def to_dict(self) -> dict[str, str]:
        """For a form or a command line: `{"subject": "Topic", "created_on": "Created", "created_on.format": "dmy"}`,
        and an empty text for every field without a column. `propose(…, given=…)` reads it back."""
        result = {}
        for field in self.fields:
            choice = self.choices.get(field.name)
            result[field.name] = choice.column if choice else ""
            if choice and choice.format.code:
                result[f"{field.name}.format"] = choice.format.code
        return result


class _Offer(NamedTuple):
    score: float
    field: Field
    column: str
    why: str


def propose(
    sheet: Sheet,
    fields: Sequence[Field],
    *,
    given: Map[str, str] | None = None,
    about: Collection[str] = (),
    locale: str = "en_US",
) -> Mapping:
    """The best mapping of the sheet's columns. What is `given` (the shape of `Mapping.to_dict`) wins: a column, an
    empty text for *none*, or `name.format`; the rest is found. `about` are words for the record itself, `locale`
    decides formats that nothing in the file settles. Raises WrongMapping.
    """
    given = {name: value.strip() for name, value in (given or {}).items()}
    _refuse_unknown(given, sheet, fields)
    customs = habits((sheet.distinct(column) for column in sheet.columns), locale)
    chosen = {field.name: given[field.name] for field in fields if given.get(field.name)}
    open_fields = [field for field in fields if field.name not in given]
    taken = set(chosen.values())
    offers = _offers(sheet, open_fields, [column for column in sheet.columns if column not in taken], about)
    won = _best(offers)
    choices = {}
    for field in fields:
        if field.name in chosen:
            offer = _Offer(1.0, field, chosen[field.name], "chosen by you")
            rivals: tuple[str, ...] = ()
        elif field.name in won:
            offer = won[field.name]
            rivals = _rivals(offer, offers, won)
        else:
            continue
        choices[field.name] = Choice(
            field, offer.column, _format(offer, sheet, customs, given), round(offer.score, 2), offer.why, rivals
        )
    used = {choice.column for choice in choices.values()}
    return Mapping(choices, tuple(fields), tuple(column for column in sheet.columns if column not in used))


def _offers(sheet: Sheet, fields: Iterable[Field], columns: Sequence[str], about: Collection[str]) -> list[_Offer]:
    """Every pairing worth considering, the best first."""
    found = []
    for field in fields:
        words = (field.label, *field.synonyms)
        for column in columns:
            by_name = likeness(column, words, about)
            if by_name:
                share = fit(field, sheet.distinct(column))
                why = f"“{column}” means {field.label}"
                if share < 0.9:
                    why += f"; {share:.0%} of its values fit"
                found.append(_Offer(by_name * (1.0 if share >= 0.9 else share), field, column, why))
            elif field.kind in ("choice", "date") and says_nothing(column, about):
                found += _by_content(sheet, field, column)
    found = [offer for offer in found if offer.score >= _ENOUGH]
    return sorted(found, key=lambda offer: -offer.score)


def _by_content(sheet: Sheet, field: Field, column: str) -> list[_Offer]:
    """The heading says nothing, but every value does."""
    values = sheet.distinct(column)
    if not values or fit(field, values) < 1.0:
        return []
    return [_Offer(0.52 if field.kind == "date" else 0.6, field, column, f"all values of “{column}” fit {field.label}")]


def _best(offers: Iterable[_Offer]) -> dict[str, _Offer]:
    """Each field one column, each column one field, the surest first."""
    won: dict[str, _Offer] = {}
    columns: set[str] = set()
    pending = list(offers)
    for offer in pending:
        if offer.field.name in won or offer.column in columns or _undecided(offer, pending, won, columns):
            continue
        won[offer.field.name] = offer
        columns.add(offer.column)
    return won


def _undecided(offer: _Offer, offers: Iterable[_Offer], won: Collection[str], columns: Collection[str]) -> bool:
    """Content alone cannot tell two fields, or two columns, apart."""
    return offer.score <= 0.6 and any(
        other is not offer
        and other.score == offer.score
        and (other.column == offer.column or other.field == offer.field)
        and other.field.name not in won
        and other.column not in columns
        for other in offers
    )


def _rivals(offer: _Offer, offers: Iterable[_Offer], won: Map[str, _Offer]) -> tuple[str, ...]:
    used = {each.column for each in won.values()}
    return tuple(each.column for each in offers if each.field == offer.field and each.column not in used)


def _format(offer: _Offer, sheet: Sheet, customs: Habits, given: Map[str, str]) -> Format:
    code = given.get(f"{offer.field.name}.format")
    if not code:
        return find_format(offer.field, sheet.distinct(offer.column), customs)
    try:
        return named_format(offer.field, code)
    except ValueError as error:
        raise WrongMapping(str(error)) from None


def _refuse_unknown(given: Map[str, str], sheet: Sheet, fields: Iterable[Field]) -> None:
    names = [field.name for field in fields]
    for name, value in given.items():
        field, _, rest = name.partition(".")
        if field not in names or rest not in ("", "format"):
            raise WrongMapping(f"There is no field “{name}”.{_nearest(field, names)} Fields: {', '.join(names)}")
        if not rest and value and value not in sheet.columns:
            near = _nearest(value, sheet.columns)
            raise WrongMapping(f"The file has no column “{value}”.{near} Columns: {', '.join(sheet.columns)}")


def _nearest(word: str, known: Sequence[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f" Did you mean “{near[0]}”?" if near else ""
