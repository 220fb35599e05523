"""The minutes of a meeting: what was said of each deal, what changed on it meanwhile, and what was left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from p2p.filters import the_format
from p2p.history.telling import tell
from p2p.history.told import Told, ToldChange
from p2p.history.wording import capitalized, field_label, verb_alone
from p2p.meetings import queries
from p2p.meetings.agenda import Agenda
from p2p.meetings.models import Meeting, Point
from p2p.opportunities.models import Opportunity

#: What goes without saying where the probability itself is told.
UNSAID = (field_label(Opportunity.__table__.c.probability_manual),)
#: What Markdown would take for its own in a name.
MARKS = re.compile(r"([\\`*_\[\]<>#|~])")


@dataclass(frozen=True)
class Said:
    """One point of the minutes: how the deal stood, what changed while the meeting ran, and the last correction."""

    point: Point
    facts: list[str]
    changes: list[str]
    correction: Any = None


@dataclass(frozen=True)
class Left:
    """A deal that nothing was said of, and what was done to it all the same while the meeting ran."""

    deal: Any
    changes: list[str]


@dataclass
class Minutes:
    """All of it: the points under the reasons they were on the agenda for, and the deals that were left out."""

    meeting: Meeting
    groups: list[tuple[str, list[Said]]] = field(default_factory=list)
    left: list[tuple[str, list[Left]]] = field(default_factory=list)
    discussed: int = 0
    total: int = 0


def minutes(meeting: Meeting) -> Minutes:
    """The minutes as they stand; the same few questions however many deals there were."""
    found, agenda = queries.points(meeting.id), queries.walk(meeting)
    ids = [point.opportunity_id for point in found]
    changed = _changes(meeting, {*agenda.ids, *ids}, {point.opportunity_id: point for point in found})
    corrected = queries.corrections([point.id for point in found], meeting.until_id)
    by_deal = {
        point.opportunity_id: Said(point, facts(point), changed[point.opportunity_id], corrected.get(point.id))
        for point in found
    }
    known = set(agenda.ids)
    made = Minutes(meeting, discussed=len(found), total=len(known | set(ids)))
    for words, items in agenda.groups():
        if here := [by_deal[item.id] for item in items if item.id in by_deal]:
            made.groups.append((words, here))
    if beside := [said for id, said in by_deal.items() if id not in known]:
        made.groups.append(("Besides", beside))
    made.left = list(_left(agenda, set(ids), changed))
    return made


def _left(agenda: Agenda, discussed: set[int], changed: dict[int, list[str]]) -> Iterator[tuple[str, list[Left]]]:
    """(reason, deals) that nothing was said of."""
    deals = queries.lines(id for id in agenda.ids if id not in discussed)
    for words, items in agenda.groups():
        if here := [Left(deals[item.id], changed[item.id]) for item in items if item.id in deals]:
            yield words, here


def facts(point: Point) -> list[str]:
    """How the deal stood when it was talked about, in words."""
    fmt = the_format()
    decide = f"decide by {fmt.date(point.decide_by)}" if point.decide_by else "no prognosis"
    amount = "no amount" if point.revenue is None else f"{point.currency} {fmt.amount(point.revenue, point.currency)}"
    return [point.stage.name, f"{point.probability} %", decide, amount]


def _changes(meeting: Meeting, deal_ids: set[int], points: dict[int, Point]) -> dict[int, list[str]]:
    """Deal → what changed on it while the meeting ran, in words; what was taken back is left out.

    Of a deal that nothing was said of, only what was done to itself: work on it goes on beside any meeting.
    """
    said: dict[int, list[str]] = {id: [] for id in deal_ids}
    for told in tell(*queries.happened(meeting, sorted(deal_ids))):
        if told.undone or told.undoes_id is not None:
            continue
        for change, (_, (_, deal_id)) in zip(told.changes, told.about, strict=True):
            if deal_id in points or told.root_verb.startswith("opportunity."):
                said[deal_id] += _words(told, change, points.get(deal_id))
    return said


def _words(told: Told, change: ToldChange, point: Point | None) -> Iterator[str]:
    """What one change did; nothing for what the point itself says, and for what merely follows."""
    done_to_it = told.root_verb.partition(".")[0] == change.noun
    if change.noun == Point.noun or (point and change.noun == "activity" and change.record.id == point.activity_id):
        return
    if change.noun != "opportunity":
        if done_to_it:
            yield f"{verb_alone(told.root_verb)}: {change.label}"
        elif change.kind == "created":
            yield f"Planned: {change.label}" if change.noun == "activity" else f"Added: {change.label}"
        return
    fields = [each for each in change.fields if not each.plain and each.label not in UNSAID]
    if done_to_it and told.root_verb.partition(".")[2] not in ("edit", "move", "estimate", "forecast"):
        told_more = ", ".join(f"{each.label} {each.after}" for each in fields if each.after is not None)
        yield f"{verb_alone(told.root_verb)}{': ' if told_more else ''}{told_more}"
        return
    for each in fields:
        yield f"{capitalized(each.label)}: {each.before or 'not set'} → {each.after or 'not set'}"


# ── As Markdown ─────────────────────────────────────────────────────────────────────────────────────────────────────


def markdown(made: Minutes, filter_words: list[str]) -> str:
    """The minutes as a text that reads well as it is, and better where Markdown is shown."""
    return "\n".join(_document(made, filter_words)).rstrip() + "\n"


def _document(made: Minutes, filter_words: list[str]) -> Iterator[str]:
    meeting, fmt = made.meeting, the_format()
    yield from (f"# {plainly(meeting.name)}, {fmt.date(meeting.held_on)}", "")
    led_by = meeting.led_by.name if meeting.led_by else None
    heads = (("Led by", led_by), ("Who attended", meeting.attending), ("Filter", ", ".join(filter_words) or None))
    for label, value in heads:
        if value:
            yield f"- {label}: {plainly(value)}"
    yield from (f"- Deals discussed: {made.discussed} of {made.total}", "")
    for words, said in made.groups:
        yield from (f"## {words}", "")
        for each in said:
            yield from _point(each)
    if made.left:
        yield from ("## Not discussed", "")
        yield from (
            f"- {plainly(each.deal.subject)} ({plainly(each.deal.party)}): "
            + "; ".join([words.lower(), *map(plainly, each.changes)])
            for words, left in made.left
            for each in left
        )


def _point(said: Said) -> Iterator[str]:
    point, fmt = said.point, the_format()
    deal = point.opportunity
    yield from (f"### {plainly(deal.subject)} ({plainly(deal.party.name)})", "")
    yield from (f"{deal.number} · {' · '.join(plainly(fact) for fact in said.facts)}", "")
    yield from (f"**Decision:** {point.decision or 'none'}", "")
    if point.note:
        yield from (point.note, "")
    items = [plainly(change) for change in said.changes]
    if point.step:
        items.append(f"**Next step:** {plainly(point.step)}, {fmt.date(point.step_on)}{_who(point)}")
    if items:
        yield from (*(f"- {item}" for item in items), "")


def _who(point: Point) -> str:
    responsible = point.activity.responsible if point.activity else None
    return f", {plainly(responsible.name)}" if responsible else ""


def plainly(text: str) -> str:
    """A name as Markdown shows it letter by letter."""
    return MARKS.sub(r"\\\1", " ".join(text.split()))
