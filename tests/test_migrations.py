"""Migrations: what they make is what the models say; a kill in the middle leaves old or new; references are checked."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect

from p2p import create_app
from p2p.db import Base, db
from p2p.engine import sqlite
from p2p.identity.models import User
from p2p.search.indexing import queries
from p2p.search.kinds import BY_NUMBER, PARTY
from p2p.setup.shipped import ship_when_empty
from p2p.starting import get_ready
from p2p.triggers import drop_triggers
from tests.cast import CAST
from tests.prepared import database
from tests.world import build

TABLES_OF_OTHERS = {"alembic_version"}
#: The index of Find: its keys are words and the ids of others.
FOUND = {"found_text", "found_word"}


def schema(engine):
    """Everything the database says of its own shape, in words."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.exec_driver_sql("select name, sql from sqlite_master where sql is not null")
            return {
                name: told(sql) for name, sql in rows if name not in TABLES_OF_OTHERS and not name.startswith("sqlite_")
            }
        triggers = connection.exec_driver_sql(
            "select tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal"
        )
        found = dict(triggers.all())
        for table in set(inspect(connection).get_table_names()) - TABLES_OF_OTHERS:
            shape = inspect(connection)
            found[table] = (
                sorted(
                    (c["name"], str(c["type"]), c["nullable"], str(c.get("computed"))) for c in shape.get_columns(table)
                ),
                sorted((i["name"], tuple(i["column_names"]), i["unique"]) for i in shape.get_indexes(table)),
                sorted(str(c["name"]) for c in shape.get_check_constraints(table)),
                sorted((str(k["name"]), k["referred_table"]) for k in shape.get_foreign_keys(table)),
            )
        return found


def told(sql: str) -> str:
    """DDL without the marks and blanks that are a matter of taste; what a table is made of in alphabetical order."""
    plain = unnamed(" ".join(sql.replace('"', "").replace("\t", " ").split()))
    head, bracket, body = plain.partition("(")
    if not plain.upper().startswith("CREATE TABLE"):
        return plain
    inner, _, tail = body.rpartition(")")
    parts = [each for part in split(inner) for each in apart(part.strip())]
    return head + bracket + ", ".join(sorted(parts)) + ")" + tail


def apart(part: str) -> list[str]:
    """A column that brings its own reference, as one added to a table that cannot be rebuilt: column and reference."""
    column, reference, target = part.partition(" REFERENCES ")
    if not reference or "FOREIGN KEY" in column:
        return [part]
    name, kind = column.split()
    return [f"{name} {kind}", f"FOREIGN KEY({name}) REFERENCES {target}"]


def unnamed(sql: str) -> str:
    """DDL without the names of references, which a column that brings its own has none of."""
    return re.sub(r"CONSTRAINT fk_\w+ FOREIGN KEY", "FOREIGN KEY", sql)


def split(inner: str) -> list[str]:
    parts, depth, last = [], 0, 0
    for at, c in enumerate(inner):
        depth += (c == "(") - (c == ")")
        if c == "," and depth == 0:
            parts.append(inner[last:at])
            last = at + 1
    return [*parts, inner[last:]]


@pytest.fixture
def empty(engine_name, monkeypatch):
    """An application on a database of its own, with nothing in it."""
    for name in ("P2P_INSTANCE", "P2P_DATABASE_URL"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    with database(engine_name) as url:
        monkeypatch.setenv("P2P_DATABASE_URL", url)
        app = create_app()
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def test_migrations_make_exactly_what_the_models_say(empty):
    upgrade()
    migrated = schema(db.engine)
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
    Base.metadata.drop_all(db.engine)
    Base.metadata.create_all(db.engine)
    created = schema(db.engine)
    assert migrated.keys() == created.keys()
    for name, shape in created.items():
        assert migrated[name] == shape, name


@pytest.mark.engine("sqlite")  # PostgreSQL is strict by itself, and its sequences only count up
def test_every_table_of_sqlite_is_strict_and_never_uses_an_id_twice(empty):
    upgrade()
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "select name, strict from pragma_table_list where type = 'table' and schema = 'main'"
        )
        lax = {name for name, strict in rows if not strict} - {"alembic_version", "sqlite_schema", "sqlite_sequence"}
        assert lax == set()
        made = connection.exec_driver_sql("select name, upper(sql) from sqlite_schema where type = 'table'")
        reusing = {name for name, sql in made if "AUTOINCREMENT" not in sql}
        # One row each, or one for each column and day: their keys are given, not counted.
        singles = {"company", "history_head", "column_total", "stage_pace", "stay"}
        assert reusing == {"alembic_version", "sqlite_sequence"} | singles | FOUND


