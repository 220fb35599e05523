"""Every door, for everybody who may knock: who passes, who is turned away, and that turning away changes nothing."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter

from p2p.db import db
from p2p.history import nouns
from p2p.identity import policy
from p2p.identity.models import User
from tests import doors
from tests.cast import ADA, MAX, RITA, ROLF, VERA
from tests.doors import ADMINISTRATOR, DOORS, EVERYBODY, MANAGER, OWN, OWNER, REPRESENTATIVE, VIEWER, address, form_at
from tests.world import LEO, TESS, Caller, Watch, World, build, difference, nothing_kept

#: Who passes where: the rights of each who knocks. Rita owns what can be owned, Tess is on the team.
PASSES = {
    "signed out": {EVERYBODY},
    "deactivated": {EVERYBODY},
    "viewer": {EVERYBODY, VIEWER},
    "representative": {EVERYBODY, VIEWER, REPRESENTATIVE},
    "team": {EVERYBODY, VIEWER, REPRESENTATIVE, OWN},
    "owner": {EVERYBODY, VIEWER, REPRESENTATIVE, OWN, OWNER},
    "manager": {EVERYBODY, VIEWER, REPRESENTATIVE, OWN, OWNER, MANAGER},
    "administrator": {EVERYBODY, VIEWER, REPRESENTATIVE, OWN, OWNER, MANAGER, ADMINISTRATOR},
}
CHARACTERS = {"viewer": VERA, "representative": ROLF, "team": TESS, "owner": RITA, "manager": MAX, "administrator": ADA}
UNKNOWN = 987_654


@pytest.fixture
def world(app: Flask) -> World:
    return build()


@pytest.fixture
def caller(app: Flask, world: World) -> Any:
    """`caller("manager")`: that one's browser. Whoever was deactivated still holds the cookie from before."""

    def open_browser(who: str) -> Caller:
        if who == "signed out":
            return Caller(app)
        if who == "deactivated":
            gone = Caller(app, LEO)
            left = User.__table__.update().where(User.id == world["leo"]).values(active=False)
            db.session.connection().execute(left)  # past the verb, which would end the session as well
            db.session.commit()
            return gone
        return Caller(app, CHARACTERS[who])

    return open_browser


@pytest.fixture
def watch(world: World) -> Iterator[Any]:
    """`watch()` begins to look for changes."""
    watching: list[Watch] = []

    def begin() -> Watch:
        watching.append(Watch())
        return watching[-1]

    yield begin
    for each in watching:
        each.close()


@pytest.fixture
def ada(caller: Any) -> Caller:
    return caller("administrator")


def listed(app: Flask, method: str) -> Iterator[str]:
    """The doors of the table that have this method."""
    yield from (name for name in DOORS if name in app.view_functions and method in doors.methods(app, name))


def test_every_door_is_in_the_table(app: Flask) -> None:
    missing = [f'    "{name}": Door(…),' for name in sorted(app.view_functions) if name not in DOORS]
    gone = [name for name in DOORS if name not in app.view_functions]
    assert not missing, (
        "New doors: say in tests/doors.py, DOORS, who may pass and what a good form says:\n" + "\n".join(missing)
    )
    assert not gone, f"tests/doors.py names doors that are gone: {gone}"
    without = [f'    "{name}": Door(…, says={{…}}),' for name in listed(app, "POST") if DOORS[name].says is None]
    assert not without, "Doors that take a form need an example in tests/doors.py:\n" + "\n".join(without)


def test_the_policy_has_a_row_for_every_door_and_no_other(app: Flask) -> None:
    assert set(policy.DOORS) == set(app.view_functions)


# -- who passes -------------------------------------------------------------------------------------------------------


