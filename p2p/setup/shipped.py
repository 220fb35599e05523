"""What p2p ships set up, so that a team can start at once."""

from sqlalchemy import exists, select

from p2p.db import db
from p2p.history import name_verb, operation
from p2p.setup.models import (
    QUALIFICATION,
    Code,
    Company,
    Currency,
    Probability,
    Process,
    PrognosisBand,
    Reason,
    Stage,
    Step,
)
from p2p.setup.queries import code_named

SHIP = name_verb("setup.ship", "shipped", undoable=False)

STAGES = [("Qualify", 10), ("Develop", 30), ("Propose", 50), ("Close", 90)]
BANDS: list[tuple[str, int, int | None]] = [
    ("Within a month", 0, 30),
    ("2–3 months", 31, 90),
    ("4–6 months", 91, 180),
    ("7–12 months", 181, 365),
    ("Over a year", 366, None),
]
#: The stages leads are qualified in, each with its steps: purpose, category, type, within how many days, required.
LEAD_STAGES: dict[str, list[tuple[str, str, str | None, int, bool]]] = {
    "First contact": [("Call to introduce ourselves", "action", "Call", 2, True)],
    "Need": [
        ("Understand need and budget", "appointment", "Meeting", 14, True),
        ("Find out who decides", "task", None, 14, False),
    ],
    "Decision": [("Agree the next step with whoever decides", "appointment", "Meeting", 14, True)],
}
CODES = {
    "activity_type": ["Call", "E-mail", "Meeting", "Site visit", "Letter", "Note"],
    "activity_phase": ["Not started", "In progress", "Waiting"],
    "activity_outcome": ["Reached", "Left a message", "No answer", "Not interested"],
    "source": ["Campaign", "Customer", "Worker", "Prospect", "Web", "Event", "Phone", "Other"],
    "campaign_type": ["Fair", "Mailing", "Calls", "Web", "Open day"],
    "lead_rating": ["Cold", "Warm", "Hot"],
    "lead_priority": ["Low", "Normal", "High"],
    "lead_type": ["New business", "Existing customer"],
    "prospect_type": ["Standard"],
    "prospect_status": ["New", "In touch", "Dormant"],
    "function": ["Management", "Purchasing", "Engineering", "Production", "Finance"],
    "decision_role": ["Decides", "Recommends", "Uses", "Buys", "Blocks"],
    "loyalty": ["For us", "Neutral", "Against us"],
    "channel_purpose": ["Work", "Mobile", "Home", "Invoice", "Delivery", "Other"],
    "team_role": ["Sales manager", "Engineer", "Estimator", "Sponsor"],
    "threat": ["Low", "Medium", "High"],
    "segment": ["Small", "Medium", "Large"],
}
REASONS = {
    "qualified": ["Need and budget confirmed", "Returning customer"],
    "disqualified": ["No need", "No budget", "No answer", "Not our trade", "Duplicate"],
    "won": ["Price", "Fit", "Relationship", "Delivery date", "Only bidder"],
    "lost": ["Price", "Fit", "Competitor preferred", "No decision", "Delivery date", "No answer"],
    "canceled": ["Plan dropped", "Duplicate"],
}


def ship_when_empty() -> None:
    """Set up an empty database, and one of an earlier day with what came to ship since; commits nothing."""
    with operation(SHIP, by=None):
        if db.session.scalar(select(Company.id)) is None:
            _ship_everything()
        else:
            _ship_new_lists()
        if not db.session.scalar(select(exists().where(Process.kind == QUALIFICATION))):
            _ship_qualification()


def _ship_everything() -> None:
    db.session.add(Company(id=1))
    process = Process(name="Project sales", position=1)
    db.session.add(process)
    db.session.flush()
    for position, (name, percent) in enumerate(STAGES, 1):
        db.session.add(Stage(process_id=process.id, name=name, probability=percent, position=position))
    for position, (name, first, last) in enumerate(BANDS, 1):
        db.session.add(PrognosisBand(name=name, from_days=first, to_days=last, position=position))
    for position, percent in enumerate(range(0, 101, 10), 1):
        db.session.add(Probability(name=f"{percent} %", percent=percent, position=position))
    _ship_codes(CODES)
    for position, currency in enumerate(("EUR",), 1):
        db.session.add(Currency(name=currency, position=position))
    _ship_reasons()


def _ship_codes(lists: dict[str, list[str]]) -> None:
    for list_name, names in lists.items():
        for position, name in enumerate(names, 1):
            db.session.add(Code(list_name=list_name, name=name, position=position))


def _ship_new_lists() -> None:
    """Lists that never had an entry, not even a deleted one, came with a later p2p."""
    known = set(db.session.scalars(select(Code.list_name).distinct()))
    _ship_codes({name: entries for name, entries in CODES.items() if name not in known})


def _ship_reasons() -> None:
    for outcome, names in REASONS.items():
        of_leads = outcome in ("qualified", "disqualified")
        kinds = {"for_leads": of_leads, "for_opportunities": not of_leads, "for_quotations": not of_leads}
        for position, name in enumerate(names, 1):
            db.session.add(Reason(name=name, outcome=outcome, position=position, **kinds))
        db.session.add(Reason(name="Other", outcome=outcome, position=98, needs_note=True, **kinds))
        db.session.add(Reason(name="Not recorded", outcome=outcome, position=99, imports_only=True, **kinds))


def _ship_qualification() -> None:
    """One qualification process, advisory: it says what is to be done and forbids nothing."""
    process = Process(name="Lead qualification", kind=QUALIFICATION, position=1)
    db.session.add(process)
    db.session.flush()
    for position, (name, steps) in enumerate(LEAD_STAGES.items(), 1):
        stage = Stage(process_id=process.id, name=name, position=position)
        db.session.add(stage)
        db.session.flush()
        for place, (purpose, category, type_name, days, required) in enumerate(steps, 1):
            kind = code_named("activity_type", type_name) if type_name else None
            facts = {"name": purpose, "category": category, "type_id": kind.id if kind else None, "position": place}
            db.session.add(Step(stage_id=stage.id, ends_after=days, required=required, **facts))
