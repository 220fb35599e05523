"""Every feature's doors, under the addresses that people's bookmarks know."""

from importlib import import_module

from flask import Flask

#: Module, its blueprint, the address it stands under (None: its doors say that themselves).
BLUEPRINTS = [
    ("p2p.identity.views", "identity", None),
    ("p2p.history.views", "history", "/history"),
    ("p2p.setup.views", "setup", "/setup"),
    ("p2p.activities.doors", "activities", "/activities"),
    ("p2p.attachments.views", "attachments", "/attachments"),
    ("p2p.parties.views", "parties", "/parties"),
    ("p2p.contacts.views", "contacts", "/contacts"),
    ("p2p.prospects.views", "prospects", "/prospects"),
    ("p2p.prospects.views", "customers", "/customers"),
    ("p2p.competitors.views", "competitors", "/competitors"),
    ("p2p.campaigns.views", "campaigns", "/campaigns"),
    ("p2p.leads.doors", "leads", "/leads"),
    ("p2p.opportunities.doors", "opportunities", "/opportunities"),
    ("p2p.opportunities.qualifying.views", "qualifying", None),
    ("p2p.opportunities.triage.views", "triage", "/leads"),
    ("p2p.board.views", "board", None),
    ("p2p.board.choosing.views", "choosing", "/board"),
    ("p2p.board.saved.views", "saved_views", "/board/views"),
    ("p2p.board.past.views", "past", None),
    ("p2p.exchange.views", "exchange", "/import"),
    ("p2p.exchange.contacts.views", "vcards", "/contacts"),
    ("p2p.duplicates.views", "duplicates", "/duplicates"),
    ("p2p.processes.views", "processes", "/processes"),
    ("p2p.parties.channels.views", "channels", "/parties"),
    ("p2p.reports.views", "reports", "/reports"),
    ("p2p.meetings.views", "meetings", "/meetings"),
    ("p2p.search.views", "search", None),
]
#: Modules that add doors to a blueprint of theirs; they are read before it is registered.
MORE = (
    "p2p.activities.agenda.views",
    "p2p.activities.calendar.views",
    "p2p.activities.views",
    "p2p.leads.views",
    "p2p.leads.rows.views",
    "p2p.leads.moving.views",
    "p2p.leads.bulk.views",
    "p2p.leads.capturing.views",
    "p2p.leads.copying.views",
    "p2p.leads.people.views",
    "p2p.board.live.views",
    "p2p.board.sheet.views",
    "p2p.opportunities.views",
    "p2p.opportunities.advising.views",
    "p2p.opportunities.bulk.views",
    "p2p.opportunities.deciding.views",
    "p2p.opportunities.involving.views",
    "p2p.processes.designing.views",
)


def open_all(app: Flask) -> None:
    """Register all of them."""
    for module in MORE:
        import_module(module)
    for module, name, prefix in BLUEPRINTS:
        app.register_blueprint(getattr(import_module(module), name), url_prefix=prefix)