def turned_away(answer: Any) -> bool:
    to_the_door = answer.status_code in (302, 303) and (answer.location or "").startswith("/sign-in")
    return answer.status_code in (401, 403) or to_the_door


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize("who", PASSES)
def test_who_passes(
    app: Flask, world: World, watch: Any, caller: Any, ada: Caller, who: str, htmx: bool, method: str
) -> None:
    knocker, watching, wrong = caller(who), watch(), []
    for name in listed(app, method):
        passes = DOORS[name].least(method) in PASSES[who]
        url, data = address(app, name, world), {}
        if method == "POST":
            data = form_at(app, name, world, knocker if passes and PASSES[who] > {EVERYBODY} else ada)
        with nothing_kept() if passes else nullcontext(()) as kept:
            answer = knocker.knock(method, url, data, htmx=htmx)
        through = passes and (bool(kept) or not turned_away(answer))  # whoever changed something has passed
        complaints = odd(answer, who, through, DOORS[name].answers) if passes else polite(answer, who, htmx)
        wrong += [f"{name}: {words}" for words in complaints]
        if changed := watching.changes():
            wrong.append(f"{name}: {answer.status}, but {method} changed {changed}")
    assert not wrong, f"{who}, {method}:\n- " + "\n- ".join(wrong)


def odd(answer: Any, who: str, through: bool, also: tuple[int, ...]) -> Iterator[str]:
    """What is wrong with how somebody was let in."""
    if not through:
        yield f"should let {who} pass, answers {answer.status} {answer.location or ''}"
    elif answer.status_code not in (200, 204, 302, 303, *also):
        yield f"should be fine, answers {answer.status} {answer.text[-300:]}"


def polite(answer: Any, who: str, htmx: bool) -> Iterator[str]:
    """What is wrong with how somebody was turned away."""
    status, to = answer.status_code, answer.location or answer.headers.get("HX-Redirect", "")
    wanted = 403 if who not in ("signed out", "deactivated") else 401 if htmx else 303
    if status != wanted or (wanted != 403 and not to.startswith("/sign-in")):
        yield f"should answer {who} {wanted}{' with the way to /sign-in' * (wanted != 403)}, answers {status} {to}"


def test_looking_changes_nothing(app: Flask, world: World, watch: Any, ada: Caller) -> None:
    watching, wrong = watch(), []
    for name in listed(app, "GET"):
        statuses = set()
        for method in ("GET", "HEAD"):
            status = ada.knock(method, address(app, name, world), X_HTTP_Method_Override="DELETE").status_code
            statuses.add(status)
            wrong += [f"{method} {name}: {changed}" for changed in [watching.changes()] if changed]
        wrong += [f"GET and HEAD of {name}: {sorted(statuses)}"] * (len(statuses) > 1 or max(statuses) >= 500)
    assert not wrong, "\n- ".join(["", *wrong])


# -- what is not there ------------------------------------------------------------------------------------------------


def id_parts(app: Flask, name: str) -> set[str]:
    """The parts of a door's address that are numbers."""
    return {
        part
        for rule in app.url_map.iter_rules(name)
        for part, converter in rule._converters.items()
        if isinstance(converter, IntegerConverter)
    }


@pytest.mark.parametrize("number", [0, UNKNOWN, 2**31, 2**70])
def test_there_is_nothing_behind_unknown_numbers(
    app: Flask, world: World, watch: Any, caller: Any, ada: Caller, number: int
) -> None:
    rita, watching, wrong = caller("owner"), watch(), []
    for method in ("GET", "POST"):
        for name in listed(app, method):
            for part in id_parts(app, name):
                data = form_at(app, name, world, ada) if method == "POST" else {}
                url = address(app, name, world, **{part: number})
                status, hers = (knocker.knock(method, url, data).status_code for knocker in (ada, rita))
                wrong += [f"{method} {url} ({name}): {status}"] * (status != 404)
                wrong += [f"{method} {url} ({name}): {hers} for Rita"] * (hers not in (403, 404))
    assert not wrong, "These should answer 404:\n- " + "\n- ".join(wrong)
    assert not watching.changes()


def test_what_was_taken_back_is_not_there(app: Flask, world: World, watch: Any, ada: Caller) -> None:
    nouns_of = {"customers": "customer", "opportunities": "opportunity", "setup": "code", "identity": "user"}
    nouns_of |= {"board": "opportunity", "activities": "activity", "parties": "party", "qualifying": "lead"}
    nouns_of |= {"channels": "party", "triage": "lead"}
    watching, wrong = watch(), []
    for method in ("GET", "POST"):
        for name in listed(app, method):
            blueprint = name.partition(".")[0]
            on_any = name in ("activities.append", "history.timeline", "attachments.on", "attachments.add")
            on_any = on_any or name == "qualifying.origins"
            noun = "opportunity" if on_any else nouns_of.get(blueprint)
            noun = noun or blueprint.removesuffix("s")
            if "id" not in id_parts(app, name) or f"hidden_{noun}" not in world:
                continue
            data = form_at(app, name, world, ada) if method == "POST" else {}
            url = address(app, name, world, id=world[f"hidden_{noun}"])
            status = ada.knock(method, url, data).status_code
            wrong += [f"{method} {url} ({name}): {status}"] * (status != 404)
    assert not wrong, "These should answer 404:\n- " + "\n- ".join(wrong)
    assert not watching.changes()


