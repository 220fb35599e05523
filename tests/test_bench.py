"""The bench works on any machine and prints every row; how fast it is, it only says."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
ROWS = [
    "board, 200 cards",
    "as a whole page",
    "floor: raw rows, one template",
    "constant, 1 byte",
    "unchanged poll (304)",
    "stage move, with the card in its place",
    "the whole board, as a poll fetches it",
    "growth of the board, 200 cards",
    "growth of the owner's board, 16 cards",
    "growth of the board of a party",
    "growth of the board of a text",
    "first load of the board, gzip",
    "board, 1 client",
    "unchanged poll, 8 clients",
    "constant, 8 clients",
    "durable stage move with history",
    "one bare durable UPDATE",
    "start until the first answer",
    "memory after the start",
    "50 open boards, polling every 5 s",
    "drop until painted",
    "board as of a month ago",
    "by the arrow from the day after",
    "growth of leads, active",
    "growth of agenda, list",
    "growth of triage",
    "growth of timeline of a party",
    "find nothing among 1,500 opportunities",
    "find nothing among 400 leads",
    "a frequent word, as typed",
    "an e-mail address",
]


@pytest.fixture
def short_path():
    """A folder of its own; Chromium puts a socket there, whose address may not be long."""
    with tempfile.TemporaryDirectory(prefix="p2p") as folder:
        yield Path(folder)


@pytest.mark.slow
@pytest.mark.engine("sqlite")
def test_the_bench_builds_worlds_and_prints_every_row(short_path):
    command = [sys.executable, "-m", "flask", "--app", "app", "bench"]
    command += ["--sizes", "1000,1500", "--leads", "300,400", "--changes", "2000", "--rounds", "1", "--seconds", "0.1"]
    own = {"P2P_INSTANCE": str(short_path), "P2P_DATABASE_URL": "", "P2P_HTTPS": "", "TMPDIR": str(short_path)}
    done = subprocess.run(
        command, cwd=HOUSE, env=os.environ | own, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    missing = [row for row in ROWS if row not in done.stdout]
    assert not missing, done.stdout
    assert not list(short_path.glob("p2p-bench-*")), "the worlds are gone afterwards"
