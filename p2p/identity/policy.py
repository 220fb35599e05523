"""Who may do what: the one table of rights. Every door is in it; a door without a row is closed."""

from typing import Protocol

from p2p.history import nouns
from p2p.identity.models import ADMINISTRATOR, MANAGER, REPRESENTATIVE, VIEWER

EVERYBODY = "everybody"  # signed out, too
READ, EDIT, OWN, MANAGE, ADMINISTER = "read", "edit", "own", "manage", "administer"

#: Right → the roles that have it on every record. *Own*: representatives on what is theirs, managers on all.
ROLES_WITH = {
    READ: {VIEWER, REPRESENTATIVE, MANAGER, ADMINISTRATOR},
    EDIT: {REPRESENTATIVE, MANAGER, ADMINISTRATOR},
    OWN: {MANAGER, ADMINISTRATOR},
    MANAGE: {MANAGER, ADMINISTRATOR},
    ADMINISTER: {ADMINISTRATOR},
}

#: Right per verb where it is not EDIT; `noun.*` holds for all verbs of a noun, `*.verb` for one of all nouns.
#: Undo asks the same table.
VERBS = {
    "user.*": ADMINISTER,
    "company.*": ADMINISTER,
    "code.*": MANAGE,
    "currency.*": MANAGE,
    "reason.*": MANAGE,
    "probability.*": MANAGE,
    "prognosis_band.*": MANAGE,
    "process.*": MANAGE,
    "stage.*": MANAGE,
    "step.*": MANAGE,
    "advice_rule.*": MANAGE,
    "competitor.*": MANAGE,
    "competitor.name_while_losing": EDIT,
    "exchange.import": MANAGE,
    "opportunity.win": OWN,
    "opportunity.lose": OWN,
    "opportunity.cancel": OWN,
    "opportunity.reactivate": OWN,
    "attachment.*": EDIT,
    "activity.invite": OWN,
    "*.archive": OWN,
    "*.restore": OWN,
    "*.absorb": OWN,
    "calendar_feed.*": READ,
    "board_view.*": READ,  # one's own; those for all are changed by whoever may edit
}