def test_a_part_is_found_only_under_what_it_belongs_to(
    app: Flask, world: World, watch: Any, caller: Any, ada: Caller
) -> None:
    rita, watching, wrong, tried = caller("owner"), watch(), [], 0
    for method in ("GET", "POST"):
        for name in listed(app, method):
            if len(id_parts(app, name)) < 2:
                continue
            tried += 1
            data = form_at(app, name, world, ada) if method == "POST" else {}
            url = address(app, name, world, id=world["other_deal"])
            for knocker in (ada, rita):
                status = knocker.knock(method, url, data).status_code
                wrong += [f"{method} {url} ({name}): {status}"] * (status != 404)
    assert not wrong, "These should answer 404:\n- " + "\n- ".join(wrong)
    assert not watching.changes()
    assert tried >= 5


def test_nobody_ends_the_session_of_another(app: Flask, world: World, watch: Any, caller: Any, ada: Caller) -> None:
    rita = caller("owner")
    theirs = [row[0] for row in watch().before["sign_in"]]
    statuses = [rita.knock("POST", f"/profile/sessions/{id}/end").status_code for id in sorted(theirs)]
    assert statuses.count(404) == len(theirs) - 1
    assert ada.knock("GET", "/profile").status_code == 200


# -- forged requests --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["none", "wrong", "of another session"])
@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_forms_without_the_right_token_are_refused(
    app: Flask, world: World, watch: Any, caller: Any, ada: Caller, token: str, htmx: bool
) -> None:
    sent = {"none": False, "wrong": "forged", "of another session": caller("owner").token}[token]
    watching, wrong = watch(), []
    for name in listed(app, "POST"):
        status = ada.knock(
            "POST", address(app, name, world), form_at(app, name, world, ada), token=sent, htmx=htmx
        ).status_code
        wrong += [f"{name}: {status}"] * (status != 400)
    assert not wrong, "These should answer 400:\n- " + "\n- ".join(wrong)
    assert not watching.changes()


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_forms_from_another_site_are_refused(app: Flask, world: World, watch: Any, ada: Caller, site: str) -> None:
    watching, wrong = watch(), []
    for name in listed(app, "POST"):
        answer = ada.knock("POST", address(app, name, world), form_at(app, name, world, ada), Sec_Fetch_Site=site)
        wrong += [f"{name}: {answer.status}"] * (answer.status_code != 403)
    assert not wrong, "These should answer 403:\n- " + "\n- ".join(wrong)
    assert not watching.changes()


# -- good forms -------------------------------------------------------------------------------------------------------


def test_a_good_form_leaves_exactly_one_operation(app: Flask, world: World, watch: Any, ada: Caller) -> None:
    tables = {cls.__tablename__ for cls in nouns.values()}
    watching, wrong = watch(), []
    for name in listed(app, "POST"):
        data = form_at(app, name, world, ada)
        with nothing_kept() as kept:
            answer = ada.knock("POST", address(app, name, world), data)
        found = difference(watching.before, kept[-1].after) if kept else {}
        operations = len(found.get("operation", ([], []))[1])
        if answer.status_code >= 400 and answer.status_code not in DOORS[name].answers:
            wrong.append(f"{name}: {answer.status}")
        if operations != DOORS[name].leaves:
            wrong.append(f"{name}: {operations} operations, not {DOORS[name].leaves} ({answer.status})")
        if bool(found.keys() & tables) != bool(operations):
            wrong.append(f"{name}: changed {sorted(found)} with {operations} operations")
    assert not wrong, "\n- ".join(["", *wrong])
    assert not watching.changes()
