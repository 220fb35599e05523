"""The meetings of the demo: the last two Mondays, before anybody else began to work."""

from datetime import timedelta
from typing import Any

from p2p.activities.models import Activity
from p2p.db import at, db, now
from p2p.demo.company import Company
from p2p.demo.days import MONDAY, Script
from p2p.filters import today
from p2p.meetings import queries
from p2p.meetings.models import Meeting, Point
from p2p.opportunities.models import Opportunity

ATTENDING = "Max, Rita, Rolf, Lena, Jonas; Oliver on the telephone"
#: Reason → (decision, note, next step) of the first deals that stand under it.
TALK: dict[str, list[tuple[str, str | None, str | None]]] = {
    "changed": [
        ("Go on as it is; the quotation leaves this week.", None, None),
        ("Offer the **pilot** first, the rest as an option.", "They shy away from the whole sum in one year.", None),
        ("Bring the plant manager and our engineer together.", None, None),
    ],
    "no_step": [
        ("Ask whether the budget still stands.", None, "Ask about the budget"),
        ("Call once more; without an answer we close it.", "Nobody has answered since the summer.", "Last call"),
        ("Wait for their tender.", None, None),
    ],
    "slipping": [
        ("Not before their board has met: find out when that is.", "Put off twice already.", None),
        ("Price stays. If they need more time, the delivery date moves as well.", None, None),
    ],
    "soon": [
        ("Max joins the last round.", "- reference visit offered\n- payment 30/60/10 is fine", None),
        ("Send the contract before they ask for it.", None, None),
    ],
}
#: So many minutes a deal is talked about, and so many days later a step that was agreed is done.
EACH, DONE_AFTER = 3, 3


class Meetings:
    """Both of them, put into the script."""

    def __init__(self, script: Script, company: Company) -> None:
        self.script, self.company = script, company
        self.agreed: list[Activity] = []

    def schedule(self) -> None:
        last = (self.script.today.weekday() - MONDAY) % 7 or 7
        self.script.early(last + 7, self._hold)
        self.script.add(last + 7 - DONE_AFTER, self._finish)
        self.script.early(last, self._hold)

    def _hold(self) -> None:
        """One meeting, a few minutes for each deal."""
        previous, moment = queries.previous_to(""), now()
        found = queries.agenda([], previous.until_id if previous else None)
        facts = {"name": "Monday meeting", "asked": "", "attending": ATTENDING}
        meeting = Meeting.begin(facts, found.agenda, previous, queries.last_operation(), by=self.company.manager)
        left = {reason: list(talk) for reason, talk in TALK.items()}
        for item in found.agenda.items:
            if item.reasons and left[item.reasons[0]]:
                moment += timedelta(minutes=EACH)
                with at(moment):
                    self._talk(meeting, item.id, left[item.reasons[0]].pop(0))
        with at(moment + timedelta(minutes=EACH)):
            meeting.end(queries.last_operation(), by=self.company.manager)

    def _talk(self, meeting: Meeting, deal_id: int, said: tuple[str, str | None, str | None]) -> None:
        decision, note, purpose = said
        deal = db.session.get_one(Opportunity, deal_id)
        step: dict[str, Any] | None = None
        if purpose:
            step = {"purpose": purpose, "due_on": today() + timedelta(DONE_AFTER), "responsible_id": deal.owner_id}
        steering = {"probability": deal.probability + 5} if note and deal.probability < 60 else {}
        told = {"decision": decision, "note": note}
        point = Point.discuss(meeting, deal, told, steering=steering, step=step, by=self.company.manager)
        if point.activity:
            self.agreed.append(point.activity)

    def _finish(self) -> None:
        """Do what was agreed so far, but for the last of it."""
        for activity in self.agreed[:-1]:
            if activity.status == "open":
                activity.finish(note="Done as agreed on Monday.", by=activity.responsible or self.company.manager)