#: Door (endpoint) → a right, or the verb it leads to. Doors with OWN verbs find the record by `id` in the address.
DOORS = {
    "static": EVERYBODY,
    "health": EVERYBODY,
    "identity.sign_in": EVERYBODY,
    "identity.first_visit": EVERYBODY,
    "identity.one_time": EVERYBODY,
    "identity.sign_out": READ,
    "identity.profile": READ,
    "identity.change_password": READ,
    "identity.change_email": READ,
    "identity.end_session": READ,  # one's own only
    "identity.end_other_sessions": READ,
    "identity.users": "user.add",
    "identity.add_user": "user.add",
    "identity.user": "user.edit",
    "identity.set_password": "user.set_password",
    "identity.make_link": "user.set_password",
    "identity.deactivate": "user.deactivate",
    "identity.reactivate": "user.reactivate",
    "identity.end_sessions": "user.edit",
    "board.home": READ,
    "board.index": READ,
    "choosing.filters": READ,
    "choosing.cards": READ,
    "choosing.export": READ,
    "saved_views.index": READ,
    "saved_views.show": READ,
    "saved_views.new": "board_view.save",
    "saved_views.edit": "board_view.edit",
    "saved_views.remove": "board_view.remove",
    "saved_views.first": READ,
    "board.card": "opportunity.edit",
    "board.menu": "opportunity.edit",
    "board.add": "opportunity.open",
    "past.changes": READ,
    "past.behind": READ,
    "board.sheet": READ,
    "board.undo": READ,  # `history.undo`, where it leads, asks for each record
    "campaigns.index": READ,
    "campaigns.show": READ,
    "campaigns.new": "campaign.start",
    "campaigns.edit": "campaign.edit",
    "campaigns.fact": "campaign.edit",
    "campaigns.archive": "campaign.archive",
    "campaigns.restore": "campaign.restore",
    "leads.index": READ,
    "leads.row": "lead.edit",
    "leads.bulk": EDIT,  # of each lead it is asked whether it may be changed with others
    "leads.postpone": "lead.postpone",
    "leads.resume": "lead.resume",
    "leads.disqualify": "lead.disqualify",
    "leads.reactivate": "lead.reactivate",
    "leads.show": READ,
    "leads.about": READ,
    "leads.new": "lead.capture",
    "leads.likely": "lead.capture",
    "leads.copy": "lead.copy",
    "leads.edit": "lead.edit",
    "leads.fact": "lead.edit",
    "leads.add_contact": "lead_contact.add",
    "leads.new_contact": "lead_contact.add",
    "leads.remove_contact": "lead_contact.remove",
    "leads.archive": "lead.archive",
    "leads.restore": "lead.restore",
    "qualifying.qualify": "lead.qualify",
    "qualifying.several": "lead.qualify",
    "triage.show": READ,
    "triage.merge_into": "lead.absorb",
    "qualifying.origins": READ,
    "qualifying.outcome": READ,
    "opportunities.index": READ,
    "opportunities.bulk": EDIT,  # of each it is asked whether it may be changed with others
    "opportunities.show": READ,
    "opportunities.about": READ,
    "opportunities.new": "opportunity.open",
    "opportunities.edit": "opportunity.edit",
    "opportunities.fact": "opportunity.edit",
    "opportunities.stage": "opportunity.move",
    "opportunities.probability": "opportunity.estimate",
    "opportunities.follow_stage": "opportunity.follow_stage",
    "opportunities.prognosis": "opportunity.forecast",
    "opportunities.postpone": "opportunity.postpone",
    "opportunities.resume": "opportunity.resume",
    "opportunities.win": "opportunity.win",
    "opportunities.lose": "opportunity.lose",
    "opportunities.cancel": "opportunity.cancel",
    "opportunities.reactivate": "opportunity.reactivate",
    "opportunities.archive": "opportunity.archive",
    "opportunities.restore": "opportunity.restore",
    "opportunities.join_team": "opportunity_member.add",
    "opportunities.leave_team": "opportunity_member.remove",
    "opportunities.involve": "opportunity_contact.add",
    "opportunities.release": "opportunity_contact.remove",
    "opportunities.add_rival": "opportunity_competitor.add",
    "opportunities.rival": "opportunity_competitor.edit",
    "opportunities.remove_rival": "opportunity_competitor.remove",
    "opportunities.advice": READ,
    "opportunities.dismiss_advice": "dismissal.dismiss",
    "opportunities.return_advice": "dismissal.withdraw",
    "setup.index": MANAGE,
    "setup.company": "company.edit",
    "setup.show": MANAGE,
    "setup.reasons": "reason.edit",
    "setup.processes": "process.edit",
    "setup.process": "process.edit",
    "setup.edition": "process.edit",
    "setup.copy": "process.copy",
    "setup.bands": MANAGE,
    "setup.edit_bands": "prognosis_band.redraw",
    "setup.add": MANAGE,
    "setup.edit": MANAGE,
    "setup.move": MANAGE,
    "setup.retire": MANAGE,
    "setup.bring_back": MANAGE,
    "setup.delete": MANAGE,
    "setup.advice_rules": MANAGE,
    "setup.advice_rule": "advice_rule.set",
    "setup.switch_advice": "advice_rule.set",
    "vcards.show": READ,
    "vcards.index": READ,
    "exchange.index": "exchange.import",
    "exchange.show": "exchange.import",
    "exchange.map": "exchange.import",
    "exchange.start": "exchange.import",
    "exchange.cancel": "exchange.import",
    "exchange.problems": "exchange.import",
    "search.index": READ,
    "search.choices": READ,
    "reports.index": READ,
    "reports.leads": READ,
    "reports.sources": READ,
    "reports.new_leads": READ,
    "meetings.index": READ,
    "meetings.new": "meeting.begin",
    "meetings.show": READ,
    "meetings.minutes_file": READ,
    "meetings.edit": "meeting.edit",
    "meetings.end": "meeting.end",
    "meetings.reopen": "meeting.reopen",
    "meetings.deal": READ,
    "meetings.discuss": "meeting_point.discuss",
    "meetings.correct": "meeting_point.edit",
    "duplicates.index": READ,
    "duplicates.around": READ,
    "duplicates.search": EDIT,
    "duplicates.apart": "distinction.tell_apart",
    "duplicates.merge": EDIT,  # each record is asked for in the view, by its verb
    "history.index": READ,
    "history.undo": READ,  # each record the operation touched is asked for in the view, by verb
    "history.timeline": READ,
    "history.show": READ,
    "activities.index": READ,
    "activities.all": READ,
    "activities.show": READ,
    "activities.append": "activity.log",
    "activities.edit": "activity.edit",
    "activities.move": "activity.move",
    "activities.done": "activity.finish",
    "activities.reopen": "activity.reopen",
    "activities.reminders": READ,
    "activities.stop_reminding": "activity.stop_reminding",
    "activities.calendar": READ,
    "activities.feed": EVERYBODY,  # its address holds a secret
    "activities.make_feed": READ,  # one's own only
    "activities.revoke_feed": READ,
    "activities.archive": "activity.archive",
    "activities.restore": "activity.restore",
    "attachments.on": READ,
    "attachments.add": "attachment.attach",
    "attachments.show": READ,
    "attachments.file": READ,
    "attachments.edit": "attachment.edit",
    "attachments.archive": "attachment.archive",
    "attachments.restore": "attachment.restore",
    "processes.show": READ,
    "processes.tick": "activity.finish",
    "processes.untick": "activity.reopen",
    "processes.plan": "activity.plan",
    "processes.follow": EDIT,  # `opportunity.follow`, `lead.follow`
    "processes.move": EDIT,  # `opportunity.move`, `lead.move`
    "parties.index": READ,
    "parties.names": READ,
    "parties.show": READ,
    "parties.new": "party.enter",
    "parties.create": "party.enter",
    "parties.edit": "party.edit",
    "parties.fact": "party.edit",
    "parties.archive": "party.archive",
    "parties.restore": "party.restore",
    "channels.add": "channel.add",
    "channels.edit": "channel.edit",
    "channels.remove": "channel.remove",
    "contacts.index": READ,
    "contacts.names": READ,
    "contacts.show": READ,
    "contacts.new": "contact.enter",
    "contacts.create": "contact.enter",
    "contacts.edit": "contact.edit",
    "contacts.fact": "contact.edit",
    "contacts.archive": "contact.archive",
    "contacts.restore": "contact.restore",
    "prospects.index": READ,
    "prospects.show": READ,
    "prospects.make": "prospect.make",
    "prospects.make_of": "prospect.make",
    "prospects.edit": "prospect.edit",
    "prospects.fact": "prospect.edit",
    "prospects.convert": "prospect.convert",
    "prospects.archive": "prospect.archive",
    "prospects.restore": "prospect.restore",
    "customers.index": READ,
    "customers.show": READ,
    "customers.open": "customer.open",
    "customers.archive": "customer.archive",
    "customers.restore": "customer.restore",
    "competitors.index": READ,
    "competitors.show": READ,
    "competitors.register": "competitor.register",
    "competitors.edit": "competitor.edit",
    "competitors.fact": "competitor.edit",
    "competitors.archive": "competitor.archive",
    "competitors.restore": "competitor.restore",
}


