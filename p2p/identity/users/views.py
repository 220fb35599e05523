"""Doors to the administration of users."""

from typing import Any

from flask import Response, abort, g, redirect, url_for

from p2p.db import db
from p2p.identity import queries
from p2p.identity.forms import AddUserForm, SetPasswordForm, UserForm
from p2p.identity.models import LINK_LASTS, LastAdministrator, OneTimeLink, User
from p2p.identity.views import identity
from p2p.web import asking, changed, found, page, repeated, spend_key


@identity.get("/users/")
def users() -> Response:
    return page("identity/users.html", users=queries.users(), last_seen=queries.last_seen())


@identity.route("/users/new", methods=["GET", "POST"])
def add_user() -> Any:
    if again := repeated():
        return again
    form = AddUserForm()
    if not form.validate_on_submit():
        return asking("identity/add_user.html", form=form)
    user = User.add(name=form.name.data, email=form.email.data, role=form.role.data, by=g.user)
    spend_key(url_for("identity.user", id=user.id))
    db.session.commit()
    return changed(
        url_for("identity.user", id=user.id), f"{user} was added. Give them a password or a link.", undo=False
    )


def _user_page(user: User, form: UserForm | None = None, status: int = 200) -> Response:
    form = form or UserForm(user)
    return page("identity/user.html", status=status, user=user, form=form, sessions=queries.sessions_of(user.id))


@identity.route("/users/<int:id>", methods=["GET", "POST"])
def user(id: int) -> Any:
    user = found(User, id)
    form = UserForm(user)
    if not form.validate_on_submit():
        return _user_page(user, form, 422 if form.errors else 200)
    try:
        user.edit(form.merged_into(user), by=g.user)
    except LastAdministrator as error:
        db.session.rollback()
        form.role.errors = [str(error)]
        return _user_page(user, form, 422)
    db.session.commit()
    return changed(url_for("identity.user", id=id), f"{user} was saved.", undo=False)


@identity.post("/users/<int:id>/deactivation")
def deactivate(id: int) -> Any:
    user = found(User, id)
    try:
        user.deactivate(by=g.user)
    except LastAdministrator as error:
        db.session.rollback()
        form = UserForm(user)
        form.form_errors = [str(error)]
        return _user_page(user, form, 422)
    db.session.commit()
    return changed(url_for("identity.user", id=id), f"{user} can no longer sign in.", undo=False)


@identity.post("/users/<int:id>/reactivation")
def reactivate(id: int) -> Any:
    user = found(User, id)
    user.reactivate(by=g.user)
    db.session.commit()
    return changed(url_for("identity.user", id=id), f"{user} is active again.", undo=False)


@identity.route("/users/<int:id>/password", methods=["GET", "POST"])
def set_password(id: int) -> Any:
    user = found(User, id)
    if user.id == g.user.id:  # one's own asks for the current one
        return redirect(url_for("identity.change_password"), 303)
    form = SetPasswordForm()
    form.owner = (user.name, user.email)
    if not form.validate_on_submit():
        return asking("identity/set_password.html", form=form, user=user)
    user.set_password(form.password.data, by=g.user)
    db.session.commit()
    return changed(url_for("identity.user", id=id), f"{user} has a new password. Their sessions ended.", undo=False)


@identity.post("/users/<int:id>/link")
def make_link(id: int) -> Any:
    """Show a one-time link, this once: only its digest is kept."""
    user = found(User, id)
    if user.id == g.user.id:
        return redirect(url_for("identity.change_password"), 303)
    if not user.active:
        abort(409, f"{user} is not active. Reactivate them first.")
    url = url_for("identity.one_time", token=OneTimeLink.make(user), _external=True)
    db.session.commit()
    return page("identity/link.html", user=user, url=url, hours=int(LINK_LASTS.total_seconds() // 3600))


@identity.post("/users/<int:id>/sessions/end")
def end_sessions(id: int) -> Any:
    user = found(User, id)
    user.end_sessions()
    db.session.commit()
    return changed(url_for("identity.user", id=id), f"{user} is signed out everywhere.", undo=False)
