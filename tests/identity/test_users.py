"""The administration of users: who may, what it does, and that secrets stay out of the history."""

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from p2p.db import at, db, now
from p2p.history import Change, Operation
from p2p.identity.models import OneTimeLink, User
from p2p.identity.queries import user_by_email
from tests.cast import ADA, CAST, MAX, PASSWORD, RITA, ROLF, VERA, Character
from tests.identity.cookies import is_shut_out, posted, token_of, with_cookie
from tests.visitor import Visitor

As = Callable[..., Visitor]
Find = Callable[[Character], User]
NEW = "seven quiet rivers"
OTHERS = [person for person in CAST if person is not ADA]


def page_of(visitor: Visitor, user: User) -> Visitor:
    return visitor.visit(f"/users/{user.id}")


def as_stored(user: User) -> tuple[object, ...]:
    db.session.refresh(user)
    return user.role, user.active, user.password_hash, user.email, user.version


# -- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", OTHERS, ids=lambda person: person.email)
def test_only_administrators_see_and_touch_users(as_: As, user: Find, person: Character) -> None:
    visitor, id, before = as_(person), user(ROLF).id, as_stored(user(ROLF))
    token = visitor.visit("/profile").csrf_token
    for url in ("/users/", "/users/new", f"/users/{id}", f"/users/{id}/password"):
        visitor.visit(url, expect=403)
    sent = {"csrf_token": token, "role": "administrator", "name": "R", "email": "r@example.com", "password": NEW}
    for end in ("", "/password", "/link", "/deactivation", "/reactivation", "/sessions/end"):
        assert visitor.client.post(f"/users/{id}{end}", data=sent).status_code == 403
    assert visitor.client.post("/users/new", data=sent | {"key": "k"}).status_code == 403
    assert as_stored(user(ROLF)) == before
    assert user_by_email("r@example.com") is None


def test_without_a_csrf_token_nothing_changes(as_: As, user: Find) -> None:
    visitor, id = as_(ADA), user(ROLF).id
    operations = db.session.query(Operation).count()
    for end in ("", "/password", "/link", "/deactivation", "/sessions/end"):
        answer = visitor.client.post(f"/users/{id}{end}", data={"role": "administrator", "password": NEW})
        assert answer.status_code in (400, 403)
    for url in ("/sign-out", "/profile", "/profile/e-mail", "/profile/password", "/profile/sessions/end"):
        assert visitor.client.post(url, data={"name": "X"}).status_code in (400, 403)
    assert db.session.query(Operation).count() == operations
    assert not is_shut_out(visitor)


def test_the_list_says_who_can_sign_in(as_: As, user: Find) -> None:
    User.add(email="new@example.com", name="Nina New", role="viewer", by=user(ADA))
    user(ROLF).deactivate(by=user(ADA))
    db.session.commit()
    rows = {row["Name"].removesuffix(" you"): row for row in as_(ADA).visit("/users/").table("Users")}
    assert rows["Ada Brunner"]["Last seen"] == "just now"
    assert rows["Ada Brunner"]["Role"] == "Administrator"
    assert rows["Nina New"]["Sign-in"] == "no password"
    assert rows["Rolf Weber"]["Sign-in"] == "deactivated"
    assert rows["Vera Lang"]["Sign-in"] == "can sign in"
    assert rows["Vera Lang"]["Last seen"] == "signed out"


# -- adding and changing ----------------------------------------------------------------------------------------------


def test_a_user_is_added_and_given_a_password(as_: As, app: Flask) -> None:
    visitor = as_(ADA).visit("/users/").click("Add a user")
    visitor.fill({"Name": "Nina New", "E-mail": "nina@example.com", "Role": "Viewer"}).submit("Add")
    assert "Nina New was added." in visitor.toast
    nina = user_by_email("nina@example.com")
    assert nina is not None
    page_of(visitor, nina).click("Set a password").fill({"New password": "nina-new-2026"}).submit(expect=422)
    visitor.fill({"New password": NEW}).submit("Set password")
    assert visitor.heading == "Nina New"
    fresh = Visitor(app).visit("/sign-in", next="/profile").fill({"E-mail": "nina@example.com", "Password": NEW})
    assert fresh.submit("Sign in").heading == "Your profile"


def test_the_same_form_twice_adds_one_user(as_: As) -> None:
    visitor = as_(ADA).visit("/users/new")
    sent = {"name": "Nina New", "email": "nina@example.com", "role": "viewer", "key": "once"}
    assert [posted(visitor, "/users/new", **sent).status_code for _ in range(2)] == [303, 303]