class Asker(Protocol):
    """Whoever asks: a signed-in person or a user."""

    @property
    def id(self) -> int: ...
    @property
    def role(self) -> str: ...


def right_of(verb: str) -> str:
    """The right a verb needs."""
    noun, _, name = verb.partition(".")
    return VERBS.get(verb) or VERBS.get(f"{noun}.*") or VERBS.get(f"*.{name}") or EDIT


def may(asker: Asker, what: str, record: object = None) -> bool:
    """Whether somebody may do `what`, a right or a verb; for *own*, on this record."""
    right = what if what in ROLES_WITH else right_of(what)
    if asker.role in ROLES_WITH[right]:
        return True
    if right != OWN or asker.role not in ROLES_WITH[EDIT]:
        return False
    belongs = getattr(record, "belongs_to", None)
    return bool(belongs and belongs(asker.id))


def may_enter(asker: Asker, endpoint: str, view_args: dict[str, object]) -> bool:
    """Whether somebody may pass a door; a door with an *own* verb finds its record by the noun and `id`."""
    what = DOORS[endpoint]
    if what == EVERYBODY:
        return True
    record = None
    if what not in ROLES_WITH and right_of(what) == OWN and asker.role == REPRESENTATIVE:
        from p2p.db import db

        record = db.session.get(nouns[what.partition(".")[0]], view_args.get("id"))
    return may(asker, what, record)
