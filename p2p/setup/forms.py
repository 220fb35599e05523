"""What we accept when somebody sets things up."""

from typing import Any

from wtforms import BooleanField, FieldList, FormField, HiddenField, IntegerField, SelectField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from p2p.figures import PercentField, RateField, percent
from p2p.forms import CreateForm, EditForm, line, whole
from p2p.setup import choices, pacing, queries
from p2p.setup.lists import EntryList, explains_leads
from p2p.setup.models import QUALIFICATION, Currency, Drawn, PrognosisBand

LONGEST_DAYS = 3650
PLACES = [("ruler", "Ruler"), ("retired", "Retired"), ("removed", "Removed")]


def stage_percent(label: str) -> PercentField:
    """A default probability: open opportunities are never 0 or 100."""
    limits = NumberRange(1, 99, "Please give a whole number from 1 to 99: nothing open is ever certain.")
    rules = [InputRequired("Please give a whole number from 1 to 99."), limits]
    return PercentField(
        label, rules, render_kw={"inputmode": "numeric", "min": 1, "max": 99}, description="In percent."
    )


class CompanyForm(EditForm):
    name = line("Company name", required=True)
    currency = SelectField("Company currency", choices=choices.currencies)
    zone = SelectField("Time zone", choices=choices.zones, description="Decides when a day begins.")
    locale = SelectField("Format", choices=choices.locales, description="How figures and dates are written and read.")
    qualify_needs_reason = BooleanField("Ask for a reason when a lead is qualified")


class _Named:
    name = line("Name", required=True)


class NewCode(_Named, CreateForm):
    pass


class EditCode(_Named, EditForm):
    pass


class NewCurrency(CreateForm):
    name = SelectField("Currency")
    rate_millionths = RateField("Rate", [InputRequired("Please give a rate.")])

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        listed = {currency.name for currency in queries.entries(Currency)}
        offered = choices.currencies().items()
        self.name.choices = {group: [each for each in rows if each[0] not in listed] for group, rows in offered}


class EditCurrency(EditForm):
    rate_millionths = RateField("Rate", [InputRequired("Please give a rate.")])


class NewProbability(CreateForm):
    percent = percent("Percent", required=True)


class EditProbability(EditForm):
    percent = percent("Percent", required=True)


class _Reasoned(_Named):
    for_opportunities = BooleanField("For opportunities")
    for_quotations = BooleanField("For quotations")
    needs_note = BooleanField("Needs a note", description="Whoever chooses it must say more in a note.")

    def of(self, listed: EntryList) -> None:
        """Leave out what this list has no choice of: reasons of leads apply to leads only."""
        if explains_leads(listed):
            del self.for_opportunities, self.for_quotations

    def validate_for_quotations(self, field: BooleanField) -> None:
        if not (field.data or self.for_opportunities.data):
            raise ValidationError("Tick at least one: opportunities, quotations or both.")


class NewReason(_Reasoned, CreateForm):
    pass


class EditReason(_Reasoned, EditForm):
    pass


class _OfAKind:
    """Stages of sales have a probability; leads have none."""

    probability = stage_percent("Default probability")

    def of(self, listed: EntryList) -> None:
        if listed.within == QUALIFICATION or (listed.process and listed.process.versioned):
            del self.probability


class _Watched(_OfAKind):
    """What is in a stage of sales can be stale; leads never are."""

    stale_rule = SelectField("Stale", choices=[SelectChoice(*each) for each in pacing.RULES.items()])
    stale_after = IntegerField(
        "Days without activity",
        [NumberRange(1, LONGEST_DAYS, f"Please give a whole number of days from 1 to {LONGEST_DAYS}.")],
        default=pacing.USUAL_DAYS,
        render_kw={"inputmode": "numeric", "min": 1, "max": LONGEST_DAYS},
        description="The number that is set. A step planned for today or later keeps anything from being stale.",
    )

    def of(self, listed: EntryList) -> None:
        super().of(listed)
        if "probability" not in self:  # type: ignore[operator]
            del self.stale_rule, self.stale_after