def test_down_and_up_again_ends_where_it_began(empty):
    upgrade()
    first = schema(db.engine)
    downgrade(revision="base")
    assert set(schema(db.engine)) == set()
    upgrade()
    assert schema(db.engine) == first


def test_every_start_makes_the_triggers_those_of_today(empty):
    upgrade()
    first = schema(db.engine)
    with db.engine.begin() as connection:
        drop_triggers(connection)
    assert schema(db.engine) != first
    get_ready(empty)
    assert schema(db.engine) == first


def test_what_is_there_already_is_found(empty):
    upgrade()
    ship_when_empty()
    for person in CAST:
        User.add(email=person.email, name=person.name, role=person.role, by=None)
    build()
    db.session.remove()
    downgrade(revision="0018")
    upgrade()
    with empty.app_context():
        assert queries.known(BY_NUMBER[PARTY], [1])
        assert queries.wrong() == []


def test_what_parties_held_becomes_their_channels(empty):
    upgrade(revision="0006")
    party = "insert into party (kind, name, name_folded, phone, email, city, archived, version, hidden) values "
    company = "insert into company (id, name, currency, zone, locale, version, hidden) values "
    with db.engine.begin() as connection:
        false = "0" if connection.dialect.name == "sqlite" else "false"
        connection.exec_driver_sql(f"{company} (1, 'Brunner', 'CHF', 'UTC', 'de_CH', 1, {false})")
        connection.exec_driver_sql(
            f"{party} ('person', 'Eva', 'eva', '044 668 18 00', 'Eva@Example.com', 'Bern', {false}, 1, {false})"
        )
        connection.exec_driver_sql(f"{party} ('person', 'Jan', 'jan', null, '', null, {false}, 1, {false})")
    upgrade()
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql("select kind, value, key, city from channel order by id").all()
        purposes = connection.exec_driver_sql("select name from code where list_name = 'channel_purpose'").all()
    assert rows == [
        ("phone", "044 668 18 00", "+41446681800", None),
        ("email", "Eva@Example.com", "eva@example.com", None),
        ("address", None, None, "Bern"),
    ]
    assert len(purposes) == 6


@pytest.mark.slow
@pytest.mark.engine("sqlite")  # to PostgreSQL a client that is killed is everyday business
def test_an_upgrade_that_is_killed_leaves_the_old_schema_or_the_new(tmp_path):
    whole = None
    for attempt in range(12):
        folder = tmp_path / str(attempt)
        environment = os.environ | {"P2P_INSTANCE": str(folder), "P2P_DATABASE_URL": ""}
        command = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
        started = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if attempt:
            time.sleep(random.Random(attempt).uniform(0.5, 1.5))
            started.send_signal(signal.SIGKILL)
        started.wait()
        file = folder / "p2p.sqlite"
        if not file.exists():
            continue
        engine = create_engine(f"sqlite:///{file}", module=sqlite)
        found = schema(engine)
        engine.dispose()
        whole = whole or found
        assert found in ({}, whole), f"attempt {attempt} left half a schema"


def test_the_gate_knows_which_sqlite_keeps_writes_in_wal_mode():
    from p2p.engine import wal_is_safe

    assert not any(wal_is_safe(v) for v in [(3, 40, 1), (3, 46, 1), (3, 50, 6), (3, 51, 2)])
    assert all(wal_is_safe(v) for v in [(3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 53, 4), (4, 0, 0)])


@pytest.mark.engine("sqlite")
def test_the_engine_has_the_settings_that_hold(empty):
    with db.engine.connect() as connection:
        pragmas = {
            p: connection.exec_driver_sql(f"pragma {p}").scalar()
            for p in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert Path(db.engine.url.database).exists()
