"""How an opportunity is developed: stage, probability, prognosis and value, each with its rule."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Mapped

from p2p.activities.closing import Closable
from p2p.db import db, now
from p2p.filters import exponent, the_format, today
from p2p.history import verb
from p2p.history.log import Values
from p2p.history.recording import Actor, PutBack
from p2p.processes.running import needs_for, plan_present
from p2p.setup.models import Process, PrognosisBand, Stage
from p2p.setup.queries import band_for
from p2p.states import IllegalMove

#: What the probability of a closed opportunity counts as, whatever the estimate was.
COUNTS_AS = {"won": 100, "lost": 0, "canceled": 0}
CLOSED = tuple(COUNTS_AS)

#: Facts with rules of their own, and among them those that steer an open opportunity.
VALUE = {"revenue", "currency", "rate_millionths"}
STEERED = {"stage_id", "probability", "probability_manual", "prognosis_id", "decide_by"}
DEVELOPED = VALUE | STEERED


class OfAnotherProcess(IllegalMove):
    """A stage of a sales process the opportunity does not follow."""

    title = "That stage is another process’s"

    def __init__(self, what: "Developed", stage: Stage) -> None:
        told = f"“{stage}” is a stage of {stage.process}, and {what} follows {what.process}."
        Exception.__init__(self, f"{told} Change its process first.")
        self.stage = stage


class Developed(Closable):
    """The rules of the estimate; mixed into Opportunity, whose columns it sets."""

    if TYPE_CHECKING:
        stage_id: Mapped[int]
        stage_entered_at: Mapped[datetime]
        probability: Mapped[int]
        probability_manual: Mapped[bool]
        prognosis_id: Mapped[int | None]
        prognosis_given_on: Mapped[date | None]
        window_from: Mapped[date | None]
        window_to: Mapped[date | None]
        decide_by: Mapped[date | None]
        revenue: Mapped[int | None]
        currency: Mapped[str]
        rate_millionths: Mapped[int]
        revenue_company: Mapped[int | None]

    @property
    def process(self) -> Process:
        """The sales process of its stage."""
        return db.session.get_one(Stage, self.stage_id).process

    @property
    def overdue(self) -> bool:
        """Past the day by which it should have been decided."""
        return self.is_open and self.decide_by is not None and self.decide_by < today()

    @property
    def counts_as(self) -> int:
        """The probability that figures use: closing decides it, the estimate stays as it was."""
        return COUNTS_AS.get(self.status, self.probability)

    @property
    def weighted_now(self) -> int:
        """Revenue weighted with what the probability counts as, in minor units of the company currency."""
        return rounded_weight((self.revenue_company or 0) * self.counts_as)

    @classmethod
    def hold_together(cls, back: PutBack) -> None:
        """An undo brings nothing open into a stage that left the menus."""
        from p2p.opportunities.queries import open_out_of_sight

        placed = [id for id, fields in back.items() if fields.keys() & {"status", "stage_id", "hidden", "archived"}]
        for subject, stage in open_out_of_sight(placed):
            raise ValueError(
                f"“{subject}” would be open in “{stage}”, which is not in use. Bring that stage back first."
            )

    @classmethod
    def settle(cls, changed: Mapping[int, Values]) -> None:
        """How long won ones stayed in their stages follows the log."""
        from p2p.opportunities.advising.measuring import measure

        measure(changed)

    def develop(self, facts: dict[str, Any]) -> None:
        if facts.keys() & STEERED:
            self._needs_to_be_open()
        if "stage_id" in facts and facts["stage_id"] != self.stage_id:
            stage = db.session.get_one(Stage, facts["stage_id"])
            if stage.process_id != self.process.id:
                raise OfAnotherProcess(self, stage)
            needs_for(self, stage)
            self._come_into(stage)
        if facts.get("probability") is not None and facts["probability"] != self.probability:
            self.probability, self.probability_manual = facts["probability"], True
        if facts.get("probability_manual") is True:
            self.probability_manual = True
        elif facts.get("probability_manual") is False and "probability" not in facts:
            self.probability_manual = False
            self.probability = db.session.get_one(Stage, self.stage_id).probability
        if facts.get("decide_by") is not None and facts["decide_by"] != self.decide_by:
            self._decide_by(facts["decide_by"])
        elif facts.get("prognosis_id", self.prognosis_id) != self.prognosis_id or "decide_by" in facts:
            self._expect(facts.get("prognosis_id", self.prognosis_id))
        if facts.keys() & VALUE:
            self._value(facts)

    @verb("changed the process of")
    def follow(self, process: Process, *, by: Actor | None) -> None:
        """Another sales process, from its first stage on; the probability follows unless it was set by hand."""
        self._needs_to_be_open()
        stage = process.first_stage
        assert stage is not None, "a process keeps a stage"
        self._come_into(stage)
        plan_present(self, by=by)

    def _come_into(self, stage: Stage) -> None:
        self.stage_id, self.stage_entered_at = stage.id, now()
        if not self.probability_manual:
            self.probability = stage.probability

    def _needs_to_be_open(self) -> None:
        if self.status in CLOSED:
            raise IllegalMove(self, self.status, "change its estimate", list(self.moves[self.status]))
        if self.status == "postponed" and self.is_open:
            self.go("resume")
            self.wake_on = self.outcome_note = None

    def _decide_by(self, day: date) -> None:
        """A date picks the band that holds it, counted from today."""
        band = band_for((day - today()).days)
        self._give(band, today())
        self.decide_by = day

    def _expect(self, band_id: int | None) -> None:
        """A band alone sets the date to its window's end; no band takes the date away."""
        if band_id is None:
            self._give(None, None)
        else:
            self._give(db.session.get_one(PrognosisBand, band_id), today())

    def reaffirm(self, facts: dict[str, Any]) -> None:
        """Count a prognosis that was not changed from today on: a band anew, a date of one's own by its band.

        Nothing is expected in the past: a day gone by gives way to its band.
        """
        changed = facts.keys() & {"prognosis_id", "decide_by"}
        if changed or self.prognosis_id is None or self.decide_by is None:
            return
        self._needs_to_be_open()
        if self.decide_by == self.window_to or self.decide_by < today():
            self._give(db.session.get_one(PrognosisBand, self.prognosis_id), today())
        else:
            self._decide_by(self.decide_by)

    def _give(self, band: PrognosisBand | None, given_on: date | None) -> None:
        self.prognosis_id = band.id if band else None
        self.prognosis_given_on = given_on
        window = band.window(given_on) if band and given_on else (None, None)
        self.window_from, self.window_to = window
        self.decide_by = window[1]

    def _value(self, facts: dict[str, Any]) -> None:
        for name in VALUE & facts.keys():
            setattr(self, name, facts[name])
        if self.currency == the_format().currency:
            self.rate_millionths = 1_000_000
        rate = self.rate_millionths or 1_000_000
        self.revenue_company = company_money(self.revenue, self.currency, rate)


def rounded_weight(hundredths: int) -> int:
    """Minor units of a weighted amount kept in hundredths of one, rounded half up."""
    return (hundredths + 50) // 100


def company_money(minor: int | None, currency: str, rate_millionths: int) -> int | None:
    """Minor units of the company currency, rounded half up: `minor` of `currency` at the rate kept on the record."""
    if minor is None:
        return None
    shift = exponent(the_format().currency) - exponent(currency)
    scaled: int = minor * rate_millionths * 10 ** max(shift, 0)
    divisor: int = 1_000_000 * 10 ** max(-shift, 0)
    return (2 * scaled + divisor) // (2 * divisor)
