"""Doors to one's own profile."""

from typing import Any

from flask import Response, abort, g, request, session, url_for

from p2p.db import db
from p2p.history.merging import Conflict
from p2p.identity import queries
from p2p.identity.forms import ChangeEmailForm, ChangePasswordForm, ProfileForm
from p2p.identity.models import SignIn, User, folded
from p2p.identity.views import identity, proven
from p2p.web import asking, changed, found, page


def _own_page(form: ProfileForm | None = None, email: ChangeEmailForm | None = None, status: int = 200) -> Response:
    user = found(User, g.user.id)
    context = {"form": form or ProfileForm(user), "email_form": email or ChangeEmailForm(user)}
    return page("identity/profile.html", status=status, user=user, sessions=queries.sessions_of(user.id), **context)


@identity.route("/profile", methods=["GET", "POST"])
def profile() -> Any:
    user = found(User, g.user.id)
    form = ProfileForm(user)
    if request.method != "POST":
        return _own_page()
    if not form.validate_on_submit():
        db.session.rollback()
        return _own_page(form, status=422)
    user.edit(form.merged_into(user), by=g.user)
    db.session.commit()
    return changed(url_for("identity.profile"), "Your profile was saved.", undo=False)


@identity.post("/profile/e-mail")
def change_email() -> Any:
    user = found(User, g.user.id)
    form = ChangeEmailForm(user)
    fits = form.validate_on_submit()
    if fits and not proven(user, folded(user.email), form.current.data):
        form.current.errors = ["That is not your current password."]
        fits = False
    if not fits:
        db.session.rollback()
        return _own_page(email=form, status=422)
    try:
        facts = form.merged_into(user)
    except Conflict:  # said here, because the page that asks whose words stand would carry the password along
        db.session.rollback()
        form.email.errors = [f"It was changed to {user.email} meanwhile. Save again to change it once more."]
        form.version.data = str(user.version)
        return _own_page(email=form, status=409)
    user.edit(facts, by=g.user)
    db.session.commit()
    return changed(url_for("identity.profile"), f"You sign in as {user.email} from now on.", undo=False)


@identity.route("/profile/password", methods=["GET", "POST"])
def change_password() -> Any:
    user = found(User, g.user.id)
    form = ChangePasswordForm()
    form.owner = (user.name, user.email)
    if not form.validate_on_submit():
        return asking("identity/change_password.html", form=form)
    if not proven(user, folded(user.email), form.current.data):
        form.current.errors = ["That is not your current password."]
        return asking("identity/change_password.html", form=form)
    user.set_password(form.password.data, by=g.user)
    session["token"] = SignIn.start(user, request.user_agent.string)  # a copy of this browser's cookie ends as well
    db.session.commit()
    return changed(url_for("identity.profile"), "Your password was changed. Your other sessions ended.", undo=False)


@identity.post("/profile/sessions/<int:session_id>/end")
def end_session(session_id: int) -> Any:
    sign_in = found(SignIn, session_id)
    if sign_in.user_id != g.user.id:
        abort(404)
    SignIn.end(sign_in.token_digest)
    db.session.commit()
    return changed(url_for("identity.profile"), "That session ended.", undo=False)


@identity.post("/profile/sessions/end")
def end_other_sessions() -> Any:
    found(User, g.user.id).end_sessions(but=g.user.session)
    db.session.commit()
    return changed(url_for("identity.profile"), "Your other sessions ended.", undo=False)
