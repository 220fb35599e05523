"""p2p: project opportunities for small teams, from contact to won or lost."""

import os
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from sqlalchemy import select
from werkzeug.middleware.proxy_fix import ProxyFix

from p2p import cli, errors, filters, headers, settings
from p2p.db import db as database
from p2p.engine import prepare
from p2p.identity import guard, policy

MIGRATIONS = Path(__file__).parent / "migrations"


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """The application; `config` overrides what the environment says (tests, benchmarks)."""
    instance = Path(os.environ.get("P2P_INSTANCE") or Path(__file__).parent.parent / "instance").resolve()
    app = Flask(__name__, instance_path=str(instance), static_folder="static")
    app.config.update(settings.load(instance) | (config or {}))
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    database.init_app(app)
    with app.app_context():
        prepare(database.engine)
    Migrate(app, database, directory=str(MIGRATIONS), render_as_batch=True)
    CSRFProtect(app)
    app.jinja_env.filters.update(filters.FILTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_frame)
    headers.init(app)
    errors.init(app)
    guard.init(app)
    _open_doors(app)
    cli.init(app)
    return app


def _open_doors(app: Flask) -> None:
    """Every feature's views, under the addresses that people's bookmarks know."""
    import p2p.leads.capturing.views
    import p2p.leads.copying.views
    import p2p.leads.people.views
    import p2p.leads.views
    import p2p.opportunities.deciding.views
    import p2p.opportunities.involving.views
    import p2p.opportunities.views  # noqa: F401 (these add doors to blueprints)

    app.add_url_rule("/health", "health", _health)
    from p2p.activities.views import activities
    from p2p.attachments.views import attachments
    from p2p.board.views import board
    from p2p.campaigns.views import campaigns
    from p2p.competitors.views import competitors
    from p2p.contacts.views import contacts
    from p2p.duplicates.views import duplicates
    from p2p.exchange.views import exchange
    from p2p.history.views import history
    from p2p.identity.views import identity
    from p2p.leads.doors import leads
    from p2p.opportunities.doors import opportunities
    from p2p.parties.views import parties
    from p2p.prospects.views import customers, prospects
    from p2p.setup.views import setup

    app.register_blueprint(identity)
    app.register_blueprint(history, url_prefix="/history")
    app.register_blueprint(setup, url_prefix="/setup")
    app.register_blueprint(activities, url_prefix="/activities")
    app.register_blueprint(attachments, url_prefix="/attachments")
    app.register_blueprint(parties, url_prefix="/parties")
    app.register_blueprint(contacts, url_prefix="/contacts")
    app.register_blueprint(prospects, url_prefix="/prospects")
    app.register_blueprint(customers, url_prefix="/customers")
    app.register_blueprint(competitors, url_prefix="/competitors")
    app.register_blueprint(campaigns, url_prefix="/campaigns")
    app.register_blueprint(leads, url_prefix="/leads")
    app.register_blueprint(opportunities, url_prefix="/opportunities")
    app.register_blueprint(board)
    app.register_blueprint(exchange, url_prefix="/import")
    app.register_blueprint(duplicates, url_prefix="/duplicates")


def _health() -> tuple[str, int]:
    """`ok` while the database answers; nothing more for strangers to learn."""
    try:
        database.session.execute(select(1))
    except Exception:  # whatever it is, the answer is the same
        return "down", 503
    return "ok", 200


#: The menu: label, endpoint, the right to see it, what is asked for there (closed opportunities only on demand).
MENU: list[tuple[str, str, str, dict[str, Any]]] = [
    ("Board", "board.index", policy.READ, {}),
    ("Opportunities", "opportunities.index", policy.READ, {"status": "open"}),
    ("Parties", "parties.index", policy.READ, {}),
    ("Contacts", "contacts.index", policy.READ, {}),
    ("Campaigns", "campaigns.index", policy.READ, {}),
    ("Competitors", "competitors.index", policy.READ, {}),
    ("Activities", "activities.index", policy.READ, {}),
    ("History", "history.index", policy.READ, {}),
    ("Set-up", "setup.index", policy.MANAGE, {}),
]


def _frame() -> dict[str, Any]:
    """What the layout of every page shows."""
    user = g.get("user")

    def nav() -> list[dict[str, Any]]:
        blueprint = request.blueprint
        return [
            {"label": label, "href": url_for(endpoint, **asked), "current": blueprint == endpoint.partition(".")[0]}
            for label, endpoint, right, asked in MENU
            if user and policy.may(user, right)
        ]

    return {
        "current_user": user,
        "company": g.get("company"),
        "nav": nav,
        "may": lambda what, record=None: bool(user and policy.may(user, what, record)),
        "sign_out_url": url_for("identity.sign_out"),
        "profile_url": url_for("identity.profile"),
    }
