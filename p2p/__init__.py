"""p2p: project opportunities for small teams, from contact to won or lost."""

import os
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from sqlalchemy import select
from werkzeug.middleware.proxy_fix import ProxyFix

from p2p import cli, doors, errors, filters, headers, settings
from p2p.db import db as database
from p2p.engine import prepare
from p2p.identity import guard, policy
from p2p.markdown import markdown, plain

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
    app.jinja_env.filters.update(filters.FILTERS | {"markdown": markdown, "plain": plain})
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_frame)
    headers.init(app)
    errors.init(app)
    guard.init(app)
    app.add_url_rule("/health", "health", _health)
    doors.open_all(app)
    cli.init(app)
    return app


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
    ("Leads", "leads.index", policy.READ, {}),
    ("Opportunities", "opportunities.index", policy.READ, {"status": "open"}),
    ("Parties", "parties.index", policy.READ, {}),
    ("Contacts", "contacts.index", policy.READ, {}),
    ("Campaigns", "campaigns.index", policy.READ, {}),
    ("Competitors", "competitors.index", policy.READ, {}),
    ("Activities", "activities.index", policy.READ, {}),
    ("Reports", "reports.index", policy.READ, {}),
    ("History", "history.index", policy.READ, {}),
    ("Set-up", "setup.index", policy.MANAGE, {}),
]


#: Doors that belong to an entry of the menu without standing in its blueprint.
UNDER = {
    "triage": "leads",
    "qualifying": "leads",
    "prospects": "parties",
    "customers": "parties",
    "channels": "parties",
    "meetings": "reports",
    "choosing": "board",
    "saved_views": "board",
}


def _frame() -> dict[str, Any]:
    """What the layout of every page shows."""
    user = g.get("user")

    def nav() -> list[dict[str, Any]]:
        blueprint = UNDER.get(request.blueprint or "", request.blueprint)
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
        "search_url": url_for("search.index"),
        "choices_url": url_for("search.choices"),
        "sign_out_url": url_for("identity.sign_out"),
        "profile_url": url_for("identity.profile"),
    }
