"""Two people at one list at the same moment, on either database."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

from p2p.db import db
from p2p.identity.queries import user_by_email
from p2p.setup.models import Code, Currency, InUse, NameTaken, Stage
from p2p.setup.queries import codes, process, stages, take_turns
from tests.cast import MAX

CROWD = 6


def at_once(app, act) -> list[str]:
    """What came of it for each of a crowd that acts at the same moment."""
    start = Barrier(CROWD)

    def one(number: int) -> str:
        with app.app_context():
            start.wait()
            try:
                act(number)
                db.session.commit()
            except NameTaken:
                return "taken"
            finally:
                db.session.remove()
            return "added"

    with ThreadPoolExecutor(CROWD) as crowd:
        return sorted(crowd.map(one, range(CROWD)))


def test_a_name_is_given_once_in_a_race(app):
    def add(number: int) -> None:
        name = "Robot" if number % 2 else "ROBOT"
        Code.add({"list_name": "product", "name": name}, by=user_by_email(MAX.email))

    assert at_once(app, add) == ["added", *["taken"] * (CROWD - 1)]
    assert len(codes("product")) == 1


def test_new_entries_take_places_of_their_own_in_a_race(app):
    def add(number: int) -> None:
        Code.add({"list_name": "product", "name": f"Robot {number}"}, by=user_by_email(MAX.email))

    assert at_once(app, add) == ["added"] * CROWD
    assert sorted(code.position for code in db.session.query(Code).filter_by(list_name="product")) == [1, 2, 3, 4, 5, 6]


def test_a_currency_is_listed_once_in_a_race(app):
    add = lambda number: Currency.add({"name": "SEK"}, by=user_by_email(MAX.email))  # noqa: E731
    assert at_once(app, add).count("added") == 1


def test_not_all_stages_go_in_a_race(app):
    ids = [stage.id for stage in stages()]
    db.session.remove()

    def retire(number: int) -> None:
        take_turns()
        with suppress(InUse):
            db.session.get_one(Stage, ids[number % len(ids)]).retire(by=user_by_email(MAX.email))

    at_once(app, retire)
    assert len([stage for stage in process().stages() if not stage.retired]) == 1