class NewProcess(_Named, _OfAKind, CreateForm):
    stage = line("First stage", required=True)
    probability = stage_percent("Its default probability")


class EditProcess(_Named, EditForm):
    enforced = BooleanField(
        "Required steps are enforced",
        description="Without the tick they are advice: what is left undone is shown, and nobody is held up.",
    )


class CopyForm(_Named, CreateForm):
    """The name of a copy."""


class NewStage(_Named, _Watched, CreateForm):
    pass


class EditStage(_Named, _Watched, EditForm):
    pass


#: Noun → the forms that add and edit an entry. Those of steps, which name people, are added where people are known.
FORMS: dict[str, tuple[type[CreateForm], type[EditForm]]] = {
    "code": (NewCode, EditCode),
    "currency": (NewCurrency, EditCurrency),
    "probability": (NewProbability, EditProbability),
    "reason": (NewReason, EditReason),
    "process": (NewProcess, EditProcess),
    "stage": (NewStage, EditStage),
}


class BandRow(PlainForm):
    """One band: it starts where the one before ends, so only its last day is typed."""

    id = HiddenField()
    name = line("Name")
    last = IntegerField(
        "Last day",
        [Optional(), NumberRange(0, LONGEST_DAYS, f"Please give a whole number from 0 to {LONGEST_DAYS}.")],
        render_kw={"inputmode": "numeric", "min": 0, "max": LONGEST_DAYS},
    )
    place = SelectField("Where", choices=lambda: PLACES)

    @property
    def blank(self) -> bool:
        """A row for a new band that nobody filled in."""
        return not self.id.data and self.name.data is None and self.last.data is None

    def validate(self, *args: Any, **kw: Any) -> bool:
        fine = super().validate(*args, **kw)
        if self.name.data is None and not self.name.errors and not self.blank and self.place.data != "removed":
            self.name.errors = ["Please give a name."]
            return False
        return bool(fine)

    @property
    def drawn(self) -> Drawn:
        return Drawn(whole(self.id.data), self.name.data or "", self.last.data, self.place.data)


class BandsForm(EditForm):
    """All bands at once, and room for a new one; `version` is the edition of the whole ruler."""

    rows = FieldList(FormField(BandRow), max_entries=60)

    @classmethod
    def of(cls, bands: list[PrognosisBand], edition: int) -> "BandsForm":
        """The form as it is first shown."""
        return cls(data={"rows": [*map(as_row, bands), {"place": "ruler"}], "version": edition})

    @property
    def drawn(self) -> list[Drawn]:
        filled = [row.form.drawn for row in self.rows if not row.form.blank]
        return [row for row in filled if row.id is not None or row.place == "ruler"]

    @property
    def starts(self) -> dict[int, int]:
        """Row → the first day of its band, as far as what was typed tells."""
        ruler = [
            (n, row.form) for n, row in enumerate(self.rows) if row.form.place.data == "ruler" and not row.form.blank
        ]
        ruler.sort(key=lambda each: (each[1].last.data is None, each[1].last.data or 0))
        ends = [0, *((row.last.data or 0) + 1 for _, row in ruler)]
        return {number: first for (number, _), first in zip(ruler, ends, strict=False)}

    def catch_up(self, bands: list[PrognosisBand], edition: int) -> None:
        """Go on from what others made of the bands meanwhile, with what was typed here."""
        self.version.data = str(edition)
        listed = {row.form.drawn.id for row in self.rows}
        for band in bands:
            if band.id not in listed:
                self.rows.append_entry(as_row(band))


def as_row(band: PrognosisBand) -> dict[str, Any]:
    """A band as a row of the form."""
    place = "retired" if band.retired else "ruler"
    return {"id": band.id, "name": band.name, "last": band.to_days, "place": place}
