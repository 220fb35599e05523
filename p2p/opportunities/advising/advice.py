"""What to do next about one opportunity: the facts gathered, the rules asked, what was dismissed left out."""

from dataclasses import dataclass, field
from datetime import date, datetime

from p2p.activities.models import Activity
from p2p.db import db
from p2p.filters import the_format, today
from p2p.opportunities.advising import queries
from p2p.opportunities.advising.models import Dismissal
from p2p.opportunities.advising.rules import Facts, Setting, Suggestion, suggestions
from p2p.opportunities.advising.silence import Watch, last_day
from p2p.opportunities.models import Opportunity
from p2p.processes.checklist import Checklist
from p2p.processes.queries import checklist

#: So many suggestions at most are shown; who has done them sees the others.
SHOWN = 3


@dataclass(frozen=True)
class Advice:
    """The suggestions that stand, the most important first, and those the team dismissed, each with its dismissal."""

    standing: list[Suggestion] = field(default_factory=list)
    dismissed: list[tuple[Suggestion, Dismissal]] = field(default_factory=list)

    @property
    def shown(self) -> list[Suggestion]:
        return self.standing[:SHOWN]

    @property
    def further(self) -> int:
        return len(self.standing[SHOWN:])

    def standing_as(self, rule: str, situation: str) -> Suggestion | None:
        """What a rule says, if it is still for the same reason."""
        return next((each for each in self.standing if (each.rule, each.situation) == (rule, situation)), None)


def settings() -> dict[str, Setting]:
    """Rule → how it is set, where it was changed."""
    return {row.rule: Setting(row.active, row.days) for row in queries.settings()}


def advice_about(opportunity: Opportunity) -> Advice:
    """What to do next; nothing about what is closed, asleep or put away."""
    if not opportunity.is_open or opportunity.archived:
        return Advice()
    kept = {(each.rule, each.situation): each for each in reversed(queries.dismissals(opportunity.id))}
    advice = Advice()
    for said in suggestions(facts_of(opportunity), settings()):
        if dismissal := kept.get((said.rule, said.situation)):
            advice.dismissed.append((said, dismissal))
        else:
            advice.standing.append(said)
    return advice


def facts_of(opportunity: Opportunity) -> Facts:
    """What the rules look at."""
    o = opportunity
    step = db.session.get(Activity, o.next_id) if o.next_id is not None else None
    return Facts(
        id=o.id,
        today=today(),
        stage_id=o.stage_id,
        stage=o.stage.name,
        owner_id=o.owner_id,
        probability=o.probability,
        prognosis=o.prognosis_id is not None,
        decide_by=o.decide_by,
        revenue=o.revenue,
        next_step=(step.id, step.purpose, step.due_on) if step else None,
        touched_on=o.touched_at.astimezone(the_format().tzinfo).date() if o.touched_at else None,
        stale=_stale(o),
        through=_through(checklist(o)),
        contacts=len(o.contacts),
        deciders=sum(involved.contact.decision_role_id is not None for involved in o.contacts),
        unpriced=tuple((line.id, line.competitor.name) for line in o.rivals if line.price is None),
    )


def _stale(o: Opportunity) -> tuple[str, str, date] | None:
    zone = the_format().tzinfo
    since = silent_since(o)
    told = Watch(queries.limits(), today(), zone).told(o.stage_id, since, o.wake_on, o.next_on)
    return (*told, last_day(since, o.wake_on, zone)) if told else None


def silent_since(opportunity: Opportunity) -> datetime:
    """The later of the instant it came into its stage and that of the last thing done."""
    return max(filter(None, (opportunity.stage_entered_at, opportunity.touched_at)))


def _through(followed: Checklist | None) -> tuple[int, str] | None:
    """The stage that comes next, where the present one asked for something and nothing required is left to do."""
    if followed is None or followed.present is None or followed.following is None or followed.unmet:
        return None
    if not any(item.step.required for item in followed.present.items):
        return None
    return followed.following.stage.id, followed.following.stage.name
