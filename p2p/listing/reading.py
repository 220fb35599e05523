"""One look at a list: what an address asks for, its rows, and the links to everything around them."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, literal, or_, tuple_

from p2p.db import db
from p2p.filters import the_format
from p2p.listing import walking
from p2p.listing.declaring import Column, Listing, Tabs
from p2p.listing.places import Place

PAGE_SIZE = 50
COUNT_UP_TO = 10_000


class NoSuchList(ValueError):
    """An address that asks for what no list offers: an unknown sort, a choice that is none, a torn link."""


class Listed:
    """What one address shows of a listing: its rows, and the links to everything around them."""

    def __init__(self, listing: Listing, path: str, asked: Mapping[str, str]) -> None:
        """Read the address; raises NoSuchList where it makes no sense. Unknown parameters count for nothing."""
        self.listing, self.path = listing, path
        self.bare = asked.get("bare") == "1"
        self.sort = asked.get("sort") or listing.sort
        column = listing.column(self.sort.removeprefix("-"))
        if column is None:
            raise NoSuchList(self.sort)
        self.sorted_by, self.descending = column, self.sort.startswith("-")
        self.asked = {f.key: typed for f in listing.all_filters if (typed := f.asked(asked))}
        try:
            self.values = {f.key: f.read(self.asked[f.key]) for f in listing.all_filters if f.key in self.asked}
            self.values |= {tabs.key: tabs.first for tabs in self._tabs if tabs.key not in self.asked}
            self.after, self.before = (self._place(asked.get(name)) for name in ("after", "before"))
        except (ValueError, TypeError, StopIteration, RecursionError) as error:
            raise NoSuchList from error
        self.rows: list[RowMapping] = []
        self.total = 0
        self.first = 1
        self.previous: Place | None = None
        self.next: Place | None = None

    @property
    def _tabs(self) -> list[Tabs]:
        return [each for each in self.listing.filters if isinstance(each, Tabs)]

    @cached_property
    def _keys(self) -> Sequence[int] | None:
        """The entries whose order the rows follow, where they follow a short list."""
        return self.sorted_by.entries() if self.sorted_by.entries else None

    @cached_property
    def _order(self) -> Any:
        order = self.sorted_by.order
        return order if self._keys is None else walking.rank(order, self._keys, descending=self.descending)

    def _place(self, typed: str | None) -> Place | None:
        return Place.read(typed, self.sort, self._order) if typed else None

    # -- statements ---------------------------------------------------------------------------------------------------

    @property
    def matching(self) -> Select[*tuple[Any, ...]]:
        """The base, narrowed to what the filters let through."""
        listing, chosen = self.listing, self.listing.base
        for each in listing.all_filters:
            if each.key in self.values:
                chosen = chosen.where(each.where(self.values[each.key]))
        if listing.archived is not None and "archived" not in self.values:
            chosen = chosen.where(listing.archived.is_(False))
        return chosen

    def ordered(self, *, backwards: bool = False) -> Select[*tuple[Any, ...]]:
        """Every matching row in order, nulls last either way, ties by id."""
        id, by = self.listing.id, self._order
        shown = self.matching.add_columns(*(each.value.label(each.key) for each in self.listing.columns))
        shown = shown.add_columns(by.label("sort_value"))
        down = self.descending != backwards
        order = by.desc() if down else by.asc()
        if self._has_nulls:
            order = order.nulls_first() if backwards else order.nulls_last()
        return shown.order_by(order, id.desc() if down else id.asc())

    @property
    def file_columns(self) -> list[Column]:
        """The columns of a file."""
        return [each for each in self.listing.columns if each.in_file]

    def all_rows(self, conditions: Sequence[Any], order: Sequence[Any]) -> Select[*tuple[Any, ...]]:
        """Every matching row that also fits these conditions, in an order of somebody else's."""
        return self.ordered().where(*conditions).order_by(None).order_by(*order)

    def _beyond(self, place: Place, *, backwards: bool) -> ColumnElement[bool]:
        """The rows on the other side of a place."""
        order, id, down = self._order, self.listing.id, self.descending != backwards
        if place.value is None:
            rest = and_(order.is_(None), id < place.id if down else id > place.id)
            return or_(order.is_not(None), rest) if backwards else rest
        here = tuple_(literal(place.value, order.type), literal(place.id))
        further = tuple_(order, id) < here if down else tuple_(order, id) > here
        return further if backwards or not self._has_nulls else or_(further, order.is_(None))

    @property
    def _has_nulls(self) -> bool:
        return self.sorted_by.nullable and self._keys is None

    def _page(self, place: Place | None, *, backwards: bool) -> Select[*tuple[Any, ...]]:
        """The rows of one page, and one more."""
        rows = self.ordered(backwards=backwards).limit(PAGE_SIZE + 1)
        if self._keys is None:
            return rows.where(self._beyond(place, backwards=backwards)) if place else rows
        ids = walking.first_ids(
            *(self.matching, self.listing.id, self.sorted_by.order, self._keys),
            descending=self.descending,
            backwards=backwards,
            after=(place.value, place.id) if place else None,
            limit=PAGE_SIZE + 1,
        )
        return rows.where(self.listing.id.in_(ids))

    def read(self) -> "Listed":
        """Fetch the page and the count: two statements, whatever the size of the table.

        In the order of a short list there is one more for each of its entries until the page is full.
        """
        place, backwards = self.before or self.after, self.before is not None
        found = list(db.session.execute(self._page(place, backwards=backwards)).mappings())
        more, self.rows = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
        if backwards:
            self.rows.reverse()
        counted = self.matching.with_only_columns(literal(1).label("one")).order_by(None).limit(self.count_up_to + 1)
        self.total = (
            db.session.scalar(counted.subquery().select().with_only_columns(func.count(), maintain_column_froms=True))
            or 0
        )
        self._number(place, backwards, more)
        return self

    def _number(self, place: Place | None, backwards: bool, more: bool) -> None:
        earlier, later = (more, True) if backwards else (place is not None, more)
        if place and earlier:
            self.first = max(1, place.number - len(self.rows) if backwards else place.number + 1)
        if self.rows:
            last = self.first + len(self.rows) - 1
            self.previous = self._at(self.rows[0], self.first) if earlier else None
            self.next = self._at(self.rows[-1], last) if later else None

    def _at(self, row: RowMapping, number: int) -> Place:
        return Place(self.sort, row["sort_value"], row["id"], number)

    # -- what the page says -------------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        return f"{self.listing.name}-list"

    @property
    def columns(self) -> list[Column]:
        """The columns shown: inside another page without the less important ones and what that page says anyway."""
        shown = [each for each in self.listing.columns if each.on_page]
        return [each for each in shown if not (self.bare and (each.key in self.values or each.is_spare or each.alone))]

    @property
    def count_up_to(self) -> int:
        return self.listing.count_up_to or COUNT_UP_TO

    @property
    def total_words(self) -> str:
        """How many rows match, counted up to a limit: `1,000+`."""
        capped = self.total > self.count_up_to
        return the_format().number(self.count_up_to) + "+" if capped else the_format().number(self.total)

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    def url(self, **changes: Any) -> str:
        """This list's address with some parameters changed (None takes one away); always from its first page."""
        sort = None if self.sort == self.listing.sort else self.sort
        chosen: dict[str, Any] = {**self.asked, "sort": sort, "bare": "1" if self.bare else None} | changes
        query = urlencode([(key, value) for key, value in chosen.items() if value is not None])
        return f"{self.path}?{query}" if query else self.path

    @property
    def here(self) -> str:
        """The address of just this page."""
        return self.url(after=self.after, before=self.before)

    def sort_url(self, column: Column) -> str:
        first, other = (f"-{column.key}", column.key) if column.down_first else (column.key, f"-{column.key}")
        key = other if self.sort == first else first
        return self.url(sort=None if key == self.listing.sort else key)

    def direction(self, column: Column) -> str | None:
        if column.key != self.sorted_by.key:
            return None
        return "descending" if self.descending else "ascending"

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The ways to look at this list, with whatever else is asked for kept."""
        return [
            {
                "label": words,
                "href": self.url(**{each.key: None if value == each.first else value}),
                "current": self.values[each.key] == value,
            }
            for each in self._tabs
            for value, words in each.choices()
        ]

    @property
    def narrowed(self) -> bool:
        """Whether any filter was asked for."""
        return bool(self.asked)

    @property
    def chips(self) -> list[dict[str, str]]:
        """The filters in force, each with the address without it; tabs show themselves."""
        known = [f for f in self.listing.all_filters if f.key in self.values and not isinstance(f, Tabs)]
        return [{"label": each.chip(self.values[each.key]), "href": self.url(**{each.key: None})} for each in known]
