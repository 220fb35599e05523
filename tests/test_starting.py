"""Starting with settings that cannot work: one sentence that says which, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from p2p import settings

HOUSE = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://a:hush@b/c", "postgresql://a:hush@b:port/c", "sqlite", "postgresql+asyncpg://a/b"]
)
def test_a_database_nobody_knows_is_refused_without_its_password(url):
    with pytest.raises(settings.UnsafeSetting, match="P2P_DATABASE_URL must look like") as refusal:
        settings.database_url(url)
    assert "hush" not in str(refusal.value)


def test_the_usual_databases_are_known():
    assert settings.database_url("postgres://a:b@c/d") == "postgresql+psycopg://a:b@c/d"
    for url in ("sqlite:////srv/p2p.sqlite", "sqlite://", "postgresql+psycopg://a@c/d"):
        assert settings.database_url(url) == url


@pytest.mark.parametrize(
    ("instance", "url", "says"),
    [
        ("file", "", "must be a folder p2p can write to"),
        ("file/below", "", "must be a folder p2p can write to"),
        ("fine", "sqlite:///{folder}/nowhere/p2p.sqlite", "unable to open database file"),
        ("fine", "sqlite:///{folder}/file", "file is not a database"),
        ("fine", "postgresql://p2p:hush@127.0.0.1:9/p2p", "cannot be used"),
    ],
)
def test_what_cannot_be_reached_or_written_is_one_sentence(tmp_path, instance, url, says):
    (tmp_path / "file").write_text("something else altogether, and long enough to be taken for a database " * 9)
    own = {"P2P_INSTANCE": str(tmp_path / instance), "P2P_DATABASE_URL": url.format(folder=tmp_path), "P2P_PORT": "0"}
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=HOUSE, env=os.environ | own, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "hush" not in done.stderr