@pytest.mark.parametrize("email", ["rita@example.com", "RITA@EXAMPLE.COM", "no address", "a@b@c", "x@", "a b@c.d"])
def test_an_address_must_be_one_and_free(as_: As, email: str) -> None:
    visitor = as_(ADA).visit("/users/new")
    visitor.fill({"Name": "Nina New", "E-mail": email}).submit("Add", expect=422)
    assert "E-mail" in visitor.errors


def test_a_new_role_signs_the_user_out(as_: As, user: Find, app: Flask) -> None:
    stolen = token_of(as_(RITA))
    visitor = page_of(as_(ADA), user(RITA))
    visitor.fill({"Role": "Sales manager"}, form="Name and role").submit("Save")
    assert visitor.toast.startswith("Rita Sommer was saved.")
    assert is_shut_out(with_cookie(app, stolen))
    assert user(RITA).role == "manager"


def test_another_name_keeps_the_session(as_: As, user: Find) -> None:
    rita, visitor = as_(RITA), page_of(as_(ADA), user(RITA))
    visitor.fill({"Name": "Rita Winter", "E-mail": "winter@example.com"}, form="Name and role").submit("Save")
    assert not is_shut_out(rita)
    assert user_by_email("winter@example.com") is not None


def test_two_administrators_who_change_the_same_field_meet(as_: As, user: Find) -> None:
    mine, theirs = page_of(as_(ADA), user(RITA)), page_of(as_(ADA), user(RITA))
    theirs.fill({"Name": "Rita Winter"}, form="Name and role").submit("Save")
    mine.fill({"E-mail": "winter@example.com"}, form="Name and role").submit("Save")
    db.session.expire_all()
    winter = user_by_email("winter@example.com")
    assert winter is not None
    assert winter.name == "Rita Winter"
    stale = {"name": "Rita Herbst", "email": "winter@example.com", "role": "representative", "version": "1"}
    assert posted(mine, f"/users/{winter.id}", **stale).status_code == 409


def test_ones_own_address_and_password_are_not_changed_here(as_: As, user: Find) -> None:
    visitor, ada = as_(ADA), user(ADA)
    page_of(visitor, ada)
    assert "E-mail" not in visitor.form(has=("Name", "Role")).labels
    sent = {"name": ada.name, "role": ada.role, "email": "else@example.com", "version": str(ada.version)}
    posted(visitor, f"/users/{ada.id}", **sent)
    assert posted(visitor, f"/users/{ada.id}/password", password=NEW).location == "/profile/password"
    assert posted(visitor, f"/users/{ada.id}/link").location == "/profile/password"
    assert user_by_email("else@example.com") is None


# -- leaving ----------------------------------------------------------------------------------------------------------


def test_who_is_deactivated_is_out_at_the_next_request(as_: As, user: Find, app: Flask) -> None:
    rita, visitor = as_(RITA), page_of(as_(ADA), user(RITA))
    stolen = token_of(rita)
    visitor.press("Deactivate")
    assert is_shut_out(rita)
    assert is_shut_out(with_cookie(app, stolen))
    page_of(visitor, user(RITA)).press("Reactivate")
    assert is_shut_out(with_cookie(app, stolen))
    Visitor(app).visit("/sign-in").fill({"E-mail": RITA.email, "Password": PASSWORD}).submit("Sign in")


def test_sessions_of_a_user_can_be_ended(as_: As, user: Find) -> None:
    rita = as_(RITA)
    page_of(as_(ADA), user(RITA)).press("End all sessions")
    assert is_shut_out(rita)


def test_the_last_administrator_stays_one(as_: As, user: Find) -> None:
    User.add(email="admin2@example.com", name="No Password", role="administrator", by=user(ADA))
    db.session.commit()
    visitor = page_of(as_(ADA), user(ADA))
    visitor.fill({"Role": "Viewer"}, form="Name and role").submit("Save", expect=422)
    assert "last administrator who can sign in" in visitor.errors["Role"]
    page_of(visitor, user(ADA)).press("Deactivate", expect=422)
    assert "last administrator who can sign in" in visitor.text
    db.session.expire_all()
    assert (user(ADA).role, user(ADA).active) == ("administrator", True)


def test_one_of_two_administrators_may_go(as_: As, user: Find) -> None:
    user(MAX).edit({"role": "administrator"}, by=user(ADA))
    db.session.commit()
    ada = page_of(as_(ADA), user(ADA))
    posted(ada, f"/users/{user(ADA).id}/deactivation")
    assert is_shut_out(ada)
    visitor = page_of(as_(MAX), user(MAX))
    visitor.press("Deactivate", expect=422)


# -- one-time links ---------------------------------------------------------------------------------------------------


def link_for(visitor: Visitor, user: User) -> str:
    page_of(visitor, user).press("Make a one-time link")
    url: str = visitor.page.xpath("//input[@id='link']/@value")[0]
    return url.removeprefix("http://localhost")


