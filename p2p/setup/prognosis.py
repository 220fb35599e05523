"""Prognosis bands: the time until the decision, cut into pieces without overlap and without gap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Literal

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from p2p.db import TABLE, Base, db
from p2p.history import verb
from p2p.history.recording import Actor, PutBack
from p2p.setup.entries import Entry, InUse, NameTaken, folded, told


class Overlap(ValueError):
    """Prognosis bands must follow one another without overlap and without gap."""


def bands_fit(bands: list[tuple[int, int | None]]) -> None:
    """Raise Overlap unless the (from, to) day bands start at 0, follow one another day by day and end open."""
    expected: int | None = 0
    for first, last in sorted(bands, key=lambda band: band[0]):
        if expected is None:
            raise Overlap("Only the last band may be open: give the others a last day.")
        if first != expected:
            what = "overlap" if first < expected else "leave a gap"
            raise Overlap(f"The bands {what} at day {min(first, expected)}: the next one must start at day {expected}.")
        if last is not None and last < first:
            raise Overlap(f"A band that starts at day {first} cannot end on day {last}.")
        expected = None if last is None else last + 1
    if expected is not None:
        raise Overlap("The last band must be open, so that every day has a band: leave its last day blank.")


def spans(last_days: Iterable[int | None]) -> list[tuple[int, int | None]]:
    """The (from, to) of bands told by their last days alone: each starts where the one before ended."""
    first, found = 0, list[tuple[int, int | None]]()
    for last in sorted(last_days, key=lambda day: (day is None, day or 0)):
        if found and found[-1][1] is None:
            raise Overlap("Only the last band may be open: give the others a last day.")
        if last is not None and last < first:
            raise Overlap(f"Two bands end on day {last}, so one of them would be empty.")
        found.append((first, last))
        first = (last or 0) + 1
    bands_fit(found)
    return found


@dataclass(frozen=True)
class Drawn:
    """One band as somebody draws it: `id` is None for a new one, `last` is None for the open one."""

    id: int | None
    name: str
    last: int | None
    place: Literal["ruler", "retired", "removed"] = "ruler"


class PrognosisBand(Entry, Base):
    """A band of time until the decision, in days from the day the prognosis was given; the last one is open."""

    __tablename__ = "prognosis_band"
    __table_args__ = (
        CheckConstraint("from_days >= 0 and (to_days is null or to_days >= from_days)", name="days"),
        TABLE,
    )
    noun: ClassVar[str] = "prognosis_band"

    #: What the open band counts as when ordering.
    OPEN_DAYS: ClassVar[int] = 730

    from_days: Mapped[int]
    to_days: Mapped[int | None]

    @classmethod
    def hold_together(cls, back: PutBack) -> None:
        """Names stand once, and the bands cover every day once."""
        from p2p.setup import queries

        super().hold_together(back)
        bands_fit([(band.from_days, band.to_days) for band in queries.bands()])

    def window(self, given_on: date) -> tuple[date, date]:
        """First and last day of the window, counted from the day the prognosis was given."""
        last = self.to_days if self.to_days is not None else max(self.OPEN_DAYS, self.from_days)
        return given_on + timedelta(days=self.from_days), given_on + timedelta(days=last)

    def holds(self, days: int) -> bool:
        return self.from_days <= days and (self.to_days is None or days <= self.to_days)

    @classmethod
    @verb("redrew")
    def redraw(cls, drawn: list[Drawn], *, by: Actor | None) -> None:
        """Set all bands at once. Raises Overlap, NameTaken, or InUse when one to be removed is used."""
        from p2p.setup import queries

        queries.take_turns()
        kept = {band.id: band for band in queries.all_bands()}
        _all_are_drawn(drawn, kept)
        _names_differ(drawn)
        ruler = sorted(
            (row for row in drawn if row.place == "ruler"), key=lambda row: (row.last is None, row.last or 0)
        )
        fitting = spans(row.last for row in ruler)
        for row in drawn:
            if row.id is not None and row.place != "ruler":
                kept[row.id]._leave_the_ruler(row)
        for position, (row, (first, last)) in enumerate(zip(ruler, fitting, strict=True), 1):
            band = cls() if row.id is None else kept[row.id]
            band.name, band.from_days, band.to_days = row.name, first, last
            band.position, band.retired = position, False
            db.session.add(band)
        db.session.flush()

    def _leave_the_ruler(self, row: Drawn) -> None:
        if row.place == "retired":
            self.name, self.retired = row.name, True
            return
        uses = self.used_by()
        if uses:
            raise InUse(f"“{self.name}” is used by {told(uses)}, so it cannot be removed. Retire it instead.")
        self.hidden = True

    def needs_to_be_spare(self) -> None:
        """Raise Overlap unless the other bands cover every day without this one."""
        bands_fit([(band.from_days, band.to_days) for band in self.siblings() if band is not self and not band.retired])

    @verb("brought back")
    def bring_back(self, *, by: Actor | None) -> None:
        """Into the ruler again; raises Overlap unless there is a hole that it fills."""
        present = [band for band in self.siblings() if band is self or not band.retired]
        bands_fit([(band.from_days, band.to_days) for band in present])
        self.retired = False


def _all_are_drawn(drawn: list[Drawn], kept: dict[int, PrognosisBand]) -> None:
    told_of = [row.id for row in drawn if row.id is not None]
    if len(set(told_of)) < len(told_of) or not set(told_of) <= kept.keys():
        raise Overlap("A band is told of twice, or is there no more. Open the form anew.")
    for band in kept.values():
        if not band.retired and band.id not in told_of:
            raise Overlap(f"“{band.name}” is missing. Retire or remove it if it is to go.")


def _names_differ(drawn: list[Drawn]) -> None:
    seen: set[str] = set()
    for row in drawn:
        if row.place != "removed":
            if folded(row.name) in seen:
                raise NameTaken(f"Two bands are called “{row.name}”.")
            seen.add(folded(row.name))
