"""What changed between two days as a page shows it: figures with their links, and deals before and after with why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from p2p.board.addresses import View
from p2p.board.past import queries
from p2p.board.past.comparing import Comparison, Story
from p2p.board.past.movements import DECIDED, MOVEMENTS, POSTPONED, Sum
from p2p.board.past.standing import Facts
from p2p.board.past.walking import changes_address
from p2p.filters import exponent, plural, the_format
from p2p.identity.models import User
from p2p.opportunities.estimate import rounded_weight
from p2p.parties.models import Party

#: Movement → whether it only changes amounts, never how many there are.
VALUED = ("raised", "lowered")


@dataclass(frozen=True)
class Line:
    """One line of the sum: its words, the address behind its figures, how many deals took part, and what it adds."""

    key: str
    label: str
    href: str | None
    deals: int
    effect: Sum
    whole: bool = False

    @property
    def count(self) -> str:
        if self.key in VALUED:
            return plural(self.deals, "deal") if self.deals else "0"
        return self._signed(self.effect.count, the_format().number(abs(self.effect.count)))

    @property
    def amount(self) -> str:
        return self._signed(self.effect.amount, the_format().amount(abs(self.effect.amount)))

    @property
    def weighted(self) -> str:
        weighted = rounded_weight(abs(self.effect.weighted))
        return self._signed(self.effect.weighted, the_format().amount(weighted))

    def _signed(self, value: int, words: str) -> str:
        return words if self.whole or not value else f"+ {words}" if value > 0 else f"− {words}"

    @property
    def cells(self) -> list[Any]:
        """As a file holds it: exact, with a decimal point."""
        return [self.label, self.deals, self.effect.count, *exact(self.effect)]


def exact(effect: Sum) -> list[Decimal]:
    """Amount and weighted amount in units of the company currency."""
    places = exponent(the_format().currency)
    return [Decimal(effect.amount).scaleb(-places), Decimal(effect.weighted).scaleb(-places - 2)]


def lines(found: Comparison, view: View) -> list[Line]:
    """The sum from the opening to the closing, each with the address of the deals behind it."""
    first, last = found.first.moment.day, found.last.moment.day
    written = the_format().date

    def board(label: str, end: Any, total: Sum) -> Line:
        href = view.url(as_of=end.moment.day.isoformat())
        return Line("board", f"{label} {written(end.moment.day)}", href, total.count, total, whole=True)

    told = [board("Opening, end of", found.first, found.opening)]
    for movement, (deals, effect) in found.movements.items():
        href = changes_address(view, first, last, movement) if deals else None
        told.append(Line(movement, MOVEMENTS[movement], href, deals, effect))
    return [*told, board("Closing, end of", found.last, found.closing)]


@dataclass(frozen=True)
class Told:
    """One deal behind a number: before and after in words (None: it was not there), what it adds, and why."""

    id: int
    number: str
    subject: str
    party: str
    before: str
    after: str
    line: Line
    why: str

    @property
    def cells(self) -> list[Any]:
        return [self.number, self.subject, self.party, self.before, self.after, *exact(self.line.effect), self.why]


def told(movement: str, stories: Iterable[tuple[Story, Sum]]) -> Iterator[Told]:
    """The deals behind one number; parties, people, stages and reasons are called as they are now."""
    stories = list(stories)
    ends = [facts for story, _ in stories for facts in (story.before, story.after) if facts]
    stages = {row.id: row.name for row in queries.stages({facts["stage_id"] for facts in ends})}
    people = queries.names(User, (facts["owner_id"] for facts in ends))
    parties = queries.names(Party, (story.after["party_id"] for story, _ in stories))
    reasons = queries.reasons(facts["reason_id"] for facts in ends)
    for story, effect in stories:
        after = story.after
        yield Told(
            id=story.id,
            number=after["number"],
            subject=after["subject"],
            party=parties.get(after["party_id"], ""),
            before=_in_words(story.before, stages, people),
            after=_in_words(after, stages, people),
            line=Line(movement, "", None, 1, effect),
            why=_why(movement, story, reasons),
        )


def _in_words(facts: Facts | None, stages: dict[int, str], people: dict[int, str]) -> str:
    """How a deal stood: `Propose · 50 % · 86’000 · by 12 Dec · Sara Brunner`."""
    if facts is None:
        return "not there yet"
    written = the_format()
    where = [] if facts["status"] == "active" else [str(facts["status"])]
    where += ["archived"] if facts["archived"] else []
    where += ["taken back"] if facts["hidden"] else []
    amount = written.amount(facts["revenue_company"]) or "no amount"
    decided = f"by {written.day(facts['decide_by'])}" if facts["decide_by"] else "no prognosis"
    owner = people.get(facts["owner_id"], "nobody")
    stage = stages.get(facts["stage_id"], "")
    return " · ".join([*where, stage, f"{facts['probability']} %", amount, decided, owner])


def _why(movement: str, story: Story, reasons: dict[int, str]) -> str:
    was, place, written = story.opening.place, story.closing.place, the_format()
    match movement:
        case "raised" | "lowered":
            return _changed(story)
        case "new":
            return f"opened {written.day(story.after['opened_on'])}"
        case "resumed":
            acted = story.after["status"] != POSTPONED
            return "taken up again" if acted else f"woke up {written.day(story.after['wake_on'])}"
        case "reactivated" | "restored":
            return f"was {was.replace('_', ' ')}"
        case "postponed":
            return f"until {written.day(story.after['wake_on'])}"
        case "into_filter" | "out_of_filter":
            return f"by {', '.join(story.filters).lower()}" if story.filters else ""
    if place in DECIDED:
        named = reasons.get(story.after["reason_id"])
        return " · ".join(filter(None, (named, written.day(story.after["closed_on"]))))
    return ""


def _changed(story: Story) -> str:
    before, after = story.before or {}, story.after
    said = []
    if (before["revenue_company"] or 0) != (after["revenue_company"] or 0):
        said.append("amount")
    if before["probability"] != after["probability"]:
        said.append("probability")
    return " and ".join(said)
