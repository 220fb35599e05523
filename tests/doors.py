"""Every door: who may pass it, what stands behind it, and what a good form says there.

Written from `domain.md`, *Who may do what*, and not from the policy, so that a slip there is noticed. A door that is
missing here fails `tests/test_doors.py`, which says what row to add.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, url_for

from p2p.filters import today
from tests import page as pages
from tests.cast import PASSWORD, RITA
from tests.form import Form
from tests.world import Caller, World

EVERYBODY, VIEWER, REPRESENTATIVE, MANAGER, ADMINISTRATOR = (
    "everybody", "viewer", "representative", "manager", "administrator",
)  # fmt: skip
#: The owner and the team, besides managers; and the owner (whoever is responsible) where there is no team.
OWN, OWNER = "own", "owner"

Facts = dict[str, Any] | Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Door:
    """One endpoint: the least role that may pass (`posting`: where sending takes another one than looking).

    `to` are the parts of its address. `says` is what a good form says there, over what the form shows already; a form
    that stands on another page is found at `on`, "" means that there is none. `leaves` tells what a good form leaves:
    one operation, or none where nothing recorded changes. `answers` are the statuses of a passed door besides the
    usual ones.
    """

    may: str
    to: Facts = None  # type: ignore[assignment]
    says: Facts | None = None
    on: str | None = None
    posting: str | None = None
    leaves: int = 1
    answers: tuple[int, ...] = ()

    def address(self, world: World) -> dict[str, Any]:
        return _given(self.to, world)

    def least(self, method: str) -> str:
        return self.posting if self.posting and method == "POST" else self.may


def _given(facts: Facts | None, world: World) -> dict[str, Any]:
    return dict(facts(world) if callable(facts) else facts or {})


def at(record: str, /, part: tuple[str, str] | None = None, **words: str) -> Callable[[World], dict[str, Any]]:
    """The address of a record of the world, of a `part` of it (name in the address, record), and with other words."""
    return lambda world: {"id": world[record]} | ({part[0]: world[part[1]]} if part else {}) | words


def _soon(days: int) -> str:
    return (today() + timedelta(days)).isoformat()


def _ids(**names: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {key: world[name] for key, name in names.items()}


DEAL, LEAD = at("deal"), at("lead")
NEW_PASSWORD = "seven lonely violins argue"
PROFILE, CARD = "/profile", "/board"

DOORS: dict[str, Door] = {
    "static": Door(EVERYBODY, {"filename": "p2p.css"}),
    "health": Door(EVERYBODY),
    # identity
    "identity.sign_in": Door(EVERYBODY, says={"email": RITA.email, "password": PASSWORD}, on="", leaves=0),
    "identity.first_visit": Door(EVERYBODY, says={}, on="", leaves=0, answers=(404,)),  # somebody can sign in
    "identity.one_time": Door(EVERYBODY, lambda world: {"token": world["link"]}, says={"password": NEW_PASSWORD}),
    "identity.sign_out": Door(VIEWER, says={}, on="", leaves=0),
    "identity.profile": Door(VIEWER, says={"name": "Other Name"}),
    "identity.change_email": Door(VIEWER, says={"email": "other@example.com", "current": PASSWORD}, on=PROFILE),
    "identity.change_password": Door(VIEWER, says={"current": PASSWORD, "password": NEW_PASSWORD}),
    "identity.end_session": Door(VIEWER, {"session_id": 1}, says={}, on="", leaves=0, answers=(404,)),  # own ones only
    "identity.end_other_sessions": Door(VIEWER, says={}, on="", leaves=0),
    "identity.users": Door(ADMINISTRATOR),
    "identity.add_user": Door(ADMINISTRATOR, says={"name": "Nora Neu", "email": "nora@example.com", "role": "viewer"}),
    "identity.user": Door(ADMINISTRATOR, at("rolf"), says={"role": "manager"}),
    "identity.set_password": Door(ADMINISTRATOR, at("rolf"), says={"password": NEW_PASSWORD}),
    "identity.make_link": Door(ADMINISTRATOR, at("rolf"), says={}, on="", leaves=0),
    "identity.deactivate": Door(ADMINISTRATOR, at("rolf"), says={}, on=""),
    "identity.reactivate": Door(ADMINISTRATOR, at("lars"), says={}, on=""),
    "identity.end_sessions": Door(ADMINISTRATOR, at("rolf"), says={}, on="", leaves=0),
    # the board
    "board.home": Door(VIEWER),
    "board.index": Door(VIEWER),
    "board.card": Door(REPRESENTATIVE, DEAL, says=_ids(stage="stage"), on="/board/cards/{deal}/menu"),
    "board.menu": Door(REPRESENTATIVE, DEAL),
    "board.add": Door(
        REPRESENTATIVE, says=lambda world: {"subject": "Quick", "party": "Quick AG", "stage": world["stage"]}, on=CARD
    ),
    "past.changes": Door(VIEWER),
    "past.behind": Door(VIEWER, {"movement": "won"}),
    "board.sheet": Door(VIEWER, DEAL),
    "board.undo": Door(VIEWER, says={}, on="", leaves=0, answers=(307, 409)),  # `history.undo` does it
    "choosing.filters": Door(VIEWER),
    "choosing.cards": Door(VIEWER),
    "choosing.export": Door(VIEWER, {"format": "csv"}),
    "saved_views.index": Door(VIEWER),
    "saved_views.show": Door(VIEWER, at("board_view")),
    "saved_views.new": Door(VIEWER, says={"name": "Mine alone"}),
    "saved_views.edit": Door(REPRESENTATIVE, at("board_view"), says={"name": "Other name"}, posting=REPRESENTATIVE),
    "saved_views.remove": Door(REPRESENTATIVE, at("board_view"), says={}, on=""),
    "saved_views.first": Door(VIEWER, says=_ids(view="board_view"), on="/board/views/"),
    # campaigns
    "campaigns.index": Door(VIEWER),
    "campaigns.show": Door(VIEWER, at("campaign")),
    "campaigns.new": Door(REPRESENTATIVE, says={"name": "Open day"}),
    "campaigns.edit": Door(REPRESENTATIVE, at("campaign"), says={"name": "Open day"}),
    "campaigns.fact": Door(REPRESENTATIVE, at("campaign", name="dates"), says=lambda world: {"starts_on": _soon(3)}),
    "campaigns.archive": Door(OWNER, at("campaign"), says={}, on=""),
    "campaigns.restore": Door(OWNER, at("old_campaign"), says={}, on=""),
    # leads
    "leads.index": Door(VIEWER),
    "leads.row": Door(REPRESENTATIVE, at("lead"), says=_ids(owner_id="max"), on="/leads/"),
    "leads.bulk": Door(
        REPRESENTATIVE,
        {"change": "rate"},
        says=lambda world: {"lead": world["free_lead"], "rating_id": world["rating"]},
        on="/leads/bulk/rate?lead={free_lead}",
    ),
    "leads.postpone": Door(REPRESENTATIVE, at("lead"), says=lambda world: {"wake_on": _soon(30)}),
    "leads.resume": Door(REPRESENTATIVE, at("asleep_lead"), says={}, on=""),
    "leads.disqualify": Door(REPRESENTATIVE, at("lead"), says=_ids(reason_id="reason_disqualified")),
    "leads.reactivate": Door(REPRESENTATIVE, at("closed_lead"), says={}, on=""),
    "leads.show": Door(VIEWER, LEAD),
    "leads.about": Door(VIEWER, LEAD),
    "leads.new": Door(REPRESENTATIVE, says={"subject": "Palletiser", "company_name": "Brand New AG"}),
    "leads.likely": Door(REPRESENTATIVE),
    "leads.copy": Door(REPRESENTATIVE, LEAD, says={"subject": "The same again"}),
    "leads.edit": Door(REPRESENTATIVE, LEAD, says={"subject": "Palletiser"}),
    "leads.fact": Door(REPRESENTATIVE, at("lead", name="source"), says={"source_note": "At the fair"}),
    "leads.add_contact": Door(REPRESENTATIVE, LEAD, says={"contact_id": "Urs Frei"}),
    "leads.new_contact": Door(REPRESENTATIVE, LEAD, says={"name": "Nadia Roth", "party_id": "Lone Party AG"}),
    "leads.remove_contact": Door(REPRESENTATIVE, at("lead", ("line_id", "contact_of_lead")), says={}, on=""),
    "leads.archive": Door(OWNER, LEAD, says={}, on=""),
    "leads.restore": Door(OWNER, at("archived_lead"), says={}, on=""),
    # qualifying leads
    "qualifying.qualify": Door(REPRESENTATIVE, LEAD, says={"contact": "none"}),
    "qualifying.several": Door(REPRESENTATIVE, says=lambda world: {"lead": world["free_lead"], "go": "1"}, on=""),
    "triage.show": Door(VIEWER),
    "triage.merge_into": Door(OWNER, at("other_lead"), says=_ids(into="lead")),
    "qualifying.origins": Door(VIEWER, DEAL),
    "qualifying.outcome": Door(VIEWER, LEAD),
    # opportunities
    "opportunities.index": Door(VIEWER),
    "opportunities.advice": Door(VIEWER, DEAL),
    "opportunities.dismiss_advice": Door(
        REPRESENTATIVE, at("free_deal", rule="nothing_planned"), says={}, on="/opportunities/{free_deal}/advice"
    ),
    "opportunities.return_advice": Door(
        REPRESENTATIVE, at("free_deal", ("dismissal_id", "dismissal")), says={}, on="/opportunities/{free_deal}/advice"
    ),
    "opportunities.bulk": Door(
        REPRESENTATIVE,
        {"change": "probability"},
        says=lambda world: {"opportunity": world["free_deal"], "probability": 35},
        on="/opportunities/bulk/probability?opportunity={free_deal}",
    ),
    "opportunities.show": Door(VIEWER, DEAL),
    "opportunities.about": Door(VIEWER, DEAL),
    "opportunities.new": Door(REPRESENTATIVE, says={"subject": "Robot cell", "party_id": "Brand New AG"}),
    "opportunities.edit": Door(REPRESENTATIVE, DEAL, says={"subject": "Robot cell"}),
    "opportunities.fact": Door(REPRESENTATIVE, at("deal", name="subject"), says={"subject": "Robot cell"}),
    "opportunities.stage": Door(REPRESENTATIVE, DEAL, says=_ids(stage_id="stage"), on="/opportunities/{deal}"),
    "opportunities.probability": Door(REPRESENTATIVE, DEAL, says={"probability": "55"}),
    "opportunities.follow_stage": Door(REPRESENTATIVE, DEAL, says={}, on=""),
    "opportunities.prognosis": Door(REPRESENTATIVE, DEAL, says=_ids(prognosis_id="last_band")),
    "opportunities.postpone": Door(REPRESENTATIVE, DEAL, says=lambda world: {"wake_on": _soon(30)}),
    "opportunities.resume": Door(REPRESENTATIVE, at("asleep"), says={}, on=""),
    "opportunities.win": Door(OWN, DEAL, says=_ids(reason_id="reason_won")),
    "opportunities.lose": Door(
        OWN,
        DEAL,
        says=lambda world: {"reason_id": world["reason_lost"], "new_winner": "Kranbau AG", "price_gap": "500"},
    ),
    "opportunities.cancel": Door(OWN, DEAL, says=_ids(reason_id="reason_canceled")),
    "opportunities.reactivate": Door(OWN, at("won"), says={}, on=""),
    "opportunities.archive": Door(OWN, DEAL, says={}, on=""),
    "opportunities.restore": Door(OWN, at("archived"), says={}, on=""),
    "opportunities.join_team": Door(REPRESENTATIVE, DEAL, says=_ids(user_id="max")),
    "opportunities.leave_team": Door(REPRESENTATIVE, at("deal", ("member_id", "member_of_deal")), says={}, on=""),
    "opportunities.involve": Door(REPRESENTATIVE, DEAL, says=_ids(contact_id="other_contact")),
    "opportunities.release": Door(REPRESENTATIVE, at("deal", ("involved_id", "involved_in_deal")), says={}, on=""),
    "opportunities.add_rival": Door(REPRESENTATIVE, DEAL, says=_ids(competitor_id="spare_competitor")),
    "opportunities.rival": Door(REPRESENTATIVE, at("deal", ("rival_id", "rival_for_deal")), says={"note": "cheaper"}),
    "opportunities.remove_rival": Door(REPRESENTATIVE, at("deal", ("rival_id", "rival_for_deal")), says={}, on=""),
    # processes, as a lead runs through one
    "processes.show": Door(VIEWER, at("lead", noun="lead")),
    "processes.tick": Door(REPRESENTATIVE, at("lead", ("step_id", "step"), noun="lead"), says={}, on=""),
    "processes.untick": Door(REPRESENTATIVE, at("asleep_lead", ("step_id", "step"), noun="lead"), says={}, on=""),
    "processes.plan": Door(REPRESENTATIVE, at("archived_lead", noun="lead"), says={}, on=""),
    "processes.follow": Door(REPRESENTATIVE, at("lead", noun="lead"), says={"process_id": ""}),
    "processes.move": Door(REPRESENTATIVE, at("lead", noun="lead"), says=_ids(stage_id="lead_stage")),
    # set-up
    "setup.index": Door(MANAGER),
    "setup.company": Door(ADMINISTRATOR, says={"name": "Other AG"}),
    "setup.show": Door(MANAGER, {"name": "source"}),
    "setup.reasons": Door(MANAGER),
    "setup.processes": Door(MANAGER),
    "setup.process": Door(MANAGER, at("process")),
    "setup.edition": Door(MANAGER, at("process")),
    "setup.copy": Door(MANAGER, at("process"), says={"name": "Another process"}),
    "setup.bands": Door(MANAGER),
    "setup.edit_bands": Door(MANAGER, says={"rows-0-name": "Very soon"}),
    "setup.add": Door(MANAGER, {"noun": "code", "within": "source"}, says={"name": "Fair"}),
    "setup.edit": Door(MANAGER, at("code", noun="code"), says={"name": "Trade fair"}),
    "setup.move": Door(MANAGER, at("code", noun="code", way="up"), says={}, on=""),
    "setup.retire": Door(MANAGER, at("code", noun="code"), says={}, on=""),
    "setup.bring_back": Door(MANAGER, at("retired_code", noun="code"), says={}, on=""),
    "setup.delete": Door(MANAGER, at("code", noun="code"), says={}, on=""),
    "setup.advice_rules": Door(MANAGER),
    "setup.advice_rule": Door(MANAGER, {"rule": "soon_but_unsure"}, says={"days": "7"}),
    "setup.switch_advice": Door(MANAGER, {"rule": "no_amount", "way": "off"}, says={}, on="/setup/advice"),
    # find
    "search.index": Door(VIEWER),
    "search.choices": Door(VIEWER),
    # history; undoing needs the right to what was done, here a win
    "history.index": Door(VIEWER),
    "history.show": Door(VIEWER, at("the_win")),
    "history.undo": Door(VIEWER, at("the_win"), says={}, on="", posting=OWN),
    "history.timeline": Door(VIEWER, at("deal", noun="opportunity")),
    # activities
    "activities.index": Door(VIEWER),
    "activities.all": Door(VIEWER),
    "activities.show": Door(VIEWER, at("activity")),
    "activities.append": Door(REPRESENTATIVE, at("deal", noun="opportunity"), says={"purpose": "Call Miriam"}),
    "activities.edit": Door(REPRESENTATIVE, at("activity"), says={"purpose": "Call Urs"}),
    "activities.done": Door(REPRESENTATIVE, at("activity"), says={"note": "reached"}),
    "activities.move": Door(REPRESENTATIVE, at("activity"), says=lambda world: {"due_on": _soon(9)}),
    "activities.reopen": Door(REPRESENTATIVE, at("done_activity"), says={}, on=""),
    "activities.reminders": Door(VIEWER),
    "activities.stop_reminding": Door(REPRESENTATIVE, at("activity"), says={}, on=""),
    "activities.calendar": Door(VIEWER),
    "activities.feed": Door(EVERYBODY, lambda world: {"token": world["feed"]}),
    "activities.make_feed": Door(VIEWER, says={}, on=""),
    "activities.revoke_feed": Door(VIEWER, says={}, on="", answers=(404,)),  # one's own only
    "activities.archive": Door(OWNER, at("activity"), says={}, on=""),
    "activities.restore": Door(OWNER, at("old_activity"), says={}, on=""),
    # files on any noun
    "attachments.on": Door(VIEWER, at("deal", noun="opportunity")),
    "attachments.add": Door(
        REPRESENTATIVE,
        at("deal", noun="opportunity"),
        says={"files": (b"%PDF-1.7 offer", "offer.pdf")},
        on="/attachments/on/opportunity/{deal}",
    ),
    "attachments.show": Door(VIEWER, at("attachment")),
    "attachments.file": Door(VIEWER, at("attachment")),
    "attachments.edit": Door(REPRESENTATIVE, at("attachment"), says={"note": "signed"}),
    "attachments.archive": Door(REPRESENTATIVE, at("attachment"), says={}, on=""),
    "attachments.restore": Door(REPRESENTATIVE, at("old_attachment"), says={}, on=""),
    # parties and their roles; parties, contacts and customers belong to nobody, so they count as everybody's own
    "parties.index": Door(VIEWER),
    "parties.names": Door(VIEWER),
    "parties.show": Door(VIEWER, at("party")),
    "parties.new": Door(REPRESENTATIVE),
    "parties.create": Door(REPRESENTATIVE, says={"name": "Brand New AG"}, on="/parties/new"),
    "parties.edit": Door(REPRESENTATIVE, at("party"), says={"city": "Bern"}),
    "parties.fact": Door(REPRESENTATIVE, at("party", name="city"), says={"city": "Bern"}),
    "parties.archive": Door(REPRESENTATIVE, at("lone_party"), says={}, on=""),
    "parties.restore": Door(REPRESENTATIVE, at("old_party"), says={}, on=""),
    "channels.add": Door(REPRESENTATIVE, at("party", kind="phone"), says={"value": "044 668 18 00"}),
    "channels.edit": Door(REPRESENTATIVE, at("party", ("channel_id", "channel")), says={"city": "Bern"}),
    "channels.remove": Door(REPRESENTATIVE, at("party", ("channel_id", "channel")), says={}, on=""),
    "contacts.index": Door(VIEWER),
    "contacts.names": Door(VIEWER),
    "contacts.show": Door(VIEWER, at("contact")),
    "contacts.new": Door(REPRESENTATIVE),
    "contacts.create": Door(
        REPRESENTATIVE, says={"name": "Nadia Roth", "party_id": "Lone Party AG"}, on="/contacts/new"
    ),
    "contacts.edit": Door(REPRESENTATIVE, at("contact"), says={"job_title": "Head of purchasing"}),
    "contacts.fact": Door(REPRESENTATIVE, at("contact", name="job_title"), says={"job_title": "Head of purchasing"}),
    "contacts.archive": Door(REPRESENTATIVE, at("other_contact"), says={}, on=""),
    "contacts.restore": Door(REPRESENTATIVE, at("old_contact"), says={}, on=""),
    "prospects.index": Door(VIEWER),
    "prospects.show": Door(VIEWER, at("prospect")),
    "prospects.make": Door(REPRESENTATIVE, says={"party_id": "Lone Party AG"}),
    "prospects.make_of": Door(REPRESENTATIVE, _ids(party_id="lone_party"), says={}, on=""),
    "prospects.edit": Door(REPRESENTATIVE, at("prospect"), says=_ids(responsible_id="max")),
    "prospects.fact": Door(REPRESENTATIVE, at("prospect", name="responsible_id"), says=_ids(responsible_id="max")),
    "prospects.convert": Door(REPRESENTATIVE, at("prospect"), says={}),
    "prospects.archive": Door(OWNER, at("prospect"), says={}, on=""),
    "prospects.restore": Door(OWNER, at("old_prospect"), says={}, on=""),
    "customers.index": Door(VIEWER),
    "customers.show": Door(VIEWER, at("customer")),
    "customers.open": Door(REPRESENTATIVE, says={"party_id": "Lone Party AG"}),
    "customers.archive": Door(REPRESENTATIVE, at("customer"), says={}, on=""),
    "customers.restore": Door(REPRESENTATIVE, at("old_customer"), says={}, on=""),
    "competitors.index": Door(VIEWER),
    "competitors.show": Door(VIEWER, at("competitor")),
    "competitors.register": Door(MANAGER, says={"party_id": "Lone Party AG"}),
    "competitors.edit": Door(MANAGER, at("competitor"), says={"notes": "cheap"}),
    "competitors.fact": Door(MANAGER, at("competitor", name="notes"), says={"notes": "cheap"}),
    "competitors.archive": Door(MANAGER, at("competitor"), says={}, on=""),
    "competitors.restore": Door(MANAGER, at("old_competitor"), says={}, on=""),
    # reports
    "reports.index": Door(VIEWER),
    "reports.leads": Door(VIEWER),
    "reports.sources": Door(VIEWER),
    "reports.new_leads": Door(VIEWER),
    # meetings
    "meetings.index": Door(VIEWER),
    "meetings.new": Door(REPRESENTATIVE, says={"name": "Monday"}),
    "meetings.show": Door(VIEWER, at("meeting")),
    "meetings.minutes_file": Door(VIEWER, at("meeting")),
    "meetings.edit": Door(REPRESENTATIVE, at("meeting"), says={"name": "Monday"}),
    "meetings.end": Door(REPRESENTATIVE, at("meeting"), says={}, on=""),
    "meetings.reopen": Door(REPRESENTATIVE, at("ended_meeting"), says={}, on=""),
    "meetings.deal": Door(VIEWER, at("meeting", ("deal_id", "deal"))),
    "meetings.discuss": Door(
        REPRESENTATIVE,
        at("meeting", ("deal_id", "deal")),
        says={"decision": "Ask for a date"},
        on="/meetings/{meeting}/deals/{deal}",
    ),
    "meetings.correct": Door(REPRESENTATIVE, at("meeting", ("point_id", "point")), says={"decision": "Ask again"}),
    # duplicates
    "duplicates.index": Door(VIEWER),
    "duplicates.around": Door(VIEWER, at("party", noun="party")),
    "duplicates.search": Door(REPRESENTATIVE, {"noun": "party"}, says={}, on="", leaves=0),
    "duplicates.apart": Door(REPRESENTATIVE, at("party", ("other_id", "other_party"), noun="party"), says={}, on=""),
    "duplicates.merge": Door(
        REPRESENTATIVE, lambda world: {"noun": "party", "id": world["party"], "others": world["lone_party"]}, says={}
    ),
    "vcards.show": Door(VIEWER, at("contact")),
    "vcards.index": Door(VIEWER),
    # the import reports in a table of its own until it writes
    "exchange.index": Door(MANAGER, says={"file": (b"A,B\n1,2\n", "more.csv")}, leaves=0),
    "exchange.show": Door(MANAGER, at("import")),
    "exchange.map": Door(MANAGER, at("import"), says={}, on="", leaves=0),
    "exchange.start": Door(MANAGER, at("import"), says={}, on="/import/{import}", leaves=0),
    "exchange.cancel": Door(MANAGER, at("import"), says={}, on="", leaves=0),
    "exchange.problems": Door(MANAGER, at("import")),
}


# -- finding one's way ------------------------------------------------------------------------------------------------


def address(app: Flask, endpoint: str, world: World, **other: Any) -> str:
    """The address of a door, with some of its parts otherwise."""
    with app.test_request_context():
        return url_for(endpoint, **(_given(DOORS[endpoint].to, world) | other))


def methods(app: Flask, endpoint: str) -> set[str]:
    return {method for rule in app.url_map.iter_rules(endpoint) for method in rule.methods} & {"GET", "POST"}


_shown: dict[tuple[str, str], dict[str, Any]] = {}
_controls: dict[str, set[str]] = {}


def form_at(app: Flask, endpoint: str, world: World, caller: Caller) -> dict[str, Any]:
    """What somebody would send at a door: the form as it is shown there, filled in well."""
    says = _given(DOORS[endpoint].says, world)
    if (endpoint, str(caller)) not in _shown:  # the world is the same every time, and so are its forms
        _shown[endpoint, str(caller)] = _form_shown(app, endpoint, world, caller)
    filled = _shown[endpoint, str(caller)] | says
    return {name: value if isinstance(value, tuple) else str(value) for name, value in filled.items()}


def _form_shown(app: Flask, endpoint: str, world: World, caller: Caller) -> dict[str, Any]:
    door, url = DOORS[endpoint], address(app, endpoint, world)
    shown_on = url if door.on is None else door.on.format(**world)
    if not shown_on:
        return {}
    answer = caller.knock("GET", shown_on)
    assert answer.status_code == 200, (
        f"{endpoint}: {shown_on} should show {caller} its form, it answers {answer.status}"
    )
    forms = [Form(each) for each in pages.elements(pages.parse(answer.data, part=False), "form")]
    fitting = [form for form in forms if form.method == "POST" and form.action.partition("?")[0] == url]
    assert fitting, f"{shown_on} has no form that posts to {url}"
    _controls[endpoint] = {str(control.get("name")) for control in fitting[0].controls}
    return dict(fitting[0].data())


def own_fields(endpoint: str) -> set[str]:
    """The names of all controls of a form that `form_at` looked at."""
    return _controls.get(endpoint, set())
