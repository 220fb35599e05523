"""What a list is made of: columns, filters, and the statement they belong to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import Select, SQLColumnExpression

from p2p.filters import the_format

LONGEST_FILTER = 200


@dataclass(frozen=True)
class Column:
    """One column: `kind` says how it is shown (text, line: on one, words, date, day, instant, amount, number, percent,
    probability, status, email, phone); `words` turn codes into words; `link` is (endpoint, name of the row's id
    column).

    `sort` is what it is ordered by, where that is not the value; `sortable=False` makes it no choice. `nullable=False`
    on a sort column that is never null lets its index serve the pages. `wide=True`: only shown where there is room;
    `entries`: the ids of a short list, in whose order its rows stand (`sort` is then the column that points there; an
    index of it and the id serves the pages). `down_first=True`: the other way round first.
    `alone=True`: not inside other pages; `on_page=False`: only in the export, `in_file=False`: never in it.
    """

    key: str
    label: str
    value: SQLColumnExpression[Any]
    kind: str = "text"
    sort: SQLColumnExpression[Any] | None = None
    sortable: bool = True
    entries: Callable[[], Sequence[int]] | None = None
    down_first: bool = False
    nullable: bool = True
    numeric: bool = False
    wide: bool = False
    alone: bool = False
    on_page: bool = True
    in_file: bool = True
    words: Mapping[Any, str] = field(default_factory=dict)
    link: tuple[str, str] | None = None
    currency: str | None = None

    @property
    def is_spare(self) -> bool:
        """Whether it gives way on a phone and inside other pages; what leads to a record never does."""
        return self.wide and self.link is None

    @property
    def order(self) -> SQLColumnExpression[Any]:
        return self.value if self.sort is None else self.sort


@dataclass(frozen=True)
class Filter:
    """One query parameter; `where` makes the condition of what `read` understood. `shown=False`: it comes by link.

    `fits` is the same condition for a record whose facts are at hand: given those and what `read` understood.
    `rare=True`: it stays folded away even where there is room.
    """

    #: How forms ask for it: text, flag, choice, range, named.
    field: ClassVar[str] = "text"
    key: str
    label: str
    where: Callable[[Any], SQLColumnExpression[bool]]
    shown: bool = True
    fits: Callable[[Any, Any], bool] | None = None
    rare: bool = False

    @property
    def folds(self) -> bool:
        """Whether it folds away where there is little room."""
        return self.shown

    def asked(self, args: Mapping[str, str]) -> str:
        """What an address says about it, as typed; blank for nothing."""
        return args.get(self.key, "").strip()

    def read(self, typed: str) -> Any:
        """What was asked for; raises ValueError for what makes no sense."""
        if "\0" in typed:
            raise ValueError(typed)
        return typed[:LONGEST_FILTER]

    def chip(self, value: Any) -> str:
        return f"{self.label}: {value}"


@dataclass(frozen=True)
class Text(Filter):
    """Words somebody looks for; they never fold away."""

    hint: str = ""
    folds = False


@dataclass(frozen=True)
class Flag(Filter):
    """A tick: `?mine=1`."""

    field: ClassVar[str] = "flag"

    def read(self, typed: str) -> Any:
        if typed != "1":
            raise ValueError(typed)
        return True

    def chip(self, value: Any) -> str:
        return self.label


@dataclass(frozen=True)
class Choice(Filter):
    """One of a list of (value, words)."""

    field: ClassVar[str] = "choice"
    choices: Callable[[], Iterable[tuple[Any, str]]] = tuple

    def read(self, typed: str) -> Any:
        return next(value for value, _ in self.choices() if str(value) == typed)

    def chip(self, value: Any) -> str:
        return f"{self.label}: {dict(self.choices())[value]}"


@dataclass(frozen=True)
class Tabs(Choice):
    """The ways to look at a list, of which one is always in force: the first, where none is asked for."""

    shown: bool = False

    @property
    def first(self) -> Any:
        return next(iter(self.choices()))[0]


@dataclass(frozen=True)
class About(Filter):
    """The record a link came from, by id: `?party=7`; `name` gives its name, None where there is no such record."""

    shown: bool = False
    name: Callable[[int], str | None] = lambda id: str(id)

    def read(self, typed: str) -> Any:
        if not (typed.isascii() and typed.isdecimal() and len(typed) < 16) or self.name(int(typed)) is None:
            raise ValueError(typed)
        return int(typed)

    def chip(self, value: Any) -> str:
        return f"{self.label}: {self.name(value)}"


class Meant(NamedTuple):
    """What somebody typed for a name, and the ids of the records it can mean."""

    words: str
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Named(Filter):
    """A record by its id, as links name it, or by words people type: `?party=7`, `?party=vogt`; the value is `Meant`.

    `name` gives the name of a record, None where there is none; `find` the ids of all that words can mean;
    `suggested_at` is the endpoint that suggests names while somebody types.
    """

    field: ClassVar[str] = "named"
    name: Callable[[int], str | None] = lambda id: str(id)
    find: Callable[[str], tuple[int, ...]] = lambda words: ()
    suggested_at: str | None = None

    def read(self, typed: str) -> Meant:
        words = super().read(typed)
        number = typed.isascii() and typed.isdecimal() and len(typed) < 16
        return Meant(words, (int(typed),) if number and self.name(int(typed)) is not None else self.find(words))

    def typed(self, asked: str) -> str:
        """What stands in the field of a form: the name, where a link gave an id."""
        number = asked.isascii() and asked.isdecimal() and len(asked) < 16
        return (self.name(int(asked)) if number else None) or asked

    def chip(self, value: Any) -> str:
        name = self.name(value.ids[0]) if len(value.ids) == 1 else None
        return f"{self.label}: {name or f'“{value.words}”'}"


@dataclass(frozen=True)
class Day(Filter):
    """A calendar day that a link names: `?opened_from=2026-05-01`."""

    shown: bool = False

    def read(self, typed: str) -> Any:
        return date.fromisoformat(typed)

    def chip(self, value: Any) -> str:
        return f"{self.label} {the_format().date(value)}"


@dataclass(frozen=True)
class Listing:
    """A list page. `base` selects `id` (labelled so) and whatever else links need, from present records only.

    `sort` is the key it comes in, with `-` for the other way round; `archived` the column that tells what was put away.
    `empty` is (title, words) for when there is nothing yet at all, `empty_beside` that inside another page.
    `count_up_to`: where counting as far as everywhere would cost too much. `files` are doors that give the same rows in
    other files than CSV: (endpoint, words, parameters).
    """

    name: str
    caption: str
    base: Select[*tuple[Any, ...]]
    id: SQLColumnExpression[int]
    columns: Sequence[Column]
    sort: str
    filters: Sequence[Filter] = ()
    archived: SQLColumnExpression[bool] | None = None
    count_up_to: int | None = None
    empty: tuple[str, str] = ("Nothing here yet", "What you add will be listed here.")
    empty_beside: tuple[str, str] | None = None
    files: Sequence[tuple[str, str, Mapping[str, str]]] = ()

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key and column.sortable), None)

    @property
    def all_filters(self) -> Sequence[Filter]:
        if self.archived is None:
            return self.filters
        archived = self.archived
        return (*self.filters, Flag("archived", "Archived", lambda _: archived.is_(True)))