def test_a_link_sets_a_password_once(as_: As, user: Find, app: Flask) -> None:
    stolen = token_of(as_(VERA))
    link = link_for(as_(ADA), user(VERA))
    assert re.fullmatch(r"/welcome/[\w-]{43}", link)
    visitor = Visitor(app).visit(link)
    assert visitor.heading == "Welcome, Vera Lang"
    visitor.fill({"New password": "veralang2026"}).submit("Set password", expect=422)
    visitor.fill({"New password": NEW})
    assert posted(visitor, link, password=NEW).location == "/"
    assert "Vera Lang" in visitor.visit("/profile").text
    assert is_shut_out(with_cookie(app, stolen))
    assert Visitor(app).visit(link, expect=404).heading == "This link has ended"
    again = Visitor(app).visit("/sign-in")
    assert posted(again, link, password="another good one").status_code == 404
    again.fill({"E-mail": VERA.email, "Password": NEW}).submit("Sign in")


@pytest.mark.parametrize("ended", ["a day", "a newer link", "deactivation", "a password", "tampering"])
def test_a_link_ends(as_: As, user: Find, app: Flask, ended: str) -> None:
    visitor = as_(ADA)
    link = link_for(visitor, user(VERA))
    moment = now() + timedelta(hours=24, seconds=1) if ended == "a day" else now()
    if ended == "a newer link":
        link_for(visitor, user(VERA))
    elif ended == "deactivation":
        page_of(visitor, user(VERA)).press("Deactivate")
        page_of(visitor, user(VERA)).press("Reactivate")
    elif ended == "a password":
        user(VERA).set_password(NEW, by=user(ADA))
        db.session.commit()
    elif ended == "tampering":
        link = link[:-1] + ("a" if link[-1] != "a" else "b")
    with at(moment):
        Visitor(app).visit(link, expect=404)


def test_the_link_itself_is_not_stored(as_: As, user: Find) -> None:
    token = link_for(as_(ADA), user(VERA)).removeprefix("/welcome/")
    stored = db.session.scalars(db.select(OneTimeLink.token_digest)).all()
    assert len(stored) == 1
    assert token not in stored


# -- history ----------------------------------------------------------------------------------------------------------


def test_history_tells_what_was_done_and_no_secret(as_: As, user: Find, app: Flask) -> None:
    visitor = as_(ADA)
    link = link_for(visitor, user(VERA))
    posted(Visitor(app).visit(link), link, password=NEW)
    visitor.visit(f"/users/{user(RITA).id}/password").fill({"New password": NEW}).submit("Set password")
    page_of(visitor, user(RITA)).press("Deactivate")
    db.session.expire_all()
    told = json.dumps([change.values for change in db.session.scalars(db.select(Change))])
    secrets = [user(VERA).password_hash, user(RITA).password_hash, NEW, PASSWORD, link.rpartition("/")[2]]
    assert secrets[0] != secrets[1]
    assert not [secret for secret in secrets if secret and secret in told]
    assert "argon2" not in told
    done = db.session.execute(db.select(Operation.verb, Operation.by_id).order_by(Operation.id.desc()).limit(3)).all()
    assert [tuple(each) for each in done] == [
        ("user.deactivate", user(ADA).id),
        ("user.set_password", user(ADA).id),
        ("user.set_password", user(VERA).id),
    ]


# -- the command line -------------------------------------------------------------------------------------------------


@pytest.fixture
def command(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """`flask --app app …`; the tables are there already, so nothing migrates."""
    monkeypatch.setattr("p2p.cli.get_ready", lambda app: None)

    def run(*words: str, typed: str = "") -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=list(words), input=io.BytesIO(typed.encode()))
        return result.exit_code, result.output

    return run


def test_a_user_is_added_from_the_shell(app: Flask, command: Callable[..., tuple[int, str]]) -> None:
    words = ("user", "add", "cli@example.com", "--name", "Carla Line", "--role", "manager", "--password-stdin")
    code, said = command(*words, typed=f"{NEW}\n")
    assert (code, said) == (0, "Carla Line can sign in as cli@example.com.\n")
    code, said = command(*words, typed=f"{NEW}\n")
    assert code != 0
    assert "already a user" in said
    visitor = Visitor(app).visit("/sign-in", next="/profile")
    assert visitor.fill({"E-mail": "cli@example.com", "Password": NEW}).submit("Sign in").heading == "Your profile"


def test_the_shell_keeps_the_same_password_rules(command: Callable[..., tuple[int, str]]) -> None:
    for bad in ("short", "carlaline2026", "password123"):
        words = ("user", "add", "cli@example.com", "--name", "Carla Line", "--role", "viewer", "--password-stdin")
        code, said = command(*words, typed=f"{bad}\n")
        assert code != 0
        assert "Please" in said
    assert user_by_email("cli@example.com") is None
