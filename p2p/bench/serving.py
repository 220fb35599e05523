"""The real server in a process of its own on this machine, and clients that ask it one thing after another."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"

Ask = Callable[[http.client.HTTPConnection], int]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Server:
    """A started server: its port, how long it took until it answered, its memory."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process, self.port = process, port
        self.started_in = 0.0

    def wait(self, began: float, patience: float = 60) -> None:
        while time.perf_counter() - began < patience and self.process.poll() is None:
            try:
                connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
                connection.request("GET", "/health")
                if connection.getresponse().read() == b"ok":
                    self.started_in = time.perf_counter() - began
                    return
            except OSError:
                time.sleep(0.005)
        raise RuntimeError("the server did not start")

    @property
    def memory(self) -> float:
        """Resident megabytes; 0 where the system does not tell."""
        status = Path(f"/proc/{self.process.pid}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)

    @property
    def cpu(self) -> float:
        """Seconds of processor time it took so far, of all its threads; 0 where the system does not tell."""
        told = Path(f"/proc/{self.process.pid}/stat")
        if not told.exists():
            return 0.0
        user, system = told.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(url: str, *command: str) -> Iterator[Server]:
    """Run a server on a database until the block ends."""
    port = free_port()
    settings = {"P2P_DATABASE_URL": url, "P2P_PORT": str(port), "P2P_HOST": HOST, "P2P_HTTPS": ""}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command], cwd=HOUSE, env={**os.environ, **settings}, stdout=subprocess.DEVNULL
    )
    server = Server(process, port)
    try:
        server.wait(began)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)


def asking(method: str, path: str, headers: dict[str, str], body: str | None = None) -> Ask:
    """A client's question, asked again and again over one connection."""

    def ask(connection: http.client.HTTPConnection) -> int:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    return ask


def rate(server: Server, ask: Ask, clients: int, seconds: float, expected: int) -> float:
    """Answers per second to so many clients who ask at once, for so long."""
    counts = [0] * clients
    wrong: list[int] = []
    until = time.perf_counter() + seconds

    def work(index: int) -> None:
        connection = http.client.HTTPConnection(HOST, server.port, timeout=30)
        while time.perf_counter() < until:
            status = ask(connection)
            if status != expected:
                wrong.append(status)
                return
            counts[index] += 1
        connection.close()

    began = time.perf_counter()
    threads = [threading.Thread(target=work, args=(index,)) for index in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"expected {expected}, got {wrong}")
    return sum(counts) / (time.perf_counter() - began)


def main() -> Any:
    """`python -m p2p.bench.serving`: p2p as it always serves, with the bench's own doors."""
    import logging

    from p2p import create_app
    from p2p.bench.views import open_doors
    from p2p.cli import serve

    app = create_app()
    open_doors(app)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # eight clients at once are meant to queue
    return serve(app)


if __name__ == "__main__":
    main()
