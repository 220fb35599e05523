"""Doors of identity: signing in and out, one-time links, the first visit."""

import ipaddress
import secrets
from importlib import import_module
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, redirect, request, session, url_for
from flask import make_response as answer

from p2p.db import db
from p2p.errors import problem
from p2p.identity import queries
from p2p.identity.browsers import browser_words
from p2p.identity.forms import FirstVisitForm, SignInForm, WelcomeForm
from p2p.identity.hashing import matches
from p2p.identity.models import ROLES, Guess, SignIn, TooManyGuesses, User, folded
from p2p.identity.opening import open_house
from p2p.setup.models import InUse
from p2p.web import asking, found, page, refused, same_origin_path

identity = Blueprint("identity", __name__)
EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
WAIT = "Too many tries. Please wait a quarter of an hour and try again."


@identity.app_context_processor
def _words() -> dict[str, Any]:
    """What templates of every feature may need to know of the one who looks."""
    theme = g.user.theme if g.get("user") else "auto"
    return {"theme": None if theme == "auto" else theme, "ROLES": ROLES, "browser_words": browser_words}


@identity.errorhandler(TooManyGuesses)
def _too_many_guesses(error: TooManyGuesses) -> Response:
    return problem(429, "Too many tries", WAIT, **{"Retry-After": "900"})


# ── Proofs ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _count(account: str) -> int:
    """Count a try at a secret before it is looked at, and let go of the writing lock; raises TooManyGuesses."""
    address = request.remote_addr or "nowhere"
    queries.one_at_a_time("guess")
    if queries.too_many_guesses(account, address):
        raise TooManyGuesses
    counted = Guess.count(account, address).id
    db.session.commit()
    return counted


def proven(user: User | None, account: str, password: str) -> bool:
    """Whether this is the user's password. Costs one hash whether or not there is such a user."""
    stored = user.password_hash if user and user.active else None
    counted = _count(account)
    right = matches(stored, password)
    if right and user:
        db.session.refresh(user)
        right = user.can_sign_in and user.password_hash == stored
    if right:
        Guess.forgive(account, counted)
    return right


def _let_in(user: User) -> None:
    """Begin a session of this browser under a new token; whatever it held before is gone."""
    if g.user is not None:
        SignIn.end(g.user.session)
    token = SignIn.start(user, request.user_agent.string)
    session.clear()
    session["token"] = token


def _next() -> str:
    """Where to go after signing in: a page of this very host, else the start."""
    return same_origin_path(request.values.get("next")) or url_for("board.home")


@identity.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    if request.method != "POST":
        if g.user is not None:
            return redirect(_next(), 303)
        if not queries.anybody_can_sign_in():
            return redirect(url_for("identity.first_visit"), 303)
    form = SignInForm(next=request.args.get("next"))
    if not form.validate_on_submit():
        return asking("identity/sign_in.html", form=form)
    account = folded(form.email.data.replace("\0", ""))[:254]
    user = queries.user_by_email(account)
    try:
        right = proven(user, account, form.password.data)
    except TooManyGuesses:
        form.form_errors = [WAIT]
        return page("identity/sign_in.html", form=form, status=429)
    if not right or user is None:
        form.form_errors = ["This e-mail address and password do not belong together. Please try again."]
        return asking("identity/sign_in.html", form=form)
    _let_in(user)
    db.session.commit()
    return redirect(_next(), 303)


@identity.post("/sign-out")
def sign_out() -> Response:
    SignIn.end(g.user.session)
    db.session.commit()
    session.clear()
    left = answer(redirect(url_for("identity.sign_in"), 303))
    left.headers["Clear-Site-Data"] = '"cache", "storage"'
    return left


@identity.route("/welcome/<token>", methods=["GET", "POST"])
def one_time(token: str) -> Any:
    """Where a one-time link leads: choose a password, and be signed in."""
    link = queries.open_link(token, to_use=request.method == "POST")
    if link is None:
        return page("identity/link_is_dead.html", status=404)
    user = found(User, link.user_id)
    form = WelcomeForm()
    form.owner = (user.name, user.email)
    if not form.validate_on_submit():
        return asking("identity/welcome.html", form=form, user=user)
    user.set_password(form.password.data, by=user)
    _let_in(user)
    db.session.commit()
    return redirect(url_for("board.home"), 303)


# ── The first visit ─────────────────────────────────────────────────────────────────────────────────────────────────


@identity.route("/first-visit", methods=EVERY_METHOD, provide_automatic_options=False)
def first_visit() -> Any:
    _only_the_first()
    if request.method not in ("GET", "HEAD", "POST"):
        abort(405)
    form = FirstVisitForm()
    if _from_this_machine():
        del form.code
    if request.method != "POST":
        form.guess()
        return page("identity/first_visit.html", form=form)
    if not form.validate() or not _code_fits(form):
        return refused("identity/first_visit.html", form=form)
    _only_the_first()  # counting a try at the code let others in
    try:
        user = open_house(form.administrator, form.company_facts)
    except InUse as error:
        form.currency.errors = [str(error)]
        return refused("identity/first_visit.html", form=form)
    try:
        if form.demo.data:
            _build_demo(user)
    except ValueError as error:
        form.demo.errors = [f"{error} Take the tick away."]
        return refused("identity/first_visit.html", form=form)
    _let_in(user)
    db.session.commit()
    return redirect(url_for("board.home"), 303)


def _only_the_first() -> None:
    """Nobody was here yet, and nobody else comes in before this unit ends; else 404."""
    if request.method == "POST":
        queries.one_at_a_time("first visit")
    if queries.anybody_can_sign_in():
        abort(404)


def _from_this_machine() -> bool:
    """Whether somebody sits at the machine itself: by address and by name, and not behind a proxy nobody told us of."""
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    if forwarded and not current_app.config["TRUSTED_PROXIES"]:
        return False
    # A page of another site may resolve its own name to this machine, so the name asked for counts as well.
    return _is_loopback(request.remote_addr or "") and _is_loopback(request.host.rpartition(":")[0] or request.host)


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _code_fits(form: FirstVisitForm) -> bool:
    if "code" not in form:
        return True
    counted = _count("first visit")
    typed = form.code.data.replace(" ", "").casefold().encode()
    if secrets.compare_digest(typed, current_app.extensions["p2p_code"].encode()):
        Guess.forgive("first visit", counted)
        return True
    form.code.errors = ["That is not the code. It was printed where p2p was started."]
    return False


def _build_demo(user: User) -> None:
    # By name: the demo knows every room of the house, and this one may know none of them.
    import_module("p2p.demo").build(by=user)


# The other doors of this blueprint; they need it and `proven` from here.
from p2p.identity.profile import views as _profile  # noqa: E402, F401
from p2p.identity.users import views as _users  # noqa: E402, F401
